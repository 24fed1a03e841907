import {flavorOf, type FlavorDraft, projectWords, readDraft} from '../../../app/flavor/draft.js';
import type {SaveWish} from '../../../app/flavor/save-types.js';
import {NO_IMAGE} from '../../../domain/flavor/flavor.js';
import type {FlavorOptions} from './state.js';

/**
 * A draft as it is to be in the cloud: no extra spec that the cloud has besides stays. A description and projects that
 * nobody typed are not taken from a flavor that exists. Throws without a size.
 */
export function wishOf(draft: FlavorDraft, {release}: Pick<FlavorOptions, 'release'>): SaveWish {
  const flavor = flavorOf(draft);
  const {size} = readDraft(draft);
  if (flavor === undefined || size === undefined) throw new Error('a flavor without a size was to be saved');
  const {ephemeralGib, swapMib, rxtxFactor} = size;
  const {isPublic, description, name, start} = draft;
  const projects = projectWords(draft);
  // Of a copy under its own name what stood there was seen, and is gone because somebody took it away.
  const isItself = start.kind === 'clone' && start.of.name === name;
  return {
    flavor,
    settings: {
      id: undefined,
      description: description === '' && !isItself ? undefined : description,
      ephemeralGib,
      swapMib,
      rxtxFactor,
      isPublic,
      projects: isPublic || projects.length === 0 ? undefined : projects,
    },
    image: NO_IMAGE,
    isExact: true,
    release,
  };
}
