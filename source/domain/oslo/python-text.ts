// What Python's str and int do with text, where JavaScript's namesakes do something else: oslo.config is
// Python, and a byte-order mark that `trim()` removes is what stops a service from starting.

/** Whether Python's `str.strip()` removes this UTF-16 code unit (`str.isspace`; not U+FEFF, but U+001C to U+001F). */
function isPythonSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  if (code < 0x85) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Python's `str.rstrip()`. */
export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isPythonSpace(text.charCodeAt(end - 1))) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

/** Python's `str.lstrip()`. */
export function stripStart(text: string): string {
  let start = 0;
  while (start < text.length && isPythonSpace(text.charCodeAt(start))) start += 1;
  return start === 0 ? text : text.slice(start);
}

/** Python's `str.strip()`. */
export function strip(text: string): string {
  return stripStart(stripEnd(text));
}

/** Longest run of digits that Python's `int()` reads (`sys.int_info.default_max_str_digits`, Python 3.10.7 and later). */
const MAX_INTEGER_DIGITS = 4300;

/**
 * Python's `int(text)` for base ten: a sign, single underscores between digits, decimal digits of any script.
 * Undefined where Python raises ValueError.
 */
export function parseInteger(text: string): bigint | undefined {
  const match = /^([+-]?)(\p{Nd}+(?:_\p{Nd}+)*)$/u.exec(strip(text));
  if (match === null) return undefined;
  const digits = Array.from((match[2] ?? '').replaceAll('_', ''), digitValue).join('');
  if (digits.length > MAX_INTEGER_DIGITS) return undefined;
  const magnitude = BigInt(digits);
  return match[1] === '-' ? -magnitude : magnitude;
}

/**
 * Value of a decimal digit of any script. Unicode gives every script its ten digits in a row, zero first,
 * and rows may touch: the place in the run of digits, modulo ten, is the value.
 */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

/** Python's `repr()` of a string: what a list shows of its items when it is put into another value. */
export function representString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const named: Record<string, string> = {'\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\'};
  const body = Array.from(text, (character) => {
    if (character === quote) return `\\${quote}`;
    const code = character.codePointAt(0) ?? 0;
    const name = named[character];
    if (name !== undefined) return name;
    if (character === ' ' || !/[\p{C}\p{Z}]/u.test(character)) return character;
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code <= 0xffff
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `${quote}${body.join('')}${quote}`;
}
