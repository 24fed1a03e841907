import {nearestNames} from '../../domain/nearest-names.js';
import {UserError} from '../errors.js';
import {parseFilter} from './row-filter.js';

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

/** How a person has the list, as the section `watch` of the profile keeps it; undefined: as it is for everybody. */
export type WatchView = {
  readonly columns: readonly ColumnId[] | undefined;
  readonly sort: Sort | undefined;
  readonly filter: string | undefined;
};

/** What a section of a profile holds, by key, each with its place for messages, `FILE:LINE`. */
export type Section = ReadonlyMap<string, {readonly value: unknown; readonly place: string}>;

/**
 * The view that a section `watch` holds: `columns` a list of names, `sort` the name of a column, with a minus in front
 * where it is descending, `filter` as it is typed. Throws `UserError` (usage) with the place and what is allowed.
 */
export function readWatchView(section: Section): WatchView {
  const held = (key: keyof WatchView) => {
    const one = section.get(key);
    if (one === undefined || (one.value ?? '') === '') return undefined;
    return {value: one.value, where: `profile ${one.place}: watch.${key}`};
  };
  const [columns, sort, filter] = [held('columns'), held('sort'), held('filter')];
  return {
    columns: columns === undefined ? undefined : columnsOf(columns.value, columns.where),
    sort: sort === undefined ? undefined : sortOf(textOf(sort.value, sort.where), sort.where),
    filter: filter === undefined ? undefined : filterOf(textOf(filter.value, filter.where), filter.where),
  };
}

/** The same as the values of that section; undefined takes one out of it. */
export function viewSettings({
  columns,
  sort,
  filter,
}: WatchView): Readonly<Record<keyof WatchView, string | readonly string[] | undefined>> {
  return {
    columns,
    sort: sort === undefined ? undefined : `${sort.direction === 'descending' ? '-' : ''}${sort.column}`,
    filter: filter === '' ? undefined : filter,
  };
}

function columnsOf(value: unknown, where: string): readonly ColumnId[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : textOf(value, where).split(',');
  const names = items.map((item) => textOf(item, where).trim());
  if (names.length === 0) throw new UserError('usage', `${where}: it names no column`);
  return [...new Set(names.map((name) => known(name, COLUMN_IDS, where)))];
}

function sortOf(text: string, where: string): Sort {
  const isDescending = text.startsWith('-');
  const column = known(isDescending ? text.slice(1) : text, SORT_IDS, where);
  return {column, direction: isDescending ? 'descending' : 'ascending'};
}

function filterOf(text: string, where: string): string {
  const filter = parseFilter(text);
  if ('problem' in filter) throw new UserError('usage', `${where}: ${filter.problem}`);
  return text;
}

function known<Id extends string>(name: string, ids: readonly Id[], where: string): Id {
  const id = ids.find((one) => one === name);
  if (id !== undefined) return id;
  const [near] = nearestNames(name, ids, 1);
  throw new UserError('usage', `${where}: there is no column "${name}": ${ids.join(', ')}`, {
    ...(near === undefined ? {} : {remedy: `did you mean ${near}?`}),
  });
}

function textOf(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UserError('usage', `${where}: a text is wanted`);
}
