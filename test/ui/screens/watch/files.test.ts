// What the list writes on this machine, through the shell as a person works with it.
import test from 'ava';
import {UserError} from '../../../../source/app/errors.js';
import type {WatchView} from '../../../../source/app/watch/watch-view.js';
import {anyScreen} from '../../../../source/ui/screen.js';
import type {WatchFiles} from '../../../../source/ui/screens/watch/effects-files.js';
import {watchScreen} from '../../../../source/ui/screens/watch/screen.js';
import type {WatchState} from '../../../../source/ui/screens/watch/state.js';
import {createShell, type RunningShell} from '../../../../source/ui/shell.js';
import {spokenOf} from '../../../../source/ui/spoken.js';
import {listed, NAMES, NOW} from '../../../helpers/listed-servers.js';
import {after, told, waitingList, watchWith} from '../../../helpers/watch-states.js';

const WEB = listed('web', 3600);
const DB = listed('db', 60);

type Written = {readonly file: string; readonly text: string};
type Opened = {
  readonly shell: RunningShell;
  readonly written: readonly Written[];
  readonly kept: readonly WatchView[];
  readonly press: (...keys: readonly string[]) => Promise<void>;
};

/** The list in a state, with files that can be refused. */
function open(state: WatchState, refuse: () => UserError | undefined = () => undefined): Opened {
  const written: Written[] = [];
  const kept: WatchView[] = [];
  let now = NOW;
  const orThrow = () => {
    const error = refuse();
    if (error !== undefined) throw error;
  };
  const files: WatchFiles = {
    async writeNew(file, text) {
      orThrow();
      written.push({file, text});
      return `/home/ann/${file}`;
    },
    async keepView(view) {
      orThrow();
      kept.push(view);
      return '/home/me/config.yaml';
    },
  };
  const options = {clouds: [], placeFlags: [], listFlags: [], text: undefined, isReadOnly: false, files};
  const shell = createShell({
    entries: [
      {
        name: 'watch',
        description: 'soft-deleted servers',
        open(port) {
          const screen = watchScreen(options, port);
          return anyScreen({...screen, program: {...screen.program, start: {state, effects: []}}});
        },
      },
    ],
    now: () => now,
    hasMotion: true,
    terminal: {redraw: () => {}, suspend: () => {}, write: () => {}},
    onEnd: () => {},
    onEndNow: () => {},
    onBug: (error) => {
      throw error;
    },
  });
  shell.open('watch');
  return {
    shell,
    written,
    kept,
    async press(...keys) {
      for (const key of keys) {
        now += 500;
        shell.keys([key]);
      }
      // What was asked of files is answered by then.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const news = ({shell}: Opened) => shell.screen().announcements().at(-1);
const dialog = ({shell}: Opened) => shell.dialog()?.dialog;

test('what is shown is written as it is shown, and the file and the number of servers are told', async (t) => {
  const state = after(watchWith([WEB, DB, listed('cart', 30)]), {type: 'sort'}).state;
  const opened = open(state);
  await opened.press('/', 'b', 'enter', 'x');
  t.is(dialog(opened)?.title, 'Write 2 servers to a file');
  await opened.press('enter');
  t.is(dialog(opened), undefined);
  t.deepEqual(
    opened.written.map(({file}) => file),
    ['reprieve-servers-fra1-20261122-120000.csv'],
  );
  const [, ...rows] = opened.written[0]?.text.trimEnd().split('\r\n') ?? [];
  t.deepEqual(
    rows.map((row) => /"id-of-(\w+)","(\w+)","p1","(\w+)"/.exec(row)?.slice(1, 4)),
    [
      ['db', 'db', 'shop'],
      ['web', 'web', 'shop'],
    ],
  );
  t.is(news(opened), '2 servers written to /home/ann/reprieve-servers-fra1-20261122-120000.csv.');
});

test('servers of all clouds are written, each with its own', async (t) => {
  const two = {...watchWith([WEB])};
  const [first] = two.clouds;
  if (first === undefined) return t.fail();
  const state = after(
    {...two, clouds: [first, {...first, name: 'ams 1', names: NAMES}]},
    told({kind: 'list', list: {...waitingList([DB]), cloud: 'ams 1'}}, 1),
  ).state;
  const opened = open(state);
  await opened.press('x', 'tab', 'enter');
  const [file] = opened.written;
  t.regex(file?.file ?? '', /^reprieve-servers-fra1-ams-1-.*\.json$/);
  t.deepEqual(clouds(file?.text), ['fra1 web', 'ams 1 db']);
});

test('a name is typed or pasted, and a format adds its ending where it is not there', async (t) => {
  const opened = open(watchWith([WEB]));
  await opened.press('x', 'ctrl-u', 'enter');
  t.is(dialog(opened)?.title, 'Write 1 server to a file');
  t.deepEqual(opened.written, []);
  opened.shell.paste('/tmp/night shift.MD\nnot this');
  await opened.press('left', 'right', 'tab', 'tab', 'enter');
  await opened.press('x', 'ctrl-u', 'a', 'space', 'b', 'tab', 'shift-tab', 'enter');
  t.deepEqual(
    opened.written.map(({file}) => file),
    ['/tmp/night shift.MD', 'a b.csv'],
  );
});

test('keys that come as one text, as a paste does without brackets, press nothing', async (t) => {
  const opened = open(watchWith([WEB]));
  await opened.press('x', 'ctrl-u');
  opened.shell.keys(['a', 'enter', 'b']);
  await opened.press();
  t.is(dialog(opened)?.text?.field.text, 'ab');
  t.deepEqual(opened.written, []);
});

test('a file that is there is told in the dialog, and another name is taken', async (t) => {
  let error: UserError | undefined = new UserError('refused', 'a.csv is there already; nothing was written', {
    remedy: 'take another name',
  });
  const opened = open(watchWith([WEB]), () => error);
  await opened.press('x', 'ctrl-u', 'a', 'tab', 'enter');
  t.true(
    spokenOf(opened.shell).lines.some((line) => /a\.csv is there already.*take another name/.test(line)),
  );
  t.is(dialog(opened)?.text?.field.text, 'a');
  t.is(opened.shell.dialog()?.state.focus, 1);
  error = undefined;
  await opened.press('2', 'enter');
  t.deepEqual(
    opened.written.map(({file}) => file),
    ['a2.json'],
  );
});

test('a dialog with a text says what is typed to a screen reader', async (t) => {
  const opened = open(watchWith([WEB]));
  await opened.press('x', 'ctrl-u', 'a');
  const {lines} = spokenOf(opened.shell);
  t.true(lines.includes('File: Text field, a.'));
  t.true(lines.includes('Write CSV, button, focused. 1 of 4.'));
});

test('esc leaves the dialog, and nothing is written', async (t) => {
  const opened = open(watchWith([WEB]));
  await opened.press('x', 'esc');
  t.is(dialog(opened), undefined);
  t.deepEqual(opened.written, []);
});

test('columns are chosen, moved and kept with keys, and the file is told', async (t) => {
  const opened = open(watchWith([WEB]));
  await opened.press('c', 'j', 'space', 'g', 'J', 'J', 'p');
  t.deepEqual(opened.kept, [{columns: ['host', 'name', 'left', 'fuse'], sort: undefined, filter: undefined}]);
  t.is(news(opened), 'columns kept in /home/me/config.yaml.');
});

test('a profile that cannot be written is told, and the columns stay', async (t) => {
  const opened = open(watchWith([WEB]), () => new UserError('usage', 'profile x: the disk is full'));
  await opened.press('c', 'space', 'p');
  t.is(news(opened), 'profile x: the disk is full.');
  await opened.press('c');
  t.true(spokenOf(opened.shell).lines.includes('Columns. 4 of 13 are shown.'));
});

function clouds(text = ''): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const [, cloud = ''] = /"cloud":"([^"]*)"/.exec(line) ?? [];
      const [, name = ''] = /"name":"([^"]*)"/.exec(line) ?? [];
      return `${cloud} ${name}`;
    });
}
