import {execFile} from 'node:child_process';
import {cp, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {startServer} from '../../helpers/ssh-server.js';

const execute = promisify(execFile);
const {resolve} = createRequire(import.meta.url);
const SOURCE = path.resolve(import.meta.dirname, '../../../source');

/** Runs a script on a server and tells what was loaded on the way; `process.dlopen` is what loads addons. */
const PROGRAM = `
import {pathToFileURL} from 'node:url';
const [folder, settings] = process.argv.slice(2);
const opened = [];
const dlopen = process.dlopen;
process.dlopen = (module, file, ...rest) => { opened.push(file); return dlopen(module, file, ...rest); };
const load = (name) => import(pathToFileURL(folder + '/build/source/' + name));
const {createSsh2Shell} = await load('adapters/ssh/ssh2-shell.js');
const {renderScript} = await load('domain/shell-quote.js');
const before = process.report.getReport().sharedObjects.filter((file) => file.endsWith('.node'));
if (process.env.CONTROL) { const {createRequire} = await import('node:module'); createRequire(folder + '/build/x.js')('ssh2'); }
const shell = createSsh2Shell(JSON.parse(settings));
const result = await shell.run({name: 'n'}, renderScript('t', 'main() { echo in; }\\nmain </dev/null', {}), {
  signal: new AbortController().signal, timeoutMs: 20000,
});
const mapped = process.report.getReport().sharedObjects.filter((file) => file.endsWith('.node'));
console.log(JSON.stringify({said: Buffer.from(result.stdout).toString(), opened, before, mapped}));
await shell.close();
`;

test('a native addon that was built beside ssh2 is never loaded', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-addon-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  const server = await startServer();
  t.teardown(() => server.stop());
  for (const part of ['adapters/ssh', 'domain', 'app']) {
    await cp(path.join(SOURCE, part), path.join(folder, 'build/source', part), {recursive: true});
  }
  const modules = path.join(folder, 'node_modules');
  const from = path.dirname(path.dirname(resolve('ssh2/package.json')));
  for (const name of ['ssh2', 'cpu-features', 'asn1', 'bcrypt-pbkdf', 'tweetnacl', 'safer-buffer']) {
    const skipsBuilt = (file: string): boolean => !file.includes('/build/') && !file.includes('/deps/');
    await cp(path.join(from, name), path.join(modules, name), {recursive: true, filter: skipsBuilt}).catch(
      (error: unknown) => {
        // cpu-features is optional and may not be there: its stand-in below is enough.
        if (name !== 'cpu-features') throw error;
      },
    );
  }
  for (const [place, name] of [
    ['ssh2/lib/protocol/crypto/build/Release', 'sshcrypto.node'],
    ['cpu-features/build/Release', 'cpufeatures.node'],
  ] as const) {
    await mkdir(path.join(modules, place), {recursive: true});
    await writeFile(path.join(modules, place, name), 'whoever opens this is seen');
  }
  await mkdir(path.join(modules, 'cpu-features/lib'), {recursive: true});
  await writeFile(
    path.join(modules, 'cpu-features/package.json'),
    '{"name": "cpu-features", "main": "lib/index.js"}',
  );
  await writeFile(
    path.join(modules, 'cpu-features/lib/index.js'),
    "const binding = require('../build/Release/cpufeatures.node');\nmodule.exports = () => binding;\n",
  );
  await writeFile(path.join(folder, 'package.json'), '{"type": "module"}');
  await writeFile(path.join(folder, 'program.mjs'), PROGRAM);
  const run = async (environment: Readonly<Record<string, string>>) => {
    const args = [path.join(folder, 'program.mjs'), folder, JSON.stringify(server.settings)];
    const {stdout} = await execute(process.execPath, args, {
      env: {PATH: process.env['PATH'], ...environment},
    });
    const answer: {said: string; opened: string[]; before: string[]; mapped: string[]} = JSON.parse(stdout);
    return answer;
  };
  const ours = await run({});
  t.is(ours.said, 'in\n');
  t.deepEqual(ours.opened, []);
  t.deepEqual(ours.before, [], 'nothing is loaded before it is needed');
  t.deepEqual(ours.mapped, []);
  const control = await run({CONTROL: '1'});
  t.is(control.opened.length, 2, 'the test sees both where nothing keeps them out');
});
