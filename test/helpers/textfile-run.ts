/** The exporter's script of the template `prometheus`, with a program that stands in for reprieve. */
import {execFile} from 'node:child_process';
import {chmod, mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {listedToJson} from '../../source/text/watch-json.js';
import {safeJson} from '../../source/text/json.js';
import {listed} from './listed-servers.js';
import {renderShipped, written} from './shipped-templates.js';

/** Its name pretends to end the text and to go on with a state and host of its own. */
const FORGED = '", "state": "stuck", "host": "forged\\';

/** Four that wait, two that are overdue on c2, one that is stuck on c3; one is named to be taken for something else. */
export const SERVERS = [
  listed('web', 60),
  listed('db', 60),
  listed(FORGED, 60),
  listed('state', 60),
  listed('late-1', 90_000, {host: 'c2'}),
  listed('late-2', 90_000, {host: 'c2'}),
  listed('stuck', 60, {host: 'c3'}),
];

export type TextfileRun = {
  readonly code: number | null;
  /** Words that the program was called with. */
  readonly words: readonly string[];
  /** What lies in the collector's folder, with the text of each. */
  readonly files: Readonly<Record<string, string>>;
};

/** Runs it once, where the program prints `lines` and ends with `code`. */
export async function runTextfile(
  t: Pick<ExecutionContext, 'teardown'>,
  {
    values,
    code = 0,
    lines = SERVERS.map((server) => safeJson(listedToJson('present', server, 'berlin'))),
  }: {
    readonly values: Readonly<Record<string, unknown>>;
    readonly code?: number;
    readonly lines?: readonly string[];
  },
): Promise<TextfileRun> {
  const home = await written(t, []);
  const [program, folder] = [path.join(home, 'reprieve'), path.join(home, 'collector')];
  await mkdir(folder);
  await writeFile(path.join(home, 'list'), lines.map((line) => `${line}\n`).join(''));
  const printing = `#!/bin/sh\nprintf '%s\\n' "$@" >"${home}/words"\ncat "${home}/list"\nexit ${code}\n`;
  await writeFile(program, printing);
  await chmod(program, 0o755);
  const files = await renderShipped('prometheus', {...values, program, folder});
  const place = await written(t, files);
  const ended = await new Promise<number | null>((resolve) => {
    const env = {PATH: process.env['PATH']};
    const child = execFile(path.join(place, 'reprieve-textfile.sh'), {env}, () => resolve(child.exitCode));
  });
  const names = await readdir(folder);
  const texts = await Promise.all(
    names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')]),
  );
  const words = (await readFile(path.join(home, 'words'), 'utf8')).trimEnd().split('\n');
  return {code: ended, words, files: Object.fromEntries(texts)};
}
