import type {Flavor} from '../../domain/flavor/flavor.js';
import {readImageMeta} from '../../domain/flavor/image-meta.js';
import {replacedTopology, replacedWatchdog} from '../../domain/flavor/image-replacements.js';
import type {NovaRelease} from '../../domain/flavor/nova-release.js';
import {Refusal} from '../../domain/flavor/refusal.js';
import type {FlavorImage} from './flavor-ports.js';

/** Images that have a word in what a guest gets. */
export type ReplacingImages = {
  readonly total: number;
  /** Those whose watchdog takes the place of the flavor's and is another one, by name. */
  readonly watchdog: readonly {readonly name: string; readonly action: string}[];
  /** Those whose wishes for sockets, cores or threads take the place of the flavor's, by name. */
  readonly topology: readonly string[];
};

/** Which images replace what a flavor says of watchdog and topology; a flavor without a watchdog wants none. */
export function replacingImages(
  images: readonly FlavorImage[],
  flavor: Flavor,
  release: NovaRelease,
): ReplacingImages {
  const action = flavor.extraSpecs['hw:watchdog_action'] || 'disabled';
  const wanted = {...flavor, extraSpecs: {...flavor.extraSpecs, 'hw:watchdog_action': action}};
  const watchdog = images.flatMap(({name, properties}) => {
    const replaced = replacedWatchdog(wanted, properties);
    return replaced === undefined ? [] : [{name, action: replaced.byImage}];
  });
  const topology = images.flatMap(({name, properties}) => {
    const meta = readImageMeta(properties, release);
    return meta instanceof Refusal || replacedTopology(flavor, meta) === undefined ? [] : [name];
  });
  return {
    total: images.length,
    watchdog: watchdog.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    topology: topology.toSorted(),
  };
}
