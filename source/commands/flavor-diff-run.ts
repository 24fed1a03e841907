import {compareFlavors} from '../app/flavor/compare-flavors.js';
import {flavorReference} from '../app/flavor/flavor-reference.js';
import type {LookOptions} from '../app/flavor/look-around.js';
import type {ExitCode} from '../text/errors.js';
import {comparisonLines} from '../text/flavor-diff.js';
import {comparisonFields} from '../text/flavor-diff-json.js';
import type {CommandContext} from './command.js';
import {namingPorts, showStyle, tellNotices} from './flavor-show-run.js';

/** `flavor diff`: 0 where servers of both are the same, 1 where something is different, or could not be asked. */
export async function runFlavorDiff(
  context: CommandContext,
  {before, after}: {readonly before: string; readonly after: string},
  options: LookOptions,
): Promise<ExitCode> {
  const {output, signal} = context;
  const ports = await namingPorts(context);
  const references = [flavorReference(before), flavorReference(after)] as const;
  const comparison = await compareFlavors(references, ports, options, signal);
  tellNotices(context, [...comparison.before.notices, ...comparison.after.notices]);
  output.json(comparisonFields(comparison));
  output.lines(comparisonLines(comparison, showStyle(context)));
  for (const problem of comparison.problems) output.notice(`notice: ${problem}`);
  return comparison.differences.length === 0 && comparison.problems.length === 0 ? 0 : 1;
}
