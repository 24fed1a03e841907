import process from 'node:process';
import {PassThrough, Writable} from 'node:stream';
import xterm from '@xterm/headless';

// Each mounted screen listens for the end of the process, and a file of tests mounts many at the same time.
process.setMaxListeners(100);

const LIMIT_MS = 25_000;

/** Bytes of keys that type no character. */
const KEYS: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\u001B',
  tab: '\t',
  'shift-tab': '\u001B[Z',
  space: ' ',
  backspace: '\u007F',
  delete: '\u001B[3~',
  up: '\u001B[A',
  down: '\u001B[B',
  right: '\u001B[C',
  left: '\u001B[D',
  home: '\u001B[H',
  end: '\u001B[F',
  'page-up': '\u001B[5~',
  'page-down': '\u001B[6~',
};

/** One cell of the screen as the emulator has it. A colour is `default`, a number of the palette, or `#rrggbb`. */
export type TerminalCell = {
  readonly text: string;
  readonly colour: string;
  readonly background: string;
  readonly isBold: boolean;
  readonly isInverse: boolean;
  readonly isUnderlined: boolean;
};

/** What the program writes to: a terminal that is one. */
export type TerminalOutput = Writable & {
  isTTY: true;
  columns: number;
  rows: number;
};

/** What the program reads from, in raw mode or not. */
export type TerminalInput = PassThrough & {
  isTTY: true;
  isRaw: boolean;
  setRawMode(isRaw: boolean): TerminalInput;
  ref(): TerminalInput;
  unref(): TerminalInput;
};

/** A terminal in this process: what a person would see and type. */
export type TestTerminal = {
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  /** Presses keys by the names that bindings have, each in a chunk of its own. */
  press(...keys: readonly string[]): Promise<void>;
  /** Sends text in one chunk, as fast typing over a slow line comes. */
  type(text: string): Promise<void>;
  /** Pastes as a terminal with bracketed paste does. */
  paste(text: string): Promise<void>;
  /** The rows of the screen, without spaces at their ends. */
  screen(): readonly string[];
  /** Row and column from 0. */
  cell(row: number, column: number): TerminalCell;
  /** Waits until the screen shows this text, or until this is true of it; gives its rows. */
  until(wanted: string | RegExp | ((rows: readonly string[]) => boolean)): Promise<readonly string[]>;
  /** Waits until what was written is on the screen and nothing more came for some turns of the event loop. */
  settled(): Promise<void>;
  resize(columns: number, rows: number): void;
  /** Everything that was written so far. */
  written(): string;
  /** Whether the alternate screen is shown. */
  isAlternate(): boolean;
  isCursorHidden(): boolean;
};

export type TerminalOptions = {
  readonly columns?: number;
  readonly rows?: number;
  /** What it answers when it is asked for its background (OSC 11): `rgb:1010/1414/1a1a`. No answer where not said. */
  readonly background?: string;
};

/** Opens a terminal of this size; 80x24 where not said. */
export function openTerminal({columns = 80, rows = 24, background}: TerminalOptions = {}): TestTerminal {
  // A newline goes to the first column too, as the system's terminals have it.
  const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, convertEol: true});
  const listeners = new Set<() => void>();
  let pending = 0;
  let written = '';
  let isCursorHidden = false;

  const stdout: TerminalOutput = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        written += chunk.toString();
        pending++;
        emulator.write(chunk, () => {
          pending--;
          for (const listener of listeners) listener();
        });
        done();
      },
    }),
    {isTTY: true as const, columns, rows},
  );
  const stdin = makeInput();
  const send = async (text: string): Promise<void> => {
    stdin.write(text);
    await turns(2);
  };
  if (background !== undefined) {
    emulator.parser.registerOscHandler(11, (data) => {
      if (data === '?') stdin.write(`\u001B]11;${background}\u001B\\`);
      return true;
    });
  }
  for (const [final, hides] of [
    ['l', true],
    ['h', false],
  ] as const) {
    emulator.parser.registerCsiHandler({prefix: '?', final}, (parameters) => {
      if (parameters.includes(25)) isCursorHidden = hides;
      return false;
    });
  }
  const screen = (): readonly string[] =>
    Array.from({length: emulator.rows}, (_, row) => lineText(emulator.buffer.active, row));
  const settled = async (): Promise<void> => {
    for (;;) {
      await turns(4);
      if (pending === 0) return;
    }
  };

  return {
    stdin,
    stdout,
    async press(...keys) {
      for (const key of keys) {
        await send(bytesOf(key));
        // A lone escape could be the start of a sequence: who reads it waits for the rest.
        if (key === 'esc') await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    type: send,
    paste: async (text) => send(`\u001B[200~${text}\u001B[201~`),
    screen,
    cell: (row, column) => cellAt(emulator.buffer.active, row, column),
    settled,
    async until(wanted) {
      const isThere = (): boolean => matches(wanted, screen());
      if (pending === 0 && isThere()) return screen();
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          listeners.delete(look);
          reject(new Error(`the screen never showed ${String(wanted)}:\n${screen().join('\n')}`));
        }, LIMIT_MS);
        const look = (): void => {
          if (pending > 0 || !isThere()) return;
          clearTimeout(timer);
          listeners.delete(look);
          resolve(screen());
        };
        listeners.add(look);
        look();
      });
    },
    resize(newColumns, newRows) {
      emulator.resize(newColumns, newRows);
      Object.assign(stdout, {columns: newColumns, rows: newRows});
      stdout.emit('resize');
    },
    written: () => written,
    isAlternate: () => emulator.buffer.active.type === 'alternate',
    isCursorHidden: () => isCursorHidden,
  };
}

function makeInput(): TerminalInput {
  const input: TerminalInput = Object.assign(new PassThrough(), {
    isTTY: true as const,
    isRaw: false,
    setRawMode(isRaw: boolean) {
      input.isRaw = isRaw;
      return input;
    },
    ref: () => input,
    unref: () => input,
  });
  return input;
}

function bytesOf(key: string): string {
  const control = /^ctrl-([a-z])$/.exec(key)?.[1];
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) - 0x60);
  return KEYS[key] ?? key;
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function matches(
  wanted: string | RegExp | ((rows: readonly string[]) => boolean),
  rows: readonly string[],
): boolean {
  if (typeof wanted === 'function') return wanted(rows);
  const text = rows.join('\n');
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}

function lineText(buffer: xterm.IBuffer, row: number): string {
  return (
    buffer
      .getLine(buffer.viewportY + row)
      ?.translateToString(true)
      .trimEnd() ?? ''
  );
}

function cellAt(buffer: xterm.IBuffer, row: number, column: number): TerminalCell {
  const cell = buffer.getLine(buffer.viewportY + row)?.getCell(column);
  if (cell === undefined) throw new Error(`there is no cell at row ${row}, column ${column}`);
  const colourOf = (isDefault: boolean, isRgb: boolean, value: number): string => {
    if (isDefault) return 'default';
    return isRgb ? `#${value.toString(16).padStart(6, '0')}` : String(value);
  };
  return {
    text: cell.getChars() || ' ',
    colour: colourOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    background: colourOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    isBold: cell.isBold() !== 0,
    isInverse: cell.isInverse() !== 0,
    isUnderlined: cell.isUnderline() !== 0,
  };
}
