import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Command} from './command.js';
import type {Fleet} from './fleet.js';
import {type BenchHost, OPTION} from './host-files.js';

/**
 * Programs for one host, fed to `sh` there one after the other; each waits for the one before. `isFirst` tells
 * a run that has the edit to make from one that finds it made.
 */
export type Programs = (host: BenchHost, isFirst: boolean) => readonly string[];

/** The same edit as an operator would write it in a hurry: the least that backup, diff and restart cost. */
export function handWritten(interval: string): Programs {
  return (host) => [
    `set -eu
file='${host.config}'
if grep -qx '${OPTION} = ${interval}' "$file"; then exit 0; fi
cp -p "$file" "$file.backup"
cp -p "$file" "$file.new"
sed '/^#${OPTION} = /a ${OPTION} = ${interval}' "$file.backup" >"$file.new"
diff -u "$file" "$file.new" || [ $? = 1 ]
sync "$file.new"
mv "$file.new" "$file"
'${host.restart}'
`,
  ];
}

/**
 * The system's `ssh`, `parallel` at a time under xargs, feeding the programs on stdin. A host with several
 * programs gets them over one connection (ControlMaster).
 */
export async function plainSsh(
  fleet: Fleet,
  programs: Programs,
  {parallel, isFirst}: {parallel: number; isFirst: boolean},
): Promise<Command> {
  const folder = path.join(fleet.folder, 'plain');
  await mkdir(folder, {recursive: true});
  let most = 0;
  for (const host of fleet.hosts) {
    const texts = programs(host, isFirst);
    most = Math.max(most, texts.length);
    await Promise.all(
      texts.map(async (content, index) => writeFile(path.join(folder, `${host.name}.${index}`), content)),
    );
  }
  const hosts = path.join(folder, 'hosts');
  await writeFile(hosts, fleet.hosts.map(({name}) => `${name}\n`).join(''));
  const shared = `-o ControlMaster=auto -o ControlPersist=20s -o ControlPath=${folder}/%n.socket`;
  const ssh = `ssh -F ${fleet.sshConfig} ${most > 1 ? shared : ''} "$1"`;
  const lines = Array.from({length: most}, (_, index) => `${ssh} sh <"${folder}/$1.${index}"`);
  if (most > 1) lines.push(`${ssh} -O exit`);
  const script = path.join(folder, 'one-host');
  await writeFile(script, `set -e\n{\n${lines.join('\n')}\n} >"${folder}/$1.out" 2>&1\n`);
  return {words: ['xargs', '-a', hosts, '-P', String(parallel), '-n', '1', 'sh', script]};
}
