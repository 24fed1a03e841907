import {describeReading} from '../../../domain/fleet/interval-change.js';
import {reprieve} from '../commands.js';
import type {Cause, Chart, Finding, ServerChart} from '../doctor-types.js';
import {byHost, computesOf, hostName, referencesOf, valueOf} from '../subjects.js';
import {valueEvidence} from '../value-evidence.js';

/** With 0, nothing or a negative number the periodic task does nothing (nova: `_reclaim_queued_deletes`). */
export const intervalOffThere: Cause = {
  code: 'IntervalOffThere',
  title: 'soft-deleted servers on a host whose interval is off',
  about: 'cloud',
  find: (chart) =>
    byHost(chart, ({standing}) => standing.cause === 'interval-off').flatMap(([host, servers]) =>
      findingsOf(host, servers, chart),
    ),
};

function findingsOf(host: string, servers: readonly ServerChart[], chart: Chart): readonly Finding[] {
  const compute = computesOf(chart).find(({seen}) => seen.novaHost === host);
  // Off by assumption says nothing about the host.
  if (compute === undefined) return [];
  const {seen} = compute;
  const name = hostName(host, chart);
  const running = valueOf(seen);
  // What is broken or negative is a finding of its own; what is unknown says nothing.
  if (running.kind !== 'unset' && (running.kind !== 'value' || running.seconds !== 0)) return [];
  return [
    {
      code: intervalOffThere.code,
      severity: 'error',
      certainty: 'certain',
      because: 'the interval of its own host was read',
      subject: {kind: 'node', host: name},
      message: `its interval is ${describeReading(running)}: nothing there is ever reclaimed`,
      evidence: [valueEvidence(seen)],
      cause:
        'nova-api decides whether a DELETE is soft, and the host of the server alone decides when it ends. This host never looks.',
      remedies: [
        {
          text: 'write an interval there; what is older than it is then destroyed at the next tick: restore first what must live',
          command: reprieve('apply', '--hosts', name, '--interval', 'TIME'),
          act: {kind: 'apply', hosts: [name], intervalSeconds: undefined},
        },
      ],
      servers: referencesOf(servers),
    },
  ];
}
