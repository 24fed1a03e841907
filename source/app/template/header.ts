import {oneLine} from '../../domain/template/characters.js';
import type {Format} from '../../domain/template/format.js';
import type {TemplateValues} from '../../domain/template/value.js';
import type {Digest} from './template-ports.js';

/** What made a file. */
export type Maker = {readonly version: string; readonly template: string; readonly values: TemplateValues};

const MADE = 'Made by reprieve';
const DIGEST = /Digest of the lines below: sha256:([0-9a-f]{64})/;

/**
 * A file with its header: what made it, its values and a digest of what follows, so that a change by hand is seen. It
 * comes after first lines that must stay the first ones. A language without comments has none.
 */
export function withHeader(body: string, format: Format, maker: Maker, digest: Digest): string {
  const {comment, remark} = format;
  if (comment === undefined) return body;
  const [first, rest] = parted(body, format);
  const given = Object.entries(maker.values).filter(([, value]) => value !== undefined);
  const lines = [
    `${MADE} ${oneLine(maker.version)} from the template ${oneLine(maker.template)}; render it again rather than change it.`,
    ...given.map(([name, value]) => `  ${name}: ${oneLine(JSON.stringify(value))}`),
    `Digest of the lines below: sha256:${digest(rest)}`,
  ];
  return `${first}${lines.map((line) => `${comment(remark(line))}\n`).join('')}${rest}`;
}

/** The template that made a file, by the beginning of its text; undefined where it has no header of ours. */
export function makerOf(beginning: string): string | undefined {
  return /Made by reprieve \S+ from the template ([\w.-]+);/.exec(beginning)?.[1];
}

/** A file in two: its header, and everything else as it was in the template. Without a header all of it is the latter. */
export function splitHeader(text: string): {readonly header: readonly string[]; readonly body: string} {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.includes(`${MADE} `));
  const last = lines.findIndex((line) => DIGEST.test(line));
  if (first === -1 || last < first) return {header: [], body: text};
  return {header: lines.slice(first, last + 1), body: lines.toSpliced(first, last + 1 - first).join('\n')};
}

/** How a file on disk stands to the one that would be written. `version`: only the version that made it is another. */
export type Difference = 'none' | 'version' | 'by-hand' | 'values';

/** Compares a file with the one that would be written in its place. */
export function compareFiles(found: string, wanted: string, digest: Digest): Difference {
  if (found === wanted) return 'none';
  if (withoutVersion(found) === withoutVersion(wanted)) return 'version';
  const told = DIGEST.exec(found);
  if (told === null) return 'by-hand';
  const end = found.indexOf('\n', told.index);
  return digest(found.slice(end + 1)) === told[1] ? 'values' : 'by-hand';
}

function withoutVersion(text: string): string {
  return text.replace(new RegExp(`(${MADE}) \\S+`), '$1');
}

function parted(body: string, {firstLine}: Format): readonly [string, string] {
  let start = 0;
  if (firstLine === undefined) return ['', body];
  for (let end = body.indexOf('\n'); end !== -1; end = body.indexOf('\n', start)) {
    if (!firstLine.test(body.slice(start, end))) break;
    start = end + 1;
  }
  return [body.slice(0, start), body.slice(start)];
}
