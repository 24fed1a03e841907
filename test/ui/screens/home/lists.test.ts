import test from 'ava';
import type {ListedServer} from '../../../../source/app/watch/watch-types.js';
import {homeBindings} from '../../../../source/ui/screens/home/keys.js';
import {listedRows, listRows, selectedServer} from '../../../../source/ui/screens/home/lists.js';
import {
  updateHome,
  type HomeAction,
  type HomeEffect,
  type HomeState,
} from '../../../../source/ui/screens/home/model.js';
import {homeSentences} from '../../../../source/ui/screens/home/sentences.js';
import {homeFrame, homeLines} from '../../../../source/ui/screens/home/view.js';
import {plainText} from '../../../../source/ui/spans.js';
import {chooseTheme} from '../../../../source/ui/theme.js';
import {CloudError} from '../../../../source/app/errors.js';
import {
  homeWith,
  NAMED,
  NOW,
  OPTIONS,
  type Said,
  servers,
  serversAre,
  services,
  setup,
  SIGNED_IN,
  waiting,
} from '../../../helpers/home-states.js';
import {checkPlace} from '../../../helpers/key-places.js';
import {listed, NAMES, unreached} from '../../../helpers/listed-servers.js';
import {happened, told} from '../../../helpers/watch-states.js';

const WITH_WATCH = {...OPTIONS, places: [{digit: '1', name: 'watch', label: 'watch'}, ...OPTIONS.places]};
const ON: readonly Said[] = [NAMED, SIGNED_IN, services(), setup()];
const named = waiting({type: 'names', cloud: 0, names: NAMES});

const home = (...said: readonly Said[]): HomeState => homeWith([...ON, ...said], {options: WITH_WATCH});

function after(
  state: HomeState,
  ...actions: readonly HomeAction[]
): {readonly state: HomeState; readonly effects: readonly HomeEffect[]} {
  let next: ReturnType<typeof after> = {state, effects: []};
  for (const action of actions) next = updateHome(next.state, action);
  return next;
}

const THEME = {
  symbols: 'unicode',
  setting: 'dark',
  isColourRefused: false,
  hasMotion: true,
  env: {TERM: 'xterm-256color', COLORTERM: 'truecolor'},
  background: undefined,
} as const;
const linesOf = (
  state: HomeState,
  columns: number,
  rows: number,
  symbols: 'unicode' | 'ascii' = 'unicode',
) => {
  const body = {columns, rows};
  const sized = after(state, {type: 'resize', body}).state;
  return homeLines(sized, body, chooseTheme({...THEME, symbols})).map((line) => plainText(line).trimEnd());
};
const nameOf = (state: HomeState): string | undefined => selectedServer(state)?.listed.server.name;
const hints = (state: HomeState): string =>
  homeBindings(state)
    .flatMap(({keys: [key = ''], hint}) => (hint === undefined ? [] : [`${key} ${hint}`]))
    .join(', ');

const NEW = listed('new', 40);
const MIXED: readonly ListedServer[] = [
  listed('web-1', 7190),
  listed('web-2', 6900),
  listed('late', 9000, {host: 'c2'}),
  listed('stuck', 600, {host: 'c3'}),
  NEW,
  listed('about', 1200, {}, 'estimate'),
];

test('each list has 5 rows at 24 lines and 15 at 40, and never more than there is room for', (t) => {
  t.deepEqual(
    [20, 26, 36, 46, 200].map((rows) => listRows(rows)),
    [5, 8, 15, 21, 30],
  );
  for (let lines = 24; lines <= 120; lines += 1) {
    const rows = linesOf(home(servers(200)), 120, lines - 4);
    t.regex(rows.at(-1) ?? '', /1 watch {6}2 set-up {6}6 runs$/, `${lines} lines`);
  }
});

test('home at 80x24: what goes next and what was deleted last, and how many are late', (t) => {
  t.deepEqual(linesOf(home(serversAre(MIXED), named), 80, 20).slice(0, 10), [
    ' ✓ Delayed delete is on. 2 h.   ◆ 1 stuck  ▲ 1 overdue',
    '',
    ' DUE NEXT                                DELETED LAST                       ago',
    ' ◔ web-1                        10 s    ▌ new              shop            40 s',
    ' ◔ web-2                       5 min      stuck            shop          10 min',
    ' ○ about                 ~1 h 40 min      about            shop         ~20 min',
    ' ○ new                    1 h 59 min      web-2            shop      1 h 55 min',
    ' ▲ late               overdue 30 min      web-1            shop      1 h 59 min',
    '',
    ' SET-UP',
  ]);
});

