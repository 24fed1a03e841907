const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** From here on seconds say nothing to people any more. */
const CALM_SECONDS = 600;

type Part = {readonly count: number; readonly unit: string; readonly seconds: number};

/**
 * A time span for people, rounded down to whole seconds: `42 s`, `4 min 10 s`, `42 min`, `1 h 58 min`, `6 d 23 h`.
 * At most two units, the second with two digits; seconds only below ten minutes.
 */
export function formatElapsed(seconds: number): string {
  return partsOf(seconds)
    .map(({count, unit}, index) => `${index === 0 ? count : String(count).padStart(2, '0')} ${unit}`)
    .join(' ');
}

/** An interval for people, with its exact seconds: `2 h (7,200 s)`, `90 s`, `85,201 s (about 23 h 40 min)`, `off`. */
export function formatIntervalForPeople(seconds: number): string {
  if (seconds === 0) return 'off';
  const exact = `${formatCount(seconds)} s`;
  if (seconds < 120) return exact;
  const words = formatElapsed(seconds);
  const isExact = partsOf(seconds).reduce((sum, part) => sum + part.seconds, 0) === seconds;
  return isExact ? `${words} (${exact})` : `${exact} (about ${words})`;
}

/** From two days on hours are told as days. */
const LONGEST_IN_HOURS = 172_800;

/**
 * An interval in few cells, never rounded: `2 h`, `24 h`, `1 h 30 min`, `7 d`, `off`; seconds where two units cannot
 * say it, `85,201 s`.
 */
export function formatIntervalShort(seconds: number): string {
  if (seconds === 0) return 'off';
  if (seconds < LONGEST_IN_HOURS && seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  const isExact = partsOf(seconds).reduce((sum, part) => sum + part.seconds, 0) === seconds;
  return isExact ? formatElapsed(seconds) : `${formatCount(seconds)} s`;
}

/** A whole number with a comma between thousands. Without Intl, whose first number takes 10 ms. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 node`, `2 nodes`, `1,024 nodes`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

const SPOKEN: Readonly<Record<string, string>> = {d: 'day', h: 'hour', min: 'minute', s: 'second'};

/** A time span as it is read aloud: `42 seconds`, `1 hour 58 minutes`. */
export function speakElapsed(seconds: number): string {
  return partsOf(seconds)
    .map(({count, unit}) => countOf(count, SPOKEN[unit] ?? unit))
    .join(' ');
}

/** An interval as it is read aloud, never rounded: `2 hours`, `24 hours`, `85,201 seconds`, `off`. */
export function speakInterval(seconds: number): string {
  return speakUnits(formatIntervalShort(seconds));
}

/** Text for people with the units after numbers as whole words: `14 s ahead` becomes `14 seconds ahead`. */
export function speakUnits(text: string): string {
  return text.replaceAll(
    /(?<![\w.-])(\d[\d,]*) (d|h|min|s)(?![\w-])/g,
    (_match, count: string, unit: string) => countOf(Number(count.replaceAll(',', '')), SPOKEN[unit] ?? unit),
  );
}

function partsOf(seconds: number): readonly Part[] {
  const whole = Math.max(0, Math.floor(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first === -1) return [{count: 0, unit: 's', seconds: 0}];
  const parts: Part[] = [];
  let rest = whole;
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    const isNoise = count === 0 || (unit === 's' && whole >= CALM_SECONDS);
    if (parts.length === 0 || !isNoise) parts.push({count, unit, seconds: count * size});
  }
  return parts;
}
