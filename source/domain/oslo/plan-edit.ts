import {applyEdits} from './apply-edits.js';
import {convert} from './convert.js';
import type {Document} from './document.js';
import {findCommentedDefault, rawOf, setOption, type OptionEdit} from './edit.js';
import {effectiveValue, startupFailure, type ConfigSource, type Effective, type Query} from './effective.js';
import {normalizeGroup} from './parse.js';
import {hasReference} from './substitute.js';

export type PlannedEdit =
  | {
      readonly kind: 'edit';
      /** The file to edit, as it is named in the sources. */
      readonly file: string;
      readonly before: Document;
      readonly after: Document;
      readonly edit: OptionEdit & {readonly kind: 'edit'};
      /** What the service has now. */
      readonly effective: Effective;
    }
  | {readonly kind: 'unchanged'; readonly effective: Effective}
  | {
      readonly kind: 'refused';
      /**
       * - `bad-file`: the service would not start with these files
       * - `bad-name`: the group, option or value cannot be written
       * - `overruled`: another file or the environment wins; `file` names a file to edit instead
       */
      readonly cause: 'bad-file' | 'bad-name' | 'overruled';
      readonly reason: string;
      readonly remedy: string;
      readonly file: string | undefined;
    };

type FileSource = ConfigSource & {kind: 'file'};

/**
 * Decides which file to edit, and how, so that a service that reads all of `sources` in this order gets
 * `value`. Without `target` that is the file that decides now; where none sets the option, the first one that
 * shows it commented out, else the first with the section, else the first. With `target` only that file.
 * The outcome was checked by reading all files again.
 */
export function planEdit(
  sources: readonly ConfigSource[],
  query: Query,
  value: string,
  target?: string,
): PlannedEdit {
  const failure = startupFailure(sources);
  if (failure !== undefined) {
    const remedy = 'oslo.config refuses it, so the service would not start; repair that first';
    return {kind: 'refused', cause: 'bad-file', reason: failure.message, remedy, file: failure.file};
  }
  const effective = effectiveValue(sources, query);
  if (effective.kind === 'value' && isWanted(effective, value)) return {kind: 'unchanged', effective};
  if (effective.source?.kind === 'environment') {
    return overruled(
      `${effective.source.variable} in the environment of the service beats every file`,
      'take it out of the environment or of the unit, or set it there',
      undefined,
    );
  }
  const source = chooseFile(sources, query, target ?? effective.source?.file);
  if (source === undefined) {
    const reason = target === undefined ? 'there is no file to edit' : `${target} is not read`;
    return overruled(reason, 'name a file that the service reads', undefined);
  }
  const edit = setOption(source.document, query.group, query.option, value);
  if (edit.kind === 'refused') {
    const remedy = 'nothing was changed';
    return {kind: 'refused', cause: 'bad-name', reason: edit.reason, remedy, file: source.file};
  }
  const after = edit.kind === 'unchanged' ? source.document : applyEdits(source.document, edit.edits);
  const changed = sources.map((one) => (one === source ? {...source, document: after} : one));
  const problem = checkEdit(changed, query, value);
  if (problem !== undefined) {
    return overruled(problem.reason, problem.remedy, problem.file);
  }
  if (edit.kind === 'unchanged') return {kind: 'unchanged', effective};
  return {kind: 'edit', file: source.file, before: source.document, after, edit, effective};
}

/**
 * Whether a service that reads these sources gets the value; to be asked of the files as they are after a
 * write. Undefined if so.
 */
export function checkEdit(
  sources: readonly ConfigSource[],
  query: Query,
  value: string,
): {readonly reason: string; readonly remedy: string; readonly file: string | undefined} | undefined {
  const effective = effectiveValue(sources, query);
  if (effective.kind === 'value' && isWanted(effective, value)) return undefined;
  if (effective.kind === 'startup-error') {
    return {
      reason: effective.message,
      remedy: 'repair the file; the service does not start with it',
      file: effective.file,
    };
  }
  const {source} = effective;
  if (effective.kind === 'access-error' && (source?.raw === rawOf(value) || source === undefined)) {
    return {reason: effective.message, remedy: 'choose a value that the service can read', file: undefined};
  }
  if (source?.kind === 'environment') {
    return {
      reason: `${source.variable} in the environment of the service beats every file`,
      remedy: 'take it out of the environment or of the unit, or set it there',
      file: undefined,
    };
  }
  return {
    reason:
      source === undefined
        ? `the option is not set by any file that is read`
        : `${source.file}, line ${source.line}, is read later and wins`,
    remedy: source === undefined ? 'name a file that the service reads' : `edit ${source.file} instead`,
    file: source?.file,
  };
}

/** Same text, or the same value where the text refers to nothing else. */
function isWanted(effective: Effective & {kind: 'value'}, value: string): boolean {
  const raw = rawOf(value);
  if (effective.source?.raw === raw) return true;
  if (effective.type === 'string' || hasReference(raw)) return false;
  const wanted = convert(raw, effective.type);
  if (wanted.kind === 'invalid') return false;
  if (Array.isArray(wanted.value)) return JSON.stringify(wanted.value) === JSON.stringify(effective.value);
  return wanted.value === effective.value;
}

function chooseFile(
  sources: readonly ConfigSource[],
  {group, option}: Query,
  wanted: string | undefined,
): FileSource | undefined {
  const files = sources.filter((source) => source.kind === 'file');
  if (wanted !== undefined) return files.findLast((source) => source.file === wanted);
  const name = normalizeGroup(group);
  return (
    files.find((source) => findCommentedDefault(source.document, group, option) !== undefined) ??
    files.find((source) => source.document.headers.some((one) => normalizeGroup(one.name) === name)) ??
    files[0]
  );
}

function overruled(reason: string, remedy: string, file: string | undefined): PlannedEdit {
  return {kind: 'refused', cause: 'overruled', reason, remedy, file};
}
