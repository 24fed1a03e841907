/** How long the whole list takes, against what fetches the same pages and against what operators use today. */
import {rmSync} from 'node:fs';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {atExit} from '../helpers/at-exit.js';
import {type Command, mustRun, run} from './command.js';
import {PAGE_ROWS} from './recorded-cloud.js';
import type {RecordedApi} from './recorded-api.js';
import {reprieve} from './reprieve.js';

/** What a real Nova took for a row of a list, in seconds: 2 s for a page. */
export const SECONDS_PER_ROW = 2 / PAGE_ROWS;

/** Seconds of whole lists. */
export type ListFigures = {
  readonly servers: number;
  /** Bytes of the list as it goes over the line. */
  readonly bytes: number;
  /** With pages that take as long as a real Nova's. */
  readonly slow: {
    readonly ours: readonly number[];
    readonly curl: readonly number[];
    readonly curlFirst: number;
  };
  /** With pages that come at once; `text` is the list for people. Undefined: not measured at that size. */
  readonly fast:
    | {
        readonly ours: readonly number[];
        readonly text: readonly number[];
        readonly curl: readonly number[];
        readonly openstack: readonly number[] | undefined;
      }
    | undefined;
};

export const OPENSTACK_LIST = 'openstack server list --all-projects --deleted --status SOFT_DELETED';

/** `watch` on this cloud, with the state of nobody. */
export function watchOn(api: RecordedApi, folder: string, ...args: readonly string[]): Command {
  return reprieve(['watch', '--interval', '7d', ...args], {
    ...api.env,
    HOME: folder,
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_CONFIG_HOME: path.join(folder, 'config'),
  });
}

/** Gives a folder to the work, and takes it away afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reprieve-watch-bench-'));
  const forget = atExit(() => rmSync(folder, {recursive: true, force: true}));
  try {
    return await work(folder);
  } finally {
    await rm(folder, {recursive: true, force: true});
    forget();
  }
}

/** The pages that `watch` asks for, one after the other over one connection, read and thrown away. */
async function curlPages(api: RecordedApi, folder: string, most = Infinity): Promise<Command> {
  const query = 'status=SOFT_DELETED&all_tenants=1&soft_deleted=true&limit=1000';
  const sort = 'sort_key=created_at&sort_dir=asc&sort_key=uuid&sort_dir=asc';
  const pages = [undefined, ...(await api.markers())].slice(0, most).map((marker) => {
    const more = marker === undefined ? '' : `&marker=${marker}`;
    return `url = "${api.url}/v2.1/servers/detail?${query}&${sort}${more}"\noutput = "/dev/null"\n`;
  });
  const file = path.join(folder, `pages-${most}`);
  await writeFile(file, pages.join(''));
  const headers = ['X-Auth-Token: recorded', 'OpenStack-API-Version: compute 2.47'];
  return {
    words: ['curl', '--silent', '--fail', ...headers.flatMap((one) => ['--header', one]), '--config', file],
  };
}

async function ourSeconds(command: Command, servers: number): Promise<number> {
  const {seconds, stdout} = await mustRun(command);
  const rows = stdout.split('\n').filter((line) => line.includes('batch-')).length;
  if (rows !== servers)
    throw new Error(`${command.words.slice(2).join(' ')} listed ${rows} of ${servers} servers`);
  return seconds;
}

const secondsOf = async (command: Command): Promise<number> => (await mustRun(command)).seconds;

async function openstackList(api: RecordedApi, folder: string): Promise<Command | undefined> {
  const words = [...OPENSTACK_LIST.split(' '), '--limit', '-1'];
  const isThere = await run({words: ['openstack', '--version']}).then(
    ({code}) => code === 0,
    () => false,
  );
  return isThere ? {words, env: {...api.env, HOME: folder}} : undefined;
}

/** Lists of one size. `isFast`: whether pages that come at once are measured too. */
export async function benchLists(
  api: RecordedApi,
  rounds: {readonly slow: number; readonly fast: number},
  say: (line: string) => void,
): Promise<ListFigures> {
  return inFolder(async (folder) => {
    const servers = api.count;
    const curl = await curlPages(api, folder);
    const json = watchOn(api, folder, '--once', '--json');
    const text = watchOn(api, folder, '--once');
    const before = await api.counts();
    await secondsOf(curl);
    const bytes = (await api.counts()).bytes - before.bytes;
    // Once before, so that files are at hand.
    await ourSeconds(json, servers);

    const openstack = rounds.fast === 0 ? undefined : await openstackList(api, folder);
    if (rounds.fast > 0 && openstack === undefined) {
      say('left out: openstack server list (install python3-openstackclient to hold the list against it)');
    }
    const fast = {
      ours: [] as number[],
      text: [] as number[],
      curl: [] as number[],
      openstack: [] as number[],
    };
    for (let round = 1; round <= rounds.fast; round++) {
      fast.ours.push(await ourSeconds(json, servers));
      fast.text.push(await ourSeconds(text, servers));
      fast.curl.push(await secondsOf(curl));
      if (openstack !== undefined) fast.openstack.push(await ourSeconds(openstack, servers));
      say(
        `${servers} servers, round ${round}: ${Object.values(fast)
          .map((all) => all.at(-1)?.toFixed(2))
          .join(', ')} s`,
      );
    }

    await api.slow(SECONDS_PER_ROW);
    const curlFirst = await secondsOf(await curlPages(api, folder, 1));
    const slow = {ours: [] as number[], curl: [] as number[], curlFirst};
    for (let round = 1; round <= rounds.slow; round++) {
      slow.ours.push(await ourSeconds(json, servers));
      slow.curl.push(await secondsOf(curl));
      say(
        `${servers} servers, slow pages, round ${round}: ${slow.ours.at(-1)?.toFixed(2)}, curl ${slow.curl.at(-1)?.toFixed(2)} s`,
      );
    }
    await api.slow(0);
    return {
      servers,
      bytes,
      slow,
      fast: rounds.fast === 0 ? undefined : {...fast, openstack: openstack && fast.openstack},
    };
  });
}
