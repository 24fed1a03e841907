/** Programs on this machine alone: how fast reprieve starts, and how fast it edits one file. */
import {rmSync} from 'node:fs';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {atExit} from '../helpers/at-exit.js';
import {type Command, mustRun, run} from './command.js';
import {OPTION} from './host-files.js';
import {confSet, reprieve} from './reprieve.js';

export type PairFigures = {
  /** Seconds of each run of reprieve; `undefined` where that part is not built. */
  readonly ours: readonly number[] | undefined;
  /** Seconds of each run of what it is held against. */
  readonly theirs: readonly number[];
};

/** Both, one after the other, so often. */
export async function inTurn(
  runs: number,
  ours: (() => Promise<number>) | undefined,
  theirs: () => Promise<number>,
): Promise<PairFigures> {
  const figures: {ours: number[]; theirs: number[]} = {ours: [], theirs: []};
  for (let round = 0; round < runs; round++) {
    if (ours !== undefined) figures.ours.push(await ours());
    figures.theirs.push(await theirs());
  }
  return {theirs: figures.theirs, ours: ours === undefined ? undefined : figures.ours};
}

/** How long it took; throws where it failed. */
export const seconds = async (command: Command): Promise<number> => (await mustRun(command)).seconds;

/** `reprieve --version` against `node -e 0`, on the same Node. */
export async function benchStart(runs: number): Promise<PairFigures> {
  const version = reprieve(['--version']);
  const isBuilt = /\d+\.\d+\.\d+/.test((await run(version)).stdout);
  const bare = {words: [process.execPath, '-e', '0']};
  await seconds(bare);
  return inTurn(runs, isBuilt ? async () => seconds(version) : undefined, async () => seconds(bare));
}

/** One template filled in, against `node -e 0`, on the same Node. */
export async function benchTemplate(runs: number): Promise<PairFigures> {
  const render = reprieve(['template', 'render', 'kolla', '--set', 'interval=2h']);
  const bare = {words: [process.execPath, '-e', '0']};
  await seconds(render);
  return inTurn(
    runs,
    async () => seconds(render),
    async () => seconds(bare),
  );
}

/** Seconds of a process that renders all shipped templates with all of their examples, twice, and reads what came out. */
export async function benchTemplates(runs: number): Promise<readonly number[]> {
  const all = reprieve(['template', 'test']);
  const figures: number[] = [];
  for (let round = 0; round < runs; round++) figures.push(await seconds(all));
  return figures;
}

/** `reprieve conf set` against `crudini --set`, each time on a fresh copy of Debian's nova.conf. */
export async function benchConfSet(runs: number, novaConf: string): Promise<PairFigures> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reprieve-conf-'));
  const forget = atExit(() => rmSync(folder, {recursive: true}));
  const file = path.join(folder, 'nova.conf');
  const isSet = async (): Promise<boolean> =>
    (await readFile(file, 'utf8')).split('\n').some((line) => line.replaceAll(' ', '') === `${OPTION}=7200`);
  const editing = (command: Command) => async () => {
    await writeFile(file, novaConf);
    const took = await seconds(command);
    if (!(await isSet())) throw new Error(`${command.words.join(' ')} did not set the option`);
    return took;
  };
  const ours = confSet(file, OPTION, '7200');
  const theirs: Command = {words: ['crudini', '--set', file, 'DEFAULT', OPTION, '7200']};
  try {
    await writeFile(file, novaConf);
    const isBuilt = (await run(ours)).code === 0 && (await isSet());
    return await inTurn(runs, isBuilt ? editing(ours) : undefined, editing(theirs));
  } finally {
    await rm(folder, {recursive: true});
    forget();
  }
}
