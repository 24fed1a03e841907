import {formatInterval} from '../../../domain/duration.js';
import {reprieve} from '../commands.js';
import type {Cause} from '../doctor-types.js';
import {byHost, computesOf, hostName, referencesOf, valueOf} from '../subjects.js';
import {valueEvidence} from '../value-evidence.js';

/** The host's own number decides; the API's only switches (nova: `ServersController._delete`). */
export const intervalLarger: Cause = {
  code: 'IntervalLarger',
  title: 'a host whose own interval is longer than the one that is believed',
  about: 'cloud',
  find(chart) {
    const {believedSeconds: believed, now} = chart;
    if (believed === undefined || believed <= 0) return [];
    const isPastBelief = (time: number) => now - time > believed * 1000;
    return byHost(
      chart,
      ({deleted, standing}) =>
        standing.state === 'waiting' &&
        (deleted.kind === 'action' || deleted.kind === 'estimate') &&
        isPastBelief(deleted.time),
    ).flatMap(([host, servers]) => {
      const compute = computesOf(chart).find(({seen}) => seen.novaHost === host);
      const running = compute && valueOf(compute.seen);
      if (compute === undefined || running?.kind !== 'value' || running.seconds <= believed) return [];
      const name = hostName(host, chart);
      return [
        {
          code: intervalLarger.code,
          severity: 'warning' as const,
          certainty: 'certain' as const,
          because: 'the interval of its own host was read',
          subject: {kind: 'node' as const, host: name},
          message: `its interval is ${formatInterval(running.seconds)}, not ${formatInterval(believed)}`,
          evidence: [valueEvidence(compute.seen)],
          cause:
            'The number on the host of the server decides how long it waits; the number of nova-api only switches, and a profile or --interval only says what is believed.',
          remedies: [
            {
              text: 'write the other interval there, if that one is right; what is older is then destroyed',
              command: reprieve('apply', '--hosts', name, '--interval', formatInterval(believed)),
              act: {kind: 'apply' as const, hosts: [name], intervalSeconds: believed},
            },
          ],
          servers: referencesOf(servers),
        },
      ];
    });
  },
};
