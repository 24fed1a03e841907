import {compareTimeLeft} from '../../../domain/reclaim/time-left.js';
import type {CloudState, WatchRow} from './state.js';

export type Sort = {readonly column: 'left' | 'deleted' | 'name'; readonly isDescending: boolean};
export const BY_TIME_LEFT: Sort = {column: 'left', isDescending: false};
export const NEWEST_FIRST: Sort = {column: 'deleted', isDescending: true};

export function isSameSort(one: Sort, other: Sort): boolean {
  return one.column === other.column && one.isDescending === other.isDescending;
}
export function nextSort({column}: Sort): Sort {
  return column === 'left'
    ? NEWEST_FIRST
    : column === 'deleted'
      ? {column: 'name', isDescending: false}
      : BY_TIME_LEFT;
}
export function turned(sort: Sort): Sort {
  return {...sort, isDescending: !sort.isDescending};
}
export function compareRows(
  {column, isDescending}: Sort,
  _clouds: readonly CloudState[],
): (one: WatchRow, other: WatchRow) => number {
  const sign = isDescending ? -1 : 1;
  const time = ({listed: {deleted}}: WatchRow) => ('time' in deleted ? deleted.time : 0);
  switch (column) {
    case 'left':
      return (one, other) => sign * compareTimeLeft(one.listed.standing, other.listed.standing);
    case 'deleted':
      return (one, other) => sign * (time(one) - time(other));
    case 'name':
      return (one, other) => sign * (one.listed.server.name < other.listed.server.name ? -1 : 1);
  }
}
