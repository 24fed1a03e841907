import {comparePaths} from '../app/conf/compare.js';
import type {Difference} from '../domain/oslo/compare.js';
import type {Place} from '../domain/oslo/effective.js';
import {isHarmless, MASK} from '../domain/oslo/mask.js';
import type {CommandContext} from './command.js';
import {placeJson, placeText} from './conf-query.js';

/**
 * `conf diff`: 0 where services read the same from both, 1 where they do not. Values are shown only of options
 * that cannot hold a secret.
 */
export async function runConfDiff(
  context: CommandContext,
  {left, right}: {readonly left: string; readonly right: string},
): Promise<0 | 1> {
  const differences = await comparePaths((await context.compose()).files(), left, right);
  context.output.json({left, right, differences: differences.map(differenceJson)});
  for (const one of differences) {
    context.output.line(
      `[${one.group}] ${one.option}: ${sideText(one, one.left)} | ${sideText(one, one.right)}`,
    );
  }
  if (differences.length === 0) context.output.line('a service reads the same from both');
  return differences.length === 0 ? 0 : 1;
}

function shownValue({group, option}: Difference, place: Place): string {
  return isHarmless(group, option) ? place.raw : MASK;
}

function differenceJson(one: Difference) {
  const side = (place: Place | undefined) =>
    place === undefined ? null : {...placeJson(place), raw: shownValue(one, place)};
  return {group: one.group, option: one.option, left: side(one.left), right: side(one.right)};
}

function sideText(one: Difference, place: Place | undefined): string {
  return place === undefined ? 'not set' : `${shownValue(one, place)} (${placeText(place)})`;
}
