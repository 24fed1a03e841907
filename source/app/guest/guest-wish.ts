import {haveSameSize} from '../../domain/flavor/flavor-differences.js';
import {judgeFlavor, type Judgement} from '../../domain/flavor/judge.js';
import {releaseOfMicroversion} from '../../domain/flavor/microversion-release.js';
import type {NovaRelease} from '../../domain/flavor/nova-release.js';
import {CloudError} from '../errors.js';
import type {CloudFlavor, FlavorImage, Flavors} from '../flavor/flavor-ports.js';
import type {GuestServer, GuestServers, VolumeImage} from '../servers/server-ports.js';
import type {GuestWish, KnownImage} from './guest-ports.js';

/**
 * Tells what guests are to be like; what several servers share is asked once.
 *
 * @param isVolumeAsked whether Cinder is asked for the image of a volume: a request for each server
 */
export type WishReader = (
  server: GuestServer,
  isVolumeAsked: boolean,
  signal: AbortSignal,
) => Promise<GuestWish>;

/** @param readAll whether all flavors are read at once, for many servers */
export async function createWishReader(
  {flavors, guestServers}: {readonly flavors: Flavors; readonly guestServers: GuestServers},
  readAll: boolean,
  signal: AbortSignal,
): Promise<WishReader> {
  const {release} = releaseOfMicroversion(await flavors.newestMicroversion(signal));
  const images = new Map<string, Promise<FlavorImage | undefined>>();
  const named = new Map<string, Promise<CloudFlavor | undefined>>();
  if (readAll) {
    for (const flavor of (await flavors.all(signal)).rows) named.set(flavor.name, Promise.resolve(flavor));
  }
  const flavorNamed = (name: string): Promise<CloudFlavor | undefined> =>
    remembered(named, name, async () => flavors.find(name, signal));
  const imageOf = async (server: GuestServer, isVolumeAsked: boolean): Promise<KnownImage> => {
    const {image} = server;
    if (image === undefined) return {name: undefined, properties: undefined, from: 'untold'};
    if (image.kind === 'volume') {
      const found = isVolumeAsked ? await volumeImage(guestServers, server, signal) : undefined;
      return {name: found?.name, properties: found?.properties, from: 'volume'};
    }
    const {id} = image;
    try {
      const found = await remembered(images, id, async () => guestServers.image(id, signal));
      if (image.properties !== undefined) {
        return {name: found?.name, properties: image.properties, from: 'server'};
      }
      if (found === undefined) return {name: undefined, properties: undefined, from: 'gone'};
      return {name: found.name, properties: found.properties, from: 'image'};
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      // Glance is an optional reader: without it the flavor alone is told, and that it is alone.
      return {name: undefined, properties: image.properties, from: image.properties ? 'server' : 'untold'};
    }
  };
  return async (server, isVolumeAsked) => {
    const {copy} = server;
    const [image, flavor] = await Promise.all([
      imageOf(server, isVolumeAsked),
      copy === undefined ? undefined : flavorNamed(copy.name),
    ]);
    const judge = (one: GuestServer['copy']): Judgement | undefined =>
      one?.extraSpecs === undefined
        ? undefined
        : judgeFlavor({...one, extraSpecs: one.extraSpecs}, {image: image.properties, release});
    const today =
      flavor !== undefined && copy !== undefined && haveSameSize(copy, flavor) ? flavor : undefined;
    return {
      asked: judge(copy),
      today: judge(today),
      image,
      copy,
      flavorState:
        copy === undefined
          ? 'untold'
          : flavor === undefined
            ? 'gone'
            : today === undefined
              ? 'replaced'
              : today.extraSpecs === undefined
                ? 'untold'
                : 'there',
    };
  };
}

/** Cinder is an optional reader, as Glance is. */
async function volumeImage(
  guestServers: GuestServers,
  server: GuestServer,
  signal: AbortSignal,
): Promise<VolumeImage | undefined> {
  try {
    return await guestServers.volumeImage(server, signal);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return undefined;
  }
}

/** The same judgement with an image that says nothing. */
export function withoutImage({
  flavor,
  release,
}: {
  flavor: Judgement['flavor'];
  release: NovaRelease;
}): Judgement {
  return judgeFlavor(flavor, {release});
}

function remembered<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  ask: () => Promise<Value>,
): Promise<Value> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const asked = ask();
  known.set(key, asked);
  return asked;
}
