import type {Role} from '../../domain/fleet/node-facts.js';
import type {EndEvent, NodeState} from '../rollout/events.js';
import type {Plan} from '../rollout/plan-types.js';
import {type Cell, failedCells, type RunView} from './run-view.js';

/** One line of a result. `host` names one node; a line without it is about several. */
export type ResultLine = {
  readonly id: string;
  readonly sign: 'ok' | 'failed' | 'put-back' | 'none' | 'unknown' | 'waiting';
  readonly subject: string;
  readonly text: string;
};

/** What a run came to: what was seen, not what was sent. */
export type RunResultView = {
  readonly sign: 'ok' | 'warning' | 'failed';
  readonly verdict: string;
  readonly lines: readonly ResultLine[];
  /** Hosts that do not have what the run wanted and were part of it. */
  readonly left: readonly string[];
  /** Hosts that were no part of it. */
  readonly leftOut: readonly string[];
  /** Why it ended, in sentences that ask for nothing. */
  readonly reasons: readonly string[];
  readonly canResume: boolean;
  /** Nodes that can be put back. */
  readonly changed: number;
};

export type ResultFacts = {
  readonly plan: Plan;
  readonly view: RunView;
  readonly end: EndEvent;
  /** What the run set, as people say it: `2 h`, `off`; what a rollback put back: `what they had`. */
  readonly what: string;
  readonly restarts: boolean;
};

/** States with which a node does not have what was wanted. */
const OPEN: readonly NodeState[] = ['failed', 'unknown', 'put-back', 'not-touched', 'waiting', 'pending'];

/** What is said of a run that ended; nodes that differ are named. */
export function resultOf({plan, view, end, what, restarts}: ResultFacts): RunResultView {
  const states = Object.entries(end.nodes);
  const inRun = states.filter(([, state]) => state !== 'skipped');
  const left = inRun.filter(([, state]) => OPEN.includes(state)).map(([host]) => host);
  const good = inRun.length - left.length;
  const changed = new Set(
    [...view.cells.values()].filter(({state}) => state === 'done').map(({host}) => host),
  );
  const proof = restarts ? ' and a fresh heartbeat' : ' in their files; no service was restarted';
  return {
    sign: left.length === 0 ? 'ok' : good === 0 ? 'failed' : 'warning',
    verdict:
      left.length === 0
        ? `${allOf(good)} ${what}${proof}.`
        : `${good} of ${inRun.length} nodes have ${what}${good === 0 ? '' : proof}. ${left.length} ${left.length === 1 ? 'does' : 'do'} not.`,
    lines: linesOf(view, end),
    left,
    leftOut: plan.leftOut.map(({host}) => host),
    reasons: end.next.filter((line) => !/\breprieve [a-z]|(^|\s)--[a-z]/.test(line)),
    canResume: end.next.some((line) => line.includes('reprieve resume ')),
    changed: changed.size,
  };
}

function allOf(count: number): string {
  return count === 1 ? 'The node has' : `All ${count} nodes have`;
}

/** Good ones by role, then each that is not, then those whose turn never came. */
function linesOf(view: RunView, end: EndEvent): readonly ResultLine[] {
  const done = [...view.cells.values()].filter(({state}) => state === 'done');
  const byRole = (role: Role) => done.filter(({id}) => id.endsWith(`/${role}`));
  const lines: ResultLine[] = [];
  const [computes, apis] = [byRole('compute'), byRole('api')];
  if (computes.length > 0) {
    lines.push({
      id: 'computes',
      sign: 'ok',
      subject: computes.length === 1 ? '1 compute' : `${computes.length} computes`,
      text: 'file written, process started after it, heartbeat after that',
    });
  }
  if (apis.length > 0) {
    lines.push({
      id: 'apis',
      sign: 'ok',
      subject: apis.length === 1 ? '1 API node' : `${apis.length} API nodes`,
      text: 'file written, restarted, its own listener answers',
    });
  }
  const right = Object.values(end.nodes).filter((state) => state === 'unchanged').length;
  if (right > 0) {
    lines.push({
      id: 'unchanged',
      sign: 'ok',
      subject: right === 1 ? '1 node' : `${right} nodes`,
      text: 'right already',
    });
  }
  lines.push(...failedCells(view).map(lineOfCell));
  for (const [state, text] of [
    ['waiting', 'waits for its step'],
    ['pending', 'not begun'],
  ] as const) {
    const hosts = Object.entries(end.nodes)
      .filter(([host, one]) => one === state && !lines.some(({id}) => id.startsWith(`${host}/`)))
      .map(([host]) => host);
    const [first = ''] = hosts;
    if (hosts.length > 0) {
      const subject = hosts.length === 1 ? first : `${hosts.length} nodes`;
      lines.push({id: state, sign: state === 'waiting' ? 'waiting' : 'none', subject, text});
    }
  }
  return lines;
}

function lineOfCell({id, host, state, note}: Cell): ResultLine {
  const [sign, words] = SIGNS[state] ?? ['unknown', state];
  return {id, sign, subject: host, text: note === '' ? words : `${words}: ${note}`};
}

const SIGNS: Readonly<Partial<Record<Cell['state'], readonly [ResultLine['sign'], string]>>> = {
  'put-back': ['put-back', 'put back'],
  failed: ['failed', 'failed'],
  'not-touched': ['none', 'not touched'],
  unknown: ['unknown', 'outcome unknown'],
};
