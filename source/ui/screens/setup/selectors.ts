import {withRemedy} from '../../../app/errors.js';
import {alike, arrange, presentInterval, type NodeGroup, type NodeRow} from '../../../app/setup/nodes.js';
import {failedCells, isBetweenProcesses} from '../../../app/setup/run-view.js';
import {resultOf, type RunResultView} from '../../../app/setup/result.js';
import {parseInterval, type IntervalResult} from '../../../domain/duration.js';
import type {ActionName} from '../../actions.js';
import type {DialogForm} from '../../components/dialog.js';
import type {Key} from '../../keys.js';
import {keyOf} from '../../own-keys.js';
import {remembered} from '../../remembered.js';
import type {SetupAction} from './actions.js';
import {intervalWords} from './words.js';
import type {NodesState, RunState, SetupState} from './state.js';

/**
 * A row of the list of nodes: one that is wrong, a group of alike ones, or a member of an opened group. What `--hosts`
 * did not choose stands below all others, stays as it is and cannot be left out.
 */
export type NodeItem =
  | {
      readonly kind: 'node';
      readonly id: string;
      readonly row: NodeRow;
      readonly isChosen: boolean;
      readonly isLeftOut: boolean;
      /** Of the group above it. */
      readonly isMember: boolean;
    }
  | {
      readonly kind: 'group';
      readonly id: string;
      readonly group: NodeGroup;
      readonly isChosen: boolean;
      readonly leftOut: number;
      readonly isOpen: boolean;
    };

// With many nodes these take longer than a repaint may, and a key that only moves the cursor changes none of it.
const rowsIn = remembered((rows: NodesState['rows']): readonly NodeRow[] => [...rows.values()].flat());

const chosenIn = remembered((rows: NodesState['rows'], selected: NodesState['selected']) => {
  const isIn = new Set(selected);
  const parts = Map.groupBy(rowsIn(rows), ({host}) => isIn.has(host));
  return {chosen: parts.get(true) ?? [], others: parts.get(false) ?? []};
});

type Arranged = ReturnType<typeof arrange> & {readonly others: readonly NodeGroup[]};

const arranged = remembered(
  (rows: NodesState['rows'], selected: NodesState['selected'], needle: string): Arranged => {
    const found = ({host, state: words}: NodeRow): boolean =>
      needle === '' || host.toLowerCase().includes(needle) || words.includes(needle);
    const {chosen, others} = chosenIn(rows, selected);
    return {...arrange(chosen.filter(found)), others: alike(others.filter(found))};
  },
);

const itemsIn = remembered(
  (
    {wrong, groups, others}: Arranged,
    leftOut: NodesState['leftOut'],
    opened: string | undefined,
  ): readonly NodeItem[] => {
    const itemOf = (row: NodeRow, isMember: boolean, isChosen: boolean): NodeItem => ({
      kind: 'node',
      isMember,
      isChosen,
      id: row.id,
      row,
      isLeftOut: isChosen && leftOut.has(row.host),
    });
    const itemsOf = (some: readonly NodeGroup[], isChosen: boolean): readonly NodeItem[] =>
      some.flatMap((group): NodeItem[] => {
        const [only, other] = group.rows;
        if (only !== undefined && other === undefined) return [itemOf(only, false, isChosen)];
        // The same may be alike on both sides.
        const id = isChosen ? group.id : `others ${group.id}`;
        const isOpen = opened === id;
        const out = isChosen ? group.rows.filter(({host}) => leftOut.has(host)).length : 0;
        return [
          {kind: 'group', id, group, isChosen, leftOut: out, isOpen},
          ...(isOpen ? group.rows.map((row) => itemOf(row, true, isChosen)) : []),
        ];
      });
    return [
      ...wrong.map((row) => itemOf(row, false, true)),
      ...itemsOf(groups, true),
      ...itemsOf(others, false),
    ];
  },
);

const intervalIn = remembered((rows: NodesState['rows'], selected: NodesState['selected']) =>
  presentInterval(chosenIn(rows, selected).chosen),
);

/** Whether what a run set up can be kept as a template: it ended, and did not put another one back. */
export function canBeKept({run}: Pick<SetupState, 'run'>): boolean {
  return run?.view.end !== undefined && run.plan?.intervalSeconds !== undefined;
}

/** Every row of every node. */
export function allRows({nodes}: SetupState): readonly NodeRow[] {
  return rowsIn(nodes.rows);
}

/**
 * The list of nodes as it is shown: wrong ones first, then groups, then what `--hosts` did not choose; members below
 * their group while it is open.
 */
export function nodeItems({nodes}: SetupState): readonly NodeItem[] {
  const needle = nodes.filter.text.trim().toLowerCase();
  return itemsIn(arranged(nodes.rows, nodes.selected, needle), nodes.leftOut, nodes.opened);
}

/** The item that the cursor is on. */
export function currentNode(state: SetupState): NodeItem | undefined {
  return nodeItems(state).find(({id}) => id === state.nodes.list.cursor);
}

/** Hosts that an item stands for. */
export function hostsOf(item: NodeItem): readonly string[] {
  return item.kind === 'node' ? [item.row.host] : item.group.rows.map(({host}) => host);
}

/** How many hosts can be changed, cannot be reached, were left out and were not chosen. */
export function nodeCounts({nodes}: SetupState) {
  return countsIn(nodes.rows, nodes.leftOut, nodes.selected);
}

