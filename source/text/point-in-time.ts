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
  return isToday(time, now) ? clockTime(time).slice(0, 5) : dayAndTime(time, now);
}

/** The same with seconds where they say something, UTC: `02:40:11` today. */
export function clockOrDay(time: number, now: number): string {
  return isToday(time, now) ? clockTime(time) : dayAndTime(time, now);
}

/** A point in time with its day, also of today, UTC: `11-21 18:02` this year, else `2025-11-21`. */
export function dayAndTime(time: number, now: number): string {
  const text = dateAndTime(time);
  return isThisYear(time, now) ? text.slice(5, 16) : text.slice(0, 10);
}

/** A point in time to the second, UTC: `03:09:01` today, `11-21 18:02:11` this year, else with the year. */
export function momentOf(time: number, now: number): string {
  if (isToday(time, now)) return clockTime(time);
  return isThisYear(time, now) ? dateAndTime(time).slice(5) : dateAndTime(time);
}

function isToday(time: number, now: number): boolean {
  return Math.floor(time / DAY_MS) === Math.floor(now / DAY_MS);
}

function isThisYear(time: number, now: number): boolean {
  return dateAndTime(time).slice(0, 4) === dateAndTime(now).slice(0, 4);
}
