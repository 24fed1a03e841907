import test from 'ava';
import {fromLatin1} from '../../../source/domain/oslo/bytes.js';
import {readDocument} from '../../../source/domain/oslo/document.js';
import type {ConfigSource, Query} from '../../../source/domain/oslo/effective.js';
import {novaOptions} from '../../../source/domain/oslo/options.js';
import {checkEdit, planEdit} from '../../../source/domain/oslo/plan-edit.js';

const query: Query = {
  group: 'DEFAULT',
  option: 'reclaim_instance_interval',
  environment: {},
  known: novaOptions({hostname: 'compute-1', address: '192.0.2.1'}),
};

function sources(files: Readonly<Record<string, string>>): ConfigSource[] {
  return Object.entries(files).map(([file, text]) => ({
    kind: 'file',
    file,
    document: readDocument(fromLatin1(text)),
  }));
}

const set = (value: string): string => `[DEFAULT]\nreclaim_instance_interval = ${value}\n`;

test('the file that decides is edited', (t) => {
  const plan = planEdit(sources({a: set('1'), b: set('2'), c: '[DEFAULT]\n'}), query, '7');
  t.like(plan, {kind: 'edit', file: 'b', edit: {action: 'replaced', before: '2', after: '7'}});
});

test('where no file sets it, the one that shows it commented out is edited', (t) => {
  const files = {a: '[DEFAULT]\n', b: '[DEFAULT]\n#reclaim_instance_interval = 0\n', c: '[DEFAULT]\n'};
  t.like(planEdit(sources(files), query, '7'), {kind: 'edit', file: 'b'});
});

test('else the first with the section, else the first', (t) => {
  t.like(planEdit(sources({a: '[api]\n', b: '[DEFAULT]\n'}), query, '7'), {kind: 'edit', file: 'b'});
  t.like(planEdit(sources({a: '[api]\n', b: ''}), query, '7'), {kind: 'edit', file: 'a'});
});

test('a later file may be asked for, and then wins', (t) => {
  const plan = planEdit(sources({a: set('1'), b: '[DEFAULT]\n'}), query, '7', 'b');
  t.like(plan, {kind: 'edit', file: 'b', edit: {action: 'added'}});
});

test('an earlier file is refused, and the one that wins is named', (t) => {
  t.like(planEdit(sources({a: set('1'), b: set('2')}), query, '7', 'a'), {
    kind: 'refused',
    cause: 'overruled',
    file: 'b',
    reason: 'b, line 2, is read later and wins',
    remedy: 'edit b instead',
  });
});

for (const [text, value] of [
  ['120', '120'],
  ['"120"', '120'],
  ['1_20', '120'],
  ['+0120', '120'],
] as const) {
  test(`a value written as ${text} needs no edit to be ${value}`, (t) => {
    t.is(planEdit(sources({a: set(text)}), query, value).kind, 'unchanged');
  });
}

test('the default needs no edit, off is written over another value', (t) => {
  t.is(planEdit(sources({a: '[DEFAULT]\n'}), query, '0').kind, 'unchanged');
  t.like(planEdit(sources({a: set('5')}), query, '0'), {kind: 'edit', edit: {after: '0'}});
});

test('the environment of the service beats every file', (t) => {
  const environment = {OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL: '5'};
  t.like(planEdit(sources({a: set('1')}), {...query, environment}, '7'), {
    kind: 'refused',
    cause: 'overruled',
  });
  t.is(planEdit(sources({a: set('1')}), {...query, environment}, '5').kind, 'unchanged');
});

test('a value that cannot be read is repaired', (t) => {
  t.like(planEdit(sources({a: set('1h')}), query, '3600'), {kind: 'edit', edit: {before: '1h'}});
});

test('a broken file stops the plan, also where another one would be edited', (t) => {
  t.like(planEdit(sources({a: set('1'), b: '[DEFAULT]\nx = 1\njunk\n'}), query, '7'), {
    kind: 'refused',
    cause: 'bad-file',
    file: 'b',
    reason: 'b, line 3: neither = nor : is in the line',
  });
});

test('a missing file stops the plan', (t) => {
  const plan = planEdit([...sources({a: set('1')}), {kind: 'missing-file', file: 'b'}], query, '7');
  t.like(plan, {kind: 'refused', cause: 'bad-file', file: 'b'});
});

test('what is read again is judged by all files', (t) => {
  t.is(checkEdit(sources({a: set('1'), b: set('7')}), query, '7'), undefined);
  t.like(checkEdit(sources({a: set('7'), b: set('1')}), query, '7'), {file: 'b'});
  t.like(checkEdit(sources({a: '[DEFAULT]\n'}), query, '7'), {
    reason: 'the option is not set by any file that is read',
  });
});

test('a reference of the value is followed', (t) => {
  const host = {...query, option: 'console_host'};
  t.like(planEdit(sources({a: '[DEFAULT]\n'}), host, '$my_ip'), {kind: 'edit', edit: {after: '$my_ip'}});
  t.like(planEdit(sources({a: '[DEFAULT]\n'}), host, '$nosuch'), {kind: 'refused', cause: 'overruled'});
});
