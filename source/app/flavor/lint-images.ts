import type {Flavor} from '../../domain/flavor/flavor.js';
import {readImageMeta} from '../../domain/flavor/image-meta.js';
import {replacedTopology, replacedWatchdog} from '../../domain/flavor/image-replacements.js';
import type {NovaRelease} from '../../domain/flavor/nova-release.js';
import {Refusal} from '../../domain/flavor/refusal.js';
import {tripleWords} from '../../domain/flavor/topology.js';
import type {CloudFlavor, FlavorImage} from './flavor-ports.js';
import type {ImageReplacement} from './lint-types.js';

type Texts = Readonly<Record<string, string>>;

const TOPOLOGY = /^cpu_(?:max_)?(?:sockets|cores|threads)$/;
const KINDS = [
  {
    what: 'watchdog',
    isOfIt: (name: string) => name === 'watchdog_action',
    replaced: (flavor: Flavor, properties: Texts): Pair | undefined => {
      const found = replacedWatchdog(flavor, properties);
      return found === undefined ? undefined : [found.wanted, found.byImage];
    },
  },
  {
    what: 'topology',
    isOfIt: (name: string) => TOPOLOGY.test(name),
    replaced: (flavor: Flavor, properties: Texts, release: NovaRelease): Pair | undefined => {
      const image = readImageMeta(properties, release);
      const found = image instanceof Refusal ? undefined : replacedTopology(flavor, image);
      return found === undefined ? undefined : [tripleWords(found.wanted), tripleWords(found.byImage)];
    },
  },
] as const;

/** What a flavor says, and what an image says in its place. */
type Pair = readonly [ofFlavor: string, ofImage: string];

/**
 * Images that replace the watchdog or the topology of flavors, whoever uses the two together. Each different value is
 * compared once: a cloud has many flavors and images, and few actions and topologies.
 */
export function lintImages(
  flavors: readonly CloudFlavor[],
  images: readonly FlavorImage[],
  release: NovaRelease,
): ImageReplacement[] {
  return KINDS.flatMap(({what, isOfIt, replaced}) => {
    const ofFlavors = groupBy(flavors.toSorted(byName), ({extraSpecs}) =>
      picked(extraSpecs ?? {}, 'hw:', isOfIt),
    );
    const ofImages = groupBy(images.toSorted(byName), ({properties}) => picked(properties, 'hw_', isOfIt));
    const found: ImageReplacement[] = [];
    for (const {texts: properties, items: alike} of ofImages.values()) {
      const hit: {value: string; flavors: readonly CloudFlavor[]}[] = [];
      let value = '';
      for (const {texts: extraSpecs, items} of ofFlavors.values()) {
        const [first] = items;
        const pair = first && replaced({...first, extraSpecs}, properties, release);
        if (pair === undefined) continue;
        value = pair[1];
        hit.push({value: pair[0], flavors: items});
      }
      if (hit.length === 0) continue;
      found.push({severity: 'warning', what, value, images: alike, flavors: hit});
    }
    return found;
  });
}

type Group<Item> = {readonly texts: Texts; readonly items: Item[]};

/** Items by what they say; those that say nothing are left out. */
function groupBy<Item>(
  items: readonly Item[],
  textsOf: (item: Item) => Texts | undefined,
): Map<string, Group<Item>> {
  const groups = new Map<string, Group<Item>>();
  for (const item of items) {
    const texts = textsOf(item);
    if (texts === undefined) continue;
    const key = JSON.stringify(texts);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, {texts, items: [item]});
    else group.items.push(item);
  }
  return groups;
}

/** The texts that are wanted, by name; undefined where there is none. */
function picked(texts: Texts, prefix: string, isWanted: (name: string) => boolean): Texts | undefined {
  let names: string[] | undefined;
  for (const name in texts) {
    if (name.startsWith(prefix) && isWanted(name.slice(prefix.length))) (names ??= []).push(name);
  }
  return names && Object.fromEntries(names.toSorted().map((name) => [name, texts[name] ?? '']));
}

function byName(one: Named, other: Named): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

type Named = {readonly id: string; readonly name: string};
