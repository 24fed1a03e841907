import test from 'ava';
import {createPace} from '../../source/ui/pace.js';

/** A terminal that each repaint writes so many bytes to, and a clock that is turned by hand. */
function paced(bytesOfRepaint: number) {
  const listeners = new Set<() => void>();
  let [version, now, bytes] = [0, 1000, 50_000];
  let due: {readonly at: number; readonly call: () => void} | undefined;
  const source = {
    version: () => version,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const pace = createPace(source, {
    now: () => now,
    bytesWritten: () => bytes,
    later(call, ms) {
      const entry = {at: now + ms, call};
      due = entry;
      return () => {
        if (due === entry) due = undefined;
      };
    },
  });
  const painted: number[] = [];
  pace.subscribe(() => {
    painted.push(pace.version());
    bytes += bytesOfRepaint;
  });
  return {
    pace,
    painted,
    change(): void {
      version++;
      for (const listener of listeners) listener();
    },
    pass(ms: number): void {
      now += ms;
      if (due === undefined || due.at > now) return;
      const {call} = due;
      due = undefined;
      call();
    },
  };
}

test('where the line is not known to be slow each change is painted at once', (t) => {
  const {painted, change} = paced(100_000);
  for (let count = 0; count < 3; count++) change();
  t.deepEqual(painted, [1, 2, 3]);
});

test('on a slow line the next repaint waits until the one before is through, and shows the newest', (t) => {
  const {pace, painted, change, pass} = paced(4400);
  pace.slowDown();
  change();
  t.deepEqual(painted, [1], 'nothing was on the line');
  for (let count = 0; count < 10; count++) change();
  pass(399);
  t.deepEqual(painted, [1]);
  pass(1);
  t.deepEqual(painted, [1, 11]);
  change();
  pass(1000);
  t.deepEqual(painted, [1, 11, 12]);
  pass(1000);
  change();
  t.deepEqual(painted, [1, 11, 12, 13], 'the line was free again');
});

test('what waits is not painted once the screens are gone', (t) => {
  const {pace, painted, change, pass} = paced(4400);
  pace.slowDown();
  change();
  change();
  pace.stop();
  pass(1000);
  change();
  t.deepEqual(painted, [1]);
});