const countsIn = remembered(
  (byHost: NodesState['rows'], leftOut: NodesState['leftOut'], selected: NodesState['selected']) => {
    const rows = rowsIn(byHost);
    const isIn = new Set(selected);
    const hosts = (some: readonly NodeRow[]) => new Set(some.map(({host}) => host));
    const failed = hosts(rows.filter(({sign, kind}) => sign === 'failed' && kind === undefined));
    const keys = hosts(rows.filter(({sign, kind}) => sign === 'warning' && kind === undefined));
    const broken = hosts(rows.filter(({sign, kind}) => sign === 'failed' && kind !== undefined));
    const usable = [...hosts(rows)].filter(
      (host) => isIn.has(host) && !failed.has(host) && !keys.has(host) && !leftOut.has(host),
    );
    return {
      computes: rows.filter(({roles}) => roles.includes('compute')).length,
      apis: rows.filter(({roles}) => roles.includes('api')).length,
      usable: usable.length,
      unreachable: failed.size,
      hostKeys: keys.size,
      broken: broken.size,
      leftOut: [...leftOut].filter((host) => isIn.has(host)).length,
      notChosen: hosts(rows.filter(({host}) => !isIn.has(host))).size,
      looked: byHost.size,
    };
  },
);

/** What was typed for the interval; undefined while nothing was. */
export function typedInterval({interval}: SetupState): IntervalResult | undefined {
  return interval.field.text.trim() === '' ? undefined : parseInterval(interval.field.text);
}

export function intervalSeconds(state: SetupState): number | undefined {
  const typed = typedInterval(state);
  return typed?.kind === 'interval' ? typed.seconds : undefined;
}

/** What the computes that are chosen have now. */
export function intervalNow(state: SetupState): number | 'mixed' | undefined {
  return intervalIn(state.nodes.rows, state.nodes.selected);
}

/** `24 h → 2 h`, or `2 h` where it is not known what was. */
export function intervalAnswer(state: SetupState, arrow: string): string | undefined {
  const seconds = state.run?.plan?.intervalSeconds ?? intervalSeconds(state);
  if (seconds === undefined) return undefined;
  const before = intervalNow(state);
  const after = intervalWords(seconds);
  return typeof before === 'number' && before !== seconds
    ? `${intervalWords(before)} ${arrow} ${after}`
    : after;
}

/** Why the plan cannot be carried out; undefined where it can. */
export function applyProblem(state: SetupState): string | undefined {
  const {proposed} = state.changes;
  if (proposed.kind !== 'ready') return 'there is no plan yet';
  const {proposal, changes} = proposed.value;
  if (state.options.isReadOnly) return 'nothing is changed with --read-only';
  if (proposal.refusal !== undefined) {
    const {message, remedy} = proposal.refusal;
    return withRemedy(message, remedy);
  }
  if (changes.groups.length === 0) return 'nothing has to be changed';
  return undefined;
}

/** Whether something outside holds the plan up, so that another look may find it gone: a lock, a broken node. */
export function isHeldUp({changes: {proposed}, options}: SetupState): boolean {
  return proposed.kind === 'ready' && !options.isReadOnly && proposed.value.proposal.refusal !== undefined;
}

/**
 * The buttons below the plan, and the count that has to be typed. Where servers are destroyed Back comes first and
 * has the focus; where none is, the changes have it.
 */
export function changesForm(state: SetupState): DialogForm<SetupAction> {
  const {proposed} = state.changes;
  const back = {label: 'Back', action: {type: 'back'}} as const;
  if (isHeldUp(state)) {
    const again = {label: 'Look again', action: {type: 'plan-again'}} as const;
    return {buttons: [again, back], focused: 0};
  }
  if (proposed.kind !== 'ready' || applyProblem(state) !== undefined) {
    return {buttons: [back], focused: 0};
  }
  const count = proposed.value.changes.victims.length;
  const apply = {label: 'Apply', action: {type: 'apply'}} as const;
  if (count === 0) return {buttons: [apply, back], focused: -1};
  return {
    buttons: [back, {...apply, needsWord: true}],
    focused: 0,
    word: {
      label: 'To go on, type how many are destroyed:',
      expected: String(count),
      missing: `apply needs the count, ${count}`,
    },
  };
}

/** Hosts of a run that did not end well, for the list of them. */
export function failedIds(run: RunState): readonly string[] {
  return failedCells(run.view).map(({id}) => id);
}

/** What the run came to; undefined before its end. */
export function resultView({run}: SetupState): RunResultView | undefined {
  const end = run?.view.end;
  if (run?.plan === undefined || end === undefined) return undefined;
  const {plan, view, settings} = run;
  return resultOf({
    plan,
    view,
    end,
    what: plan.intervalSeconds === undefined ? 'what they had before' : intervalWords(plan.intervalSeconds),
    restarts: settings.restart,
  });
}

/** Whether a run is being planned anew and counted again: no node has begun in this process. */
export function isBeforeRun({view, isPaused, ending, trouble}: RunState): boolean {
  return (
    (view.started === undefined || isBetweenProcesses(view)) &&
    view.end === undefined &&
    !isPaused &&
    ending === undefined &&
    trouble === undefined
  );
}

/** Whether the operator waits for what is in sight. A run that goes on is watched, not waited for. */
export function isSetupWaiting(state: SetupState): boolean {
  switch (state.step) {
    case 'cloud':
      return state.clouds.kind === 'loading' || state.signedIn.kind === 'loading';
    case 'nodes':
      return state.nodes.kind === 'looking';
    case 'interval':
      return state.interval.rate.kind === 'loading';
    case 'changes':
      return state.changes.proposed.kind === 'loading';
    case 'run':
      return state.run !== undefined && isBeforeRun(state.run);
    case 'result':
      return state.preparing !== undefined;
  }
}

/** The key by which a sentence names an action. */
export function keyIn({options}: Pick<SetupState, 'options'>, name: ActionName): Key {
  return keyOf(name, options.ownKeys);
}
