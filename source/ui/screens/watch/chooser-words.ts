import type {ColumnId} from '../../../app/watch/watch-view.js';
import type {Chooser} from './state.js';

/** What a column has, in a few words. */
export const COLUMN_WORDS: Readonly<Record<ColumnId, string>> = {
  cloud: 'the cloud that it is in',
  name: 'its name',
  id: 'its id, the beginning where there is no room',
  project: 'the project that it is of',
  user: 'who made it',
  host: 'the compute host that has its disk',
  flavor: 'its flavor',
  deleted: 'when it was deleted',
  left: 'how long it has left',
  fuse: 'the same as a bar, or why there is no time',
  state: 'waiting, due, overdue, stuck',
  reason: 'why it stands as it does',
  locked: 'whether it is locked',
};

/** The columns for a screen reader: a sentence each. */
export function chooserSentences({order, shown, list, isUsual, problem}: Chooser): readonly string[] {
  return [
    `Columns. ${shown.size} of ${order.length} are shown.`,
    ...(isUsual ? ['They are those that are usual for the window.'] : []),
    ...(problem === undefined ? [] : [problem]),
    ...order.map((id, index) => {
      const selected = id === list.cursor ? 'Selected: ' : '';
      // By its neighbour, not by a number, so that a move is heard.
      const before = order[index - 1];
      const place = before === undefined ? 'first' : `after ${before}`;
      return `${selected}${id}, ${COLUMN_WORDS[id]}, ${shown.has(id) ? 'shown' : 'not shown'}, ${place}.`;
    }),
  ];
}
