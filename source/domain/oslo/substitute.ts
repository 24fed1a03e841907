/**
 * `$$`, `$name` and `${name}` as Python's string.Template finds them with oslo.config's pattern
 * `[_a-z][\._a-z0-9]*` (oslo_config/cfg.py, `ConfigOpts.Template`). Names may hold dots, also without braces.
 * Case is ignored the Unicode way, so four letters beyond ASCII match too; they cannot name an option.
 */
const REFERENCE = (() => {
  const letter = 'a-zA-Z\u0130\u0131\u017F\u212A';
  const name = `[_${letter}][._${letter}0-9]*`;
  return new RegExp(`\\$(?:(\\$)|(${name})|\\{(${name})\\})`, 'gu');
})();

/** Replaces references. A dollar sign that begins none stays; `\$` and `$$` give one dollar sign. */
export function replaceReferences(text: string, value: (name: string) => string): string {
  if (!text.includes('$')) return text;
  return text
    .replaceAll('\\$', '$$$$')
    .replace(REFERENCE, (_match, escaped?: string, named?: string, braced?: string) =>
      escaped === undefined ? value(named ?? braced ?? '') : '$',
    );
}

/** Whether the text refers to another option. */
export function hasReference(text: string): boolean {
  let isFound = false;
  replaceReferences(text, () => {
    isFound = true;
    return '';
  });
  return isFound;
}
