import {describeReading, type IntervalReading} from '../../../domain/fleet/interval-change.js';
import {formatCount, formatElapsed} from '../../../text/elapsed.js';

const DAY_SECONDS = 86_400;

/** An interval as a row has room for it: `2 h`, `off`; exact where two units hold it, else about. */
export function intervalWords(seconds: number): string {
  if (seconds === 0) return 'off';
  // A day is said in hours, as the interval is written.
  return seconds === DAY_SECONDS ? '24 h' : formatElapsed(seconds);
}

/** A reading as a row has room for it. */
export function readingWords(reading: IntervalReading | undefined): string {
  if (reading === undefined) return '?';
  switch (reading.kind) {
    case 'value':
      return reading.seconds < 0 ? String(reading.seconds) : intervalWords(reading.seconds);
    case 'unset':
      return 'off';
    case 'empty':
      return 'empty';
    case 'invalid':
      return 'broken';
    case 'unknown':
      return '?';
  }
}

/** `24 h → 2 h`. */
export function changeWords(before: IntervalReading, after: IntervalReading, arrow: string): string {
  const [one, other] = [readingWords(before), readingWords(after)];
  return one === other ? other : `${one} ${arrow} ${other}`;
}

/** The whole of a reading, for details. */
export function readingSentence(reading: IntervalReading): string {
  return describeReading(reading);
}

/** The name of a file without its folder. */
export function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** A time of day in UTC: `16:20:11`. */
export function clockWords(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}

/** A point in time that may be on another day: `16:20:11`, or `11-21 18:02`. */
export function pointWords(time: number, now: number): string {
  const iso = new Date(time).toISOString();
  const today = new Date(now).toISOString();
  if (iso.slice(0, 10) === today.slice(0, 10)) return iso.slice(11, 19);
  return iso.slice(0, 4) === today.slice(0, 4)
    ? iso.slice(5, 16).replace('T', ' ')
    : iso.slice(0, 16).replace('T', ' ');
}

/** Memory in the unit that people say: `227 GiB`, `18.6 TiB`. */
export function memoryWords(mebibytes: number): string {
  const gibibytes = mebibytes / 1024;
  if (gibibytes >= 10_000) return `${(gibibytes / 1024).toFixed(1)} TiB`;
  if (mebibytes > 0 && gibibytes < 0.5) return '<1 GiB';
  return `${formatCount(Math.round(gibibytes))} GiB`;
}

/** A share in percent without decimals; what is something is never shown as nothing. */
export function shareWords(share: number): string {
  const percent = Math.round(share * 100);
  return share > 0 && percent < 1 ? '<1 %' : `${formatCount(percent)} %`;
}

/** A mean number of servers or vCPUs: whole, and never nothing where it is something. */
export function amountWords(amount: number): string {
  return amount > 0 && amount < 0.5 ? '<1' : formatCount(Math.round(amount));
}
