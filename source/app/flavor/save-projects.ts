import type {ProjectRef, SaveRefusal} from './save-types.js';

/** Keystone's ids. */
const ID = /^[0-9a-f]{32}$/;

/**
 * The projects that these words mean, by id or by name, each once. A word in the form of an id is one even where
 * Keystone does not list it for us: Nova looks itself.
 *
 * @param names of projects by id
 */
export function findProjects(
  words: readonly string[],
  names: ReadonlyMap<string, string>,
): {readonly projects: readonly ProjectRef[]; readonly refusals: readonly SaveRefusal[]} {
  const projects = new Map<string, ProjectRef>();
  const refusals: SaveRefusal[] = [];
  for (const word of words) {
    const ids = names.has(word) ? [word] : [...names].filter(([, name]) => name === word).map(([id]) => id);
    const [id = ID.test(word) ? word : undefined] = ids;
    if (ids.length > 1) refusals.push({kind: 'several-projects', word, ids});
    else if (id === undefined) refusals.push({kind: 'no-project', word});
    else projects.set(id, {id, name: names.get(id)});
  }
  return {projects: [...projects.values()], refusals};
}