test('a wide window has projects in both, and what falls due when from 30 lines on', (t) => {
  const rows = linesOf(home(serversAre(MIXED), named), 120, 36);
  t.regex(rows[2] ?? '', /^ DUE NEXT {52}DELETED LAST$/);
  t.regex(rows[3] ?? '', /^ ◔ web-1 +shop +10 s {5}▌ new +shop +40 s ago$/);
  t.true(rows.some((row) => row.startsWith(' falls due ')));
  t.true(linesOf(home(serversAre(MIXED)), 120, 26).some((row) => row.startsWith(' falls due ')));
  t.false(linesOf(home(serversAre(MIXED)), 120, 25).some((row) => row.startsWith(' falls due ')));
});

test('while servers are asked for dashes stand where they will be, in as many rows', (t) => {
  const before = linesOf(homeWith([NAMED, SIGNED_IN], {options: WITH_WATCH}), 80, 20);
  const then = linesOf(home(serversAre(MIXED)), 80, 20);
  t.regex(before[3] ?? '', /^ {3}╌+ +╌+ +╌+ +╌+$/);
  t.is(before.indexOf(' SET-UP'), then.indexOf(' SET-UP'));
  t.regex(
    linesOf(home(serversAre([])), 80, 20)[3] ?? '',
    /^ {3}no server is waiting +none is left to restore$/,
  );
});

test('how long one has whose host was not looked at is not told before nodes were', (t) => {
  const {unseen: _unseen, ...first} = unreached('a', undefined);
  const looking = homeWith([NAMED, SIGNED_IN, services(), serversAre([first])], {options: WITH_WATCH});
  t.regex(linesOf(looking, 80, 20)[3] ?? '', /^ {3}a +╌{8} /);
  const later = after(home(serversAre([first])), {type: 'tick', now: NOW + 60_000}).state;
  t.regex(linesOf(later, 80, 20)[3] ?? '', /^ \? a +unknown /);
  const refused = home(serversAre([unreached('b', undefined)]));
  t.regex(linesOf(refused, 80, 20)[3] ?? '', /^ \? b +unknown /);
});

test('the cursor is on the server that was deleted last, whichever that is, until somebody moves it', (t) => {
  const state = home(serversAre(MIXED));
  t.is(nameOf(state), 'new');
  const came = waiting(happened({event: 'added', listed: listed('newer', 1)}));
  const next = after(state, came).state;
  t.is(nameOf(next), 'newer');
  const moved = after(next, {type: 'move', move: 'next'}).state;
  t.is(nameOf(moved), 'new');
  const again = after(moved, waiting(happened({event: 'added', listed: listed('newest', 0)})));
  t.is(nameOf(again.state), 'new');
});

test('tab goes to the other list and back, and each keeps its row', (t) => {
  const state = after(home(serversAre(MIXED)), {type: 'move', move: 'next'}, {type: 'other-list'}).state;
  t.is(nameOf(state), 'web-1');
  const back = after(state, {type: 'move', move: 'last'}, {type: 'other-list'}).state;
  t.is(nameOf(back), 'stuck');
  t.is(nameOf(after(back, {type: 'other-list'}).state), 'late');
});

test('where the server of the cursor leaves, the next one below has it, and the strip says why', (t) => {
  const state = after(home(serversAre(MIXED), named), {type: 'move', move: 'first'}).state;
  const event = {
    event: 'restored',
    listed: {...NEW, server: {...NEW.server, status: 'ACTIVE'}},
    by: 'u1',
  } as const;
  const next = after(state, waiting(happened(event))).state;
  t.is(nameOf(next), 'stuck');
  const {strip} = homeFrame(next, {columns: 80, rows: 20}, chooseTheme(THEME));
  t.regex(plainText(strip), /✓ new was restored: ACTIVE on c1 by svc-terraform$/);
  t.is(next.servers.value?.count, 5);
});

test('r, enter and / open the live list at the server, at its details, at the filter', (t) => {
  const state = home(serversAre(MIXED), named);
  const object = {kind: 'server', listed: NEW, names: NAMES} as const;
  t.deepEqual(after(state, {type: 'open-server', doing: 'restore'}).effects, [
    {kind: 'open', name: 'watch', object: {...object, doing: 'restore'}},
  ]);
  t.deepEqual(after(state, {type: 'open-server', doing: 'details'}).effects, [
    {kind: 'open', name: 'watch', object: {...object, doing: 'details'}},
  ]);
  t.deepEqual(after(state, {type: 'find-server'}).effects, [
    {kind: 'open', name: 'watch', object: {kind: 'find-server'}},
  ]);
});

