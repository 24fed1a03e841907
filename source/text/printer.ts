import {cutToCells} from './cells.js';
import {safeJson} from './json.js';
import {renderLine, type Line} from './line.js';
import {sanitize} from './sanitize.js';

/** A place to write to. */
export type Sink = {
  readonly write: (text: string) => void;
  /** Waits until what was written is taken; absent where writing waits by itself. */
  readonly drained?: () => Promise<void>;
  readonly hasColour: boolean;
  /** Cells in a line of the terminal; undefined where it is none. */
  readonly columns: number | undefined;
};

/** What a command prints with. Foreign text may be handed over as it is: everything is sanitised. */
export type Printer = {
  readonly isJson: boolean;
  /** Cells in a line of stdout; undefined where it is no terminal, and nothing is to be cut. */
  readonly columns: number | undefined;
  /** A line for people on stdout; nothing where JSON was asked for. */
  line(line?: Line): void;
  lines(lines: readonly Line[]): void;
  /**
   * A file's text on stdout as it is, for whoever reads it; on a terminal without what that would obey. Nothing where
   * JSON was asked for.
   */
  text(text: string): void;
  /** A JSON document, or one of many, on a line of its own on stdout; nothing without `--json`. */
  json(value: unknown): void;
  /** Many of them. */
  jsonLines(values: readonly unknown[]): void;
  /** Waits until stdout was read as far as it is written: who prints much would hold it all in memory else. */
  drained(): Promise<void>;
  /** A line on stderr, for people, in both modes. */
  notice(line: Line): void;
  /**
   * How far something is. On a terminal one line that is overwritten; elsewhere a line at the start, at every
   * tenth, and at the end. Nothing with JSON.
   */
  progress(figures: ProgressFigures): void;
  /** Takes the progress line off the terminal. */
  clearProgress(): void;
  /** Whether a progress line is overwritten, so that it can show the time passing. */
  readonly isProgressLive: boolean;
  /** Leaves the terminal to a question: what is printed meanwhile comes when the answer is there. */
  whileAsking<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
};

/** How many of how many, of what; `detail` goes before it and may change all the time. */
export type ProgressFigures = {
  readonly detail?: string;
  readonly label: string;
  readonly done: number;
  readonly total: number;
};

/** What a printer writes to and how. */
export type PrinterOptions = {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly isJson: boolean;
  /** Whether the progress line may be overwritten: stderr is a terminal that can. */
  readonly canOverwrite: boolean;
};

/** Lines that are written at once: each write costs more than many lines do. */
const AT_ONCE = 500;

const CLEAR_LINE = '\r\u001B[2K';

/** Makes a printer. */
export function createPrinter({stdout, stderr, isJson, canOverwrite}: PrinterOptions): Printer {
  let shown: string | undefined;
  let lastTenth: string | undefined;
  let questions = 0;
  let heldBack: (() => void)[] = [];

  /** Everything else is written without the progress line, which comes back below it. */
  const write = (sink: Sink, text: string): void => {
    if (questions > 0) {
      heldBack.push(() => write(sink, text));
      return;
    }
    if (shown !== undefined) stderr.write(CLEAR_LINE);
    sink.write(text);
    if (shown !== undefined) stderr.write(shown);
  };

  const writeAll = <Value>(values: readonly Value[], textOf: (value: Value) => string): void => {
    for (let index = 0; index < values.length; index += AT_ONCE) {
      const texts = values.slice(index, index + AT_ONCE).map((value) => `${textOf(value)}\n`);
      write(stdout, texts.join(''));
    }
  };

  const printer: Printer = {
    isJson,
    columns: stdout.columns,
    line(line = '') {
      if (!isJson) write(stdout, `${renderLine(line, stdout.hasColour)}\n`);
    },
    lines(lines) {
      if (!isJson) writeAll(lines, (line) => renderLine(line, stdout.hasColour));
    },
    text(text) {
      if (isJson) return;
      const isSeen = stdout.columns !== undefined;
      write(stdout, isSeen ? text.split('\n').map(visibleLine).join('\n') : text);
    },
    json(value) {
      if (isJson) write(stdout, `${safeJson(value)}\n`);
    },
    jsonLines(values) {
      if (isJson) writeAll(values, safeJson);
    },
    async drained() {
      await stdout.drained?.();
    },
    notice(line) {
      write(stderr, `${renderLine(line, stderr.hasColour)}\n`);
    },
    isProgressLive: canOverwrite && !isJson,
    progress(figures) {
      if (isJson) return;
      if (questions > 0) {
        heldBack.push(() => printer.progress(figures));
        return;
      }
      const {detail, label, done, total} = figures;
      const text = `${detail === undefined ? '' : `${sanitize(detail)}, `}${sanitize(label)} ${done}/${total}`;
      if (canOverwrite) {
        shown = cutToCells(text, (stderr.columns ?? 80) - 1);
        stderr.write(CLEAR_LINE + shown);
        return;
      }
      const tenth = `${label} ${total > 0 ? Math.floor((done * 10) / total) : 10}`;
      if (tenth === lastTenth) return;
      lastTenth = tenth;
      stderr.write(`${text}\n`);
    },
    clearProgress() {
      if (shown !== undefined) stderr.write(CLEAR_LINE);
      shown = undefined;
    },
    async whileAsking(ask) {
      printer.clearProgress();
      questions += 1;
      try {
        return await ask();
      } finally {
        questions -= 1;
        if (questions === 0) {
          const later = heldBack;
          heldBack = [];
          for (const print of later) print();
        }
      }
    },
  };
  return printer;
}

/** Tabs are what they look like. */
function visibleLine(line: string): string {
  return line.split('\t').map(sanitize).join('\t');
}
