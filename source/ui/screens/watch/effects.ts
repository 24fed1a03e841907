import type {Clock} from '../../../app/ports.js';
import {CloudError, isSilence, UserError} from '../../../app/errors.js';
import {followWaiting, type WatchNews} from '../../../app/watch/follow.js';
import {Nudge} from '../../../app/watch/nudge.js';
import {readDetails} from '../../../app/watch/read-details.js';
import {type ReadServices, serviceReader} from '../../../app/servers/read-services.js';
import {userErrorLine} from '../../../text/errors.js';
import type {Shell} from '../../screen.js';
import type {Dispatch, How} from '../../store.js';
import {actOn, type OpenedCloud} from './effects-acting.js';
import type {ActingEffect} from './acting.js';
import type {WatchAction, WatchEffect, WatchRow} from './state.js';

/** A cloud to be watched. */
export type WatchedCloud = {
  /** As it was asked for. */
  readonly name: string;
  readonly clock: Clock;
  /** Signs in lazily; rejects where its settings cannot be read. */
  open(): Promise<OpenedCloud>;
};

/** A cloud that does not answer is tried again; one that refuses is not, so that no account is locked. */
const RETRY_MS = 15_000;
const NEVER_MS = 2 ** 31 - 1;

/** Does what the list asks for. */
export function watchEffects(
  clouds: readonly WatchedCloud[],
  shell: Pick<Shell, 'copy' | 'ring'>,
): (effect: WatchEffect, dispatch: Dispatch<WatchAction>, signal: AbortSignal) => Promise<void> {
  const nudges = clouds.map(() => new Nudge());
  const opened = new Map<number, OpenedCloud>();
  /** Only the details of one server are wanted at a time. */
  let reading = new AbortController();
  const details = detailReader();
  return async (effect, dispatch, signal) => {
    switch (effect.kind) {
      case 'copy':
        shell.copy(effect.text);
        return;
      case 'ask-again':
        for (const nudge of nudges) nudge.nudge();
        return;
      case 'ring':
        shell.ring();
        return;
      case 'read-details': {
        const cloud = opened.get(effect.row.cloud);
        reading.abort();
        reading = new AbortController();
        if (cloud !== undefined)
          await details(cloud, effect.row, dispatch, AbortSignal.any([signal, reading.signal]), signal);
        return;
      }
      case 'follow': {
        const [cloud, nudge] = [clouds[effect.cloud], nudges[effect.cloud]];
        if (cloud !== undefined && nudge !== undefined) {
          await follow(cloud, effect.cloud, nudge, (one) => opened.set(effect.cloud, one), dispatch, signal);
        }
        return;
      }
      default: {
        // Of several clouds each has its own servers.
        const rows = 'rows' in effect ? effect.rows : [effect.row];
        const groups = [...Map.groupBy(rows, (row) => row.cloud)];
        await Promise.all(
          groups.map(async ([index, own]) => {
            const cloud = opened.get(index);
            if (cloud !== undefined) await actOn(cloud, withRows(effect, own), dispatch, signal);
          }),
        );
      }
    }
  };
}

/** Somebody who moves through the list stays on a row for less. */
const DWELL_MS = 150;

/** Reads what there is to know of a server, unless the cursor goes on at once. */
function detailReader() {
  const services = new Map<OpenedCloud, ReadServices>();
  return async (
    cloud: OpenedCloud,
    {id, listed}: WatchRow,
    dispatch: Dispatch<WatchAction>,
    reading: AbortSignal,
    signal: AbortSignal,
  ): Promise<void> => {
    const {ports} = cloud;
    const readServices = services.get(cloud) ?? serviceReader(ports);
    services.set(cloud, readServices);
    const {serverDetails, namedServers, account, clock} = ports;
    try {
      await clock.sleep(DWELL_MS, reading);
      await readDetails(
        {details: serverDetails, servers: namedServers, account, readServices},
        listed,
        (news) => dispatch({type: 'detail', id, news}),
        reading,
      );
    } catch (error) {
      if (signal.aborted || !reading.aborted) throw error;
    }
  };
}

function withRows<Effect extends ActingEffect>(effect: Effect, rows: readonly WatchRow[]): Effect {
  return 'rows' in effect ? {...effect, rows} : effect;
}

/** Follows one cloud until the screen is left, and begins anew where its first list cannot be had. */
async function follow(
  cloud: WatchedCloud,
  index: number,
  nudge: Nudge,
  tellOpened: (opened: OpenedCloud) => void,
  dispatch: Dispatch<WatchAction>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      const one = await cloud.open();
      const {name, ports, options} = one;
      tellOpened(one);
      dispatch({type: 'signed-in', cloud: index, name});
      const tell = (news: WatchNews): void =>
        dispatch({type: 'news', cloud: index, news, at: ports.clock.now()}, howOf(news));
      await followWaiting(ports, options, tell, signal, nudge);
    } catch (error) {
      if (signal.aborted || !(error instanceof UserError)) throw error;
      const isSilent = error instanceof CloudError && isSilence(error.reason);
      const retryAt = isSilent ? cloud.clock.now() + RETRY_MS : undefined;
      dispatch({type: 'failed', cloud: index, text: userErrorLine(error), retryAt});
      await nudge.pause(cloud.clock, isSilent ? RETRY_MS : NEVER_MS, signal);
    }
  }
}

/** What comes every few seconds is painted with the clock. */
function howOf({kind}: WatchNews): How {
  return kind === 'page' || kind === 'list' ? 'now' : 'quiet';
}
