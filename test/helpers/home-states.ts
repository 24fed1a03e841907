import type {HomeFinding} from '../../source/app/home/look-home.js';
import type {SetupFigures, Trouble} from '../../source/app/home/setup-figures.js';
import type {ListedServer, WaitingList} from '../../source/app/watch/watch-types.js';
import {
  startHome,
  updateHome,
  type HomeAction,
  type HomeOptions,
  type HomeState,
} from '../../source/ui/screens/home/model.js';
import type {WatchAction} from '../../source/ui/screens/watch/state.js';
import {listed} from './listed-servers.js';
import {told, waitingList} from './watch-states.js';

export const NOW = Date.parse('2026-11-22T03:12:47Z');

export const OPTIONS: HomeOptions = {
  places: [
    {digit: '2', name: 'setup', label: 'set-up'},
    {digit: '6', name: 'runs', label: 'runs'},
  ],
  ways: [
    {command: 'reprieve init', help: 'asks for the cloud and the nodes, and writes a profile'},
    {command: 'reprieve demo', help: 'the same screens on an embedded cloud; nothing is needed for it'},
  ],
  placeFlags: ['--cloud', 'fra1'],
  isReadOnly: false,
};

export const NAMED: HomeFinding = {
  source: 'cloud',
  kind: 'named',
  label: {name: 'fra1', authUrl: 'http://keystone', region: undefined, scope: 'admin'},
};
export const SIGNED_IN: HomeFinding = {source: 'cloud', kind: 'found', at: NOW, tookMs: 300};

export const trouble = (
  about: Trouble['about'],
  kind: Trouble['kind'],
  host: string,
  seconds?: number,
): Trouble => ({about, kind, host, seconds, message: `${host}: ${kind}`});

/** 3 API nodes and 496 computes at 2 h. */
export function figures(changed: Partial<SetupFigures> = {}): SetupFigures {
  return {
    verdict: {kind: 'on', intervalSeconds: 7200},
    api: {good: 3, on: 3, of: 3, awaited: 0},
    computes: {good: 496, on: 496, of: 496, awaited: 0},
    clocks: {agree: 499, of: 499},
    intervalSeconds: 7200,
    troubles: [],
    ...changed,
  };
}

export const setup = (changed: Partial<SetupFigures> = {}, at = NOW): HomeFinding => ({
  source: 'setup',
  kind: 'found',
  at,
  figures: figures(changed),
});

export const services = (silent: readonly string[] = [], at = NOW): HomeFinding => ({
  source: 'services',
  kind: 'found',
  at,
  figures: {
    up: 496 - silent.length,
    of: 496,
    silent: silent.map((host) => ({
      binary: 'nova-compute',
      host,
      state: 'down',
      since: Date.parse('2026-11-22T02:51:10Z'),
      isForced: false,
    })),
  },
});

/** What home is told: of one of its sources, or of the servers that wait. */
export type Said = HomeFinding | ToldOfServers;
type ToldOfServers = Extract<HomeAction, {readonly type: 'waiting'}>;

export const waiting = (action: WatchAction): ToldOfServers => ({type: 'waiting', told: action});

/** So many soft-deleted servers, `box-1` deleted two minutes ago, each other one two and a half minutes before that. */
export const servers = (count: number, problem?: string): ToldOfServers => {
  const all = Array.from({length: count}, (_, index) => listed(`box-${index + 1}`, 120 + index * 150));
  return serversAre(all, {problem});
};

/** A list of these servers. */
export const serversAre = (all: readonly ListedServer[], given: Partial<WaitingList> = {}): ToldOfServers =>
  waiting(told({kind: 'list', list: waitingList(all, given)}, 0, NOW));

/** Home that was told all of this, and whose clock says `now`. */
export function homeWith(
  said: readonly Said[],
  {now = NOW, options = OPTIONS}: {readonly now?: number; readonly options?: HomeOptions} = {},
): HomeState {
  let {state} = startHome(options);
  const act = (action: Parameters<typeof updateHome>[1]) => {
    ({state} = updateHome(state, action));
  };
  act({type: 'tick', now: Math.min(now, NOW - 1000)});
  for (const one of said) act('type' in one ? one : {type: 'found', finding: one});
  act({type: 'tick', now});
  return state;
}
