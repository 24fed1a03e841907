/** How fast flavors are judged, read and drawn, beside Nova's own functions and a bare Node. */
import {rmSync} from 'node:fs';
import {mkdtemp, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {z} from 'zod';
import {atExit} from '../helpers/at-exit.js';
import {type Command, mustRun, run} from './command.js';
import {flavorCorpus} from './flavor-corpus.js';
import {inTurn, type PairFigures, seconds} from './local-bench.js';
import {reprieve} from './reprieve.js';

export type FlavorFigures = {
  /** Flavors of a round. */
  readonly flavors: number;
  /** Seconds of processor time of each round. */
  readonly ours: readonly number[];
  /** The same of Nova's functions; undefined where python3-nova is not installed. */
  readonly nova: readonly number[] | undefined;
  /** `flavor check` of a file with one flavor, against `node -e 0`. */
  readonly json: PairFigures;
  readonly yaml: PairFigures;
  /** Seconds of each key, judged and drawn. */
  readonly keys: readonly number[];
};

const KEYS = 300;
/** Rounds before the clock runs: V8 compiles what is hot meanwhile. */
const WARM = 20;
const ONE = {
  name: 'm1.safe',
  vcpus: 8,
  ram: 8192,
  disk: 20,
  extra_specs: {'hw:watchdog_action': 'poweroff', 'hw:cpu_sockets': '2'},
};
const YAML =
  'name: m1.safe\nvcpus: 8\nram: 8192\ndisk: 20\nextra_specs:\n  hw:watchdog_action: poweroff\n  hw:cpu_sockets: "2"\n';

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** Programs in other languages stay where they are written. */
const source = (name: string): string =>
  fileURLToPath(new URL(`../../../test/bench/${name}`, import.meta.url));

async function listOf(command: Command): Promise<readonly number[]> {
  return z.array(z.number()).parse(JSON.parse((await mustRun(command)).stdout));
}

/** Everything about flavors; `rounds` of each. */
export async function benchFlavors(rounds: number, say: (line: string) => void): Promise<FlavorFigures> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reprieve-flavors-'));
  const forget = atExit(() => rmSync(folder, {recursive: true}));
  try {
    return await inFolder(folder, rounds, say);
  } finally {
    rmSync(folder, {recursive: true});
    forget();
  }
}

async function inFolder(folder: string, rounds: number, say: (line: string) => void): Promise<FlavorFigures> {
  const corpus = flavorCorpus();
  const file = path.join(folder, 'corpus.jsonl');
  await writeFile(file, corpus.map((flavor) => `${JSON.stringify(flavor)}\n`).join(''));
  const ours = await listOf({
    words: [process.execPath, beside('flavor-process.js'), 'judge', file, String(WARM), String(rounds * 10)],
  });
  const isInstalled =
    (await run({words: ['/usr/bin/python3', '-c', 'import nova.virt.hardware']})).code === 0;
  if (!isInstalled) say('python3-nova is not installed: nothing to hold the judge against');
  const nova = isInstalled
    ? await listOf({words: ['/usr/bin/python3', source('nova-judge.py'), file, '1', String(rounds)]})
    : undefined;
  const [json, yaml] = [path.join(folder, 'one.json'), path.join(folder, 'one.yaml')];
  await writeFile(json, JSON.stringify(ONE));
  await writeFile(yaml, YAML);
  return {
    flavors: corpus.length,
    ours,
    nova,
    json: await benchCheck(json, rounds * 4),
    yaml: await benchCheck(yaml, rounds * 4),
    keys: await listOf({words: [process.execPath, beside('flavor-process.js'), 'keys', String(KEYS)]}),
  };
}

async function benchCheck(file: string, runs: number): Promise<PairFigures> {
  const bare = {words: [process.execPath, '-e', '0']};
  const check = reprieve(['flavor', 'check', file]);
  await seconds(check);
  return inTurn(
    runs,
    async () => seconds(check),
    async () => seconds(bare),
  );
}
