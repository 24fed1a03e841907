import {execFileSync} from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import * as fc from 'fast-check';
import {applyEdits} from '../../source/domain/oslo/apply-edits.js';
import {documentBytes, readDocument} from '../../source/domain/oslo/document.js';
import {setOption} from '../../source/domain/oslo/edit.js';
import {configFile} from '../helpers/config-files.js';
import {runConf} from '../helpers/run-conf.js';
import {sampleConfig} from '../helpers/sample-config.js';
import {askOslo, type OracleAnswer, type OracleJob} from './oslo-oracle.js';

const OPTION = 'reclaim_instance_interval';
const options = [{group: 'DEFAULT', name: OPTION, type: 'integer', default: '0'}] as const;

function job(bytes: Uint8Array): OracleJob {
  return {
    files: {'nova.conf': bytes},
    args: ['--config-file=nova.conf'],
    options,
    read: [['DEFAULT', OPTION]],
    encoding: readDocument(bytes).encoding,
  };
}

/** Every assignment of the file but those of our option, as oslo.config sees them. */
function others(answer: OracleAnswer | undefined): string[] {
  const sections = answer?.sections?.[0]?.[1] ?? [];
  return sections
    .filter(([section, key]) => section !== 'DEFAULT' || key !== OPTION)
    .map((entry) => JSON.stringify(entry))
    .toSorted();
}

/** Lines as bytes, whatever ends them. */
function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes)
    .toString('latin1')
    .split(/\r\n|\n|\r/);
}

/** Lines that are not at the same place counted from the start or from the end. */
function changedLines(before: Uint8Array, after: Uint8Array): {gone: string[]; added: string[]} {
  const [old, made] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < made.length && old[start] === made[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, made.length) - start;
  while (end < most && old.at(-1 - end) === made.at(-1 - end)) end += 1;
  return {gone: old.slice(start, old.length - end), added: made.slice(start, made.length - end)};
}

const NASTY: readonly (readonly [name: string, content: string])[] = [
  ['CRLF', '[DEFAULT]\r\ndebug = true\r\n#reclaim_instance_interval = 0\r\n[api]\r\nx = 1\r\n'],
  ['no last newline', '[DEFAULT]\nreclaim_instance_interval = 5'],
  ['a header without a newline', '[api]\nx = 1\n[DEFAULT]'],
  ['two [DEFAULT]', '[DEFAULT]\na = 1\n[api]\nreclaim_instance_interval = 9\n[DEFAULT]\nb = 2\n'],
  ['repeated options', '[DEFAULT]\nreclaim_instance_interval = 1\nreclaim_instance_interval = 2\na = 1\n'],
  [
    'continuation lines of another option',
    '[DEFAULT]\nfilters = a,\n  # b,\n  c\nreclaim_instance_interval = 3\n  \n',
  ],
  [
    'continuation lines of the option itself',
    '[DEFAULT]\nreclaim_instance_interval = 1\n  2\n\t# 3\nb = 1\n',
  ],
  ['an empty value that goes on below', '[DEFAULT]\nreclaim_instance_interval =\n  77\nb = 1\n'],
  ['a commented default', '[DEFAULT]\n# text\n#reclaim_instance_interval = 0\n\n# text\n#b = 1\n'],
  ['wrong case', '[DEFAULT]\nReclaim_Instance_Interval = 5\n[default]\nreclaim_instance_interval = 6\n'],
  ['bytes that are no UTF-8 in a comment', '[DEFAULT]\n# caf\u00e9 \u00ff\nreclaim_instance_interval = 5\n'],
  [
    'UTF-8 in values',
    '[DEFAULT]\nname = \u00c3\u00a9t\u00c3\u00a9\nreclaim_instance_interval =\u00c2\u00a05\u00c2\u00a0\nb = 1\n',
  ],
  ['quotes and a colon', "[DEFAULT]\nreclaim_instance_interval :  '5'  \n"],
  ['lone carriage returns', '[DEFAULT]\rreclaim_instance_interval = 5\rb = 1\r'],
  ['a value that is no integer', '[DEFAULT]\nreclaim_instance_interval = 1h # one hour\n'],
  ['a reference to an unknown option', '[DEFAULT]\nreclaim_instance_interval = $nosuch\n'],
];

async function inFolder(t: ExecutionContext, content: Uint8Array | string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-conf-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  const file = path.join(folder, 'nova.conf');
  writeFileSync(file, typeof content === 'string' ? Buffer.from(content, 'latin1') : content, {mode: 0o640});
  return file;
}

async function checkSet(t: ExecutionContext, file: string): Promise<void> {
  const before = new Uint8Array(readFileSync(file));
  const facts = statSync(file);
  const set = await runConf(['set', 'DEFAULT', OPTION, '2h', '--config-file', file]);
  t.is(set.code, 0, set.stderr);
  const after = new Uint8Array(readFileSync(file));
  const {gone, added} = changedLines(before, after);
  t.true(gone.length <= 1 && added.length === 1, JSON.stringify({gone, added}));

  const [was, is] = askOslo([job(before), job(after)]);
  t.deepEqual(is?.values, [{value: {integer: '7200'}}]);
  t.deepEqual(others(is), others(was));

  const again = await runConf(['set', 'DEFAULT', OPTION, '7200', '--config-file', file]);
  t.is(again.code, 0);
  t.regex(again.stdout, /already/);
  t.deepEqual(new Uint8Array(readFileSync(file)), after);
  const left = statSync(file);
  t.deepEqual([left.mode, left.uid, left.gid], [facts.mode, facts.uid, facts.gid]);
  t.deepEqual(
    readdirSync(path.dirname(file)).filter((name) => name.includes('reprieve')),
    [],
  );
}

