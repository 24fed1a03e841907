import {setTimeout as pause} from 'node:timers/promises';

/**
 * Asks `probe` again and again until it gives something else than `undefined` or `false`, and gives that.
 * Throws, naming `what`, when `limitSeconds` have passed. What `probe` throws is not caught.
 */
export async function waitUntil<T>(
  what: string,
  limitSeconds: number,
  probe: () => Promise<T | undefined | false>,
  everySeconds = 0.5,
): Promise<T> {
  const deadline = performance.now() + limitSeconds * 1000;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`after ${limitSeconds} s still waiting for ${what}`);
    await pause(everySeconds * 1000);
  }
}
