import {decode, encodedLength} from './bytes.js';
import type {Encoding, Line} from './document.js';
import {strip, stripEnd, stripStart} from './python-text.js';

/** A section header that oslo.config takes. `name` is exactly what is between the brackets. */
export type Header = {readonly name: string; readonly line: Line};

/** One `key = value` with all its continuation lines. Offsets count bytes from the start of the file. */
export type Assignment = {
  readonly group: string;
  readonly key: string;
  /** What oslo.config gives to the option: quotes removed, continuations joined with newlines. */
  readonly raw: string;
  readonly firstLine: Line;
  readonly lastLine: Line;
  /** Just after the `=` or `:`. */
  readonly separatorEnd: number;
  /** The value on the first line, with its quotes, without the white space around it. */
  readonly valueStart: number;
  readonly valueEnd: number;
};

/** Why oslo.config refuses a file (ConfigFileParseError). */
export type ParseFailure = {readonly line: number; readonly reason: string};

type Open = Omit<Assignment, 'raw' | 'lastLine'> & {values: string[]; lastLine: Line};

/**
 * oslo.config's rules (oslo_config/iniparser.py, `BaseParser.parse`; oslo_config/cfg.py, `ConfigParser`),
 * up to the first line that it refuses. `breaks` holds indexes of lines that follow a run of comments or
 * blank lines which is not in `lines`; such a run ends a value.
 */
export function parseLines(
  lines: readonly Line[],
  breaks: ReadonlySet<number>,
  encoding: Encoding,
): {headers: Header[]; assignments: Assignment[]; failure: ParseFailure | undefined} {
  const headers: Header[] = [];
  const assignments: Assignment[] = [];
  let group: string | undefined;
  let open: Open | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const {values, ...rest} = open;
    assignments.push({...rest, raw: values.join('\n')});
    open = undefined;
  };
  const refuse = (line: Line, reason: string) => ({
    headers,
    assignments,
    failure: {line: line.number, reason},
  });

  for (const [index, line] of lines.entries()) {
    if (breaks.has(index)) close();
    const first = line.text.charCodeAt(0);
    if (first === 0x23 || first === 0x3b) {
      close();
      continue;
    }
    const text = stripEnd(decode(line.text, encoding));
    if (text === '') {
      close();
    } else if (text.startsWith(' ') || text.startsWith('\t')) {
      if (open === undefined) {
        return refuse(line, 'the line is indented, so it continues a value, but there is none to continue');
      }
      open.values.push(stripStart(text));
      open.lastLine = line;
    } else if (text.startsWith('[')) {
      close();
      if (!text.endsWith(']')) return refuse(line, 'a section header must end with ]');
      if (text.length <= 2) return refuse(line, 'the section has no name');
      group = text.slice(1, -1);
      headers.push({name: group, line});
    } else {
      close();
      const separator = text.search(/[=:]/);
      if (separator === -1) return refuse(line, 'neither = nor : is in the line');
      const key = strip(text.slice(0, separator));
      if (key === '') return refuse(line, 'there is no option name before the = or :');
      if (group === undefined) return refuse(line, 'an option stands before the first section header');
      open = {group, key, firstLine: line, lastLine: line, ...readValue(text, separator, line, encoding)};
    }
  }
  close();
  return {headers, assignments, failure: undefined};
}

function readValue(text: string, separator: number, line: Line, encoding: Encoding) {
  const value = strip(text.slice(separator + 1));
  const leading = text.length - separator - 1 - stripStart(text.slice(separator + 1)).length;
  const separatorEnd = line.offset + encodedLength(text.slice(0, separator + 1), encoding);
  const valueStart =
    separatorEnd + encodedLength(text.slice(separator + 1, separator + 1 + leading), encoding);
  const isQuoted = (value.startsWith('"') || value.startsWith("'")) && value.at(-1) === value[0];
  return {
    values: [isQuoted ? value.slice(1, -1) : value],
    separatorEnd,
    valueStart,
    valueEnd: valueStart + encodedLength(value, encoding),
  };
}

/**
 * The name under which oslo.config finds a section: DEFAULT as it is, all others in lower case
 * (oslo_config/cfg.py, `_normalize_group_name`), so that `[default]` is not `[DEFAULT]`.
 */
export function normalizeGroup(name: string): string {
  return name === 'DEFAULT' ? name : name.toLowerCase();
}

/** All assignments of an option in file order; the last one counts. */
export function assignmentsOf(
  assignments: readonly Assignment[],
  group: string,
  option: string,
): Assignment[] {
  const wanted = normalizeGroup(group);
  return assignments.filter((one) => one.key === option && normalizeGroup(one.group) === wanted);
}
