import type {Place} from '../../domain/oslo/effective.js';
import type {SeenRole} from '../rollout/plan-target.js';
import {OPTION} from '../rollout/rollout-ports.js';
import type {Evidence} from './doctor-types.js';
import type {SeenCompute} from './subjects.js';

/** The place that decides the interval of a role, as it stands there; where nothing sets it that is told. */
export function valueEvidence({config}: SeenRole): Evidence {
  const place = config.effective.source;
  if (place !== undefined) return placeEvidence(place);
  return {
    from: 'file',
    place: config.files.at(-1)?.path,
    lines: [`${OPTION} is not set in what is read: ${config.files.map(({path}) => path).join(' ')}`],
    proof: undefined,
  };
}

/** The same for a finding about several nodes: it tells on which of them that was read. */
export function valueEvidenceOf({node, seen}: SeenCompute): Evidence {
  return {...valueEvidence(seen), host: node.node.name};
}

/** One place that sets an option, the interval if nothing else is said. */
export function placeEvidence(place: Place, option = OPTION): Evidence {
  return place.kind === 'file'
    ? {
        from: 'file',
        place: `${place.file}:${place.line}`,
        lines: [`${option} = ${place.raw}`],
        proof: place.raw === '' ? undefined : place.raw,
      }
    : {from: 'environment', place: undefined, lines: [`${place.variable}=${place.raw}`], proof: undefined};
}
