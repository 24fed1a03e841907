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

/** What becomes of a volume. `short`: where its name would be cut for the words. */
type Fate = {readonly sign?: Span; readonly words: string; readonly short: string};

/** Volumes one below the other: sign, name, size and what becomes of each, cut to so many cells. */
export function volumeTable(
  volumes: readonly ServerVolume[],
  fateOf: (volume: ServerVolume) => Fate,
  width: number,
  signs: Signs,
): readonly Line[] {
  const rows = volumes.map((volume) => ({
    name: sanitize(volumeName(volume)),
    size: volume.sizeGib === undefined ? signs.unknown : formatDisk(volume.sizeGib),
    ...fateOf(volume),
  }));
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(cellWidth));
  const [nameCells, sizeCells] = [widest(rows.map(({name}) => name)), widest(rows.map(({size}) => size))];
  const signCells = rows.some((row) => row.sign !== undefined) ? 2 : 0;
  const roomBeside = (words: readonly string[]) => width - signCells - 2 - sizeCells - 2 - widest(words);
  const isWhole = nameCells <= roomBeside(rows.map(({words}) => words));
  const ends = rows.map(({words, short}) => (isWhole ? words : short));
  const cells = Math.min(nameCells, Math.max(4, roomBeside(ends)));
  return rows.map((row, index) => [
    ...(row.sign === undefined ? [] : [row.sign, ' ']),
    padToCells(cutToCells(row.name, cells), cells),
    `  ${padToCells(row.size, sizeCells, 'right')}  `,
    ends[index] ?? '',
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
        return {sign: sign(signs, 'unknown'), words: 'Nova does not say', short: 'unknown'};
      return isDeletedWithServer
        ? {sign: sign(signs, 'warning'), words: 'deleted with it', short: 'deleted'}
        : {sign: sign(signs, 'waiting'), words: 'stays, detached', short: 'stays'};
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
