/**
 * `node --expose-gc watch-soak.js SERVERS TICKS EVERY`: follows a recorded cloud through the real adapters, on a clock
 * that jumps over every pause, ten rows changing in each. Prints what is in use after a collection as JSON, a line at
 * first and after every so many ticks, and fails where what was told is not what the cloud has in the end.
 */
import process from 'node:process';
import {keepHeapSmall} from '../../source/adapters/heap.js';
import {createCloud} from '../../source/adapters/openstack/cloud.js';
import {Secret} from '../../source/adapters/openstack/secret.js';
import type {Clock} from '../../source/app/ports.js';
import {followWaiting} from '../../source/app/watch/follow.js';
import type {WatchNews} from '../../source/app/watch/watch-news.js';
import {Nudge} from '../../source/app/watch/nudge.js';
import {INTERVAL_SECONDS} from './recorded-servers.js';
import {startRecordedApi} from './recorded-api.js';

const [servers = 0, ticks = 0, every = 0] = process.argv.slice(2).map(Number);
const CHANGES = 10;
const TIMES_UP = new Error('enough ticks');

// As the command does.
keepHeapSmall('list');
const api = await startRecordedApi(servers);
const stop = new AbortController();
const there = new Set<string>();
let tick = 0;
let now = Date.now();
let told = 0;

function show(): void {
  globalThis.gc?.();
  const {heapUsed, rss} = process.memoryUsage();
  const mib = (bytes: number) => Number((bytes / 2 ** 20).toFixed(1));
  process.stdout.write(`${JSON.stringify({tick, told, heapMib: mib(heapUsed), residentMib: mib(rss)})}\n`);
}

const clock: Clock = {
  now: () => now,
  async sleep(milliseconds, signal) {
    signal.throwIfAborted();
    now += milliseconds;
    if (tick % every === 0) show();
    if (tick === ticks) stop.abort(TIMES_UP);
    signal.throwIfAborted();
    tick += 1;
    // In the last ticks nothing changes, so that all that did is told by the end.
    await api.change(tick + 50 < ticks ? CHANGES : 0, now);
  },
};

function note(news: WatchNews): void {
  switch (news.kind) {
    case 'list':
      for (const {server} of news.list.servers) there.add(server.id);
      return;
    case 'servers':
      for (const {event, listed} of news.news) {
        told += 1;
        if (event === 'added') there.add(listed.server.id);
        else if (event !== 'changed') there.delete(listed.server.id);
      }
      return;
    case 'trouble':
      throw news.problem;
    case 'notice':
      throw new Error(news.text);
    case 'page':
    case 'answered':
    case 'recovered':
  }
}

const domain = {name: 'Default'};
const cloud = createCloud(
  {
    name: 'recorded',
    source: 'the bench',
    authUrl: `${api.url}/v3`,
    method: {kind: 'password', user: {name: 'admin', domain}, password: new Secret('recorded')},
    scope: {kind: 'project', project: {name: 'admin', domain}},
    region: 'RegionOne',
    interfaces: ['public'],
    computeEndpoint: undefined,
    computeServiceType: 'compute',
    computeServiceName: undefined,
    imageEndpoint: undefined,
    networkEndpoint: undefined,
    volumeEndpoint: undefined,
    placementEndpoint: undefined,
    tls: {isVerified: true},
    proxy: {},
    timeoutMs: undefined,
    warnings: [],
  },
  {clock, random: () => 0.5},
);

const noNode = async (): Promise<never> => Promise.reject(new Error('the soak has no nodes to look at'));

await api.change(0, now);
try {
  await followWaiting(
    {
      cloud,
      waitingServers: cloud.waitingServers,
      account: cloud,
      clock,
      shell: {run: noNode, release: noNode, dial: noNode, close: async () => {}},
      programs: {facts: '', examine: '', change: '', lock: '', service: '', forget: ''},
    },
    {
      loadFleet: async () => ({source: undefined, hosts: [], selected: [], notices: []}),
      parallel: 1,
      assumedSeconds: INTERVAL_SECONDS,
      text: undefined,
      isExact: false,
      areHostsAwaited: true,
      awaitedNames: [],
    },
    note,
    stop.signal,
    new Nudge(),
  );
} catch (error) {
  if (error !== TIMES_UP) throw error;
}
const waiting = new Set(await api.waiting());
cloud.close();
await api.stop();
const wrong =
  [...waiting].filter((id) => !there.has(id)).length + [...there].filter((id) => !waiting.has(id)).length;
if (wrong > 0) throw new Error(`${wrong} servers are told otherwise than the cloud has them`);
