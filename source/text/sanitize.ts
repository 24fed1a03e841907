import {graphemesOf, SIMPLE_TEXT} from './graphemes.js';

/**
 * What a terminal obeys or hides: controls, bidirectional marks, zero-width and other invisible characters, line
 * and paragraph separators, halves of surrogate pairs.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const UNSAFE_EACH = new RegExp(UNSAFE, 'gu');
const LEADING_MARK = /^\p{M}/u;
const PLAIN = /^[\x20-\x7e]*$/;

/** More marks than any script stacks on one letter; beyond it they would run into the lines around. */
const MOST_CODE_POINTS = 12;
const REPLACEMENT = '\uFFFD';

/** Made when first needed: reading this set of sequences takes as long as half of Node's own start. */
let emoji: RegExp | undefined;

/**
 * Foreign text made safe to draw, print or log: one line, nothing that moves the cursor, changes colours, reorders
 * or hides. What is taken out leaves a mark, so that two different names stay different to the eye: `ESC` becomes
 * `␛`, a newline `␊`, an invisible character `�`. Emoji keep their joiners.
 */
export function sanitize(text: string): string {
  if (SIMPLE_TEXT.test(text)) return text;
  let result = '';
  for (const grapheme of graphemesOf(text)) result += sanitizeGrapheme(grapheme, result === '');
  return result;
}

function sanitizeGrapheme(grapheme: string, isFirst: boolean): string {
  if (grapheme.length === 1 && PLAIN.test(grapheme)) return grapheme;
  if (UNSAFE.test(grapheme)) {
    return isEmoji(grapheme) ? grapheme : grapheme.replace(UNSAFE_EACH, visibleForm);
  }
  // A mark with nothing before it would join whatever of ours is printed before.
  if (isFirst && LEADING_MARK.test(grapheme)) return REPLACEMENT;
  const points = Array.from(grapheme);
  return points.length > MOST_CODE_POINTS
    ? points.slice(0, MOST_CODE_POINTS).join('') + REPLACEMENT
    : grapheme;
}

function isEmoji(grapheme: string): boolean {
  emoji ??= new RegExp(String.raw`^\p{RGI_Emoji}$`, 'v');
  return emoji.test(grapheme);
}

function visibleForm(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x24_00 + code);
  return code === 0x7f ? '\u2421' : REPLACEMENT;
}
