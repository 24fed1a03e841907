import {type TriedValue, tryValues} from '../../../app/template/fill-values.js';
import {knownBy, type KnownSource} from '../../../app/template/known-values.js';
import {isAsWanted} from '../../../app/template/place-files.js';
import type {Preview, PreviewedFile} from '../../../app/template/preview.js';
import {readWrittenValue, writeValue} from '../../../domain/template/read-value.js';
import type {TemplateValues, ValueDefinition} from '../../../domain/template/value.js';
import {countOf} from '../../../text/elapsed.js';
import {FIGURE_TYPED, INTERVAL_TYPED} from '../../actions.js';
import {remembered} from '../../remembered.js';
import type {Wanted} from './actions.js';
import type {TemplatesState} from './state.js';

/** What a person can go to in the form, from top to bottom. */
export type FormRow =
  | {readonly kind: 'value'; readonly id: string; readonly tried: TriedValue; readonly way: Way}
  /** Where files are written. */
  | {readonly kind: 'folder'; readonly id: string; readonly text: string; readonly way: Way}
  | {readonly kind: 'file'; readonly id: string; readonly file: PreviewedFile}
  | {readonly kind: 'button'; readonly id: 'write' | 'print'; readonly label: string; readonly isOn: boolean};

/** How a value is changed: typed as soon as the cursor is there, typed after enter, or another word taken. */
export type Way =
  | {readonly kind: 'typed'; readonly accepts: RegExp}
  | {readonly kind: 'opened'}
  | {readonly kind: 'words'; readonly words: readonly string[]};

/** What values can come from: what was handed over comes before what was found. */
export function sourcesOf({options, run, cloud}: Pick<TemplatesState, 'options' | 'run' | 'cloud'>) {
  const found: KnownSource[] = [];
  if (cloud.kind === 'ready') found.push(cloud.value);
  if (run.kind === 'ready' && run.value !== undefined) found.push(run.value);
  return sourcesIn(found[0], found[1], options.known);
}

const sourcesIn = remembered(
  (
    one: KnownSource | undefined,
    other: KnownSource | undefined,
    known: readonly KnownSource[],
  ): readonly KnownSource[] => [...[one, other].filter((source) => source !== undefined), ...known],
);

/** Every value of the template that is open, with where it comes from and what is wrong with it. */
export function triedValues(state: TemplatesState): readonly TriedValue[] {
  const {form} = state;
  return form === undefined ? [] : triedIn(form.template.values, form.written, sourcesOf(state));
}

const triedIn = remembered(
  (
    values: readonly ValueDefinition[],
    written: Readonly<Record<string, string>>,
    sources: readonly KnownSource[],
  ) =>
    tryValues(values, {
      written: Object.entries(written).map(([name, text]) => ({name, text})),
      files: [],
      known: knownBy(sources),
    }),
);

/** The values with which the template is rendered; undefined as long as one of them is wrong or missing. */
export function wantedOf(state: TemplatesState): Wanted | undefined {
  const {form} = state;
  const tried = triedValues(state);
  if (form === undefined || tried.some(({problem}) => problem !== undefined)) return undefined;
  const folder = folderOf(state);
  if (folder === undefined) return undefined;
  const values: TemplateValues = Object.fromEntries(
    tried.map(({definition, value}) => [definition.name, value]),
  );
  return {template: form.template, values, folder};
}

/** The folder that files are written to; undefined where none is named. */
export function folderOf({form, options}: Pick<TemplatesState, 'form' | 'options'>): string | undefined {
  const text = form?.folder.trim() ?? '';
  if (text === '') return undefined;
  return options.home !== undefined && /^~(?:\/|$)/.test(text) ? `${options.home}${text.slice(1)}` : text;
}

/** The files of the preview, as far as there is one. */
export function previewOf({form}: Pick<TemplatesState, 'form'>): Preview | undefined {
  return form?.preview.kind === 'ready' ? form.preview.value : undefined;
}

/** Whether the files in sight are those of other values: what is filled in now makes none. */
export function isOutdated(state: TemplatesState): boolean {
  return previewOf(state) !== undefined && wantedOf(state) === undefined;
}

