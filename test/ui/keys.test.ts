import test from 'ava';
import type {Key as InkKey} from 'ink';
import {actionOf, keysOf, shownKeys, textOfKey, type Binding} from '../../source/ui/keys.js';

const NONE: InkKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

test('a chunk of fast typing is split by what a reader sees as single characters', (t) => {
  t.deepEqual(keysOf('abc', NONE), ['a', 'b', 'c']);
  t.deepEqual(keysOf('e\u0301日', NONE), ['e\u0301', '日']);
  t.deepEqual(keysOf('2h\r', NONE), ['2', 'h', 'enter']);
  t.deepEqual(keysOf('a\r\nb', NONE), ['a', 'enter', 'b']);
  t.deepEqual(keysOf('a \t\u0018', NONE), ['a', 'space', 'tab', 'ctrl-x']);
});

test('keys that Ink names have their names', (t) => {
  t.deepEqual(keysOf('', {...NONE, upArrow: true}), ['up']);
  t.deepEqual(keysOf('\r', {...NONE, return: true}), ['enter']);
  t.deepEqual(keysOf('', {...NONE, tab: true}), ['tab']);
  t.deepEqual(keysOf('', {...NONE, tab: true, shift: true}), ['shift-tab']);
  t.deepEqual(keysOf('k', {...NONE, ctrl: true}), ['ctrl-k']);
  t.deepEqual(keysOf('A', {...NONE, shift: true}), ['A']);
  t.deepEqual(keysOf('', {...NONE, escape: true}), ['esc']);
});

test('esc and a character that come together are both pressed', (t) => {
  for (const key of ['q', 'G', '2', '?', '日']) t.deepEqual(keysOf(key, {...NONE, meta: true}), ['esc', key]);
});

test('what begins or ends a word of the terminal itself is no key after esc', (t) => {
  for (const begin of 'OPX\\]^_') t.deepEqual(keysOf(begin, {...NONE, meta: true}), [], begin);
});

test('alt, releases and keys without a name do nothing', (t) => {
  t.deepEqual(keysOf('x', {...NONE, meta: true, eventType: 'press'}), []);
  t.deepEqual(keysOf('x', {...NONE, meta: true, ctrl: true}), []);
  t.deepEqual(keysOf('', {...NONE, meta: true, leftArrow: true}), []);
  t.deepEqual(keysOf('\r', {...NONE, meta: true, return: true}), []);
  t.deepEqual(keysOf(' ', {...NONE, meta: true}), []);
  t.deepEqual(keysOf('x', {...NONE, eventType: 'release'}), []);
  t.deepEqual(keysOf('', NONE), []);
});

test('what types text is told from what does not', (t) => {
  t.is(textOfKey('a'), 'a');
  t.is(textOfKey('space'), ' ');
  t.is(textOfKey('日'), '日');
  t.is(textOfKey('-'), '-');
  t.is(textOfKey('enter'), undefined);
  t.is(textOfKey('ctrl-x'), undefined);
});

test('a binding answers for each of its keys, and the first one wins', (t) => {
  const bindings: readonly Binding<string>[] = [
    {
      keys: ['j', 'down'],
      shown: 'j k',
      help: 'down, up',
      group: 'move',
      action: 'down',
      also: [{keys: ['k', 'up'], action: 'up'}],
    },
    {keys: ['k'], help: 'never', group: 'this', action: 'never'},
  ];
  t.is(actionOf(bindings, 'down'), 'down');
  t.is(actionOf(bindings, 'k'), 'up');
  t.is(actionOf(bindings, 'x'), undefined);
  t.deepEqual(bindings.map(shownKeys), ['j k', 'k']);
});
