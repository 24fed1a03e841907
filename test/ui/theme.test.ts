import test from 'ava';
import {ASCII_SIGNS, UNICODE_SIGNS} from '../../source/text/signs.js';
import {chooseTheme, sgrOf, type ThemeFacts} from '../../source/ui/theme.js';

const facts = (changes: Partial<ThemeFacts> = {}): ThemeFacts => ({
  setting: 'auto',
  symbols: 'auto',
  hasMotion: true,
  isColourRefused: false,
  env: {TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8'},
  background: undefined,
  ...changes,
});

const env = (changes: Readonly<Record<string, string>>): Partial<ThemeFacts> => ({
  env: {TERM: 'xterm-256color', LANG: 'C.UTF-8', ...changes},
});

test('what the terminal says of its background wins over COLORFGBG, and dark is the last resort', (t) => {
  t.is(chooseTheme(facts()).name, 'dark');
  t.is(chooseTheme(facts({background: 'light'})).name, 'light');
  t.is(chooseTheme(facts({background: 'dark', ...env({COLORFGBG: '0;15'})})).name, 'dark');
  t.is(chooseTheme(facts(env({COLORFGBG: '0;15'}))).name, 'light');
  t.is(chooseTheme(facts(env({COLORFGBG: '0;default;7'}))).name, 'light');
  t.is(chooseTheme(facts(env({COLORFGBG: '15;8'}))).name, 'dark');
  t.is(chooseTheme(facts(env({COLORFGBG: 'nonsense'}))).name, 'dark');
});

test('a theme that was asked for is taken whatever the background is', (t) => {
  t.is(chooseTheme(facts({setting: 'dark', background: 'light'})).name, 'dark');
  t.is(chooseTheme(facts({setting: 'light', background: 'dark'})).name, 'light');
});

test('the number of colours follows COLORTERM, then TERM', (t) => {
  t.is(chooseTheme(facts()).depth, 'truecolor');
  t.is(chooseTheme(facts(env({}))).depth, '256');
  t.is(chooseTheme(facts(env({TERM: 'xterm'}))).depth, '16');
  t.is(chooseTheme(facts(env({TERM: 'xterm-direct'}))).depth, 'truecolor');
  t.is(chooseTheme(facts(env({TERM: 'vt220'}))).depth, 'none');
});

for (const [how, changes] of [
  ['--no-color', {isColourRefused: true}],
  ['NO_COLOR', env({NO_COLOR: '1', COLORTERM: 'truecolor'})],
  ['theme mono', {setting: 'mono'}],
] as const) {
  test(`${how} takes colours away, and leaves bold, underline and inverse`, (t) => {
    const theme = chooseTheme(facts(changes));
    t.is(theme.name, 'mono');
    const style = {colour: 'danger', isBold: true, isUnderlined: true, isInverse: true} as const;
    t.is(sgrOf(theme, style), '1;4;7');
  });
}

test('an empty NO_COLOR is none', (t) => {
  t.is(chooseTheme(facts(env({NO_COLOR: ''}))).name, 'dark');
});

test('for a screen reader nothing is said about looks', (t) => {
  const theme = chooseTheme(facts({setting: 'reader'}));
  t.is(sgrOf(theme, {colour: 'danger', background: 'selection', isBold: true}), '');
});

test('signs are ASCII where the locale cannot show others, where the console cannot, and where it was asked for', (t) => {
  t.is(chooseTheme(facts()).signs, UNICODE_SIGNS);
  t.is(chooseTheme(facts(env({LANG: 'C'}))).signs, ASCII_SIGNS);
  t.is(chooseTheme(facts(env({TERM: 'linux'}))).signs, ASCII_SIGNS);
  t.is(chooseTheme(facts({symbols: 'ascii'})).signs, ASCII_SIGNS);
  t.is(chooseTheme(facts({symbols: 'unicode', ...env({LANG: 'C'})})).signs, UNICODE_SIGNS);
});

test('a colour is said as the terminal can show it', (t) => {
  t.is(sgrOf(chooseTheme(facts()), {colour: 'ok'}), '38;2;79;195;161');
  t.is(sgrOf(chooseTheme(facts(env({}))), {colour: 'ok'}), '38;5;79');
  t.is(sgrOf(chooseTheme(facts(env({TERM: 'xterm'}))), {colour: 'ok'}), '32');
  t.is(sgrOf(chooseTheme(facts({setting: 'light'})), {colour: 'ok'}), '38;2;4;76;52');
});

test('of 16 colours the selected row is inverse, without patches of other colours', (t) => {
  const theme = chooseTheme(facts(env({TERM: 'xterm'})));
  t.is(sgrOf(theme, {colour: 'danger', background: 'selection', isBold: true}), '1;7');
});

test('without colours and with ASCII signs the selected row has its sign only', (t) => {
  const theme = chooseTheme(facts({isColourRefused: true, symbols: 'ascii'}));
  t.is(sgrOf(theme, {background: 'selection'}), '');
});

/** Every sign is one cell wide, or columns would not stand below each other. */
for (const [name, signs] of Object.entries({UNICODE_SIGNS, ASCII_SIGNS})) {
  test(`each of ${name} is one character`, (t) => {
    for (const [meaning, sign] of Object.entries(signs)) t.is(Array.from(sign).length, 1, meaning);
  });
}

test("a colour of one's own is taken for what it was given, and for nothing else", (t) => {
  const own = new Map([
    ['danger', {kind: 'rgb', red: 255, green: 0, blue: 10}],
    ['selection', {kind: 'number', number: 18}],
    ['text', {kind: 'number', number: 7}],
  ] as const);
  const sgr = (changes: Partial<ThemeFacts>, style: Parameters<typeof sgrOf>[1]): string =>
    sgrOf(chooseTheme(facts({own, ...changes})), style);
  t.is(sgr({}, {colour: 'danger', background: 'selection'}), '38;2;255;0;10;48;5;18');
  t.is(sgr({setting: 'light'}, {colour: 'danger'}), '38;2;255;0;10');
  t.is(sgr({}, {colour: 'text'}), '38;5;7');
  t.is(sgr({}, {colour: 'ok'}), '38;2;79;195;161');
  t.is(sgr(env({}), {colour: 'danger'}), '38;5;196');
  // Of 16 colours none is near enough to an exact one: the theme's own stays.
  t.is(sgr(env({TERM: 'xterm'}), {colour: 'danger'}), '91');
  t.is(sgr({isColourRefused: true}, {colour: 'danger', isBold: true}), '1');
});

test('symbols that were asked for win over the locale', (t) => {
  t.is(chooseTheme(facts({symbols: 'ascii'})).signs, ASCII_SIGNS);
  t.true(chooseTheme(facts({symbols: 'ascii'})).isAscii);
  t.is(chooseTheme(facts({symbols: 'unicode', ...env({LANG: 'C'})})).signs, UNICODE_SIGNS);
});

test('nothing ever moves for a screen reader', (t) => {
  t.true(chooseTheme(facts()).hasMotion);
  t.false(chooseTheme(facts({hasMotion: false})).hasMotion);
  t.false(chooseTheme(facts({setting: 'reader'})).hasMotion);
});

test('what is inverse on an inverse row is a hole in it: the cursor of a field is seen there', (t) => {
  const mono = chooseTheme(facts({setting: 'mono'}));
  t.is(sgrOf(mono, {background: 'selection', isBold: true}), '1;7');
  t.is(sgrOf(mono, {background: 'selection', isBold: true, isInverse: true}), '1');
});
