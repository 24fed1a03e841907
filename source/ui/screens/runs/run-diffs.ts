import type {RunSummary, RunTarget} from '../../../app/rollout/run-history.js';
import {countOf} from '../../../text/elapsed.js';
import {someOf} from '../../../text/paragraph.js';
import {parseUnifiedDiff, type DiffLine} from '../../components/diff.js';

/** A row of what a run changed. */
export type ChangeRow =
  | {readonly kind: 'nodes'; readonly text: string}
  | {readonly kind: 'file'; readonly text: string}
  | {readonly kind: 'diff'; readonly line: DiffLine}
  | {readonly kind: 'empty'};

/** Whether the file of a target is, or may be, as the run wrote it. */
function isWritten({state}: RunTarget): boolean {
  return state === 'done' || state === 'begun' || state === 'unknown' || state === 'failed';
}

/** What a run changes, each different edit once with the nodes that get it. Empty where it changes no file. */
export function changeRows({targets}: RunSummary): readonly ChangeRow[] {
  const changes = targets.flatMap((target) => {
    const {host, planned, record} = target;
    const isDone = isWritten(target);
    if (planned !== undefined && planned.diff !== '') {
      return {host, isDone, file: planned.file ?? '', diff: planned.diff};
    }
    if (record === undefined || record.digestAfter === '') return [];
    return {host, isDone, file: record.file, diff: diffOfRecord(record.valueBefore, record.valueAfter)};
  });
  const groups = [...Map.groupBy(changes, ({file, diff}) => `${file}\n${diff}`).values()];
  return groups.flatMap((alike, index): ChangeRow[] => {
    const [first] = alike;
    if (first === undefined) return [];
    const namesOf = (isDone: boolean) => alike.filter((one) => one.isDone === isDone).map(({host}) => host);
    const [done, others] = [namesOf(true), namesOf(false)];
    const told: ChangeRow[] = [
      ...(done.length === 0 ? [] : [`${countOf(done.length, 'node')}: ${someOf(done)}`]),
      ...(others.length === 0
        ? []
        : [`not changed, or put back, on ${countOf(others.length, 'node')}: ${someOf(others)}`]),
    ].map((text) => ({kind: 'nodes', text}));
    return [
      ...(index === 0 ? [] : [{kind: 'empty'} as const]),
      ...told,
      {kind: 'file', text: first.file},
      ...parseUnifiedDiff(first.diff).map((line) => ({kind: 'diff', line}) as const),
    ];
  });
}

/** A record on a node has the values only, not the lines around. */
function diffOfRecord(before: string, after: string): string {
  const line = (sign: string, value: string) =>
    value === '' ? [] : [`${sign}reclaim_instance_interval = ${value}`];
  return ['@@ -1 +1 @@', ...line('-', before), ...line('+', after)].join('\n');
}
