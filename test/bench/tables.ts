/** Tables of the report. */
import {median} from './command.js';

/** A table in Markdown. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Two cells: the median, and from where to where. */
export function spread(values: readonly number[], digits: number): readonly string[] {
  const show = (value: number) => value.toFixed(digits);
  return [show(median(values)), `${show(Math.min(...values))} to ${show(Math.max(...values))}`];
}
