import type {Span, Tone} from './line.js';

/** What a sign says; the words beside it always say the same. */
export type Meaning =
  'ok' | 'waiting' | 'warning' | 'failed' | 'unknown' | 'put-back' | 'none' | 'stuck' | 'now';

/** What only screens show. */
export type ScreenMeaning =
  | 'soon'
  | 'due'
  | 'selected'
  | 'marked'
  | 'not-begun'
  | 'checked'
  | 'written'
  | 'restarting'
  | 'done'
  | 'bar'
  | 'half-bar'
  | 'rule'
  | 'dash'
  | 'arrow'
  | 'cut'
  | 'working';

/** Signs by meaning, each one cell wide. */
export type Signs = Readonly<Record<Meaning | ScreenMeaning, string>>;

export const UNICODE_SIGNS: Signs = {
  ok: '✓',
  waiting: '○',
  warning: '▲',
  failed: '✗',
  unknown: '?',
  'put-back': '↶',
  none: '–',
  stuck: '◆',
  now: '▸',
  soon: '◔',
  due: '●',
  selected: '▌',
  marked: '*',
  'not-begun': '·',
  checked: '▁',
  written: '▃',
  restarting: '▅',
  done: '■',
  bar: '━',
  'half-bar': '╸',
  rule: '│',
  dash: '╌',
  arrow: '→',
  cut: '…',
  working: '·',
};

/** For locales that are not UTF-8, and terminals that draw the others double. */
export const ASCII_SIGNS: Signs = {
  ok: '+',
  waiting: '.',
  warning: '!',
  failed: 'x',
  unknown: '?',
  'put-back': '<',
  none: '-',
  stuck: '#',
  now: '>',
  soon: 'o',
  due: '@',
  selected: '>',
  marked: '*',
  'not-begun': '.',
  checked: 'c',
  written: 'w',
  restarting: 'r',
  done: '#',
  bar: '=',
  'half-bar': '-',
  rule: '|',
  dash: '-',
  arrow: '>',
  cut: '~',
  working: '.',
};

const TONES: Readonly<Record<Meaning, Tone>> = {
  ok: 'good',
  waiting: 'waiting',
  warning: 'warning',
  failed: 'bad',
  unknown: 'warning',
  'put-back': 'warning',
  none: 'muted',
  stuck: 'bad',
  now: 'strong',
};

/** A sign in its colour. */
export function sign(signs: Signs, meaning: Meaning): Span {
  return {text: signs[meaning], tone: TONES[meaning]};
}

/** Which signs there can be; `auto`: by the locale and the terminal. */
export const SYMBOL_SETTINGS = ['auto', 'unicode', 'ascii'] as const;
export type SymbolSetting = (typeof SYMBOL_SETTINGS)[number];

/** The signs that were asked for, else those of the environment. */
export function chooseSigns(
  setting: SymbolSetting,
  env: Readonly<Record<string, string | undefined>>,
): Signs {
  if (setting === 'auto') return signsFor(env);
  return setting === 'ascii' ? ASCII_SIGNS : UNICODE_SIGNS;
}

/** ASCII where the locale is not UTF-8 or the console has no such glyphs, by the usual variables. */
export function signsFor(env: Readonly<Record<string, string | undefined>>): Signs {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return env['TERM'] !== 'linux' && /utf-?8/i.test(locale ?? '') ? UNICODE_SIGNS : ASCII_SIGNS;
}
