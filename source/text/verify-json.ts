import {isAsAsked, type Verified} from '../app/guest/guest-ports.js';
import {traitWords} from './guest-words.js';
import {explain} from './verify-causes.js';

/** A server for scripts. */
export function verifiedToJson(verified: Verified): object {
  const {server, host} = verified;
  const {id, name, status, projectId} = server;
  const base = {id, name, project_id: projectId ?? null, status, host: host ?? null};
  if (verified.kind === 'unseen') {
    const {problem, remedy} = verified;
    return {...base, verdict: 'unknown', problem, remedy: remedy ?? null};
  }
  const {domain, wish, asked, today, traits, state} = verified;
  return {
    ...base,
    verdict: isAsAsked(verified) ? 'same' : 'different',
    domain: {name: domain.name, state, machine: domain.machine, arch: domain.arch},
    flavor: wish.copy?.name ?? null,
    flavor_today: wish.flavorState,
    image: {name: wish.image.name ?? null, properties_from: wish.image.from},
    parts: traits.map((one) => {
      const {cause, remedy} = explain(one, server, wish);
      return {
        part: one.trait,
        verdict: one.verdict,
        domain: traitWords(domain.traits, one.trait),
        asked: asked === undefined ? null : traitWords(asked, one.trait),
        flavor_today: today === undefined ? null : traitWords(today, one.trait),
        by_image: one.isByImage,
        cause: cause ?? null,
        remedy: remedy ?? null,
      };
    }),
  };
}
