import test from 'ava';
import {hintsLine} from '../../../source/ui/components/key-hints.js';
import {rowLine} from '../../../source/ui/components/row.js';
import {stepsLine} from '../../../source/ui/components/steps.js';
import {titleLine} from '../../../source/ui/components/title-bar.js';
import type {Binding} from '../../../source/ui/keys.js';
import type {Step, Title} from '../../../source/ui/screen.js';
import {lineCells, paint, plainText} from '../../../source/ui/spans.js';
import {ASCII, DARK, MONO} from '../../helpers/themes.js';

const TITLE: Title = {
  screen: 'set-up',
  middle: ['fra1'],
  right: ['16:20:11 UTC  ', {text: '●', colour: 'ok'}, ' live'],
};

test('the title has the screen left, the cloud in the middle and the clock right', (t) => {
  t.is(
    plainText(titleLine(DARK, TITLE, 80, [])),
    ' reprieve  set-up                     fra1                 16:20:11 UTC  ● live ',
  );
  t.is(
    plainText(titleLine(DARK, {...TITLE, screen: 'watch', object: 'help', right: []}, 40, [])),
    ' reprieve  watch › help  fra1           ',
  );
});

test('what must not be forgotten stands after the cloud', (t) => {
  t.regex(plainText(titleLine(DARK, TITLE, 100, ['read-only', 'demo'])), / fra1 {2}read-only {2}demo /);
});

test('a cloud that has the name of its mark is said once, in the colour of marks', (t) => {
  const demo = {...TITLE, middle: ['demo · admin']};
  const line = titleLine(DARK, demo, 100, ['read-only', 'demo']);
  t.regex(plainText(line), / demo · admin {2}read-only +16:20/);
  t.true(line.some((span) => typeof span !== 'string' && span.text === 'demo' && span.colour === 'accent'));
  t.regex(
    plainText(titleLine(DARK, {...TITLE, middle: ['demo-2']}, 100, ['demo'])),
    / demo-2 {2}demo +16:20/,
  );
});

test('what is cut leaves the column at the right edge free; what just fits is not cut', (t) => {
  t.is(plainText(rowLine(DARK, ['abcdefghij'], 10, false, true)), ' abcdefg… ');
  t.is(plainText(rowLine(DARK, ['abcdefghi'], 10, false, true)), ' abcdefghi');
  t.is(plainText(rowLine(DARK, ['abc       '], 10, false, true)).trimEnd(), ' abc');
});

test('a title fits any width, and its long parts give way', (t) => {
  const long = {...TITLE, middle: ['a-cloud-with-a-very-long-name-indeed · all projects']};
  for (let cells = 40; cells <= 200; cells += 7)
    t.is(lineCells(titleLine(DARK, long, cells, ['demo'])), cells);
  t.regex(plainText(titleLine(DARK, long, 80, [])), /set-up {2}a-cloud-.*… {2}16:20:11 UTC/);
});

const STEPS: readonly Step[] = [
  {name: 'cloud', state: 'done'},
  {name: 'nodes', state: 'done'},
  {name: 'interval', state: 'done', answer: '24 h → 2 h'},
  {name: 'changes', state: 'now'},
  {name: 'run', state: 'to-come'},
  {name: 'result', state: 'to-come'},
];

test('steps say what was answered, and stand wider where there is room', (t) => {
  t.is(
    plainText(stepsLine(DARK, STEPS, 80)).trimEnd(),
    ' ✓ cloud   ✓ nodes   ✓ interval 24 h → 2 h   ▸ changes   · run   · result',
  );
  t.is(
    plainText(stepsLine(ASCII, STEPS, 120)).trimEnd(),
    ' + cloud     + nodes     + interval 24 h → 2 h     > changes     . run     . result',
  );
});

test('answers leave before a step does', (t) => {
  const long = STEPS.map((step) => ({...step, answer: 'a long answer'}));
  t.is(
    plainText(stepsLine(DARK, long, 80)).trimEnd(),
    ' ✓ cloud   ✓ nodes   ✓ interval   ▸ changes   · run   · result',
  );
});

const key = (name: string, hint: string, more: Partial<Binding<string>> = {}): Binding<string> => ({
  keys: [name],
  hint,
  help: hint,
  group: 'this',
  action: hint,
  ...more,
});

const MANY = [
  key('r', 'restore'),
  key('enter', 'details'),
  key('/', 'filter'),
  key('t', 'newest'),
  key('s', 'sort'),
  key('x', 'export'),
  key('ctrl-k', 'destroy', {isDangerous: true}),
  key('e', 'command', {name: 'command'}),
  key('?', 'help', {name: 'help'}),
];

test('keys are at most seven, the destroying one alone at the right edge', (t) => {
  const line = plainText(hintsLine(DARK, MANY, 120));
  t.is(lineCells([line]), 120);
  t.regex(line, /^ r restore {3}enter details {3}\/ filter .* {3}\? help {10,}ctrl-k destroy $/);
  t.false(line.includes('e command'));
});

test('where there is little room keys leave, and help stays to tell them', (t) => {
  const line = plainText(hintsLine(DARK, MANY, 60));
  t.is(lineCells([line]), 60);
  t.regex(line, /^ r restore {3}enter details {3}\? help +ctrl-k destroy $/);
});

test('a key without a word is no hint', (t) => {
  const {hint: _hint, ...silent} = key('g', 'first');
  t.is(plainText(hintsLine(DARK, [silent], 20)).trim(), '');
});

const ROW = [{text: '✓', colour: 'ok'} as const, ' db-1  ', {text: 'payments', colour: 'muted'} as const];

test('the selected row has a bar in column 0, a background on all of it and a bold name', (t) => {
  const row = rowLine(DARK, ROW, 30, true, true);
  t.is(plainText(row), '▌✓ db-1  payments             ');
  t.true(row.every((span) => typeof span !== 'string' && span.background === 'selection'));
  t.true(row.some((span) => typeof span !== 'string' && span.isBold === true && span.text.includes('db-1')));
});

test('without the focus the bar stays and the background goes', (t) => {
  const row = rowLine(DARK, ROW, 30, true, false);
  t.is(plainText(row).trimEnd(), '▌✓ db-1  payments');
  t.true(row.every((span) => typeof span === 'string' || span.background === undefined));
});

test('without colours the selected row is inverse, and with ASCII signs it has its sign', (t) => {
  t.true(paint(MONO, rowLine(MONO, ROW, 30, true, true)).includes('\u001B[7m'));
  const ascii = paint(ASCII, rowLine(ASCII, ROW, 30, true, true));
  t.true(ascii.startsWith('>'));
  t.false(ascii.includes('\u001B[7m'));
});
