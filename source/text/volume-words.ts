import type {PurgeLosses, ServerVolume} from '../app/purge/losses.js';
import {cellWidth, cutToCells, padToCells} from './cells.js';
import {countOf} from './elapsed.js';
import type {Line, Span} from './line.js';
import {signed} from './paragraph.js';
import {sanitize} from './sanitize.js';
import {sign, type Signs} from './signs.js';
import {formatDisk} from './sizes.js';

/** What a volume is called: its name, else what is known of it. */
export function volumeName({id, name, isBoot}: ServerVolume): string {
  return name ?? (isBoot ? 'boot' : `volume ${id.slice(0, 8)}`);
}

/** Volumes one below the other: sign, name, size and what becomes of each, cut to so many cells. */
export function volumeTable(
  volumes: readonly ServerVolume[],
  fateOf: (volume: ServerVolume) => {readonly sign?: Span; readonly words: string},
  width: number,
  signs: Signs,
): readonly Line[] {
  const rows = volumes.map((volume) => ({
    name: sanitize(volumeName(volume)),
    size: volume.sizeGib === undefined ? signs.unknown : formatDisk(volume.sizeGib),
    ...fateOf(volume),
  }));
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(cellWidth));
  const [sizes, words] = [widest(rows.map(({size}) => size)), widest(rows.map((row) => row.words))];
  const hasSigns = rows.some((row) => row.sign !== undefined);
  const room = Math.max(4, width - (hasSigns ? 2 : 0) - 2 - sizes - 2 - words);
  const names = Math.min(widest(rows.map(({name}) => name)), room);
  return rows.map((row) => [
    ...(row.sign === undefined ? [] : [row.sign, ' ']),
    padToCells(cutToCells(row.name, names), names),
    `  ${padToCells(row.size, sizes, 'right')}  `,
    row.words,
  ]);
}

/** What a purge of one server does to its volumes, for its dialog: what is lost first. */
export function lossLines(
  {deleted, kept, unclear}: PurgeLosses,
  width: number,
  signs: Signs,
): readonly Line[] {
  return volumeTable(
    [...deleted, ...unclear, ...kept],
    ({isDeletedWithServer}) => {
      if (isDeletedWithServer === undefined)
        return {sign: sign(signs, 'unknown'), words: 'Nova does not say'};
      return isDeletedWithServer
        ? {sign: sign(signs, 'warning'), words: 'deleted with it'}
        : {sign: sign(signs, 'waiting'), words: 'stays, detached'};
    },
    width,
    signs,
  );
}

/** The same of several servers, in numbers. */
export function lossSummary(
  {deleted, kept, unclear, deletedGib}: PurgeLosses,
  width: number,
  signs: Signs,
): readonly Line[] {
  const size = deletedGib === undefined ? ' of unknown size' : `, ${formatDisk(deletedGib)},`;
  const kind = deleted.every(({isBoot}) => isBoot) ? 'boot volume' : 'volume';
  const be = (count: number, one: string, many: string) => (count === 1 ? one : many);
  return [
    ...(deleted.length === 0
      ? []
      : signed(
          sign(signs, 'warning'),
          `${countOf(deleted.length, kind)}${size} ${be(deleted.length, 'is', 'are')} deleted with them`,
          0,
          width,
        )),
    ...(unclear.length === 0
      ? []
      : signed(
          sign(signs, 'unknown'),
          `Nova does not say what becomes of ${countOf(unclear.length, 'volume')}`,
          0,
          width,
        )),
    ...(kept.length === 0
      ? []
      : signed(
          sign(signs, 'waiting'),
          `${countOf(kept.length, 'volume')} ${be(kept.length, 'stays', 'stay')}, detached`,
          0,
          width,
        )),
  ];
}
