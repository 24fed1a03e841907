import test from 'ava';
import {CloudError, UserError} from '../../../../source/app/errors.js';
import {NAMED_KEYS, type Key} from '../../../../source/ui/keys.js';
import {anyScreen, type ScreenEntry} from '../../../../source/ui/screen.js';
import {bodySize, createShell} from '../../../../source/ui/shell.js';
import {lineCells} from '../../../../source/ui/spans.js';
import {fieldOf} from '../../../../source/ui/components/field.js';
import type {Dispatch} from '../../../../source/ui/store.js';
import {updateWatch} from '../../../../source/ui/screens/watch/model.js';
import {overviewOf} from '../../../../source/ui/screens/watch/overview.js';
import {watchScreen} from '../../../../source/ui/screens/watch/screen.js';
import {headLines} from '../../../../source/ui/screens/watch/view-head.js';
import {whyLines} from '../../../../source/ui/screens/watch/view-why.js';
import type {WatchAction, WatchEffect, WatchState} from '../../../../source/ui/screens/watch/state.js';
import {listed, NOW, unreached} from '../../../helpers/listed-servers.js';
import {showScreens} from '../../../helpers/shown-screens.js';
import {DARK} from '../../../helpers/themes.js';
import {after, happened, told, waitingList, watchWith} from '../../../helpers/watch-states.js';

const ALL = [
  listed('web-1', 7158),
  listed('web-2', 240),
  listed('due', 7230),
  listed('late', 7500, {host: 'c2'}),
  listed('stuck', 9000, {host: 'c3'}),
  listed('busy', 60, {taskState: 'deleting'}),
  listed('漢'.repeat(100), 700, {id: 'aaaaaaaa-9e0b-4f6d-8d1e-3b0f5c2a9e41'}),
  unreached('far', 7200),
  unreached('farther', undefined),
];
const [WEB = listed('web', 1)] = ALL;
const LOST = listed('lost', 3600, {}, 'cleared');
const SILENCE = new CloudError('unreachable', `nova does not answer: ${'timed out and '.repeat(30)}`, {
  remedy: 'look at its load balancer',
});

const full = watchWith(ALL);
const on = (state: WatchState, ...actions: readonly WatchAction[]) => after(state, ...actions).state;
const loading = on(watchWith([]), {type: 'signed-in', cloud: 0, name: 'fra1'});
const silence = told({kind: 'trouble', problem: SILENCE, retryMs: 10_000});

const STATES: Readonly<Record<string, WatchState>> = {
  'an empty list': watchWith([]),
  'a list that is loading': loading,
  'a part of the list': on(loading, told({kind: 'page', servers: [WEB], now: NOW})),
  'a list': full,
  'a list that is only looked at': {...full, isReadOnly: true},
  'a cloud that does not answer': on(full, silence),
  'a cloud that refuses': on(loading, {
    type: 'failed',
    cloud: 0,
    error: new UserError('failed', 'wrong password'),
    retryAt: undefined,
  }),
  'an open filter': on(full, {type: 'filter'}),
  'a filter that finds nothing': on(full, {type: 'filter'}, {type: 'typed', field: fieldOf('zzz')}),
  'late ones only': on(full, {type: 'late-only'}),
  'all marked': on(full, {type: 'mark-all'}),
  details: on(full, {type: 'open-details'}),
  reasons: on(full, {type: 'why'}),
  'columns that are chosen': on(full, {type: 'choose-columns'}),
  'a restore': on(full, {type: 'restore', stop: false}),
  'a restore of all': on(full, {type: 'mark-all'}, {type: 'restore', stop: true}),
  'a purge': on(full, {type: 'destroy'}),
  'another interval': on(full, {type: 'another-interval'}),
  'an export': on(full, {type: 'export'}),
  'an alarm': on(full, happened({event: 'added', listed: LOST})),
  'a server that went': on(full, {type: 'restore', stop: false}, happened({event: 'purged', listed: WEB})),
};

