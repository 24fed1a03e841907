import {formatInterval} from '../../../domain/duration.js';
import type {SeenRole} from '../../rollout/plan-target.js';
import {reprieve} from '../commands.js';
import type {Cause, Chart} from '../doctor-types.js';
import {apisOf, byHost, computesOf, hostName, referencesOf, valueOf} from '../subjects.js';
import {valueEvidence} from '../value-evidence.js';

/** The host's own number decides; the API's only switches (nova: `ServersController._delete`). */
export const intervalLarger: Cause = {
  code: 'IntervalLarger',
  title: 'a host whose own interval is longer than the one that is believed',
  about: 'cloud',
  find(chart) {
    const {believedSeconds, now} = chart;
    const api = believedSeconds === undefined ? apiSeconds(chart) : undefined;
    const believed = believedSeconds ?? api?.seconds;
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
          severity: api === undefined ? ('warning' as const) : ('info' as const),
          certainty: api === undefined ? ('certain' as const) : ('possible' as const),
          because:
            api === undefined
              ? 'the interval of its own host was read'
              : 'both were read; whether anybody counts by the number of nova-api is not known',
          subject: {kind: 'node' as const, host: name},
          message: `its interval is ${formatInterval(running.seconds)}, not ${formatInterval(believed)}${api === undefined ? '' : ' as on nova-api'}`,
          evidence: [valueEvidence(compute.seen), ...(api === undefined ? [] : [valueEvidence(api.seen)])],
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

/** The number that the hosts of nova-api have, which many take for the one that counts; none where they differ. */
function apiSeconds(chart: Chart): {readonly seen: SeenRole; readonly seconds: number} | undefined {
  const numbers = apisOf(chart).flatMap(({seen}) => {
    const reading = valueOf(seen);
    return reading.kind === 'value' ? [{seen, seconds: reading.seconds}] : [];
  });
  const [first] = numbers;
  return numbers.every(({seconds}) => seconds === first?.seconds) ? first : undefined;
}
