import test from 'ava';
import {UserError} from '../../source/app/errors.js';
import {looksOf} from '../../source/commands/looks.js';
import type {ProfileValue} from '../../source/commands/flag-values.js';
import {ASCII_SIGNS, UNICODE_SIGNS} from '../../source/text/signs.js';
import {THEME_SETTINGS} from '../../source/ui/theme.js';

const UTF8 = {LANG: 'C.UTF-8'};
const held = (values: Readonly<Record<string, unknown>>): ReadonlyMap<string, ProfileValue> =>
  new Map(Object.entries(values).map(([name, value]) => [name, {value, place: 'p.yaml:3'}]));
const looks = (
  flags: Readonly<Record<string, unknown>>,
  colors: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = UTF8,
) => looksOf({flags: held(flags), colors: held(colors)}, env);

test('without a profile the terminal decides, and things move', (t) => {
  t.deepEqual(looks({}), {
    theme: 'auto',
    symbols: 'auto',
    hasMotion: true,
    colours: new Map(),
    signs: UNICODE_SIGNS,
  });
  t.is(looks({}, {}, {LANG: 'C'}).signs, ASCII_SIGNS);
});

test('each theme, the symbols and motion can be asked for', (t) => {
  for (const theme of THEME_SETTINGS) t.is(looks({theme}).theme, theme);
  t.is(looks({symbols: 'ascii'}).signs, ASCII_SIGNS);
  t.is(looks({symbols: 'unicode'}, {}, {LANG: 'C'}).signs, UNICODE_SIGNS);
  // YAML makes a boolean of a bare off.
  t.false(looks({motion: false}).hasMotion);
  t.false(looks({motion: 'off'}).hasMotion);
  t.true(looks({motion: true}).hasMotion);
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
  test(`nonsense is refused with its place and what is allowed: ${sentence}`, (t) => {
    const error = t.throws(() => looks(values, colors), {instanceOf: UserError});
    t.is(error.kind, 'usage');
    t.is(error.message, sentence);
  });
}

test('single colours are replaced by the names of the palette, however they are written', (t) => {
  const {colours} = looks({}, {danger: '#ff0000', 'ok-dim': 29, danger_band: '52', okDIM: 30});
  t.deepEqual(
    [...colours],
    [
      ['danger', {kind: 'rgb', red: 255, green: 0, blue: 0}],
      ['okDim', {kind: 'number', number: 30}],
      ['dangerBand', {kind: 'number', number: 52}],
    ],
  );
  const error = t.throws(() => looks({}, {dangr: 1}), {instanceOf: UserError});
  t.regex(error.message, /^profile p\.yaml:3: colors\.dangr is no colour of the screens: text, ok, okDim, /);
  // A bare #rrggbb is a comment in YAML: nothing is left of it.
  t.regex(t.throws(() => looks({}, {danger: null})).message, /"#rrggbb" with its quotes/);
});
