const DAY_MS = 86_400_000;

/** A point in time of today as `16:29:12`, UTC. */
export function clockTime(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}

/** A point in time as `2026-11-22 16:29:12`, UTC. */
export function dateAndTime(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

/** A point in time in few cells, UTC: `02:40` today, `11-21 18:02` this year, else `2025-11-21`. */
export function shortTime(time: number, now: number): string {
  const text = new Date(time).toISOString();
  if (Math.floor(time / DAY_MS) === Math.floor(now / DAY_MS)) return text.slice(11, 16);
  return text.slice(0, 4) === new Date(now).toISOString().slice(0, 4)
    ? text.slice(5, 16).replace('T', ' ')
    : text.slice(0, 10);
}
