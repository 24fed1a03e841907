import {decodeLines, rowsOf} from './decode-lines.js';
import {
  LOG_WORDS,
  type LogLine,
  type LogSign,
  type LogWord,
  type NodeSigns,
  type UnitLog,
} from './node-signs.js';

/**
 * Reads what `signs.sh` printed among the facts. Words that are not known are left aside, and so is what is odd: signs
 * explain, and nothing is decided by them alone.
 *
 * Throws `Error` where the output is not the program's, or was cut.
 */
export function decodeSigns(stdout: Uint8Array): NodeSigns {
  const lines = decodeLines(stdout, 'facts');
  const zoneMs = zoneOf(rowsOf(lines, 'zone')[0]?.[0]);
  const texts = (key: string) => rowsOf(lines, key).map((fields) => fields.join('\t'));
  return {
    logs: rowsOf(lines, 'log').map(([unit = '', ...place]): UnitLog => ({
      unit,
      place: withoutDot(place.join('\t')),
      signs: decodeLog(
        rowsOf(lines, 'sign').filter(([name]) => name === unit),
        zoneMs,
      ),
    })),
    daemons: [...new Set(texts('daemon'))],
    tracking: texts('tracking'),
    denied: rowsOf(lines, 'denied').map(([unit = '', ...path]) => ({
      unit,
      path: withoutDot(path.join('\t')),
    })),
    open: texts('open').map(withoutDot),
    marks: rowsOf(lines, 'mark').map(([path = '', ...line]) => ({
      path: withoutDot(path),
      line: line.join('\t').trim(),
    })),
  };
}

/** Two rows for each kind: `first` and `last`, with the count. */
function decodeLog(rows: readonly (readonly string[])[], zoneMs: number | undefined): readonly LogSign[] {
  const signs: LogSign[] = [];
  const firsts = new Map<LogWord, LogLine>();
  for (const [, found, end, count, ...rest] of rows) {
    const word = LOG_WORDS.find((one) => one === found?.replaceAll('_', '-'));
    if (word === undefined) continue;
    const line = decodeLine(rest.join('\t'), zoneMs);
    if (end === 'first') firsts.set(word, line);
    else signs.push({word, count: Number(count) || 1, first: firsts.get(word) ?? line, last: line});
  }
  return signs;
}

/** As the journal writes it, `1795373765.123456 host nova-compute[7]: …`, or as oslo.log does, in the node's zone. */
function decodeLine(line: string, zoneMs: number | undefined): LogLine {
  const epoch = /^(\d{9,11}\.\d+) \S+ (.*)$/s.exec(line);
  if (epoch !== null) return {text: epoch[2] ?? '', time: Number(epoch[1]) * 1000};
  const local = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,](\d{1,3}))?/.exec(line);
  const utc =
    local === null ? Number.NaN : Date.parse(`${local[1]}T${local[2]}.${(local[3] ?? '0').padEnd(3, '0')}Z`);
  return {text: line, time: zoneMs === undefined || Number.isNaN(utc) ? undefined : utc - zoneMs};
}

/** `+0130` in milliseconds. */
function zoneOf(text: string | undefined): number | undefined {
  const found = /^([+-])(\d\d)(\d\d)$/.exec(text ?? '');
  if (found === null) return undefined;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === '-' ? -minutes : minutes) * 60_000;
}

function withoutDot(path: string): string {
  return path.replace(/^\.(?=\/)/, '');
}
