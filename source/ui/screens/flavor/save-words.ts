import type {SaveEnd, SavePlan} from '../../../app/flavor/save-types.js';
import {saveEndSentence} from '../../../text/flavor-save.js';

/** What became of a save, and what to do, in sentences; the first is the headline. */
export function endWords(plan: SavePlan, end: SaveEnd, cloud: string | undefined): readonly string[] {
  const {message, remedy} = saveEndSentence(end, plan, cloud);
  return [`${plan.wish.flavor.name}: ${message}.`, ...(remedy === undefined ? [] : [`${capital(remedy)}.`])];
}

/** A sentence of a remedy. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
