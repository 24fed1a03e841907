import {CloudError} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import type {DescribedServer, ServerDetails} from '../servers/server-ports.js';

/** A volume of a server's. Name and size are undefined where Cinder does not tell them. */
export type ServerVolume = {
  readonly id: string;
  readonly name: string | undefined;
  readonly sizeGib: number | undefined;
  /** Whether it is the root disk. */
  readonly isBoot: boolean;
  /** Undefined where Nova does not say. */
  readonly isDeletedWithServer: boolean | undefined;
};

/** Volumes of a server, and why their names and sizes are missing where that is one reason for all. */
export type ServerVolumes = {readonly volumes: readonly ServerVolume[]; readonly problem: string | undefined};

/** What becomes of the volumes of servers that are destroyed. */
export type PurgeLosses = {
  readonly deleted: readonly ServerVolume[];
  readonly kept: readonly ServerVolume[];
  /** Nova does not say. */
  readonly unclear: readonly ServerVolume[];
  /** Of those that are deleted; undefined where one of them is not known. */
  readonly deletedGib: number | undefined;
};

const VOLUME_REQUESTS = 4;
const SERVER_REQUESTS = 4;

/** Splits volumes by what a purge does to them. */
export function lossesOf(volumes: readonly ServerVolume[]): PurgeLosses {
  const of = (fate: boolean | undefined) =>
    volumes.filter(({isDeletedWithServer}) => isDeletedWithServer === fate);
  const deleted = of(true);
  const deletedGib = deleted.reduce<number | undefined>(
    (sum, {sizeGib}) => (sum === undefined || sizeGib === undefined ? undefined : sum + sizeGib),
    0,
  );
  return {deleted, kept: of(false), unclear: of(undefined), deletedGib};
}

/**
 * The volumes of a server, with their names and sizes as far as Cinder tells them. Never rejects with `CloudError`:
 * what Nova says is worth something without Cinder.
 */
export async function readVolumes(
  details: Pick<ServerDetails, 'volume'>,
  {id: serverId, volumes, isBootedFromVolume, rootDevice}: DescribedServer,
  signal: AbortSignal,
): Promise<ServerVolumes> {
  let problem: string | undefined;
  const rows = await mapLimited(volumes, VOLUME_REQUESTS, async ({id, isDeletedWithServer}) => {
    // The only volume of a server that boots from one.
    const bare = {id, isDeletedWithServer, isBoot: isBootedFromVolume && volumes.length === 1};
    const nothing: ServerVolume = {...bare, name: undefined, sizeGib: undefined};
    if (problem !== undefined) return nothing;
    try {
      const {name, sizeGib, devices} = await details.volume(id, signal);
      const device = devices.get(serverId);
      const isRoot = rootDevice === undefined ? /^\/dev\/\w*da$/.test(device ?? '') : device === rootDevice;
      return {...bare, name, sizeGib, isBoot: bare.isBoot || (isBootedFromVolume && isRoot)};
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      // One that Cinder does not know says nothing about the others.
      if (error.reason !== 'not-found') problem = error.message;
      return nothing;
    }
  });
  return {volumes: rows, problem};
}

/** What a purge of several servers takes with it. */
export type ReadLosses = PurgeLosses & {
  /** Servers of which Nova told the volumes. */
  readonly servers: number;
  /** Why some volumes, or names of them, are not known; undefined where all are. */
  readonly problem: string | undefined;
};

/**
 * Asks what becomes of the volumes of these servers when they are destroyed; those that are gone lose nothing. Rejects
 * only where aborted.
 */
export async function readLosses(
  details: Pick<ServerDetails, 'describe' | 'volume'>,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadLosses> {
  let problem: string | undefined;
  const found = await mapLimited(ids, SERVER_REQUESTS, async (id) => {
    try {
      const server = await details.describe(id, signal);
      if (server === undefined) return [];
      const read = await readVolumes(details, server, signal);
      problem ??= read.problem;
      return read.volumes;
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      problem ??= error.message;
      return undefined;
    }
  });
  const known = found.filter((volumes) => volumes !== undefined);
  return {...lossesOf(known.flat()), servers: known.length, problem};
}
