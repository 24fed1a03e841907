import {countOf, formatCount} from '../../../text/elapsed.js';
import {placementWords} from '../../../text/placement-words.js';
import type {UiLine} from '../../spans.js';
import {fittingOf} from './judged.js';
import {mutedLines, type PartRoom, signedLines} from './signed-lines.js';
import {roomOf, roomVerdict} from './room.js';
import type {FlavorState} from './state.js';

/** Names of hosts that there is room for. */
const MOST_HOSTS = 3;

/** What Placement says of the draft, which counts more than an estimate; undefined where it says nothing of it. */
export function verdictLines(state: FlavorState, room: PartRoom): readonly UiLine[] | undefined {
  const verdict = roomVerdict(state);
  const said = verdict === undefined ? undefined : placementWords(verdict, MOST_HOSTS);
  return said === undefined ? undefined : signedLines(room, said.meaning, said.words);
}

/** The estimate, where Placement has spoken: in short. */
export function estimateLines(state: FlavorState, {cells}: PartRoom): readonly UiLine[] {
  const fitting = fittingOf(state);
  if (fitting === undefined) return [];
  const {total, free} = fitting;
  const words = `by size alone, without overcommitment: ${formatCount(free)} of ${countOf(total, 'host')}`;
  return mutedLines(words, cells - 2).map((line): UiLine => ['  ', ...line]);
}

/** Why there is nothing but an estimate, where that is worth knowing. */
export function noVerdictLines(state: FlavorState, room: PartRoom): readonly UiLine[] {
  const outcome = roomOf(state);
  if (outcome === undefined) return [];
  if (outcome.kind === 'failed') {
    return signedLines(room, 'unknown', `who could take it now is not known: ${outcome.trouble.message}`);
  }
  if (outcome.verdict?.kind !== 'unavailable') return [];
  const words = placementWords(outcome.verdict)?.words;
  return words === undefined ? [] : mutedLines(words, room.cells - 2).map((line): UiLine => ['  ', ...line]);
}
