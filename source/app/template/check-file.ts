import {compareSources} from '../../domain/oslo/compare.js';
import {readDocument} from '../../domain/oslo/document.js';
import {effectiveValue, type ConfigSource} from '../../domain/oslo/effective.js';
import {OPTION} from '../rollout/rollout-ports.js';
import type {PlacedFile} from './place-files.js';
import type {CheckPorts, FileCheck} from './template-ports.js';

/** Other options that are named. */
const MOST_NAMES = 3;

/**
 * Reads a file as what it is for would read it: whether it can be read, which interval oslo.config takes from it, and
 * which options of the file in its place would go or change besides.
 */
export async function checkFile(
  {file, standing}: Pick<PlacedFile, 'file' | 'standing'>,
  {read}: CheckPorts,
): Promise<readonly FileCheck[]> {
  const own = await read(file);
  const isConfiguration = file.format.name === 'oslo' || file.format.name === 'kolla';
  if (!isConfiguration || own.verdict !== 'ok') return [own];
  return osloChecks(file.text, standing.kind === 'file' ? standing.text : undefined);
}

function osloChecks(text: string, before: string | undefined): readonly FileCheck[] {
  const source = sourceOf(text);
  const {assignments} = source.document;
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
