import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {waitUntil} from './wait-until.js';

/** Whether there is a tmux to test with. */
export const HAS_TMUX = spawnSync('tmux', ['-V']).error === undefined;

/** A test in a real terminal: skipped where there is no tmux. */
export const real = HAS_TMUX ? test : test.skip;

/** A shell in a real terminal. */
export type Tmux = {
  /** Types a line. */
  line(text: string): void;
  /** Presses keys by tmux's names: `C-z`, `Enter`, `Escape`. */
  press(...keys: readonly string[]): void;
  screen(): string;
  /** Waits for a text, 20 s at most where nothing else is said; gives the whole screen. */
  until(wanted: string | RegExp, limitSeconds?: number): Promise<string>;
  /** Pastes as a terminal does: in brackets where the program asked for that. */
  paste(text: string): void;
  resize(columns: number, rows: number): void;
  /** A fact of the terminal: `alternate_on`, `cursor_flag`, `pane_pid`. */
  fact(name: string): string;
  /** Keeps everything that is written to the terminal from now on; gives all of it so far. */
  record(): () => string;
  /** Closes the window as a terminal that is closed does: everything in it gets SIGHUP. */
  close(): void;
  /** Ends it and takes its files away. */
  end(): void;
};

/** Opens a terminal of this size with a plain shell in it. */
export function openTmux(columns: number, rows: number): Tmux {
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-tmux-'));
  const socket = path.join(folder, 'socket');
  const tmux = (...args: readonly string[]): string => {
    const done = spawnSync('tmux', ['-f', '/dev/null', '-S', socket, ...args], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        LANG: 'C.UTF-8',
        COLORTERM: 'truecolor',
      },
    });
    if (done.error !== undefined) throw done.error;
    return done.stdout;
  };
  const shell = 'bash --norc --noprofile -i';
  tmux('new-session', '-d', '-s', 'test', '-x', `${columns}`, '-y', `${rows}`, shell);
  const screen = (): string => tmux('capture-pane', '-p', '-t', 'test');
  return {
    line: (text) => void tmux('send-keys', '-t', 'test', text, 'Enter'),
    press: (...keys) => void tmux('send-keys', '-t', 'test', ...keys),
    screen,
    async until(wanted, limitSeconds = 20) {
      const found = await waitUntil(
        `${String(wanted)} on the terminal`,
        limitSeconds,
        async () => {
          const text = screen();
          return (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) ? text : undefined;
        },
        0.05,
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}:\n${screen()}`, {cause: error});
      });
      return found;
    },
    paste(text) {
      tmux('set-buffer', '-b', 'pasted', text);
      tmux('paste-buffer', '-p', '-b', 'pasted', '-t', 'test');
    },
    resize: (newColumns, newRows) =>
      void tmux('resize-window', '-t', 'test', '-x', `${newColumns}`, '-y', `${newRows}`),
    record() {
      const file = path.join(folder, 'record');
      writeFileSync(file, '');
      tmux('pipe-pane', '-t', 'test', `exec cat >> '${file}'`);
      return () => readFileSync(file, 'latin1');
    },
    fact: (name) => tmux('display-message', '-p', '-t', 'test', `#{${name}}`).trim(),
    close: () => void tmux('kill-pane', '-t', 'test'),
    end() {
      tmux('kill-server');
      // A program that ends may still write there.
      rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
    },
  };
}
