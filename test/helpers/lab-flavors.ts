import type {FlavorChanges, Flavors} from '../../source/app/flavor/flavor-ports.js';

/** Removes the flavors of the lab whose names begin so. */
export async function removeFlavors(
  own: {readonly flavors: Pick<Flavors, 'all'>; readonly flavorChanges: Pick<FlavorChanges, 'remove'>},
  prefix: string,
): Promise<void> {
  const {signal} = new AbortController();
  for (const {id, name} of (await own.flavors.all(signal)).rows) {
    if (name.startsWith(prefix)) await own.flavorChanges.remove(id, signal);
  }
}
