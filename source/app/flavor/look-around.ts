import type {CloudLimits} from '../../domain/flavor/judged.js';
import {releaseOfMicroversion} from '../../domain/flavor/microversion-release.js';
import {NEWEST_RELEASE, type NovaRelease} from '../../domain/flavor/nova-release.js';
import {CloudError, UserError, withoutStop} from '../errors.js';
import {cloudLimits} from './fitting-hosts.js';
import type {FlavorCloud, FlavorHost, FlavorImage} from './flavor-ports.js';

/** What a judgement of one flavor takes from around it. */
export type Surroundings = {
  readonly release: NovaRelease;
  /** What the largest hosts have; undefined where that is not known. */
  readonly limits: CloudLimits | undefined;
  /** Undefined where Nova shows no hosts, or no cloud is asked. */
  readonly hosts: readonly FlavorHost[] | undefined;
  /** The image that was named. */
  readonly image: FlavorImage | undefined;
  /** What could not be asked, for people; what an account may not see is none. */
  readonly problems: readonly string[];
};

export type LookOptions = {
  /** Undefined: the cloud's own, where it is asked, else the newest. */
  readonly release: NovaRelease | undefined;
  /** Id or name of an image of the cloud. */
  readonly image: string | undefined;
};

/**
 * The rules, the image and the sizes of hosts that flavors are judged with; without a cloud only the rules. Throws
 * `UserError` (usage) where the image is not there once.
 */
export async function lookAround(
  cloud: FlavorCloud | undefined,
  {release, image}: LookOptions,
  signal: AbortSignal,
): Promise<Surroundings> {
  if (cloud === undefined) {
    const rules = release ?? NEWEST_RELEASE;
    return {release: rules, limits: undefined, hosts: undefined, image: undefined, problems: []};
  }
  const problems: string[] = [];
  const {flavors} = cloud;
  const [newest, hosts, found] = await Promise.all([
    release === undefined
      ? tried(problems, 'its newest microversion', async () => flavors.newestMicroversion(signal))
      : undefined,
    tried(problems, 'its hosts', async () => flavors.hosts(signal)),
    image === undefined ? undefined : findImage(cloud, image, signal),
  ]);
  if (hosts?.isComplete === false) {
    const why = withoutStop(hosts.problem ?? 'no reason given');
    problems.push(`not all of its hosts could be listed, so that the largest is not known: ${why}`);
  }
  return {
    release: release ?? (newest === undefined ? NEWEST_RELEASE : releaseOfMicroversion(newest).release),
    // The largest host may be among those that are missing.
    limits: hosts?.isComplete === true ? cloudLimits(hosts.rows) : undefined,
    hosts: hosts?.rows,
    image: found,
    problems,
  };
}

/** A part of what there is to know; a cloud that does not give it is told, and nothing else depends on it. */
export async function tried<Value>(
  problems: string[],
  what: string,
  read: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    problems.push(`${what} could not be asked for: ${withoutStop(error.message)}`);
    return undefined;
  }
}

async function findImage(cloud: FlavorCloud, word: string, signal: AbortSignal): Promise<FlavorImage> {
  const {rows, isComplete, problem} = await cloud.flavors.images(signal);
  const byId = rows.find(({id}) => id === word);
  if (byId !== undefined) return byId;
  const [first, ...others] = rows.filter(({name}) => name === word);
  if (first === undefined) {
    const part = isComplete ? '' : `, of those that could be listed (${problem ?? 'not all were'})`;
    throw new UserError(
      'usage',
      `${cloud.label.name} has no active image with the id or name "${word}"${part}`,
    );
  }
  if (others.length === 0) return first;
  throw new UserError(
    'usage',
    `${cloud.label.name} has ${others.length + 1} images with the name "${word}"`,
    {
      remedy: `name the one that is meant by its id, such as ${first.id}`,
    },
  );
}
