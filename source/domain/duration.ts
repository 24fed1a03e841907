/** Seconds in the units that an interval may be written in, longest first. */
const UNITS = [
  ['w', 604_800],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** The longest interval taken: ten years of 365 days, in seconds. */
export const MAX_INTERVAL_SECONDS = 10 * 365 * 86_400;

export type IntervalResult =
  {readonly kind: 'interval'; readonly seconds: number} | {readonly kind: 'refused'; readonly reason: string};

/**
 * Reads what a person writes for `reclaim_instance_interval`: `120`, `90s`, `2m`, `2h`, `7d`, `1w`, and `0` or
 * `off`. What is refused does damage on a node (reference: nova-soft-delete.md, section 1.1); the reason says
 * which.
 */
export function parseInterval(text: string): IntervalResult {
  const written = text.trim();
  if (written === '') {
    return refused(
      'an empty interval makes nova-compute fail on every delete and leaves the servers in ERROR; write 0 or off to switch delayed delete off',
    );
  }
  if (written === 'off') return {kind: 'interval', seconds: 0};
  if (/^[-\u2212]\s*\d/.test(written)) {
    return refused(
      `a negative interval (${written}) makes nova-api soft-delete servers that nova-compute then never reclaims; write 0 or off to switch delayed delete off`,
    );
  }
  if (/^\d*[.,]\d+\s*[a-z]*$/.test(written) || /^\d+e\d+$/i.test(written)) {
    return refused(
      `Nova takes whole seconds only and fails on every delete with a fraction or an exponent (${written}); write it in a smaller unit, for example 90s for 1.5m`,
    );
  }
  const match = /^(\d+)([smhdw]?)$/.exec(written);
  if (match === null) {
    return refused(
      `"${written}" is not an interval; write seconds (120) or a number with s, m, h, d or w (90s, 2m, 2h, 7d, 1w), or off`,
    );
  }
  const unit = UNITS.find(([name]) => name === (match[2] === '' ? 's' : match[2]));
  const seconds = Number(match[1]) * (unit?.[1] ?? 1);
  if (seconds > MAX_INTERVAL_SECONDS) {
    return refused(
      `${written} is more than ten years; deleted servers keep their disks, ports and capacity all that time, so it is taken for a mistake`,
    );
  }
  return {kind: 'interval', seconds};
}

/** Writes seconds in the longest unit that holds them exactly: 7200 as `2h`, 90 as `90s`, 0 as `off`. */
export function formatInterval(seconds: number): string {
  if (seconds === 0) return 'off';
  const [name, size] = UNITS.find((unit) => seconds % unit[1] === 0) ?? ['s', 1];
  return `${seconds / size}${name}`;
}

function refused(reason: string): IntervalResult {
  return {kind: 'refused', reason};
}