/** Files that are not as they would be written. */
export function filesToWrite(state: TemplatesState): readonly PreviewedFile[] {
  return previewOf(state)?.files.filter((file) => file.state !== 'none') ?? [];
}

/** Whether everything is on disk already. */
export function isAllWritten(state: TemplatesState): boolean {
  return previewOf(state)?.files.every(isAsWanted) ?? false;
}

/** Everything that the cursor can go to. */
export function formRows(state: TemplatesState): readonly FormRow[] {
  const {form} = state;
  if (form === undefined) return [];
  const isReady = wantedOf(state) !== undefined && form.preview.kind === 'ready';
  const count = filesToWrite(state).length;
  const isRefused = previewOf(state)?.files.some((file) => file.state === 'refused') ?? false;
  return [
    ...triedValues(state).map((tried): FormRow => ({
      kind: 'value',
      id: `value ${tried.definition.name}`,
      tried,
      way: wayOf(tried.definition),
    })),
    {kind: 'folder', id: 'folder', text: form.folder, way: {kind: 'opened'}},
    ...(previewOf(state)?.files ?? []).map((file): FormRow => ({
      kind: 'file',
      id: `file ${file.file.path}`,
      file,
    })),
    {
      kind: 'button',
      id: 'write',
      label: writeLabel(isReady ? count : undefined),
      isOn: isReady && count > 0 && !isRefused,
    },
    {kind: 'button', id: 'print', label: 'Print', isOn: isReady},
  ];
}

/** `undefined`: what is filled in cannot be rendered. */
function writeLabel(count: number | undefined): string {
  if (count === undefined) return 'Write';
  return count === 0 ? 'Nothing to write' : `Write ${countOf(count, 'file')}`;
}

/** The row that has the cursor: the first one, where the one that had it is gone. */
export function currentRow(state: TemplatesState): FormRow | undefined {
  const rows = formRows(state);
  return rows.find(({id}) => id === state.form?.cursor) ?? rows[0];
}

/** The file that is shown. */
export function shownFile(state: TemplatesState): PreviewedFile | undefined {
  const files = previewOf(state)?.files ?? [];
  return files.find(({file}) => file.path === state.form?.file) ?? files[0];
}

/** A value as it is typed; empty where there is none. */
export function writtenText({definition, value}: TriedValue, typed: string | undefined): string {
  return typed ?? (value === undefined ? '' : writeValue(value, definition.type));
}

/** Where a value comes from, in a word: `run`, `plan`, `flavor`, `cloud`, `default`, `typed`. */
export function originWord(tried: TriedValue, sources: readonly KnownSource[]): string {
  const {origin} = tried;
  if (origin === undefined) return tried.problem === undefined ? '' : 'needed';
  if (origin === '--set') return 'typed';
  return sourceBehind(origin, sources)?.origin.split(' ')[0] ?? origin;
}

/** The same for a sentence: `from run 20261120-1620`. */
export function originSentence(tried: TriedValue, sources: readonly KnownSource[]): string {
  const {origin} = tried;
  if (origin === undefined) return tried.problem === undefined ? 'not given' : 'nobody has given it yet';
  if (origin === '--set') return 'typed here';
  if (origin === 'default') return "the template's default";
  return `from ${sourceBehind(origin, sources)?.origin ?? origin}`;
}

function sourceBehind(path: string, sources: readonly KnownSource[]): KnownSource | undefined {
  return sources.findLast(({word}) => path.startsWith(`${word}.`));
}

/** Whether what a value is written as means the same value again, so that a command can say it. */
export function canBeWritten({definition, value}: TriedValue): boolean {
  if (value === undefined) return true;
  const again = readWrittenValue(definition, writeValue(value, definition.type));
  return again.kind === 'value' && JSON.stringify(again.value) === JSON.stringify(value);
}

function wayOf({type, choices}: ValueDefinition): Way {
  switch (type) {
    case 'interval':
      return {kind: 'typed', accepts: INTERVAL_TYPED};
    case 'integer':
    case 'number':
      return {kind: 'typed', accepts: FIGURE_TYPED};
    case 'boolean':
      return {kind: 'words', words: ['yes', 'no']};
    case 'choice':
      return {kind: 'words', words: choices};
    case 'text':
    case 'list':
    case 'table':
      return {kind: 'opened'};
  }
}
