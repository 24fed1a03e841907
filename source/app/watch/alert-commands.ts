import type {Clock, CommandEnd, Commands} from '../ports.js';

/** What is told of commands that run for alerts. */
export type CommandNews =
  /** One failed. `name`: of the server that it was about. */
  | {readonly kind: 'command-failed'; readonly name: string; readonly end: CommandEnd}
  /** One was ended because it took longer than it may. */
  | {readonly kind: 'command-late'; readonly name: string; readonly seconds: number}
  /** For so many servers it does not run: too many others wait for it. */
  | {readonly kind: 'left-out'; readonly count: number; readonly waiting: number};

/** A server, and what the command is given on its standard input. */
export type AlertInput = {readonly name: string; readonly input: string};

type Job = AlertInput & {readonly tell: (news: CommandNews) => void; readonly signal: AbortSignal};

const AT_ONCE = 4;
const LIMIT_SECONDS = 60;
/** Beyond that what is at the end of the queue would be old news when its turn comes. */
const MOST_WAITING = 500;

/** Runs a command of the operator's own for each alert, a few at a time; nobody waits for it. */
export class AlertCommands {
  readonly #ports: {readonly commands: Commands; readonly clock: Clock};
  readonly #command: string;
  readonly #waiting: Job[] = [];
  readonly #running = new Set<Promise<void>>();
  #failure: {readonly error: unknown} | undefined;

  constructor(ports: {readonly commands: Commands; readonly clock: Clock}, command: string) {
    this.#ports = ports;
    this.#command = command;
  }

  /**
   * Runs the command for these, in order, when there is room for it. Once `signal` is aborted those that run are
   * ended, the others are not begun, and nothing is told any more. Throws what went wrong with an earlier one, where
   * that was no matter of the command.
   */
  give(inputs: readonly AlertInput[], tell: (news: CommandNews) => void, signal: AbortSignal): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    const room = Math.max(0, MOST_WAITING + AT_ONCE - this.#running.size - this.#waiting.length);
    const taken = inputs.slice(0, room);
    for (const one of taken) this.#waiting.push({...one, tell, signal});
    this.#begin();
    const count = inputs.length - taken.length;
    if (count > 0) tell({kind: 'left-out', count, waiting: this.#waiting.length});
  }

  /** Resolves when none runs any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #begin(): void {
    while (this.#running.size < AT_ONCE) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      if (job.signal.aborted) continue;
      const running: Promise<void> = this.#run(job)
        .catch((error: unknown) => {
          this.#failure ??= {error};
        })
        .finally(() => {
          this.#running.delete(running);
          this.#begin();
        });
      this.#running.add(running);
    }
  }

  async #run({name, input, tell, signal}: Job): Promise<void> {
    const late = new AbortController();
    const done = new AbortController();
    const timed = this.#abortLate(late, AbortSignal.any([signal, done.signal]));
    const end = await this.#ports.commands.run(this.#command, input, AbortSignal.any([signal, late.signal]));
    done.abort();
    await timed;
    if (signal.aborted) return;
    if (late.signal.aborted) tell({kind: 'command-late', name, seconds: LIMIT_SECONDS});
    else if (end.kind !== 'exited' || end.code !== 0) tell({kind: 'command-failed', name, end});
  }

  async #abortLate(late: AbortController, ended: AbortSignal): Promise<void> {
    try {
      await this.#ports.clock.sleep(LIMIT_SECONDS * 1000, ended);
      late.abort();
    } catch (error) {
      if (!ended.aborted) throw error;
    }
  }
}
