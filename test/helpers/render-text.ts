import * as fc from 'fast-check';
import {liquidEngine} from '../../source/adapters/template/engine.js';
import type {Format} from '../../source/domain/template/format.js';

const engine = liquidEngine();

/** A template of one file with its values. */
export function render(format: Format, text: string, values: Readonly<Record<string, unknown>>): string {
  return engine.compile(text, format, new Map()).render(values);
}

/** The message that it fails with, and its line. Throws where it does not fail. */
export function refusal(format: Format, text: string, values: Readonly<Record<string, unknown>>): string {
  try {
    const printed = render(format, text, values);
    throw new RangeError(`it was printed: ${printed}`);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof RangeError) throw error;
    return 'line' in error ? `${String(error.line)}: ${error.message}` : error.message;
  }
}

/** What breaks out of a quoting that is not a good one. */
const TRAPS = [
  '$(touch /tmp/x)',
  '`id`',
  "'; rm -rf / #",
  '" + evil() + "',
  '{{ interval }}',
  '{% raw %}',
  '${HOME}',
  '$${x}',
  '%{lookup}',
  '%%{if true}',
  '\\',
  '\\$x',
  '#',
  ' # no comment',
  ': ',
  '- ',
  '-->',
  '--',
  ']]>',
  '</name>',
  '&amp;',
  '```',
  '*/',
  'EOF',
  '\n',
  '\nkey: value',
  '\n\tEOF\n',
  '\t',
  '~',
  '!unsafe',
  '&a',
  '*a',
  '|',
  '>',
  '%',
  '@',
  '0x10',
  '1e3',
  '12:30:45',
  '.5',
  'yes',
  'null',
  '<<',
  '=',
  '\u2028',
  '\u202e',
  '\u00a0',
  '\ufeff',
  'é',
  '日本',
  '😀',
  '\uE000',
  'a',
  ' ',
  "'",
  '"',
];

/** Texts as a value may be: what breaks quotings, joined with any characters. */
export function anyText(): fc.Arbitrary<string> {
  const any = fc.string({unit: 'grapheme', maxLength: 5});
  return fc
    .array(fc.oneof(fc.constantFrom(...TRAPS), any), {maxLength: 5})
    .map((parts) => parts.join('').replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, ''));
}

/** Texts of one line without controls. */
export function anyLine(): fc.Arbitrary<string> {
  return anyText().map((text) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, ''));
}
