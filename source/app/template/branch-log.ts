import type {Branch} from './template-ports.js';
import {placeWords, type TextPlace} from './text-place.js';

/** Which branches of a template's texts were rendered, over several renderings. */
export type BranchLog = {
  /** A text is rendered: these are its branches. */
  readonly begun: (place: TextPlace, branches: readonly Branch[]) => void;
  /** One of them was gone through, by its number. */
  readonly taken: (place: TextPlace, branch: number) => void;
  /** Those that never were, with their places; what stands in one of these is not told besides. */
  readonly untaken: () => readonly string[];
};

type Text = {readonly place: TextPlace; readonly branches: readonly Branch[]; readonly taken: Set<number>};

/** An empty log. */
export function branchLog(): BranchLog {
  const texts = new Map<string, Text>();
  return {
    begun(place, branches) {
      if (!texts.has(place.key)) texts.set(place.key, {place, branches, taken: new Set()});
    },
    taken: (place, branch) => void texts.get(place.key)?.taken.add(branch),
    untaken: () =>
      Array.from(texts.values(), ({place, branches, taken}) =>
        branches
          .filter(({within}, index) => !taken.has(index) && (within === undefined || taken.has(within)))
          .toSorted((a, b) => a.line - b.line)
          .map(({line, words}) => `${placeWords(place, line)}${words}`),
      ).flat(),
  };
}