/** Every key that a person can press, but for those that end or stop the program. */
const KEYS: readonly Key[] = [
  ...Array.from({length: 94}, (_, index) => String.fromCharCode(33 + index)),
  ...NAMED_KEYS,
  ...'abdefghijklnoprstuvwxy'.split('').map((letter) => `ctrl-${letter}`),
].filter((key) => key !== 'q');

/** Those that do something on this screen. */
const COMMON: readonly Key[] = [
  ...[
    'r',
    'R',
    'i',
    'ctrl-k',
    't',
    '!',
    's',
    'S',
    'c',
    'w',
    'x',
    'A',
    '/',
    'e',
    'y',
    'l',
    '?',
    'J',
    'K',
    'p',
  ],
  ...['space', 'enter', 'tab', 'esc', 'ctrl-r', 'down', 'up', 'j', 'k', 'g', 'G', 'ctrl-d', 'u'],
];

const WINDOWS = [
  [80, 24],
  [120, 40],
  [109, 26],
  [200, 50],
] as const;

/** What happens meanwhile. */
const EVENTS: readonly WatchAction[] = [
  happened({event: 'purged', listed: WEB}),
  happened({event: 'added', listed: listed('new', 5)}),
  happened({event: 'restored', listed: listed('due', 7230)}),
  happened({event: 'added', listed: LOST}),
  told({kind: 'list', list: waitingList(ALL)}),
  told({kind: 'list', list: waitingList([])}),
  told({kind: 'answered', now: NOW}),
  silence,
  {type: 'tick', now: NOW + 60_000},
  {type: 'tick', now: NOW + 4_000_000},
  {
    type: 'checked',
    id: WEB.server.id,
    checked: {
      kind: 'checked',
      checks: [{check: 'state', verdict: 'ok', status: 'SOFT_DELETED', taskState: undefined}],
    },
  },
  {type: 'again-judged', id: WEB.server.id, verdict: {kind: 'soft', seconds: 7200}},
  {type: 'unread', ids: [WEB.server.id], problem: 'timed out'},
];

