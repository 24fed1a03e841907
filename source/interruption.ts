import process from 'node:process';

/** Why work was asked to end. */
export class Interrupted extends Error {
  override readonly name: string = 'AbortError';
}

/** One signal for everything that asks the program to end. */
export type Interruption = {
  readonly signal: AbortSignal;
  /** Whether the cause was that nobody reads stdout any more. */
  readonly isOutputGone: () => boolean;
  /** Stops listening. */
  readonly stop: () => void;
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns Ctrl-C, SIGTERM, SIGHUP and a closed stdout into one `AbortSignal`, so that what is in flight can end
 * in order. A second Ctrl-C or SIGTERM ends the program at once, with 130. SIGHUP never does: a lost terminal says
 * it once for itself and once more for the shell.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let isOutputGone = false;
  const onSignal = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      controller.abort(new Interrupted(`interrupted by ${name}`));
      if (name === 'SIGINT' && process.stderr.isTTY) {
        process.stderr.write(
          '\nreprieve: ends as soon as what is in flight is safe; Ctrl-C again ends at once\n',
        );
      }
    } else if (name !== 'SIGHUP') process.exit(130);
  };
  let hasOutputFailed = false;
  const onOutputError = (error: Error): void => {
    // A reader that went away gives EPIPE, a terminal that was closed EIO; what is written after that finds the
    // stream closed.
    const code = 'code' in error ? error.code : undefined;
    if (code !== 'EPIPE' && code !== 'EIO' && !hasOutputFailed) throw error;
    hasOutputFailed = true;
    isOutputGone ||= code === 'EPIPE' && !controller.signal.aborted;
    controller.abort(new Interrupted('nobody reads the output'));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  process.stdout.on('error', onOutputError);
  process.stderr.on('error', onErrorOutputError);
  return {
    signal: controller.signal,
    isOutputGone: () => isOutputGone,
    stop() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

/** With nobody left to tell, the exit code still says it. */
function onErrorOutputError(error: Error): void {
  if (!('code' in error) || (error.code !== 'EPIPE' && error.code !== 'EIO')) throw error;
}
