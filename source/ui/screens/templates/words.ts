import {replaces, type PlacedFile} from '../../../app/template/place-files.js';
import type {PreviewedFile, Written} from '../../../app/template/preview.js';
import {splitHeader} from '../../../app/template/header.js';
import {countOf} from '../../../text/elapsed.js';
import {lineDiff, type DiffLine} from '../../../text/line-diff.js';
import type {AnySign} from '../../meaning.js';

/** What became of files, in a few words: `2 files written to ./kolla-config, 1 as it was`. */
export function writtenHeadline({written, placed, folder}: Written): string {
  const rest = placed.length - written.size;
  const same = rest === 0 ? '' : `, ${rest} as wanted already`;
  return `${countOf(written.size, 'file')} written to ${folder}${same}`;
}

/** How a file stands to what is on disk, as a sign of the list: `+` new, `~` differs. */
export function fileSign({state}: PlacedFile): '+' | '~' | AnySign {
  switch (state) {
    case 'new':
      return '+';
    case 'values':
    case 'by-hand':
    case 'mode':
      return '~';
    case 'none':
    case 'version':
      return 'ok';
    case 'refused':
      return 'failed';
  }
}

/** The same in words, behind its name. */
export function fileWords(file: PlacedFile): string {
  switch (file.state) {
    case 'new':
      return 'new';
    case 'none':
      return 'exists, as wanted';
    case 'version':
      return 'exists, as wanted; another version made it';
    case 'mode':
      return 'exists, the right text with the wrong mode';
    case 'values':
      return `exists, ${differenceWords(file)}`;
    case 'by-hand':
      return `exists, ${differenceWords(file)}`;
    case 'refused':
      return file.standing.kind === 'refused' ? file.standing.reason : 'cannot be written';
  }
}

/** Who made the file that would be replaced. */
export function replacedWords(file: PlacedFile): string {
  if (file.state === 'by-hand') {
    const isTold = file.file.format.comment !== undefined;
    return isTold
      ? `changed by hand, or not made from a template; ${differenceWords(file)}`
      : differenceWords(file);
  }
  if (file.state === 'version') return 'made by another version, otherwise the same';
  return replaces(file) ? `made with other values; ${differenceWords(file)}` : fileWords(file);
}

/** Lines without the header: what a reader of the file sees. */
export function differenceOf({file, standing}: PlacedFile): readonly DiffLine[] {
  if (standing.kind !== 'file') return [];
  return lineDiff(splitHeader(standing.text).body, splitHeader(file.text).body, Infinity);
}

/** `1 line differs`; comments are not counted. */
function differenceWords(one: PlacedFile): string {
  const comment = commentSign(one);
  const real = differenceOf(one).filter(
    ({kind, text}) =>
      kind !== 'same' &&
      text.trim() !== '' &&
      (comment === undefined || !text.trimStart().startsWith(comment)),
  );
  const count = (kind: DiffLine['kind']): number => real.filter((line) => line.kind === kind).length;
  const lines = Math.max(count('removed'), count('added'));
  return lines === 0 ? 'only comments differ' : countOf(lines, 'line differs', 'lines differ');
}

/** What begins a comment in the language of a file. */
export function commentSign({file}: Pick<PreviewedFile, 'file'>): string | undefined {
  const [first] = file.format.comment?.('').trim().split(/\s/) ?? [];
  return first === '' ? undefined : first;
}