test('keys are there for what they can do', (t) => {
  const state = home(serversAre(MIXED));
  t.is(hints(state), 'r restore, / find a server, enter details, tab next list');
  t.notThrows(() => checkPlace(homeBindings(state), 'home'));
  const readOnly = homeWith([...ON, serversAre(MIXED)], {options: {...WITH_WATCH, isReadOnly: true}});
  t.is(hints(readOnly), '/ find a server, enter details, tab next list');
  t.is(hints(home(serversAre([]))), '/ find a server, 1 watch, 2 set-up, 6 runs, ctrl-r ask again');
  const off = homeWith([NAMED, SIGNED_IN, services(), setup({verdict: {kind: 'off'}}), serversAre(MIXED)], {
    options: WITH_WATCH,
  });
  t.is(hints(off), '1 watch, 2 set-up, 6 runs, ctrl-r ask again');
  t.is(hints(homeWith([...ON, serversAre(MIXED)])), '2 set-up, 6 runs, ctrl-r ask again');
});

test('exact times are asked for of those in sight only', (t) => {
  const said = servers(400);
  const state = homeWith(ON, {options: WITH_WATCH});
  const [effect] = after(state, said).effects;
  t.is(effect?.kind === 'show' ? effect.ids.length : 0, 10);
  t.deepEqual(after(state, said, said).effects, []);
  const [grown] = after(state, said, {type: 'resize', body: {columns: 120, rows: 36}}).effects;
  t.is(grown?.kind === 'show' ? grown.ids.length : 0, 30);
});

test('of many those that were deleted last are found, in order', (t) => {
  const many = Array.from({length: 5000}, (_, index) => listed(`s${index}`, 60 + ((index * 7919) % 5000)));
  const {deleted} = listedRows(home(serversAre(many)));
  const ages = deleted.map(({listed: {deleted: one}}) => (one.kind === 'action' ? one.time : 0));
  t.deepEqual(
    ages,
    many
      .map(({deleted: one}) => (one.kind === 'action' ? one.time : 0))
      .toSorted((one, other) => other - one)
      .slice(0, 5),
  );
});

test('followed anew, nothing is shown less than before until the whole list is there', (t) => {
  const state = after(home(serversAre(MIXED)), {type: 'look-again'}).state;
  const page = waiting(told({kind: 'page', servers: [unreached('web-1', undefined)], now: NOW}));
  const during = after(state, waiting({type: 'signed-in', cloud: 0, name: 'fra1'}), page);
  t.is(during.state.waiting, state.waiting);
  t.deepEqual(after(during.state, {type: 'look-again'}).effects, []);
  t.is(after(during.state, serversAre([])).state.waiting.rows.length, 0);
});

test('a list that cannot be had is told in its row', (t) => {
  const error = new CloudError('forbidden', 'Nova lets nobody list servers', {status: 403});
  const failed = home(waiting({type: 'failed', cloud: 0, error, retryAt: undefined}));
  const rows = linesOf(failed, 80, 20);
  t.true(rows.some((row) => /^ \? servers +unknown +Nova lets nobody list servers$/.test(row)));
  t.regex(rows[3] ?? '', /^ {3}not known +not known$/);
});

test('who may see one project only is told so', (t) => {
  const rows = linesOf(home(serversAre(MIXED, {scope: 'own-project'})), 80, 20);
  t.true(rows.some((row) => /^ ✓ servers +6 soft-deleted +of this project only$/.test(row)));
});

test('in ASCII no other sign is drawn', (t) => {
  for (const said of [serversAre(MIXED), serversAre([])]) {
    t.regex(linesOf(home(said), 120, 36, 'ascii').join('\n'), /^[\x20-\x7e\n]*$/);
  }
});

test('a screen reader hears how many are late, and the servers in time with what they are', (t) => {
  const said = homeSentences(home(serversAre(MIXED), named));
  t.deepEqual(said.slice(2, 9), [
    '1 stuck, 1 overdue.',
    'Due next: web-1, project shop: 10 seconds left.',
    'Due next: web-2, project shop: 5 minutes left.',
    'Due next: about, project shop: about 1 hour 40 minutes left.',
    'Due next: new, project shop: 1 hour 59 minutes left.',
    'Due next: late, project shop: overdue 30 minutes.',
    'Selected: Deleted last: new, project shop: 40 seconds ago.',
  ]);
});
