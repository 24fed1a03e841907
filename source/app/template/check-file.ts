import {compareSources} from '../../domain/oslo/compare.js';
import {readDocument} from '../../domain/oslo/document.js';
import {effectiveValue, type ConfigSource} from '../../domain/oslo/effective.js';
import {OPTION} from '../rollout/rollout-ports.js';
import type {PlacedFile} from './place-files.js';
import type {RenderedFile} from './template-types.js';

/** What was found out about a file; `none`: nothing here could look. */
export type FileCheck = {readonly verdict: 'ok' | 'warning' | 'failed' | 'none'; readonly text: string};

/** What reads files. */
export type CheckPorts = {
  /** Why a file cannot be read in its language; undefined where it can, or where nothing here reads it. */
  readonly readable: (file: RenderedFile) => Promise<string | undefined>;
  /** Who reads files of a language here, by its name; undefined where nobody does. */
  readonly readerOf: (format: string) => string | undefined;
};

/** Other options that are named. */
const MOST_NAMES = 3;

/**
 * Reads a file as what it is for would read it: whether it can be read, which interval oslo.config takes from it, and
 * which options of the file in its place would go or change besides.
 */
export async function checkFile(
  {file, standing}: Pick<PlacedFile, 'file' | 'standing'>,
  {readable, readerOf}: CheckPorts,
): Promise<readonly FileCheck[]> {
  const before = standing.kind === 'file' ? standing.text : undefined;
  const {format, text} = file;
  if (format.name === 'oslo' || format.name === 'kolla') return osloChecks(text, before, format.name);
  const reader = readerOf(format.name);
  if (reader === undefined)
    return [{verdict: 'none', text: `nothing here reads ${format.name}: it was not checked`}];
  const problem = await readable(file);
  return problem === undefined
    ? [{verdict: 'ok', text: `it can be read as ${reader}`}]
    : [{verdict: 'failed', text: problem}];
}

function osloChecks(
  text: string,
  before: string | undefined,
  format: 'oslo' | 'kolla',
): readonly FileCheck[] {
  // Kolla-Ansible reads it as a template first: what comes out then is not known here.
  if (format === 'kolla' && /\{[{%#]/.test(text)) {
    return [
      {verdict: 'none', text: 'Jinja is in it: what oslo.config gets is known only when Kolla-Ansible ran'},
    ];
  }
  const source = sourceOf(text);
  const {failure, assignments} = source.document;
  if (failure !== undefined) {
    return [{verdict: 'failed', text: `oslo.config refuses it, line ${failure.line}: ${failure.reason}`}];
  }
  const read = effectiveValue([source], {
    group: 'DEFAULT',
    option: OPTION,
    type: 'integer',
    environment: {},
    known: [],
  });
  const isSet = read.source !== undefined;
  const own: FileCheck =
    read.kind !== 'value'
      ? {verdict: 'failed', text: `oslo.config refuses it: ${read.message}`}
      : {
          verdict: 'ok',
          text: isSet
            ? `oslo.config reads ${String(read.value)} from it`
            : `oslo.config reads it: ${assignments.length} ${assignments.length === 1 ? 'option' : 'options'}`,
        };
  return before === undefined ? [own] : [own, othersCheck(before, source)];
}

/** What becomes of options that are none of this template's business. */
function othersCheck(before: string, after: ReturnType<typeof sourceOf>): FileCheck {
  const old = sourceOf(before);
  if (old.document.failure !== undefined) {
    return {verdict: 'warning', text: 'oslo.config refuses the file that is there'};
  }
  const others = compareSources([old], [after]).filter(
    ({group, option}) => group !== 'DEFAULT' || option !== OPTION,
  );
  const gone = others.filter(({right}) => right === undefined);
  const told = gone.length > 0 ? gone : others;
  if (told.length === 0) return {verdict: 'ok', text: 'no other option is touched'};
  const names = told.slice(0, MOST_NAMES).map(({group, option}) => `[${group}] ${option}`);
  const more = told.length > names.length ? ` and ${told.length - names.length} more` : '';
  return {
    verdict: 'warning',
    text: `${gone.length > 0 ? 'gone' : 'changed'} with it: ${names.join(', ')}${more}`,
  };
}

function sourceOf(text: string): Extract<ConfigSource, {readonly kind: 'file'}> {
  return {kind: 'file', file: '', document: readDocument(new TextEncoder().encode(text))};
}
