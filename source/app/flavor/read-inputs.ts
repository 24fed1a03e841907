import {jsonValues} from '../../domain/flavor-file/json-values.js';
import type {RawValue, YamlValues} from '../../domain/flavor-file/raw-value.js';
import {readFlavors, type FlavorEvent} from '../../domain/flavor-file/read-flavors.js';
import {byteOrderMark, textForm} from '../../domain/flavor-file/text-form.js';
import type {Inputs} from '../ports.js';

/** The most of one input: flavors are some hundred bytes each, and so much is judged within a second. */
const MAX_BYTES = 4 * 1024 * 1024;

export type InputPorts = {
  readonly inputs: Inputs;
  /** Loads the reader of YAML, which takes as long as all the rest. */
  readonly yaml: () => Promise<YamlValues>;
};

/** What is found in an input; `source` is its name for people. */
export type InputEvent =
  | (FlavorEvent & {readonly source: string})
  /** The whole input is of no use. */
  | {readonly kind: 'unusable'; readonly source: string; readonly detail: string}
  /** It is in order, and there is nothing in it. */
  | {readonly kind: 'nothing'; readonly source: string};

/** Reads flavors from files and, for `-`, from stdin, in this order; what is wrong with one does not stop the others. */
export async function* readInputs(
  names: readonly string[],
  {inputs, yaml}: InputPorts,
): AsyncGenerator<InputEvent> {
  for (const name of names) {
    const source = name === '-' ? 'stdin' : name;
    const read = await inputs.read(name, MAX_BYTES);
    if (read.kind === 'failed') {
      yield {kind: 'unusable', source, detail: `it cannot be read: ${read.reason}`};
      continue;
    }
    if (read.kind === 'too-large') {
      const detail = `it is larger than ${MAX_BYTES / 1024 / 1024} MiB; give it in parts`;
      yield {kind: 'unusable', source, detail};
      continue;
    }
    const values = await valuesOf(read.bytes, yaml);
    if (typeof values === 'string') {
      yield {kind: 'unusable', source, detail: values};
      continue;
    }
    let isEmpty = true;
    for (const event of readFlavors(values)) {
      isEmpty = false;
      yield {...event, source};
    }
    if (isEmpty) yield {kind: 'nothing', source};
  }
}

/** The values of a text, or why there are none. */
async function valuesOf(
  bytes: Uint8Array,
  yaml: () => Promise<YamlValues>,
): Promise<Iterable<RawValue> | string> {
  const content = bytes.subarray(byteOrderMark(bytes));
  const form = textForm(bytes);
  switch (form) {
    case 'json':
      return jsonValues(content);
    case 'yaml':
      return (await yaml())(content);
    case 'empty':
      return 'it is empty; if a command was to fill it, see whether that failed';
    case 'table':
      return 'it is a table that openstack printed for people; print it again with -f json';
    case 'utf-16':
      return 'it is UTF-16; save it as UTF-8';
    case 'binary':
      return 'it is no text: there are zero bytes in it';
    default:
      return form;
  }
}
