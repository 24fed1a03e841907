/** A line of a difference: in both texts, only in the old one, only in the new one. */
export type DiffLine = {readonly kind: 'same' | 'removed' | 'added'; readonly text: string};

/** Beyond so many pairs of lines what differs is shown as one block: people do not read more. */
const MOST_PAIRS = 4_000_000;

/** How two texts differ, line by line, with at most `context` lines around each difference. */
export function lineDiff(before: string, after: string, context = 3): readonly DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end += 1;
  }
  const same = (texts: readonly string[]): DiffLine[] => texts.map((text) => ({kind: 'same', text}));
  const whole = [
    ...same(old.slice(0, start)),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...same(old.slice(old.length - end)),
  ];
  const isNear = (index: number): boolean =>
    whole.slice(Math.max(0, index - context), index + context + 1).some(({kind}) => kind !== 'same');
  return whole.filter((_, index) => isNear(index));
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** By the longest common subsequence. */
function middle(old: readonly string[], now: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({kind: 'removed', text});
  const added = (text: string): DiffLine => ({kind: 'added', text});
  if (old.length * now.length > MOST_PAIRS) return [...old.map(removed), ...now.map(added)];
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        old[row] === now[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  for (;;) {
    const [gone, come] = [old[row], now[column]];
    if (gone === undefined && come === undefined) return lines;
    if (gone !== undefined && gone === come) {
      lines.push({kind: 'same', text: gone});
      row += 1;
      column += 1;
    } else if (gone !== undefined && (come === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push(removed(gone));
      row += 1;
    } else if (come !== undefined) {
      lines.push(added(come));
      column += 1;
    }
  }
}
