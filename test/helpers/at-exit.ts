import process from 'node:process';

const works = new Set<() => void>();
process.once('exit', () => {
  for (const work of [...works].toReversed()) work();
});

/**
 * Does this when the process ends before it was taken back: what it would leave behind. Nothing can be waited for
 * then. What came last is done first. Gives what takes it back.
 */
export function atExit(work: () => void): () => void {
  works.add(work);
  return () => void works.delete(work);
}

/** Ends where the process is told to, with the code that a shell gives for it, so that nothing is left behind. */
export function exitOnSignals(): void {
  for (const [signal, code] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => process.exit(code));
  }
}

/** Kills a process that may be gone already. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
