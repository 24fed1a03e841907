import type {ExecutionContext} from 'ava';
import {API, type Ended, type SmallCloud} from './small-cloud.js';
import {NOVA_CONF} from './small-node.js';

/** The wish of most tests. */
export const APPLY: readonly string[] = ['apply', '--interval', '2h', '--yes'];

/**
 * One line on stderr that says it, with that exit code, nothing on stdout but nodes that
 * cannot be reached, and no word of a bug.
 */
export function isRefused(t: ExecutionContext, ended: Ended, code: number, words: RegExp): void {
  const lines = ended.stderr.split('\n').filter((line) => line.startsWith('reprieve: '));
  t.is(lines.length, 1, ended.stderr);
  t.regex(lines[0] ?? '', words);
  t.is(ended.code, code, ended.stderr);
  t.regex(ended.stdout, /^(.* facts +failed .*\n)*$/);
  t.notRegex(ended.stderr, /bug in reprieve|\n {4}at /);
  t.notRegex(ended.stderr, /(?!\n)\p{Cc}/u);
}

/** Every node has its files as they were and a service that was never restarted. */
export async function isUntouched(t: ExecutionContext, {nodes}: SmallCloud): Promise<void> {
  for (const node of nodes) {
    const files = await node.files();
    t.deepEqual(
      Object.keys(files).toSorted(),
      ['etc/nova/nova.conf', 'etc/os-release', 'usr/bin/systemctl'],
      node.name,
    );
    t.is(files['etc/nova/nova.conf'], NOVA_CONF, node.name);
    t.like(await node.service(), {restarts: 0}, node.name);
  }
}

/** The interval that a node's nova.conf holds; undefined where there is none. */
export async function intervalOn(cloud: SmallCloud, host: string): Promise<string | undefined> {
  return /^reclaim_instance_interval = (.*)$/m.exec(await cloud.node(host).read('etc/nova/nova.conf'))?.[1];
}

/** Every host with its role in the order in which a run that switches on gets to it. */
export const ORDER: readonly string[] = ['compute-1', 'compute-2', 'compute-3', API];
