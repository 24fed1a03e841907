import {type Cause, type Finding, type NodeChart, roleOf} from '../doctor-types.js';
import {byHand, nodeFinding} from '../node-finding.js';

/** Below that nobody minds: a delete that is some seconds early or late. */
const NOTICED_MS = 2000;

/** The age of a server is told by the host's clock, the time of its DELETE by the API's. */
export const clockAhead: Cause = {
  code: 'ClockAhead',
  title: 'a clock that is ahead of the API’s: servers go too early',
  about: 'node',
  holdsServers: false,
  find: (node) => (node.clock.aheadMs - node.clock.errorMs > NOTICED_MS ? [findingOf(node, true)] : []),
};

export const clockBehind: Cause = {
  code: 'ClockBehind',
  title: 'a clock that is behind the API’s: servers go too late',
  about: 'node',
  holdsServers: true,
  find: (node) => (-node.clock.aheadMs - node.clock.errorMs > NOTICED_MS ? [findingOf(node, false)] : []),
};

function findingOf(node: NodeChart, isAhead: boolean): Finding {
  const {aheadMs, errorMs} = node.clock;
  const by = `${(Math.abs(aheadMs) / 1000).toFixed(Math.abs(aheadMs) < 10_000 ? 1 : 0)} s`;
  const error = `${(Math.max(errorMs, 100) / 1000).toFixed(1)} s`;
  const isCompute = node.roles.some(({role}) => role === 'compute');
  return nodeFinding(node, (isAhead ? clockAhead : clockBehind).code, {
    severity: isAhead && endsAll(node) ? 'error' : 'warning',
    certainty: 'certain',
    because: 'both clocks were read, and they differ by more than reading them takes',
    message: `its clock is ${by} ${isAhead ? 'ahead' : 'behind'}`,
    evidence: [
      {
        from: 'clock',
        place: undefined,
        lines: [`${by} ${isAhead ? 'ahead of' : 'behind'} the API’s, ± ${error}`, ...trackingOf(node)],
        proof: undefined,
      },
    ],
    cause: isCompute
      ? `The API's clock says when a server was deleted, the host's how old that is: servers there go ${by} ${isAhead ? 'too early' : 'too late'}.`
      : 'Which clock a DELETE is written by depends on the API host that serves it: times of servers differ by that much.',
    remedies: [
      byHand(
        node.facts.isClockSynchronized === true
          ? 'it is synchronised by its own account: compare the clocks of the API hosts too'
          : 'repair its time synchronisation',
        'chronyc tracking',
      ),
    ],
  });
}

/** Whether what is deleted there is old enough at once. */
function endsAll(node: NodeChart): boolean {
  const running = roleOf(node, 'compute')?.config.running;
  if (running?.kind !== 'value' || running.seconds <= 0) return false;
  return node.clock.aheadMs - node.clock.errorMs >= running.seconds * 1000;
}

/** What chrony says of it. */
export function trackingOf({signs}: NodeChart): readonly string[] {
  return signs.tracking.filter((line) => /^(Reference ID|System time|Leap status)\s*:/.test(line));
}
