/** What a program drew, read from the bytes that it wrote: Ink puts marks around each repaint (DEC mode 2026). */
const BEGINS = Buffer.from('\u001B[?2026h');
const ENDS = Buffer.from('\u001B[?2026l');

/** One repaint. Times are seconds of the pseudo-terminal's clock. */
export type Repaint = {
  readonly began: number;
  /** When its last byte was there. */
  readonly ended: number;
  readonly bytes: number;
};

/** Finds repaints in what comes, however it is cut. */
export class RepaintReader {
  #held = Buffer.alloc(0);
  #began: number | undefined;
  #bytes = 0;

  /** The repaints that these bytes end. */
  read(at: number, chunk: Buffer): readonly Repaint[] {
    const found: Repaint[] = [];
    let rest = Buffer.concat([this.#held, chunk]);
    for (;;) {
      const mark = this.#began === undefined ? BEGINS : ENDS;
      const index = rest.indexOf(mark);
      if (index === -1) break;
      const end = index + mark.length;
      if (this.#began === undefined) {
        this.#began = at;
        this.#bytes = mark.length;
      } else {
        // Marks with nothing between them paint nothing.
        if (this.#bytes + end > BEGINS.length + ENDS.length) {
          found.push({began: this.#began, ended: at, bytes: this.#bytes + end});
        }
        this.#began = undefined;
      }
      rest = rest.subarray(end);
    }
    // A mark may be cut in two.
    const kept = Math.min(rest.length, ENDS.length - 1);
    if (this.#began !== undefined) this.#bytes += rest.length - kept;
    this.#held = rest.subarray(rest.length - kept);
    return found;
  }
}

/** The value that so many of a hundred do not pass (the nearest rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}