/** The same numbers each time: a failure can be looked at again. */
function dice(seed: number): (sides: number) => number {
  let value = seed;
  return (sides) => {
    value = (Math.imul(value, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return (value >>> 8) % sides;
  };
}

type Sink = {readonly see: (state: WatchState) => void; readonly open: (tell: Dispatch<WatchAction>) => void};

function entryOf(state: WatchState, {see, open}: Sink): ScreenEntry {
  return {
    name: 'watch',
    description: '',
    open: (shell) => {
      const files = {writeNew: async () => '', keepView: async () => ''};
      const screen = watchScreen(
        {clouds: [], placeFlags: [], listFlags: [], text: '', isReadOnly: state.isReadOnly, files},
        shell,
      );
      const update = (before: WatchState, action: WatchAction) => {
        const next = updateWatch(before, action);
        see(next.state);
        return next;
      };
      see(state);
      const program = {
        start: {state, effects: [{kind: 'ring'} as const]},
        update,
        run: async (_effect: WatchEffect, dispatch: Dispatch<WatchAction>) => Promise.resolve(open(dispatch)),
      };
      return anyScreen({...screen, program});
    },
  };
}

/** What is wrong with a state, whatever led to it. */
function problemOf(state: WatchState): string | undefined {
  const {shown, rows, list, marks, dialog, chooser} = state;
  const ids = new Set(rows.map(({id}) => id));
  if (shown.length > 0 && shown[list.index]?.id !== list.cursor) return `the cursor is on ${list.cursor}`;
  if (ids.size !== rows.length) return 'a row is there twice';
  if ([...marks].some((id) => !ids.has(id))) return 'what is not there is marked';
  if (shown.some(({id}) => !ids.has(id))) return 'what is not there is shown';
  if (state.isReadOnly && dialog !== undefined && dialog.kind !== 'failed')
    return 'a dialog in a read-only list';
  if (chooser !== undefined && chooser.order[chooser.list.index] !== chooser.list.cursor) {
    return 'the cursor of the columns';
  }
  return undefined;
}

/** What of a screen is wider or higher than the window. */
function overflowOf(state: WatchState, shell: ReturnType<typeof createShell>): string | undefined {
  const size = shell.size();
  const body = bodySize(size);
  const {context, strip} = shell.screen().frame(size, DARK);
  if (context.kind === 'line' && lineCells(context.line) > size.columns) return 'the context';
  if (strip.some((span) => /[\n\r\u001B]/.test(typeof span === 'string' ? span : span.text))) {
    return 'the strip';
  }
  const overview = overviewOf(state);
  const head = headLines(state, overview, body, DARK);
  if (head.length + 3 > body.rows) return `the head has ${head.length} rows`;
  const why = whyLines(state, overview, body, DARK);
  if (why.length > body.rows) return `the reasons have ${why.length} rows`;
  const wide = [...head, ...why].find((line) => lineCells(line) > body.columns);
  return wide === undefined ? undefined : 'a line';
}

for (const [name, start] of Object.entries(STATES)) {
  test(`${name}: every key does something sensible or nothing, in any order, whatever happens meanwhile`, (t) => {
    const roll = dice(name.length * 7919 + 1);
    for (let round = 0; round < 2; round += 1) {
      let state = start;
      let now = NOW;
      let tell: Dispatch<WatchAction> = () => {};
      const bugs: unknown[] = [];
      const shell = createShell({
        entries: [entryOf(start, {see: (next) => (state = next), open: (dispatch) => (tell = dispatch)})],
        terminal: {redraw: () => {}, suspend: () => {}, write: () => {}},
        hasMotion: true,
        now: () => now,
        onEnd: () => t.fail('it ended'),
        onEndNow: () => t.fail('it ended'),
        onBug: (error) => bugs.push(error),
      });
      shell.open('watch');
      const pressed: string[] = [];
      const left = [...KEYS];
      while (left.length > 0) {
        const [key = ''] = left.splice(roll(left.length), 1);
        now += 400;
        // A key that is pressed in a sheet above the screen is none of the screen's.
        if (shell.overlay().kind !== 'none') shell.keys(['esc']);
        shell.keys([key]);
        pressed.push(key);
        if (roll(6) === 0) {
          const event = EVENTS[roll(EVENTS.length)];
          if (event !== undefined) {
            tell(event);
            pressed.push(event.type);
          }
        }
        const problem = problemOf(state) ?? overflowOf(state, shell);
        if (problem !== undefined) return t.fail(`${problem}: ${pressed.join(' ')}`);
      }
      t.deepEqual(bugs, []);
    }
    t.pass();
  });
}

/** Those whose bodies are drawn each in a way of its own. */
const DRAWN = [
  'a list',
  'a cloud that does not answer',
  'details',
  'columns that are chosen',
  'a restore of all',
  'a purge',
  'an alarm',
];

for (const name of DRAWN) {
  const start = STATES[name] ?? full;
  test(`${name}: whatever was pressed, the screen has its rows, and title and keys are in sight`, async (t) => {
    const roll = dice(name.length * 104_729 + 1);
    const screens = showScreens(t, [entryOf(start, {see: () => {}, open: () => {}})], {
      start: NOW,
      first: 'watch',
    });
    await screens.until('reprieve');
    const pressed: string[] = [];
    for (let count = 0; count < 24; count += 1) {
      const key = COMMON[roll(COMMON.length)] ?? 'j';
      if (count % 8 === 7) {
        const [columns, rows] = WINDOWS[roll(WINDOWS.length)] ?? [80, 24];
        screens.resize(columns, rows);
      }
      await screens.press(key);
      await screens.settled();
      pressed.push(key);
      const shown = screens.screen();
      const isWhole = shown[0]?.startsWith(' reprieve') === true && shown.at(-1)?.trim() !== '';
      if (!isWhole) return t.fail(`${pressed.join(' ')}\n${shown.join('\n')}`);
    }
    t.pass();
  });
}
