/** The built program in a real terminal, started from a shell as a person does. */
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {shellQuote} from '../../source/domain/shell-quote.js';
import {programWords} from './program.js';
import type {TestContext} from './test-context.js';
import {openTmux, type Tmux} from './tmux.js';

/** No dialog or step takes a key within 300 ms of its coming. */
const HELD_MS = 400;
/** Long enough that a terminal does not hand over two keys as one chunk. */
const BETWEEN_MS = 60;

export type TmuxProgram = Tmux & {
  /** Types the command with these arguments; its exit code is said when it ends. */
  start(...args: readonly string[]): void;
  /** Presses keys one after the other, each when it counts, then waits for a text. */
  step(keys: readonly string[], wanted: string | RegExp): Promise<string>;
  /** The program's process. */
  pid(): number;
  /** Sends a signal to the program alone; the shell that started it gets none. */
  signal(name: NodeJS.Signals): void;
  /** Waits until the program has ended with this code, and gives the screen. */
  left(code: number | string): Promise<string>;
  /** Whether the shell has its own screen back, with a cursor, and shows again what is typed. */
  isClean(): Promise<boolean>;
};

export type TmuxProgramOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly env: Readonly<Record<string, string>>;
  /** How long a text may take to come. */
  readonly limitSeconds?: number;
};

/** Opens a terminal for the program with nothing of this process's environment but PATH; it ends with the test. */
export async function openTmuxProgram(
  t: TestContext,
  {columns = 80, rows = 24, env, limitSeconds = 60}: TmuxProgramOptions,
): Promise<TmuxProgram> {
  const tmux = openTmux(columns, rows);
  t.teardown(() => tmux.end());
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-terminal-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  const script = path.join(folder, 'reprieve');
  const variables = Object.entries({LANG: 'C.UTF-8', PATH: process.env['PATH'] ?? '', ...env}).map(
    ([name, value]) => shellQuote(`${name}=${value}`),
  );
  const words = programWords([]).map((word) => shellQuote(word));
  const command = ['exec env -i "TERM=$TERM" COLORTERM=truecolor', ...variables, ...words, '"$@"'];
  writeFileSync(script, `${command.join(' ')}\n`);
  await tmux.until(/[$#]\s*$/);
  const until: Tmux['until'] = async (wanted, limit = limitSeconds) => tmux.until(wanted, limit);
  /** The shell's only child: it has become the program. */
  const pid = (): number => {
    const shell = tmux.fact('pane_pid');
    const children = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim();
    if (!/^\d+$/.test(children)) throw new Error(`the shell has not one child but: "${children}"`);
    return Number(children);
  };
  return {
    ...tmux,
    until,
    start: (...args) =>
      tmux.line(
        `clear; sh ${shellQuote(script)} ${args.map((word) => shellQuote(word)).join(' ')}; echo "left with $?"`,
      ),
    async step(keys, wanted) {
      await pause(HELD_MS);
      for (const key of keys) {
        tmux.press(key);
        await pause(BETWEEN_MS);
      }
      return until(wanted);
    },
    pid,
    signal: (name) => void process.kill(pid(), name),
    left: async (code) => until(new RegExp(`^left with ${code}$`, 'm')),
    async isClean() {
      tmux.line('echo "it" "works"');
      const screen = await until(/^it works$/m);
      const isEchoed = screen.includes('echo "it" "works"');
      return isEchoed && tmux.fact('alternate_on') === '0' && tmux.fact('cursor_flag') === '1';
    },
  };
}

/** The keys of a text, one for each character. */
export function typed(text: string): readonly string[] {
  return Array.from(text, (character) => (character === ' ' ? 'Space' : character));
}
