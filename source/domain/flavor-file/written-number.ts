import {numberAsText} from '../python-number.js';

/**
 * A number of a file that JavaScript does not hold as it is: with a fraction or exponent, or too large. `text` is
 * Python's `str()` of it, which is what Nova checks of an extra spec that was sent as a number.
 */
export class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** More digits than these no value of Nova's has; what is longer stays as it is written. */
const MAX_DIGITS = 400;

/** A whole number of any size: a plain number if that is exact. */
export function wholeNumber(value: bigint): number | WrittenNumber {
  const plain = Number(value);
  return Number.isSafeInteger(plain) ? plain : new WrittenNumber(value.toString());
}

/** A number as JSON writes it: a plain number if it is whole, and that is exact. */
export function readNumber(source: string): number | WrittenNumber {
  if (source.length > MAX_DIGITS) return new WrittenNumber(source);
  if (!/^-?\d+$/.test(source)) return new WrittenNumber(numberAsText(Number(source)));
  return wholeNumber(BigInt(source));
}
