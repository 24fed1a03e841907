import type {Clock} from '../ports.js';
import type {AlertCommands, CommandNews} from './alert-commands.js';
import {AlertRoll} from './alert-roll.js';
import type {WatchNews} from './watch-news.js';
import type {ListedServer} from './watch-types.js';

/** Of what there is an alert. */
export type AlertOptions = {
  /** A server with less time left than that is alerted of. */
  readonly alertSeconds: number;
  /** Which servers it is about, as far as that is known at a moment of the API's clock. */
  readonly wanted: (now: number) => (listed: ListedServer) => boolean;
  /** Whether that changes with time alone. */
  readonly isTimed: boolean;
  /** What runs for each of them, and what it is given on its standard input; undefined: nothing. */
  readonly exec:
    {readonly commands: AlertCommands; readonly inputOf: (listed: ListedServer) => string} | undefined;
};

/** What is told of alerts. */
export type AlertNews =
  /** Servers came below the alert time, the most urgent first. `now`: epoch milliseconds by the API's clock. */
  | {readonly kind: 'alerts'; readonly servers: readonly ListedServer[]; readonly now: number}
  /** What went wrong with commands in the last second. */
  | {readonly kind: 'commands'; readonly news: readonly CommandNews[]};

const TICK_MS = 1000;
/** Where time alone changes which servers it is about, those that it was not about are looked at so often. */
const LOOK_AGAIN_MS = 5000;
/** A tick that was so much longer or shorter than it should: this machine slept, or its clock was set. */
const JUMP_MS = 5000;

/**
 * Tells which servers of a watch came below an alert time, once per wait, those of one second together. A server whose
 * interval nobody knows is none of them. After a jump of this machine's clock nothing is told until Nova answered and
 * its own time is known again.
 */
export class Alerts {
  readonly #clock: Clock;
  readonly #options: AlertOptions;
  readonly #tell: (news: AlertNews) => void;
  readonly #roll: AlertRoll;
  #commandNews: CommandNews[] = [];
  #offsetMs = 0;
  /** Whether it is known what time it is for the API, and which servers there are. */
  #isSure = false;
  #hasList = false;
  #lookedAgainAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, options: AlertOptions, tell: (news: AlertNews) => void) {
    this.#clock = clock;
    this.#options = options;
    this.#tell = tell;
    this.#roll = new AlertRoll(options.alertSeconds);
  }

  /** What the watch tells goes through here. */
  see(news: WatchNews): void {
    switch (news.kind) {
      case 'list': {
        const {servers, now} = news.list;
        this.#roll.keep(new Set(servers.map(({server}) => server.id)));
        this.#hasList = true;
        this.#timeIs(now);
        for (const listed of servers) this.#roll.put(listed, now);
        return;
      }
      case 'servers':
        for (const {event, listed} of news.news) {
          if (event === 'added' || event === 'changed') this.#roll.put(listed, this.#now());
          else this.#roll.remove(listed.server.id);
        }
        return;
      case 'answered':
        return this.#timeIs(news.now);
      case 'page':
      case 'trouble':
      case 'recovered':
      case 'notice':
    }
  }

  /** More is known now of what is wanted. */
  lookAgain(): void {
    this.#roll.lookAgain();
  }

  /** Tells of alerts until aborted; resolves when no command runs any more. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        const before = this.#clock.now();
        await this.#clock.sleep(TICK_MS, signal);
        if (Math.abs(this.#clock.now() - before - TICK_MS) > JUMP_MS) this.#isSure = false;
        this.#tellCommands();
        if (this.#isSure && this.#hasList) this.#tick(signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await this.#options.exec?.commands.settled();
    }
  }

  #tick(signal: AbortSignal): void {
    const now = this.#now();
    if (this.#options.isTimed && Math.abs(now - this.#lookedAgainAt) >= LOOK_AGAIN_MS) {
      this.#lookedAgainAt = now;
      this.#roll.lookAgain();
    }
    const servers = this.#roll.take(now, this.#options.wanted(now));
    if (servers.length === 0) return;
    this.#tell({kind: 'alerts', servers, now});
    const {exec} = this.#options;
    if (exec === undefined) return;
    const inputs = servers.map((listed) => ({name: listed.server.name, input: exec.inputOf(listed)}));
    exec.commands.give(inputs, (news) => this.#commandNews.push(news), signal);
  }

  #tellCommands(): void {
    const news = this.#commandNews;
    this.#commandNews = [];
    if (news.length > 0) this.#tell({kind: 'commands', news});
  }

  #timeIs(now: number): void {
    this.#offsetMs = now - this.#clock.now();
    this.#isSure = true;
  }

  #now(): number {
    return this.#clock.now() + this.#offsetMs;
  }
}

/** Does work, a watch, and tells of alerts meanwhile; the signal that the work is given ends with either of them. */
export async function whileAlerting<Result>(
  alerts: Alerts,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const ended = new AbortController();
  const all = AbortSignal.any([signal, ended.signal]);
  const running = alerts.run(all).catch((error: unknown) => ended.abort(error));
  try {
    return await work(all);
  } finally {
    ended.abort();
    await running;
  }
}
