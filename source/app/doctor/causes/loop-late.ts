import {serverEvidence, serviceEvidence} from '../api-evidence.js';
import type {Cause, Chart, Finding, ServerChart} from '../doctor-types.js';
import {byHost, computesOf, counted, hostName, referencesOf, valueOf} from '../subjects.js';
import {valueEvidence} from '../value-evidence.js';

/** All periodic tasks of a service share one loop; a slow one holds the others up (oslo.service). */
export const loopLate: Cause = {
  code: 'LoopLate',
  title: 'servers past their time though their nova-compute is up',
  about: 'cloud',
  find: (chart) =>
    byHost(chart, ({standing}) => standing.cause === 'loop-late').map(([host, servers]) =>
      findingOf(host, servers, chart),
    ),
};

/** A loop takes one server after the other, and begins up to two minutes after the start of its service. */
const PATIENCE_MS = 5 * 60_000;

function findingOf(host: string, servers: readonly ServerChart[], chart: Chart): Finding {
  const compute = computesOf(chart).find(({seen}) => seen.novaHost === host);
  const isRead = compute !== undefined && valueOf(compute.seen).kind === 'value';
  const service = (chart.services ?? []).filter((one) => one.binary === 'nova-compute' && one.host === host);
  const [first] = servers;
  const lateMs = Math.max(...servers.map(({standing: {dueAt = chart.now}}) => chart.now - dueAt));
  const age = compute?.seen.unit?.process?.ageSeconds;
  const isPatient = lateMs < PATIENCE_MS || (age !== undefined && age * 1000 < PATIENCE_MS);
  return {
    code: loopLate.code,
    severity: isPatient ? 'info' : isRead ? 'error' : 'warning',
    certainty: isRead && !isPatient ? 'likely' : 'possible',
    because: isPatient
      ? 'it is a matter of minutes: its loop may be busy, or have begun just now'
      : isRead
        ? 'its interval and its clock were read, and its service is up; what keeps its loop is in its log'
        : 'its interval is assumed: what it runs with was not seen',
    subject: {kind: 'node', host: hostName(host, chart)},
    message: `${counted(servers.length, 'server is past its', 'servers are past their')} time though nova-compute is up`,
    evidence: [
      serviceEvidence(service, chart.now, 'state'),
      ...(compute === undefined ? [] : [valueEvidence(compute.seen)]),
      ...(first === undefined ? [] : [serverEvidence(first.server, chart.now)]),
    ],
    cause:
      'A heartbeat shows that the process lives, not that its periodic tasks run: one slow task holds all others up, periodic_enable = false stops them, and a reclaim that fails is tried again each minute.',
    remedies: [
      {
        text: 'look into the log of nova-compute for "Periodic reclaim failed" and for what the loop is at; a restart begins it anew',
        command: undefined,
        act: undefined,
      },
    ],
    servers: referencesOf(servers),
  };
}
