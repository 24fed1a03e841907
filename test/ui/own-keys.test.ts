import test from 'ava';
import {ACTIONS, PLACES} from '../../source/ui/actions.js';
import {functionKeyOf, shownKeys} from '../../source/ui/keys.js';
import {findClash, keyOf, NO_OWN_KEYS, type OwnKeys} from '../../source/ui/own-keys.js';
import {homeBindings} from '../../source/ui/screens/home/keys.js';
import {runsBindings} from '../../source/ui/screens/runs/keys.js';
import {startHome} from '../../source/ui/screens/home/model.js';
import {startRuns, updateRuns, type RunsState} from '../../source/ui/screens/runs/model.js';
import {spokenOf} from '../../source/ui/spoken.js';
import {OPTIONS} from '../helpers/home-states.js';
import {checkPlace} from '../helpers/key-places.js';
import {RUNS, summaryOf} from '../helpers/run-summaries.js';
import {openSampleShell, type SampleShell} from '../helpers/sample-shell.js';
// One after the other: each has a terminal and Ink of its own, in one process.
import {FakeFleet} from '../helpers/fake-fleet.js';
import {startSample} from '../helpers/started-screens.js';
import {startSetup} from '../helpers/started-setup.js';

const own = (keys: Readonly<Record<string, readonly string[]>>): OwnKeys => new Map(Object.entries(keys));
const sample = (keys: Readonly<Record<string, readonly string[]>>): SampleShell =>
  openSampleShell({}, true, own(keys));

test('every action has a place, and no key has two meanings in one as long as nothing is moved', (t) => {
  t.is(findClash(NO_OWN_KEYS), undefined);
  const placed = new Set<string>(PLACES.flatMap(({actions}) => actions));
  t.deepEqual(
    Object.keys(ACTIONS).filter((name) => !placed.has(name)),
    [],
  );
});

test('the bindings of home and of the runs are those of the table', (t) => {
  t.notThrows(() => checkPlace(homeBindings(startHome(OPTIONS).state), 'home'));
  const opened = startRuns([], undefined, {canAskNodes: true, canResume: true}).state;
  const read = {type: 'read', runs: RUNS.map((shape) => summaryOf(shape)), damaged: []} as const;
  const list: RunsState = updateRuns(opened, read).state;
  const events = updateRuns(list, {type: 'show-events'}).state;
  const diffs = updateRuns(list, {type: 'show-diffs'}).state;
  t.deepEqual([list.view.kind, events.view.kind, diffs.view.kind], ['list', 'events', 'diffs']);
  for (const state of [opened, list, events, diffs])
    t.notThrows(() => checkPlace(runsBindings(state), 'runs'));
});

test('an own key takes the place of the usual one, on the screen and in the shell', (t) => {
  const {press, state, shell, ended, asked} = sample({
    'move.down': ['J'],
    quit: ['Q'],
    help: ['f1', '!'],
    redraw: ['ctrl-r'],
    suspend: ['f2'],
  });
  press('j', 'down', '?', 'ctrl-l', 'ctrl-z', 'q');
  t.is(state().list.cursor, 'alpha');
  t.is(shell.overlay().kind, 'none');
  press('J', 'ctrl-r', 'f2');
  t.is(state().list.cursor, 'beta');
  t.deepEqual(asked, ['redraw', 'suspend']);
  press('!');
  t.is(shell.overlay().kind, 'help');
  press('!');
  t.is(shell.overlay().kind, 'none');
  press('Q');
  t.true(shell.isLeaving());
  t.deepEqual(ended, []);
});

test('ctrl-c ends whatever is moved', (t) => {
  const {press, shell} = sample({quit: ['Q'], back: ['h']});
  press('ctrl-c');
  t.true(shell.isLeaving());
});

test('hints, help and sentences tell the keys that there are', (t) => {
  const {press, shell} = sample({'move.down': ['f5'], help: ['f1', '?'], log: ['L'], quit: ['Q']});
  t.deepEqual(
    shell
      .bindings()
      .filter(({hint}) => hint !== undefined)
      .map(shownKeys),
    ['f5 k', '/', 'n', 'ctrl-k', 'e', 'L', 'f1', 'Q'],
  );
  t.regex(spokenOf(shell).lines.at(-1) ?? '', /^Keys: f5 k select, .* L log, f1 help, Q quit\.$/);
  press('f1');
  const spoken = spokenOf(shell).lines.join('\n');
  t.regex(spoken, /f1: this help\./);
  t.regex(spoken, /Q: quit\./);
  t.notRegex(spoken, /question mark|^q:/m);
});

