import {UserError} from '../errors.js';
import type {CloudLabel} from '../home/home-ports.js';
import type {Clock, Cloud, CloudAccount, CloudIdentity} from '../ports.js';
import {isAdmin} from '../servers/find-servers.js';
import {LATE, within} from '../within.js';

/** One of several clouds that are watched together. */
export type CloudBeside = {
  readonly name: string;
  /** What it is, as far as it can be opened: rejects with `UserError` where not. */
  open(): Promise<{
    readonly label: Pick<CloudLabel, 'authUrl' | 'region'>;
    readonly cloud: Pick<Cloud, 'identity'>;
    readonly account: Pick<CloudAccount, 'session'>;
  }>;
};

type Opened = Awaited<ReturnType<CloudBeside['open']>>;

/** The Nova that was signed in to, and whose servers it lists for us. */
type View = {readonly nova: string; readonly project: string | undefined; readonly isAdmin: boolean};

/** Others that do not answer hold nobody up for longer. */
const WAIT_MS = 5000;

/**
 * Refuses a cloud whose servers all stand in the list of another one: clouds.yaml may name one Nova several times, with
 * other users or a region that is its own anyhow, and its servers would be counted, told and alerted of twice. Entries
 * for several projects of one Nova stay as long as none of them has the servers of all.
 */
export async function refuseSameNova(
  clouds: readonly CloudBeside[],
  own: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const [self, ...others] = await openBeside(clouds, own);
  if (self === undefined || others.length === 0) return;
  const mine = await viewOf(self.opened, signal);
  const views = await Promise.all(
    others.map(async ({name, index, opened}) => ({
      name,
      index,
      view: await viewBeside(opened, clock, signal),
    })),
  );
  const covering = views.find(
    ({index, view}) => view !== undefined && covers(view, mine) && !(covers(mine, view) && own < index),
  );
  if (covering === undefined) return;
  throw new UserError(
    'usage',
    `It is the same Nova as ${covering.name} (${mine.nova}), whose list has the same servers.`,
    {remedy: 'Name one of the two.'},
  );
}

type Beside = {readonly name: string; readonly index: number; readonly opened: Opened};

/** A cloud and those that may be the same Nova by what is configured. */
async function openBeside(clouds: readonly CloudBeside[], own: number): Promise<readonly Beside[]> {
  const opened = await Promise.all(
    clouds.map(async ({name, open}, index): Promise<Beside | undefined> => {
      try {
        return {name, index, opened: await open()};
      } catch (error) {
        // Whoever lists its servers tells what is wrong with it.
        if (index === own || !(error instanceof UserError)) throw error;
        return undefined;
      }
    }),
  );
  const self = opened[own];
  if (self === undefined) return [];
  const others = opened.filter((one) => one !== undefined && one !== self && mayBeSame(one, self));
  return [self, ...others.filter((one) => one !== undefined)];
}

function mayBeSame({opened: {label: one}}: Beside, {opened: {label: other}}: Beside): boolean {
  const isOtherRegion = one.region !== undefined && other.region !== undefined && one.region !== other.region;
  return keystoneOf(one.authUrl) === keystoneOf(other.authUrl) && !isOtherRegion;
}

function keystoneOf(authUrl: string): string {
  return authUrl.replace(/\/+$/, '').replace(/\/v3$/, '');
}

/** Undefined where it does not tell in time. */
async function viewBeside(opened: Opened, clock: Clock, signal: AbortSignal): Promise<View | undefined> {
  try {
    const view = await within(clock, WAIT_MS, signal, async (one) => viewOf(opened, one));
    return view === LATE ? undefined : view;
  } catch (error) {
    if (signal.aborted || !(error instanceof UserError)) throw error;
    return undefined;
  }
}

async function viewOf({cloud, account}: Opened, signal: AbortSignal): Promise<View> {
  const identity = await cloud.identity(signal);
  const hasAll = (await isAdmin(account, signal)) === true;
  return {nova: novaOf(identity), project: identity.projectId, isAdmin: hasAll};
}

/** Catalogues may have the project in the address. */
function novaOf({computeUrl, projectId}: CloudIdentity): string {
  const tails = projectId === undefined ? [] : [`/${projectId}`, `/AUTH_${projectId}`];
  const tail = tails.find((one) => computeUrl.endsWith(one)) ?? '';
  return computeUrl.slice(0, computeUrl.length - tail.length);
}

/** Whether the one lists every server that the other does. */
function covers(one: View, other: View): boolean {
  return one.nova === other.nova && (one.isAdmin || (!other.isAdmin && one.project === other.project));
}
