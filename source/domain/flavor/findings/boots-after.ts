import {isSameRefusal, outcomeOf} from '../all-refusals.js';
import {applyEdits, type Edit} from '../finding.js';
import {readImageMeta} from '../image-meta.js';
import type {Judged} from '../judged.js';
import {Refusal} from '../refusal.js';

/** All that would stand in a server's way after the edits. */
export function refusalsAfter(judged: Judged, edits: readonly Edit[]): readonly Refusal[] {
  const {flavor, image} = applyEdits(judged.flavor, judged.imageProperties, edits);
  const meta = readImageMeta(image, judged.release);
  return meta instanceof Refusal ? [meta] : outcomeOf(flavor, meta).refusals;
}

/** Whether the edits bring nothing up that stands in a server's way. */
export function bootsAfter(judged: Judged, edits: readonly Edit[]): boolean {
  return refusalsAfter(judged, edits).every((after) =>
    judged.refusals.some((before) => isSameRefusal(before, after)),
  );
}

/** The first of several cures that brings nothing up; the last, where all do. */
export function harmlessCure(judged: Judged, cures: readonly Edit[][]): Edit[] {
  return cures.find((edits) => bootsAfter(judged, edits)) ?? cures.at(-1) ?? [];
}
