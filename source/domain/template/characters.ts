/** Controls, line ends, marks of direction, what is invisible or has no meaning, halves of characters. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** Whether a text has a character that ends a line, moves or hides. */
export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) !== -1;
}

/** A text in one line of printable characters: whatever ends a line, or hides, becomes an escape. */
export function oneLine(text: string): string {
  return text.replace(HIDDEN, wideEscape);
}

/** The most of a line that is told: characters. */
const MOST_TOLD = 60;

/** A line of a text that nobody has seen, for a message: `line 5 (name: a)`. */
export function lineInWords(text: string, line: number): string {
  const found = text.split('\n')[line - 1]?.trim() ?? '';
  const told = found.length > MOST_TOLD ? `${found.slice(0, MOST_TOLD).toWellFormed()}…` : found;
  return found === '' ? `line ${line}` : `line ${line} (${oneLine(told)})`;
}

/** A text in double quotes as JSON reads it. */
export function jsonQuoted(text: string): string {
  return JSON.stringify(text).replace(HIDDEN, (character) =>
    Array.from({length: character.length}, (_, index) => escape('u', character.charCodeAt(index), 4)).join(
      '',
    ),
  );
}

/** A text in double quotes as YAML and HCL read it: these have no halves of characters. */
export function wideQuoted(text: string): string {
  const short = text.replace(/["\\\n\r\t]/g, (character) => JSON.stringify(character).slice(1, -1));
  return `"${short.replace(HIDDEN, wideEscape)}"`;
}

function wideEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xff_ff ? escape('U', code, 8) : escape('u', code, 4);
}

function escape(letter: string, code: number, digits: number): string {
  return `\\${letter}${code.toString(16).padStart(digits, '0')}`;
}
