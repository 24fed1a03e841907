import type {Place} from '../../domain/oslo/effective.js';
import {describeReading} from '../../domain/fleet/interval-change.js';
import {MASK} from '../../domain/oslo/mask.js';
import type {SeenRole} from '../rollout/plan-target.js';
import {OPTION} from '../rollout/rollout-ports.js';
import type {Evidence} from './doctor-types.js';
import type {SeenCompute} from './subjects.js';

/**
 * What a role reads, in words. Of a value that goes on in the next line, or that refers to another option, the text is
 * not told: it may hold a secret.
 */
export function readingWords({config: {reading, effective}}: SeenRole): string {
  const raw = effective.source?.raw ?? '';
  if (reading.kind !== 'invalid' || !/[\n$]/.test(raw)) return describeReading(reading);
  return raw.includes('\n')
    ? 'unreadable (the indented line below belongs to it)'
    : 'unreadable (what it refers to is no integer)';
}

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

/** What no secret is. */
const PLAIN_WORD = /^[\w.+-]*$/;

/**
 * One place that sets an option, the interval if nothing else is said. An indented line below belongs to the value,
 * whatever stands in it: what may be a secret there is not shown.
 */
export function placeEvidence(place: Place, option = OPTION): Evidence {
  const [first = '', ...rest] = place.raw.split('\n');
  return place.kind === 'file'
    ? {
        from: 'file',
        place: `${place.file}:${place.line}`,
        lines: [`${option} = ${first}`, ...rest.map((line) => `    ${PLAIN_WORD.test(line) ? line : MASK}`)],
        proof: first === '' ? undefined : first,
      }
    : {from: 'environment', place: undefined, lines: [`${place.variable}=${first}`], proof: undefined};
}
