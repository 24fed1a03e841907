import type {FilterRow} from './filter-rows.js';
import {safeJson} from './json.js';
import {sanitize} from './sanitize.js';
import {reasonSentence} from './standing-words.js';
import {listedToJson} from './watch-json.js';

/** What a list can be written as. */
export const EXPORT_FORMATS = ['csv', 'json', 'markdown'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * Rows as the text of a file, in their order, with all that is known of them; times are ISO 8601 in UTC, spans
 * seconds. Text of tenants does nothing to a terminal in any of them.
 *
 * - `csv`: RFC 4180 with a line of headings; what a spreadsheet would take for a formula has a `'` in front.
 * - `json`: an array of the objects of `watch --json`, with the names of the cloud, the project and the user. Text is
 *   as the API gave it, escaped where a terminal would obey it.
 * - `markdown`: a table for people; nothing of a tenant's text is markup in it.
 */
export function exportRows(rows: readonly FilterRow[], format: ExportFormat): string {
  switch (format) {
    case 'csv':
      return csv(rows);
    case 'json':
      return json(rows);
    case 'markdown':
      return markdown(rows);
  }
}

/** The headings of CSV: keys of the JSON objects. */
const CSV_COLUMNS = [
  'cloud',
  'id',
  'name',
  'project_id',
  'project_name',
  'user_id',
  'user_name',
  'host',
  'flavor',
  'deleted_at',
  'deleted_at_source',
  'interval',
  'interval_source',
  'due_at',
  'state',
  'reason',
  'cause',
  'status',
  'task_state',
  'locked',
] as const;

function valuesOf({listed, cloud, names}: FilterRow): Readonly<Record<string, unknown>> {
  const {projectId, userId} = listed.server;
  return {
    ...listedToJson('present', listed, cloud),
    project_name: projectId === undefined ? null : (names.projects.get(projectId) ?? null),
    user_name: userId === undefined ? null : (names.users.get(userId) ?? null),
  };
}

function json(rows: readonly FilterRow[]): string {
  if (rows.length === 0) return '[]\n';
  return `[\n${rows.map((row) => safeJson(valuesOf(row))).join(',\n')}\n]\n`;
}

function csv(rows: readonly FilterRow[]): string {
  const lines = rows.map((row) => {
    const values = valuesOf(row);
    return CSV_COLUMNS.map((column) => csvField(values[column])).join(',');
  });
  return [CSV_COLUMNS.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

/** What makes a spreadsheet calculate, also in the wide forms that some take for the same, and behind spaces. */
const FORMULA = /^[\s"']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Texts are always quoted: a spreadsheet that parts cells at semicolons must not find any in them. */
function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value);
  const text = sanitize(value);
  return `"${FORMULA.test(text) ? "'" : ''}${text.replaceAll('"', '""')}"`;
}

const MARKDOWN_COLUMNS: readonly (readonly [string, (row: FilterRow) => string | undefined])[] = [
  ['Cloud', ({cloud}) => cloud],
  ['Name', ({listed}) => listed.server.name],
  ['ID', ({listed}) => listed.server.id],
  ['Project', ({listed: {server}, names}) => nameOf(server.projectId, names.projects)],
  ['User', ({listed: {server}, names}) => nameOf(server.userId, names.users)],
  ['Host', ({listed}) => listed.server.host],
  ['Flavor', ({listed}) => listed.server.flavor],
  ['Deleted', deletedTime],
  ['Due', ({listed}) => isoTime(listed.standing.dueAt)],
  ['State', ({listed}) => listed.standing.state],
  ['Reason', ({listed}) => reasonSentence(listed)],
  [
    'Locked',
    ({listed: {server}}) => (server.isLocked === undefined ? undefined : server.isLocked ? 'yes' : 'no'),
  ],
];

function markdown(rows: readonly FilterRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const headings = MARKDOWN_COLUMNS.map(([heading]) => heading);
  return [
    line(headings),
    line(headings.map(() => '---')),
    ...rows.map((row) => line(MARKDOWN_COLUMNS.map(([, textOf]) => markdownCell(textOf(row))))),
  ].join('');
}

function deletedTime({listed: {deleted}}: FilterRow): string | undefined {
  if (deleted.kind === 'action') return isoTime(deleted.time);
  return deleted.kind === 'estimate' ? `about ${isoTime(deleted.time)}` : undefined;
}

function isoTime(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function nameOf(id: string | undefined, names: ReadonlyMap<string, string>): string | undefined {
  return id === undefined ? undefined : (names.get(id) ?? id);
}

/** What begins markup, a link or an image anywhere in a line. Times and names with dashes stay readable. */
const MARKUP = /[!&()*<>[\\\]_`{|}~]|:(?=\/\/)|(?<=www)\.|@/gi;

/** An empty cell means that nothing is known; a text with nothing to see in it stands in quotes. */
function markdownCell(text: string | undefined): string {
  if (text === undefined) return '';
  const shown = sanitize(text);
  // Not \s alone: other letters are blank as well.
  if (/^[\s\u2800\u3164]*$/.test(shown)) return `"${shown}"`;
  return shown.replaceAll(MARKUP, String.raw`\$&`);
}
