import test from 'ava';
import {helpLines, type HelpProps} from '../../../source/ui/components/help.js';
import type {Binding, BindingGroup} from '../../../source/ui/keys.js';
import {plainText} from '../../../source/ui/spans.js';
import {DARK} from '../../helpers/themes.js';

const key = (name: string, help: string, group: BindingGroup): Binding<string> => ({
  keys: [name],
  help,
  group,
  action: help,
});

const PROPS: HelpProps = {
  theme: DARK,
  bindings: [
    key('r', 'restore', 'this'),
    key('/', 'filter', 'list'),
    key('q', 'quit', 'everywhere'),
    key('?', 'this help', 'everywhere'),
    key('j', 'down', 'move'),
  ],
  thing: 'server',
  signs: [{sign: ['●'], name: 'due', means: 'next tick'}],
  filter: '',
  cells: 80,
  rows: 20,
};

const shown = (changes: Partial<HelpProps> = {}): readonly string[] =>
  helpLines({...PROPS, ...changes}).map((line) => plainText(line).trimEnd());

test('help lists every key by what it is for, and what the signs mean', (t) => {
  t.deepEqual(shown(), [
    '',
    ' THIS SERVER               THE LIST                  EVERYWHERE',
    ' r         restore         /         filter          q         quit',
    '                                                     ?         this help',
    '',
    ' MOVE                      SIGNS',
    ' j         down            ● due     next tick',
  ]);
});

test('a word that is longer than its column goes on below itself', (t) => {
  const bindings = [
    key('i', 'take the lowest interval that destroys none', 'this'),
    key('q', 'quit', 'everywhere'),
  ];
  t.deepEqual(shown({bindings, signs: []}), [
    '',
    ' THIS SERVER               EVERYWHERE',
    ' i         take the        q         quit',
    '           lowest',
    '           interval that',
    '           destroys none',
  ]);
  t.deepEqual(shown({bindings, signs: [], filter: 'interval that'}).slice(2), [
    ' i         take the',
    '           lowest',
    '           interval that',
    '           destroys none',
  ]);
});

test('what a sign means has the whole column, and goes on below itself where that is not enough', (t) => {
  const signs = [
    {sign: ['▲'], name: 'Nova does something else'},
    {sign: ['–'], name: 'worth knowing about it'},
  ];
  t.deepEqual(shown({bindings: [], signs}), [
    '',
    ' SIGNS',
    ' ▲ Nova does something',
    '   else',
    ' – worth knowing about it',
  ]);
});

test('where rows do not suffice sections stand below each other as they have room', (t) => {
  t.deepEqual(shown({rows: 6}), [
    '',
    ' THIS SERVER               THE LIST                  EVERYWHERE',
    ' r         restore         /         filter          q         quit',
    '                                                     ?         this help',
    ' MOVE                      SIGNS',
    ' j         down            ● due     next tick',
  ]);
});

test('a filter leaves the keys whose name or word holds it', (t) => {
  t.deepEqual(shown({filter: 'RES'}), ['', ' THIS SERVER', ' r         restore']);
  t.deepEqual(shown({filter: 'zzz'}), ['', ' No key or word here holds "zzz".']);
});
