/** What shall happen when, without timers: whoever looks at the cloud first lets happen what is due. */
export type Schedule = {
  /** Epoch milliseconds. While something happens it is the time that it was due at. */
  now(): number;
  /** Asks for something at a time; what is asked for the same time happens in the order of asking. */
  at(time: number, work: () => void): void;
  /** Lets everything happen that is due by now, in order. */
  catchUp(): void;
};

type Entry = {readonly time: number; readonly work: () => void};

/** `clock` gives epoch milliseconds. */
export function createSchedule(clock: () => number): Schedule {
  // The latest first, so that the next one is at the end.
  const entries: Entry[] = [];
  let present: number | undefined;
  return {
    now: () => present ?? clock(),
    at(time, work) {
      let low = 0;
      let high = entries.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((entries[middle]?.time ?? 0) > time) low = middle + 1;
        else high = middle;
      }
      entries.splice(low, 0, {time, work});
    },
    catchUp() {
      // Something that happens may look at the cloud itself.
      if (present !== undefined) return;
      const until = clock();
      try {
        for (let next = entries.at(-1); next !== undefined && next.time <= until; next = entries.at(-1)) {
          entries.pop();
          present = next.time;
          next.work();
        }
      } finally {
        present = undefined;
      }
    },
  };
}
