import test from 'ava';
import {fillValues, tryValues} from '../../../source/app/template/fill-values.js';
import {splitHeader, withHeader} from '../../../source/app/template/header.js';
import {formatNamed} from '../../../source/domain/template/formats.js';
import type {ValueDefinition} from '../../../source/domain/template/value.js';

const definition = (name: string, more: Partial<ValueDefinition> = {}): ValueDefinition => ({
  name,
  type: 'interval',
  help: name,
  default: undefined,
  isRequired: false,
  from: [],
  least: undefined,
  most: undefined,
  choices: [],
  pattern: undefined,
  ...more,
});

test('each value is tried on its own: what is wrong with one does not hide the next', (t) => {
  const values = [
    definition('a', {isRequired: true}),
    definition('b', {default: 60}),
    definition('c', {from: ['plan.interval']}),
    definition('d'),
  ];
  const tried = tryValues(values, {
    written: [{name: 'b', text: 'soon'}],
    files: [],
    known: {plan: {interval: 7200}},
  });
  t.deepEqual(
    tried.map(({value, origin, problem}) => [value, origin, problem?.kind]),
    [
      [undefined, undefined, 'missing'],
      [undefined, '--set', 'refused'],
      [7200, 'plan.interval', undefined],
      [undefined, undefined, undefined],
    ],
  );
});

test('on a command line the first one that is wrong is the error, with where it comes from', (t) => {
  const template = {
    name: 'x',
    title: '',
    tool: '',
    group: '',
    purpose: '',
    usage: undefined,
    usageLine: undefined,
    values: [definition('a', {from: ['plan.interval']})],
    files: [],
    examples: [],
    origin: {folder: '', isShipped: true, read: async () => Promise.resolve(undefined)},
  };
  const given = {written: [], files: [], known: {plan: {interval: 'soon'}}};
  t.throws(() => fillValues(template, given), {message: /value a \(plan\.interval\): /});
});

test('what is required must have something in it: an empty text, list or table is refused, 0 and no are not', (t) => {
  const tryOne = (type: ValueDefinition['type'], text: string, isRequired: boolean) => {
    const values = [definition('a', {type, isRequired, default: undefined})];
    const [tried] = tryValues(values, {written: [{name: 'a', text}], files: [], known: {}});
    return tried?.problem?.kind === 'refused' ? tried.problem.reason : tried?.value;
  };
  for (const [type, empty] of [
    ['text', ''],
    ['list', []],
    ['table', {}],
  ] as const) {
    t.is(tryOne(type, '', true), 'it is empty, and the template needs it');
    t.deepEqual(tryOne(type, '', false), empty);
  }
  t.is(tryOne('interval', '0', true), 0);
  t.is(tryOne('boolean', 'no', true), false);
});

test('what is required and known to be empty is still to be given, and an empty default does not do', (t) => {
  const hosts = definition('hosts', {type: 'list', isRequired: true, from: ['plan.hosts'], default: []});
  const known = {plan: {hosts: []}};
  const file = {file: 'f', values: {hosts: []}, lineOf: () => 3};
  const [missing] = tryValues([hosts], {written: [], files: [], known});
  t.is(missing?.problem?.kind, 'missing');
  const [given] = tryValues([hosts], {written: [{name: 'hosts', text: 'h1'}], files: [], known});
  t.deepEqual(given?.value, ['h1']);
  const [empty] = tryValues([hosts], {written: [], files: [file], known});
  t.is(empty?.problem?.kind, 'refused');
  t.is(empty?.origin, 'f:3');
});

test('yes and no are taken as people write them, in files too; other texts and numbers are not', (t) => {
  const values = [definition('a', {type: 'boolean'})];
  const read = (data: unknown) => {
    const [tried] = tryValues(values, {written: [], files: [{file: 'f', values: {a: data}}], known: {}});
    return tried?.problem?.kind === 'refused' ? tried.problem.reason : tried?.value;
  };
  for (const data of [true, 'yes', 'Yes', 'YES', 'on', 'True']) t.is(read(data), true);
  for (const data of [false, 'no', 'No', 'off', 'FALSE']) t.is(read(data), false);
  for (const [data, told] of [
    ['1', 'the text "1"'],
    [1, '1'],
    ['maybe', 'the text "maybe"'],
    [[], 'a list'],
  ]) {
    t.is(read(data), `yes or no is wanted, not ${String(told)}`);
  }
  const [written] = tryValues(values, {written: [{name: 'a', text: ' 1 '}], files: [], known: {}});
  t.is(written?.value, true);
});

test('a header is told from the text, also below a first line that must stay the first', (t) => {
  const digest = () => '0'.repeat(64);
  for (const [name, body] of [
    ['shell', '#!/bin/sh\necho\n'],
    ['yaml', 'a: 1\n'],
    ['xml', '<a/>\n'],
  ] as const) {
    const format = formatNamed(name);
    if (format === undefined) throw new Error(name);
    const text = withHeader(body, format, {version: '1', template: 'x', values: {a: 1}}, digest);
    const split = splitHeader(text);
    t.is(split.body, body);
    t.is(split.header.length, 3);
  }
  t.deepEqual(splitHeader('a: 1\n'), {header: [], body: 'a: 1\n'});
});
