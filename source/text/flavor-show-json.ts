import type {PlacementVerdict} from '../app/flavor/ask-placement.js';
import type {ShownFlavor} from '../app/flavor/show-flavor.js';
import {layoutOf} from '../domain/flavor/guest-layout.js';
import {formatElement, previewElements} from '../domain/flavor/guest-xml-preview.js';
import {judgementFields} from '../domain/flavor/judgement-fields.js';
import {guestSentences} from './flavor-sentences.js';

type Fields = Readonly<Record<string, unknown>>;

/** What `flavor show --json` prints: the fields of `flavor check --json`, and what is known besides. */
export function shownFields(shown: ShownFlavor): Fields {
  const {judgement, withImage, servers, projects, fitting, placement} = shown;
  const layout = layoutOf(judgement);
  const preview = previewElements(judgement).map(
    (element) => [element.name, formatElement(element)] as const,
  );
  const {xml, ...fields} = judgementFields(judgement);
  return {
    ...fields,
    xml: {...(typeof xml === 'object' ? xml : {}), ...Object.fromEntries(preview)},
    flavor: flavorFields(shown),
    image: withImage === undefined ? null : {id: withImage.id, name: withImage.name},
    image_properties: judgement.imageProperties,
    servers: usersFields(servers),
    projects: projects ?? null,
    hosts: fitting ?? null,
    placement: placement === undefined ? null : placementFields(placement),
    sentences: layout === undefined ? null : guestSentences(layout),
    problems: shown.problems,
  };
}

/** How many servers have a flavor; null where nobody could look. */
export function usersFields(servers: ShownFlavor['servers']): Fields | null {
  return servers === undefined
    ? null
    : {
        total: servers.total,
        old_copy: servers.old ?? null,
        scope: servers.scope,
        complete: servers.isComplete,
      };
}

/**
 * What Placement says; `hosts` are those that could take a server now, with `complete` false at least these. For
 * `unpinned` they have shared CPUs in the place of dedicated ones.
 */
function placementFields(verdict: PlacementVerdict): Fields {
  switch (verdict.kind) {
    case 'room':
    case 'unpinned':
      return {answer: verdict.kind, hosts: verdict.hosts, complete: verdict.isComplete};
    case 'no-room':
      return {answer: 'no-room', hosts: [], complete: true};
    case 'refused':
      return {answer: 'refused', reason: verdict.message, unknown: verdict.names};
    case 'unavailable':
      return {answer: 'unavailable', reason: verdict.why};
  }
}

/** The flavor itself and where it is from, with the names of Nova's API; memory and swap in MiB, disks in GiB. */
export function flavorFields({flavor, origin}: Pick<ShownFlavor, 'flavor' | 'origin'>): Fields {
  const {name, vcpus, memoryMib, diskGib, extraSpecs} = flavor;
  const common = {name, vcpus, ram: memoryMib, disk: diskGib};
  if (origin.kind === 'file') {
    const {source, place} = origin;
    return {...common, extra_specs: extraSpecs, source: {file: source, line: place.line}};
  }
  const {row, cloud} = origin;
  return {
    id: row.id,
    ...common,
    ephemeral: row.ephemeralGib,
    swap: row.swapMib,
    rxtx_factor: row.rxtxFactor,
    is_public: row.isPublic,
    disabled: row.isDisabled,
    description: row.description ?? null,
    extra_specs: row.extraSpecs ?? null,
    source: {cloud},
  };
}
