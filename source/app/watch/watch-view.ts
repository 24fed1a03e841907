/** What the list of a watch can show of a server. The names are those of the profile. */
export const COLUMN_IDS = [
  'cloud',
  'name',
  'id',
  'project',
  'user',
  'host',
  'flavor',
  'deleted',
  'left',
  'fuse',
  'state',
  'reason',
  'locked',
] as const;

export type ColumnId = (typeof COLUMN_IDS)[number];

/** What a list can be sorted by: the fuse says the same as the time left. */
export const SORT_IDS = COLUMN_IDS.filter((id) => id !== 'fuse');

export type SortId = Exclude<ColumnId, 'fuse'>;

/** The order of a list. Servers of which its column says nothing come last either way. */
export type Sort = {readonly column: SortId; readonly direction: 'ascending' | 'descending'};
