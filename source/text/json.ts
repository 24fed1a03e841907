/** JSON itself escapes only the controls below a space; a terminal also obeys those from DEL to 9F, and bidi marks. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A value as JSON on one line that is safe on a terminal: what a terminal would obey is written as `\uXXXX`, which
 * reads back as the same text.
 */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
