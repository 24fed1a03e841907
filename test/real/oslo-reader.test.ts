import test, {type ExecutionContext} from 'ava';
import * as fc from 'fast-check';
import {readDocument} from '../../source/domain/oslo/document.js';
import {effectiveValue} from '../../source/domain/oslo/effective.js';
import type {KnownOption} from '../../source/domain/oslo/options.js';
import {configFile} from '../helpers/config-files.js';
import {askOslo, type OracleJob} from './oslo-oracle.js';

const options: readonly KnownOption[] = [
  {group: 'DEFAULT', name: 'reclaim_instance_interval', type: 'integer', default: '0'},
  {group: 'DEFAULT', name: 'my_var', type: 'string', default: '7'},
  {group: 'DEFAULT', name: 'other', type: 'string', default: undefined},
  {group: 'DEFAULT', name: 'flag', type: 'boolean', default: 'True'},
  {group: 'DEFAULT', name: 'names', type: 'list', default: 'a,b'},
  {group: 'grp', name: 'x', type: 'string', default: '8'},
  {group: 'grp', name: 'my_var', type: 'string', default: undefined},
  {group: 'grp', name: 'other', type: 'integer', default: undefined},
];
const read = options.map((one) => [one.group, one.name] as const);

/** Our answer in the oracle's form. */
function ourAnswer(files: OracleJob['files'], environment: Record<string, string>): unknown {
  const sources = Object.entries(files).map(([file, bytes]) => ({
    kind: 'file' as const,
    file,
    document: readDocument(bytes),
  }));
  const answers = read.map(([group, option]) =>
    effectiveValue(sources, {group, option, environment, known: options}),
  );
  const broken = answers.find((one) => one.kind === 'startup-error');
  if (broken !== undefined) {
    // oslo.config sees a missing section only when it has read the whole value, and names that line.
    const isLate = broken.message.includes('before the first section');
    return {startup_error: broken.error, line: isLate ? 'late' : broken.line};
  }
  const values = answers.map((one) => {
    if (one.kind !== 'value') return {error: one.kind === 'access-error' ? one.error : one.kind};
    return {value: typeof one.value === 'bigint' ? {integer: one.value.toString()} : one.value};
  });
  const sections = sources.map(({file, document}) => {
    const keys = new Map<string, [string, string, string[]]>();
    for (const {group, key, raw} of document.assignments) {
      const id = JSON.stringify([group, key]);
      const entry = keys.get(id) ?? [group, key, []];
      entry[2].push(raw);
      keys.set(id, entry);
    }
    return [file, [...keys.values()].map((entry) => JSON.stringify(entry)).toSorted()];
  });
  return {values, sections};
}

function compare(t: ExecutionContext, jobs: OracleJob[]) {
  const answers = askOslo(jobs);
  for (const [index, job] of jobs.entries()) {
    const answer = answers[index];
    const shown = Object.entries(job.files)
      .map(([name, bytes]) => `${name}: ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`)
      .join('\n');
    const ours = ourAnswer(job.files, {...job.environment});
    if (answer?.startup_error !== undefined) {
      t.deepEqual(
        ours,
        {startup_error: answer.startup_error, line: hasLateLine(ours) ? 'late' : answer.line},
        shown,
      );
      continue;
    }
    const sections = answer?.sections?.map(([file, entries]) => [
      file,
      entries.map((entry) => JSON.stringify(entry)).toSorted(),
    ]);
    t.deepEqual(ours, {values: answer?.values, sections}, shown);
  }
}

function hasLateLine(ours: unknown): boolean {
  return JSON.stringify(ours).includes('"line":"late"');
}

/** The locale in which a service could read the file at all. */
function encodingOf(files: readonly Uint8Array[]): 'utf-8' | 'latin-1' {
  return files.some((bytes) => readDocument(bytes).encoding === 'latin-1') ? 'latin-1' : 'utf-8';
}

test('random files are read as oslo.config reads them', (t) => {
  const jobs = fc.sample(configFile, 1500).map((bytes) => ({
    files: {'nova.conf': bytes},
    args: ['--config-file=nova.conf'],
    options,
    read,
    encoding: encodingOf([bytes]),
  }));
  compare(t, jobs);
});

test('a later file wins and values are put together over files as in oslo.config', (t) => {
  const utf8File = configFile.filter((bytes) => readDocument(bytes).encoding === 'utf-8');
  const jobs = fc.sample(fc.tuple(utf8File, utf8File), 400).map(([first, second]) => ({
    files: {'nova.conf': first, 'nova-compute.conf': second},
    args: ['--config-file', 'nova.conf', '--config-file', 'nova-compute.conf'],
    options,
    read,
  }));
  compare(t, jobs);
});

test('the environment beats files as in oslo.config', (t) => {
  const text = fc.constantFrom('5', '', 'x', '"5"', '$my_var', '${grp.x}', '$nosuch');
  const cases = fc.sample(fc.tuple(configFile, text), 200);
  const jobs = cases.map(([bytes, value]) => ({
    files: {'nova.conf': bytes},
    args: ['--config-file=nova.conf'],
    options,
    read,
    environment: {OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL: value, OS_GRP__X: '3'},
    encoding: encodingOf([bytes]),
  }));
  compare(t, jobs);
});

test('booleans, lists and references to them are read as in oslo.config', (t) => {
  const texts = [
    'True',
    'on',
    '"off"',
    ' ',
    'maybe',
    'a,,b,',
    '[a, b]',
    'it\'s,"q"',
    '\u00e9,\u200b',
    '\\,\ttab',
  ];
  const jobs = texts.flatMap((text) =>
    ['flag', 'names'].map((name) => ({
      files: {'nova.conf': new TextEncoder().encode(`[DEFAULT]\n${name} = ${text}\nother = <$${name}>\n`)},
      args: ['--config-file=nova.conf'],
      options,
      read,
    })),
  );
  compare(t, jobs);
});

test('integers are as exact and as strict as in oslo.config', (t) => {
  const texts = [
    '1_0',
    '_1',
    '1_',
    '+ 1',
    '--1',
    '-0',
    '\u0663\u0664',
    '\u{1d7d8}\u{1d7e1}',
    '\u2212 5',
    '1e3',
  ];
  texts.push(
    '1'.repeat(4300),
    '1'.repeat(4301),
    '0'.repeat(4301),
    `${'1_'.repeat(4299)}1`,
    '\n  77',
    '\n 7\n 7',
  );
  const jobs = texts.map((text) => ({
    files: {'nova.conf': new TextEncoder().encode(`[DEFAULT]\nreclaim_instance_interval = ${text}\n`)},
    args: ['--config-file=nova.conf'],
    options,
    read,
  }));
  compare(t, jobs);
});

test('a byte that is no UTF-8 stops a service in a UTF-8 locale, and the reader says so', (t) => {
  const bytes = new Uint8Array(
    Buffer.from('[DEFAULT]\n# caf\xe9\nreclaim_instance_interval = 5\n', 'latin1'),
  );
  const [answer] = askOslo([{files: {'nova.conf': bytes}, args: ['--config-file=nova.conf'], options, read}]);
  t.is(answer?.startup_error, 'UnicodeDecodeError');
  const document = readDocument(bytes);
  t.is(document.undecodableLine, 2);
  const query = {group: 'DEFAULT', option: 'reclaim_instance_interval', environment: {}, known: options};
  const result = effectiveValue([{kind: 'file', file: 'nova.conf', document}], query);
  t.true(result.kind === 'value' && result.value === 5n);
  t.regex(result.warnings.join(), /nova\.conf, line 2: .*UnicodeDecodeError/);
});
