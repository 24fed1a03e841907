import {ASCII_SIGNS, chooseSigns, type Signs, type SymbolSetting} from '../text/signs.js';
import {type OwnColour, sgrOfOwn} from './own-colours.js';
import type {ThemeSetting} from './theme-setting.js';

/** Colours by what they say. A sign and a word beside them always say the same. */
export type ColourName =
  | 'text'
  | 'ok'
  | 'okDim'
  | 'waiting'
  | 'soon'
  | 'danger'
  | 'overdue'
  | 'stuck'
  | 'accent'
  | 'muted'
  | 'faint';

/** Backgrounds: the selected row, the title bar, the band of a lost connection. */
export type BackgroundName = 'selection' | 'bar' | 'dangerBand';

export type ThemeName = 'dark' | 'light' | 'mono' | 'reader';

/** How many colours the terminal has. */
export type Depth = 'truecolor' | '256' | '16' | 'none';

/** How everything looks. `reader`: sentences only, nothing is drawn. */
export type Theme = {
  readonly name: ThemeName;
  readonly depth: Depth;
  readonly signs: Signs;
  /** Frames, bars and cells of a histogram have another form too where signs are ASCII. */
  readonly isAscii: boolean;
  /** Whether anything but times moves: spinners, rows that are bold because they are new. */
  readonly hasMotion: boolean;
  /** Colours that the operator put in place of those of the theme. */
  readonly own?: OwnColours;
};

/** Colours of the operator's own, by what they say. */
export type OwnColours = ReadonlyMap<ColourName | BackgroundName, OwnColour>;

/** How a piece of text looks. Bold, underline and inverse are no colours: they stay without them. */
export type Style = {
  readonly colour?: ColourName;
  readonly background?: BackgroundName;
  readonly isBold?: boolean;
  /** Faint where there is no colour that could say so. */
  readonly isDim?: boolean;
  readonly isUnderlined?: boolean;
  readonly isInverse?: boolean;
};

/** A colour of the palette: truecolor as `r;g;b`, of 256, and the SGR code of 16 (`''`: the terminal's own). */
type Tint = readonly [rgb: string, of256: number, of16: string];

const NO_TINT = undefined;

const DARK: Readonly<Record<ColourName, Tint | undefined>> = {
  text: NO_TINT,
  ok: ['79;195;161', 79, '32'],
  okDim: ['47;122;102', 29, '32'],
  waiting: ['90;128;163', 67, '36'],
  soon: ['242;210;75', 221, '93'],
  danger: ['255;122;102', 209, '91'],
  overdue: ['242;153;74', 215, '33'],
  stuck: ['214;154;224', 176, '35'],
  accent: ['99;197;234', 81, '96'],
  muted: ['135;145;156', 246, '90'],
  faint: ['75;87;99', 240, '90'],
};

const LIGHT: Readonly<Record<ColourName, Tint | undefined>> = {
  text: NO_TINT,
  ok: ['4;76;52', 23, '32'],
  okDim: ['111;179;162', 73, '32'],
  waiting: ['103;133;189', 67, '34'],
  soon: ['157;109;2', 94, '33;1'],
  danger: ['186;84;114', 161, '31'],
  overdue: ['117;55;6', 52, '33'],
  stuck: ['74;53;99', 54, '35'],
  accent: ['0;101;143', 24, '34'],
  muted: ['93;104;115', 241, ''],
  faint: ['169;179;189', 249, '90'],
};

/** Of 16 colours none is fit for a background: the selection is inverse there, and the bar bold. */
const DARK_BACKGROUNDS: Readonly<Record<BackgroundName, Tint>> = {
  selection: ['34;59;80', 237, '7'],
  bar: ['27;34;42', 235, '1'],
  dangerBand: ['74;31;28', 52, '1'],
};

const LIGHT_BACKGROUNDS: Readonly<Record<BackgroundName, Tint>> = {
  selection: ['217;234;247', 254, '7'],
  bar: ['238;241;244', 255, '1'],
  dangerBand: ['251;220;215', 224, '1'],
};

/** Every name that a colour of one's own can be for. */
export const COLOUR_NAMES: readonly (ColourName | BackgroundName)[] = [
  'text',
  'ok',
  'okDim',
  'waiting',
  'soon',
  'danger',
  'overdue',
  'stuck',
  'accent',
  'muted',
  'faint',
  'selection',
  'bar',
  'dangerBand',
];