test('what a text field takes goes to it and is not told; keys that it does not take work', (t) => {
  const {press, state, shell} = sample({'set-up.next': ['x'], 'home.set-up': ['f3', 'y'], redraw: ['R']});
  press('/');
  t.deepEqual(
    shell
      .bindings()
      .filter(({name}) => name === 'set-up.next' || name === 'home.set-up')
      .map(({keys}) => keys.join(' ')),
    ['f3'],
  );
  press('x', 'y', 'R');
  t.is(state().filter?.text, 'xyR');
  t.is(state().step, 0);
  press('f3');
  t.is(shell.screen().name, 'other');
});

test('esc cancels dialogs and closes what is above a screen, also where back is another key', (t) => {
  const {press, state, shell} = sample({back: ['h'], log: ['L'], command: ['E'], copy: ['Y']});
  press('w', 'h');
  t.is(state().dialog, 'stay');
  press('esc');
  t.is(state().dialog, 'none');
  for (const key of ['esc', 'h', 'L']) {
    press('L');
    t.is(shell.overlay().kind, 'log');
    press(key);
    t.is(shell.overlay().kind, 'none', key);
  }
  press('?', 'esc');
  t.is(shell.overlay().kind, 'none');
  press('E');
  t.deepEqual(shell.dialog()?.dialog.bindings?.map(shownKeys), ['Y', 'E']);
  press('y');
  t.is(shell.overlay().kind, 'command');
  press('Y');
  t.regex(shell.notice() ?? '', /^copied: /);
  press('2', 'esc');
  t.is(shell.screen().name, 'other');
  press('h');
  t.is(shell.screen().name, 'sample');
});

test('what was typed and sent with the own key of enter in one chunk does not press a guarded button', (t) => {
  const {shell, wait, press, state} = openSampleShell({filterRefusesPaste: true}, true, own({open: ['f4']}));
  press('/');
  wait(500);
  shell.keys(['a', 'f4']);
  t.is(state().filter?.text, 'a');
});

test('in a window that is too small the own key of quit ends', (t) => {
  const {press, shell} = sample({quit: ['Q']});
  shell.resize({columns: 40, rows: 10});
  press('q');
  t.false(shell.isLeaving());
  press('Q');
  t.true(shell.isLeaving());
});

test('function keys are known as xterm, rxvt and the console send them', (t) => {
  t.deepEqual(['\u001BOP', '\u001B[11~', '\u001B[[A', '\u001B[24~'].map(functionKeyOf), [
    'f1',
    'f1',
    'f1',
    'f12',
  ]);
  t.is(functionKeyOf('\u001B[A'), undefined);
  t.is(functionKeyOf('f1'), undefined);
});

test('sentences name the first key', (t) => {
  t.is(keyOf('help', own({help: ['f1', '?']})), 'f1');
  t.is(keyOf('help', undefined), '?');
});

test.serial('in a terminal: the line of keys, help by f1, and its title', async (t) => {
  const {terminal, press} = await startSample(t, {
    ownKeys: own({help: ['f1'], quit: ['Q'], 'move.down': ['s'], 'move.up': ['w']}),
  });
  const rows = await terminal.until('select');
  t.is(rows[23], ' s w select   / filter   n next   l log   f1 help   Q quit       ctrl-k destroy');
  await press('s');
  await terminal.until((now) => now[5]?.startsWith('▌') === true);
  await terminal.type('\u001BOP');
  const help = await terminal.until('THIS SERVER');
  t.is(help[0], ' reprieve  sample › help                                       f1 or esc closes');
  t.true(help.join('\n').includes('f1        this help'));
  await terminal.type('\u001B[11~');
  await terminal.until('STATE');
});

test.serial('in the set-up: own keys work in its steps, and its sentences name them', async (t) => {
  const ownKeys = own({
    open: ['o'],
    'set-up.next': ['N'],
    'set-up.step-back': ['B'],
    'set-up.go-on': ['R'],
    'set-up.prove': ['P'],
    'set-up.put-back': ['ctrl-b'],
  });
  const fleet = new FakeFleet({computes: 3, apis: 1, compute: '86400', api: '86400'});
  const {terminal, press, type} = await startSetup(t, fleet, {options: {ownKeys}, screens: {ownKeys}});
  await terminal.until('API hosts    1');
  t.regex(terminal.screen()[23] ?? '', /^ o next /);
  await press('enter', 'o');
  await terminal.until('o opens it');
  t.regex(terminal.screen()[23] ?? '', /^ o open .* N next {3}B back /);
  await press('n', 'N');
  // An interval may have an o (off): enter stays where that is typed.
  await terminal.until('enter next');
  await type('48h');
  await terminal.until('172,800 s');
  await press('enter');
  await terminal.until('Nothing is destroyed');
  await press('tab', 'o');
  const rows = await terminal.until('prove it with a test server');
  const text = rows.join('\n');
  t.regex(text, /^ +P prove it with a test server/m);
  t.notRegex(text, /ctrl-x/);
  await press('ctrl-b');
  await terminal.until('Cancel');
});
