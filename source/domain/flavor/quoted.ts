/** Characters of a text that a message shows. */
const MOST_SHOWN = 60;

/** A value in quotes for a message, its end cut off where it is long. */
export function quoted(text: string): string {
  return text.length <= MOST_SHOWN ? `"${text}"` : `"${text.slice(0, MOST_SHOWN)}…"`;
}

/** `1 core`, `2 cores`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
