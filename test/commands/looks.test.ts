import test from 'ava';
import {UserError} from '../../source/app/errors.js';
import {looksOf} from '../../source/commands/looks.js';
import type {ProfileValue} from '../../source/commands/flag-values.js';
import {ASCII_SIGNS, UNICODE_SIGNS} from '../../source/text/signs.js';
import {THEME_SETTINGS} from '../../source/ui/theme-setting.js';

const UTF8 = {LANG: 'C.UTF-8'};
const held = (values: Readonly<Record<string, unknown>>): ReadonlyMap<string, ProfileValue> =>
  new Map(Object.entries(values).map(([name, value]) => [name, {value, place: 'p.yaml:3'}]));
const looks = async (
  flags: Readonly<Record<string, unknown>>,
  colors: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = UTF8,
) => looksOf({flags: held(flags), colors: held(colors), keys: new Map()}, env);
const keys = async (values: Readonly<Record<string, unknown>>) =>
  (await looksOf({flags: new Map(), colors: new Map(), keys: held(values)}, UTF8)).keys;

test('without a profile the terminal decides, and things move', async (t) => {
  t.deepEqual(await looks({}), {
    theme: 'auto',
    symbols: 'auto',
    hasMotion: true,
    colours: new Map(),
    keys: new Map(),
    signs: UNICODE_SIGNS,
  });
  t.is((await looks({}, {}, {LANG: 'C'})).signs, ASCII_SIGNS);
});

test('each theme, the symbols and motion can be asked for', async (t) => {
  for (const theme of THEME_SETTINGS) t.is((await looks({theme})).theme, theme);
  t.is((await looks({symbols: 'ascii'})).signs, ASCII_SIGNS);
  t.is((await looks({symbols: 'unicode'}, {}, {LANG: 'C'})).signs, UNICODE_SIGNS);
  // YAML makes a boolean of a bare off.
  t.false((await looks({motion: false})).hasMotion);
  t.false((await looks({motion: 'off'})).hasMotion);
  t.true((await looks({motion: true})).hasMotion);
});

for (const [values, colors, sentence] of [
  [{theme: 'blue'}, {}, 'profile p.yaml:3: theme: "blue" is none of auto, dark, light, mono, reader'],
  [{symbols: 7}, {}, 'profile p.yaml:3: symbols: "7" is none of auto, unicode, ascii'],
  [{motion: 'slow'}, {}, 'profile p.yaml:3: motion: "slow" is none of on, off'],
  [{theme: {dark: true}}, {}, 'profile p.yaml:3: theme: a text, a number or a list of them is wanted'],
  [
    {},
    {danger: 'red'},
    'profile p.yaml:3: colors.danger: "red" is no colour: "#rrggbb" with its quotes, or a number from 0 to 255',
  ],
] as const) {
  test(`nonsense is refused with its place and what is allowed: ${sentence}`, async (t) => {
    const error = await t.throwsAsync(looks(values, colors), {instanceOf: UserError});
    t.is(error?.kind, 'usage');
    t.is(error?.message, sentence);
  });
}

test('single colours are replaced by the names of the palette, however they are written', async (t) => {
  const {colours} = await looks({}, {danger: '#ff0000', 'ok-dim': 29, danger_band: '52', okDIM: 30});
  t.deepEqual(
    [...colours],
    [
      ['danger', {kind: 'rgb', red: 255, green: 0, blue: 0}],
      ['okDim', {kind: 'number', number: 30}],
      ['dangerBand', {kind: 'number', number: 52}],
    ],
  );
  const error = await t.throwsAsync(looks({}, {dangr: 1}), {instanceOf: UserError});
  t.regex(
    error?.message ?? '',
    /^profile p\.yaml:3: colors\.dangr is no colour of the screens: text, ok, okDim, /,
  );
  // A bare #rrggbb is a comment in YAML: nothing is left of it.
  t.regex((await t.throwsAsync(looks({}, {danger: null})))?.message ?? '', /"#rrggbb" with its quotes/);
});

test('keys are for actions by their names, however these are written: one, or a list', async (t) => {
  t.deepEqual(
    [...(await keys({quit: 'Q', help: ['f1', '?'], 'set_up.pause': 'p', 'Home.runs': 9}))],
    [
      ['quit', ['Q']],
      ['help', ['f1', '?']],
      ['set-up.pause', ['p']],
      ['home.runs', ['9']],
    ],
  );
});

for (const [values, sentence] of [
  [{qiut: 'Q'}, /^profile p\.yaml:3: keys\.qiut is no action of the screens; did you mean quit/],
  [{pause: 'p'}, /^profile p\.yaml:3: keys\.pause is no action of the screens.*set-up\.pause/],
  [{zzzzzz: 'p'}, /^profile p\.yaml:3: keys\.zzzzzz is no action of the screens: there are quit, back, /],
  [
    {quit: 'Escape'},
    /^profile p\.yaml:3: keys\.quit: "Escape" is no key: one character, ctrl-a to ctrl-z, f1/,
  ],
  [{quit: ' '}, /keys\.quit: " " is no key: .*\bspace\b/],
  [{quit: null}, /keys\.quit: a key is wanted \(~ and # need quotes\): one character/],
  [{quit: [false]}, /keys\.quit: y and n need quotes: "y", "n"$/],
  [{quit: []}, /keys\.quit: a key is wanted, or a list of them/],
  [{quit: {key: 'Q'}}, /keys\.quit: a key is wanted: one character/],
  [{quit: 'ctrl-c'}, /keys\.quit: ctrl-c always ends the program: take another key/],
  [{open: 'ctrl-m'}, /keys\.open: ctrl-m is sent as enter by terminals/],
  [{open: 'esc'}, /keys\.open: esc is for back only/],
  [{'set-up.put-back': 'P'}, /keys\.set-up\.put-back: "P" is pressed too easily .*: take a ctrl- key/],
  [{quit: 'e'}, /^profile p\.yaml:3: keys\.quit: e is command there too, the command that does .*\(home\)$/],
  [{'set-up.pause': 'S', 'set-up.end-after-batch': 'S'}, /S is set-up\.pause there too, .*\(set-up, run\)$/],
  [{'set-up.put-back': 'ctrl-d'}, /ctrl-d is move\.half-page-down there too/],
  [{log: 'space'}, /keys\.log: space is watch\.mark there too, .*\(watch\)$/],
  [{copy: 'enter', open: 'O'}, /keys\.copy: enter has a meaning there that stays \(the command\)$/],
] as const) {
  test(`keys that cannot be are refused with their place: ${JSON.stringify(values)}`, async (t) => {
    const error = await t.throwsAsync(keys(values), {instanceOf: UserError});
    t.is(error?.kind, 'usage');
    t.regex(error?.message ?? '', sentence);
  });
}

test('one action twice is refused', async (t) => {
  await t.throwsAsync(keys({'set-up.pause': 'p', 'set_up.pause': 'P'}), {
    message: 'profile p.yaml:3: keys.set_up.pause: set-up.pause is there twice',
  });
});

test('a key that another action left is free, and two steps may have one key for two things', async (t) => {
  await t.notThrowsAsync(keys({quit: 'e', command: 'E'}));
  await t.notThrowsAsync(keys({'set-up.put-back': 'ctrl-d', 'move.half-page-down': 'page-down'}));
  // The proof is offered at the result only.
  await t.notThrowsAsync(keys({'set-up.pause': 'p'}));
  // A digit is typed where a count is asked for; the usual key stays there.
  await t.notThrowsAsync(keys({'set-up.diff': 3}));
});
