import {flavorOf, type FlavorDraft, projectWords, readDraft} from '../../../app/flavor/draft.js';
import type {SaveWish} from '../../../app/flavor/save-types.js';
import {NO_IMAGE} from '../../../domain/flavor/flavor.js';
import type {FlavorOptions} from './state.js';

/** A draft as it is to be in the cloud: nothing of what the cloud has besides stays. Throws without a size. */
export function wishOf(draft: FlavorDraft, {release}: Pick<FlavorOptions, 'release'>): SaveWish {
  const flavor = flavorOf(draft);
  const {size} = readDraft(draft);
  if (flavor === undefined || size === undefined) throw new Error('a flavor without a size was to be saved');
  const {ephemeralGib, swapMib, rxtxFactor} = size;
  const {isPublic, description} = draft;
  return {
    flavor,
    settings: {
      id: undefined,
      description,
      ephemeralGib,
      swapMib,
      rxtxFactor,
      isPublic,
      projects: isPublic ? undefined : projectWords(draft),
    },
    image: NO_IMAGE,
    isExact: true,
    release,
  };
}
