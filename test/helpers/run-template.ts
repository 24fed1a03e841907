import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import type {Run} from './run-conf.js';
import type {TestContext} from './test-context.js';

export const PROGRAM = fileURLToPath(new URL('../../bin/cli.js', import.meta.url));

/** A template with a text, an interval, a list and a file for each of its items. */
export const SMALL_TEMPLATE = {
  'template.yaml': `title: small
purpose: For tests.
values:
  name: {type: text, help: who, required: true}
  interval: {type: interval, help: how long, default: 2h, least: 60, from: plan.interval}
  hosts: {type: list, help: which, default: []}
files:
  - path: main.yaml
  - path: hosts/{{ host }}.sh
    source: host.sh
    executable: true
    each: {host: hosts}
examples:
  one: {name: a}
  two: {name: "it's", hosts: [h1, h2]}
`,
  'main.yaml': 'name: {{ name }}\ninterval: {{ interval }}\n',
  'host.sh': '#!/bin/sh\necho {{ host }} {{ name }}\n',
};

export type Bench = {
  readonly folder: string;
  /** Writes files below the folder. */
  readonly write: (files: Readonly<Record<string, string>>, below?: string) => Promise<void>;
  /** `reprieve template …` in the folder, with a configuration of its own. */
  readonly run: (...args: readonly string[]) => Promise<Run>;
  readonly env: Readonly<Record<string, string>>;
};

/** A folder of its own with the small template in `templates/small`. */
export async function templateBench(t: TestContext): Promise<Bench> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-template-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: folder,
    XDG_CONFIG_HOME: `${folder}/config`,
  };
  const bench: Bench = {
    folder,
    env,
    async write(files, below = '.') {
      for (const [name, text] of Object.entries(files)) {
        const file = path.join(folder, below, name);
        await mkdir(path.dirname(file), {recursive: true});
        await writeFile(file, text);
      }
    },
    run: (...args) =>
      new Promise((resolve) => {
        const child = execFile(
          process.execPath,
          [PROGRAM, 'template', ...args],
          {cwd: folder, env},
          (error, stdout, stderr) => {
            resolve({code: error === null ? 0 : Number(error.code), stdout, stderr});
          },
        );
        child.stdin?.end();
      }),
  };
  await bench.write(SMALL_TEMPLATE, 'templates/small');
  return bench;
}

/** Every file below a folder, by its path. */
export async function filesBelow(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const found: [string, string][] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    found.push([path.relative(folder, file), await readFile(file, 'utf8')]);
  }
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