test("Debian's nova.conf of 10,000 lines gets one line more, below the commented default", async (t) => {
  const file = await inFolder(t, sampleConfig());
  await checkSet(t, file);
  const text = readFileSync(file, 'utf8');
  t.regex(text, /\n#reclaim_instance_interval = 0\nreclaim_instance_interval = 7200\n/);
});

for (const [name, content] of NASTY) {
  test(`${name}: one line changes or is added, judged by oslo.config`, async (t) => {
    await checkSet(t, await inFolder(t, content));
  });
}

test('a file without the section gets the header too, and nothing else', async (t) => {
  const file = await inFolder(t, '[api]\nx = 1');
  t.is(
    (
      await runConf([
        'set',
        'DEFAULT',
        OPTION,
        '0',
        '--config-file',
        file,
        '--default',
        `DEFAULT.${OPTION}=1`,
      ])
    ).code,
    0,
  );
  t.is(readFileSync(file, 'latin1'), '[api]\nx = 1\n[DEFAULT]\nreclaim_instance_interval = 0');
});

test('a symbolic link stays, and its file is edited', async (t) => {
  const file = await inFolder(t, '[DEFAULT]\n');
  const link = `${file}.link.conf`;
  symlinkSync('nova.conf', link);
  t.is((await runConf(['set', 'DEFAULT', OPTION, '5', '--config-file', link])).code, 0);
  t.true(readFileSync(file, 'utf8').includes(`${OPTION} = 5`));
  t.is(execFileSync('readlink', [link], {encoding: 'utf8'}), 'nova.conf\n');
});

const BAD: readonly (readonly [name: string, content: string, line: number])[] = [
  ['a byte-order mark', '\u00ef\u00bb\u00bf[DEFAULT]\nreclaim_instance_interval = 5\n', 1],
  ['a line without = or :', '[DEFAULT]\njunk\n', 2],
  ['an indented first key', '[DEFAULT]\n reclaim_instance_interval = 5\n', 2],
  ['a comment after a header', '[DEFAULT] # x\n', 1],
  ['an empty section name', '[]\n', 1],
  ['a key before any section', '\n\na = 1\n\n[DEFAULT]\n', 3],
  ['an empty key', '[DEFAULT]\n\n= 5\n', 3],
  ['an indented line below a comment', '[DEFAULT]\na = 1\n# x\n  b\n', 4],
];
for (const [name, content, line] of BAD) {
  test(`${name}: oslo.config refuses the file, and so do we, with its line, untouched`, async (t) => {
    const file = await inFolder(t, content);
    const before = new Uint8Array(readFileSync(file));
    t.is(askOslo([job(before)])[0]?.startup_error, 'ConfigFileParseError');
    const set = await runConf(['set', 'DEFAULT', OPTION, '5', '--config-file', file]);
    t.is(set.code, 2);
    t.true(set.stderr.includes(`${file}, line ${line}: `), set.stderr);
    t.is(set.stderr.trim().split('\n').length, 1);
    t.deepEqual(new Uint8Array(readFileSync(file)), before);
    const get = await runConf(['get', 'DEFAULT', OPTION, '--config-file', file, '--json']);
    t.is(get.code, 1);
    t.true(get.stdout.includes('"error":"ConfigFileParseError"'));
  });
}

test('random files: after an edit oslo.config reads the value and everything else as before', (t) => {
  const samples = fc.sample(configFile, 700).flatMap((bytes) => {
    const before = readDocument(bytes);
    const edit = setOption(before, 'DEFAULT', OPTION, '7200');
    if (edit.kind !== 'edit') return [];
    return [{bytes, after: documentBytes(applyEdits(before, edit.edits)), action: edit.action}];
  });
  const answers = askOslo(samples.flatMap(({bytes, after}) => [job(bytes), job(after)]));
  for (const [index, {bytes, after, action}] of samples.entries()) {
    const shown = `${action}: ${JSON.stringify(Buffer.from(bytes).toString('latin1'))} to ${JSON.stringify(Buffer.from(after).toString('latin1'))}`;
    t.deepEqual(answers[2 * index + 1]?.values, [{value: {integer: '7200'}}], shown);
    t.deepEqual(others(answers[2 * index + 1]), others(answers[2 * index]), shown);
  }
  t.true(samples.length > 300);
});

test('crudini and reprieve agree on what oslo.config then reads', async (t) => {
  t.true(existsSync('/usr/bin/crudini'), 'crudini is installed');
  const [ours, theirs] = [await inFolder(t, sampleConfig()), await inFolder(t, sampleConfig())];
  t.is((await runConf(['set', 'DEFAULT', OPTION, '7200', '--config-file', ours])).code, 0);
  execFileSync('/usr/bin/crudini', ['--set', theirs, 'DEFAULT', OPTION, '7200']);
  const [one, other] = askOslo([job(readFileSync(ours)), job(readFileSync(theirs))]);
  t.deepEqual(one?.values, other?.values);
  t.deepEqual(others(one), others(other));
});