/** What decides about the theme. */
export type ThemeFacts = {
  readonly setting: ThemeSetting;
  readonly symbols: SymbolSetting;
  readonly hasMotion: boolean;
  readonly own?: OwnColours;
  /** `--no-color`. */
  readonly isColourRefused: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the terminal said about its background; `undefined` where it did not answer. */
  readonly background: 'dark' | 'light' | undefined;
};

/** The theme for this terminal: what was asked for, then what the terminal said, then COLORFGBG, then dark. */
export function chooseTheme(facts: ThemeFacts): Theme {
  const {setting, env, own} = facts;
  const signs = chooseSigns(facts.symbols, env);
  const shape = {signs, isAscii: signs === ASCII_SIGNS, hasMotion: facts.hasMotion};
  // Sentences that come below each other never move.
  if (setting === 'reader') return {name: 'reader', depth: 'none', ...shape, hasMotion: false};
  const depth = depthOf(facts);
  if (setting === 'mono' || depth === 'none') return {name: 'mono', depth: 'none', ...shape};
  const name = setting === 'auto' ? (facts.background ?? backgroundOfVariable(env) ?? 'dark') : setting;
  return {name, depth, ...shape, ...(own === undefined ? {} : {own})};
}

/** How many colours there are, by the usual variables. `NO_COLOR` counts when it is not empty (no-color.org). */
function depthOf({isColourRefused, env}: ThemeFacts): Depth {
  const term = env['TERM'] ?? '';
  if (isColourRefused || (env['NO_COLOR'] ?? '') !== '') return 'none';
  if (term === 'dumb' || /^vt\d/.test(term) || term.endsWith('-m')) return 'none';
  if (/truecolor|24bit/i.test(env['COLORTERM'] ?? '') || term.endsWith('-direct')) return 'truecolor';
  return term.includes('256color') ? '256' : '16';
}

/** `COLORFGBG=15;0` or `0;default;15`, as rxvt, Konsole and others set it: the last number is the background. */
function backgroundOfVariable(env: ThemeFacts['env']): 'dark' | 'light' | undefined {
  const last = /(?:^|;)(\d{1,2})$/.exec(env['COLORFGBG'] ?? '')?.[1];
  if (last === undefined) return undefined;
  return Number(last) === 7 || Number(last) > 8 ? 'light' : 'dark';
}

/** The SGR parameters that make text look so: `''` where nothing has to be said. Empty always for `reader`. */
export function sgrOf(theme: Theme, style: Style): string {
  if (theme.name === 'reader') return '';
  const codes: string[] = [];
  if (style.isBold === true) codes.push('1');
  if (style.isDim === true && theme.depth === 'none') codes.push('2');
  if (style.isUnderlined === true) codes.push('4');
  const ground = style.background === undefined ? '' : groundCode(theme, style.background);
  // On an inverse row a colour of its own would be a patch of background, and what is inverse there is a hole in it.
  const isInverseRow = ground === '7';
  if (style.isInverse === true && !isInverseRow) codes.push('7');
  if (style.colour !== undefined && !isInverseRow) codes.push(colourCode(theme, style.colour));
  if (!isInverseRow || style.isInverse !== true) codes.push(ground);
  return codes.filter((code) => code !== '').join(';');
}

function colourCode(theme: Theme, name: ColourName): string {
  const tint = (theme.name === 'light' ? LIGHT : DARK)[name];
  if (theme.depth === 'none') return '';
  return ownCode(theme, name, '38') ?? (tint === undefined ? '' : codeOf(theme.depth, tint, '38'));
}

function groundCode(theme: Theme, name: BackgroundName): string {
  const tint = (theme.name === 'light' ? LIGHT_BACKGROUNDS : DARK_BACKGROUNDS)[name];
  if (theme.depth !== 'none') return ownCode(theme, name, '48') ?? codeOf(theme.depth, tint, '48');
  // Without colours and with ASCII signs, the sign in the first column alone tells the selected row.
  return name === 'selection' && theme.isAscii ? '' : tint[2];
}

function ownCode(
  {own, depth}: Theme,
  name: ColourName | BackgroundName,
  ground: '38' | '48',
): string | undefined {
  const colour = own?.get(name);
  return colour === undefined || depth === 'none' ? undefined : sgrOfOwn(colour, depth, ground);
}

function codeOf(depth: Exclude<Depth, 'none'>, [rgb, of256, of16]: Tint, ground: '38' | '48'): string {
  if (depth === 'truecolor') return `${ground};2;${rgb}`;
  return depth === '256' ? `${ground};5;${of256}` : of16;
}
