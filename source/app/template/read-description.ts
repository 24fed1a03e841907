import {parseInterval} from '../../domain/duration.js';
import {formatNamed, formatOfFile, FORMATS} from '../../domain/template/formats.js';
import {nearestNames} from '../../domain/nearest-names.js';
import {flagOf, readValue} from '../../domain/template/read-value.js';
import {
  VALUE_TYPES,
  type TemplateValue,
  type ValueDefinition,
  type ValueType,
} from '../../domain/template/value.js';
import {DecodeError, Field} from '../decode.js';
import {UserError} from '../errors.js';
import {KNOWN_PATHS} from './known-paths.js';
import {wordMeant} from './other-words.js';
import {TemplateProblem, type DescriptionText, type StoredTemplate} from './template-ports.js';
import type {Template, TemplateExample, TemplateFile} from './template-types.js';

const NAME = /^[a-z][a-z0-9_]*$/;
/** Words that Liquid knows as something else. */
const TAKEN: ReadonlySet<string> = new Set([
  'and',
  'blank',
  'contains',
  'empty',
  'false',
  'forloop',
  'nil',
  'not',
  'null',
  'or',
  'true',
]);

/**
 * A template with its description read. Rejects with `UserError`, with file and line, where the description is none.
 */
export async function readDescription(stored: StoredTemplate): Promise<Template> {
  let lineOf: DescriptionText['lineOf'] = () => undefined;
  try {
    const text = await stored.description();
    ({lineOf} = text);
    return decoded(stored, new Field(text.data), lineOf);
  } catch (error) {
    if (error instanceof TemplateProblem) throw faulty(stored, error.message, error.line);
    if (!(error instanceof DecodeError)) throw error;
    throw faulty(stored, error.message, lineOf(stepsOf(error.path)));
  }
}

function faulty(
  {file, name, folder, isShipped}: StoredTemplate,
  reason: string,
  line: number | undefined,
): UserError {
  return new UserError('usage', `${file}${line === undefined ? '' : `:${line}`}: ${reason}`, {
    remedy: `mend it, then: reprieve template test ${isShipped ? name : folder}`,
  });
}

/** `files[2].path` as `['files', 2, 'path']`. */
function stepsOf(path: string): (string | number)[] {
  return Array.from(path.matchAll(/\[(\d+)\]|([^.[\]]+)/g), ([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
}

function decoded(stored: StoredTemplate, field: Field, lineOf: DescriptionText['lineOf']): Template {
  onlyKnown(field, ['title', 'tool', 'group', 'purpose', 'usage', 'values', 'files', 'examples']);
  const values = entriesOf(field.get('values')).map(valueDefinition);
  const names = new Map(values.map((value) => [value.name, value]));
  const files = needed(field.get('files'), 'a template makes at least one').list((file) =>
    templateFile(file, names, lineOf),
  );
  if (files.length === 0) field.get('files').fail('is empty: a template makes at least one file');
  const examples = entriesOf(needed(field.get('examples'), EXAMPLES)).map(example);
  if (examples.length === 0) field.get('examples').fail(`is empty: ${EXAMPLES}`);
  const {name, folder, isShipped, read} = stored;
  return {
    name,
    title: sentence(needed(field.get('title'), 'a few words for the list')),
    tool: field.get('tool').optional(sentence) ?? 'any',
    group: field.get('group').optional(sentence) ?? 'others',
    purpose: needed(field.get('purpose'), 'some sentences on what it is for').text(),
    usage: field.get('usage').optional((usage) => usage.text()),
    usageLine: lineOf(['usage']),
    values,
    files,
    examples,
    origin: {folder, isShipped, read},
  };
}

function onlyKnown(field: Field, known: readonly string[]): void {
  const [odd] = field.namesBesides(known);
  if (odd === undefined) return;
  const meant = wordMeant(odd, known);
  new Field(odd, field.path === '' ? odd : `${field.path}.${odd}`).fail(
    `is not known here: ${meant === undefined ? `there are ${known.join(', ')}` : `${meant} is meant`}`,
  );
}

const EXAMPLES = 'a template is tested with its examples, at least one, such as "one: {}"';

/** A field that must be there. `what`: what is to be written there. */
function needed(field: Field, what: string): Field {
  return field.value === undefined || field.value === null ? field.fail(`is missing: ${what}`) : field;
}

/** A text of one line that is not empty. */
function sentence(field: Field): string {
  const {value} = field;
  if (typeof value === 'number' || typeof value === 'boolean') {
    field.fail(`is ${value}, and a text is wanted: write it between quotes`);
  }
  return field.text((text) => text.trim() !== '' && !text.includes('\n'), 'is not a text of one line');
}

function yesOrNo(field: Field): boolean {
  return flagOf(field.value) ?? field.fail('is neither yes nor no');
}

/** The entries of a table; none where it is absent. */
function entriesOf(field: Field): {readonly name: string; readonly field: Field}[] {
  const {value} = field;
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    field.fail('is not a table: write names below it, each with a colon');
  }
  return field.namesBesides([]).map((name) => ({name, field: field.get(name)}));
}

function valueDefinition({name, field}: {readonly name: string; readonly field: Field}): ValueDefinition {
  if (!NAME.test(name)) field.fail('has a name with other signs than a to z, digits and _');
  if (TAKEN.has(name)) field.fail('has a name that means something else in a template');
  onlyKnown(field, ['type', 'help', 'default', 'required', 'from', 'least', 'most', 'choices', 'pattern']);
  const choices = field.get('choices').optional((list) => list.list(sentence)) ?? [];
  const type = typeOf(needed(field.get('type'), `one of ${VALUE_TYPES.join(', ')}`));
  if ((type === 'choice') !== choices.length > 0) field.fail('has choices, or is a choice, but not both');
  const from = field.get('from');
  const definition: ValueDefinition = {
    name,
    type,
    help: sentence(needed(field.get('help'), 'one sentence for the person who fills it in')),
    default: undefined,
    isRequired: field.get('required').optional(yesOrNo) ?? false,
    from: from.optional(() => (Array.isArray(from.value) ? from.list(knownPath) : [knownPath(from)])) ?? [],
    least: field.get('least').optional((bound) => boundOf(type, bound)),
    most: field.get('most').optional((bound) => boundOf(type, bound)),
    choices,
    pattern: field.get('pattern').optional(wholePattern),
  };
  const {least, most} = definition;
  if (least !== undefined && most !== undefined && least > most) field.get('least').fail('is above most');
  return {...definition, default: field.get('default').optional((given) => defaultOf(definition, given))};
}

function typeOf(field: Field): ValueType {
  const {value} = field;
  const meant = typeof value === 'string' ? wordMeant(value, VALUE_TYPES) : undefined;
  if (meant === undefined || meant === value) return field.word(VALUE_TYPES);
  return field.fail(`is none of ${VALUE_TYPES.join(', ')}: ${meant} is meant`);
}

/** A number; for an interval seconds, or as people write one. */
function boundOf(type: ValueType, field: Field): number {
  if (type !== 'interval' || typeof field.value !== 'string') return field.number();
  const read = parseInterval(field.value);
  return read.kind === 'interval' ? read.seconds : field.fail(`is no interval: ${read.reason}`);
}

/** Where a value can come from. */
function knownPath(field: Field): string {
  const path = sentence(field);
  if (KNOWN_PATHS.includes(path)) return path;
  const [near] = nearestNames(path, KNOWN_PATHS);
  return field.fail(`is nothing that is known${near === undefined ? '' : `: ${near} is meant`}`);
}

function defaultOf(definition: ValueDefinition, field: Field): TemplateValue {
  const read = readValue(definition, field.value);
  return read.kind === 'value' ? read.value : field.fail(`cannot be the default: ${read.reason}`);
}

/** The whole text must match. */
function wholePattern(field: Field): RegExp {
  try {
    return new RegExp(`^(?:${field.text()})$`, 'u');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return field.fail('is no regular expression');
  }
}

function templateFile(
  field: Field,
  values: ReadonlyMap<string, ValueDefinition>,
  lineOf: DescriptionText['lineOf'],
): TemplateFile {
  if (typeof field.value === 'string') {
    field.fail(`is ${JSON.stringify(field.value)}: write {path: ${field.value}}`);
  }
  onlyKnown(field, ['source', 'path', 'format', 'verbatim', 'executable', 'each', 'when']);
  const path = sentence(needed(field.get('path'), 'where the file is written'));
  const source = field.get('source').optional(sentence) ?? path;
  if (!/^(?!\.{0,2}(?:\/|$))[^\\]*$/.test(source) || source.split('/').includes('..')) {
    field.get('source').fail('leads out of the folder of the template');
  }
  const named = field.get('format').optional(sentence);
  const format =
    (named === undefined ? formatOfFile(path) : formatNamed(named)) ??
    field
      .get('format')
      .fail(
        `is none of ${FORMATS.map(({name}) => name).join(', ')}${named === undefined ? `, and "${path}" does not tell` : ''}`,
      );
  const known = (place: Field, isRight: (value: ValueDefinition) => boolean, what: string): string => {
    const name = sentence(place);
    const value = values.get(name);
    return value !== undefined && isRight(value) ? name : place.fail(`is not the name of ${what}`);
  };
  return {
    source,
    path,
    pathLine: lineOf(stepsOf(`${field.path}.path`)),
    format,
    isVerbatim: field.get('verbatim').optional(yesOrNo) ?? false,
    isExecutable: field.get('executable').optional(yesOrNo) ?? false,
    each: field.get('each').optional((each) => {
      if (typeof each.value === 'string') {
        const [, item = 'item', list = each.value] = /^\s*(\w+)\s+in\s+(\w+)\s*$/.exec(each.value) ?? [];
        return each.fail(`is ${JSON.stringify(each.value)}: write {${item}: ${list}}`);
      }
      const [entry, more] = entriesOf(each);
      if (entry === undefined || more !== undefined || !NAME.test(entry.name) || TAKEN.has(entry.name)) {
        return each.fail('is not one NAME: LIST');
      }
      if (values.has(entry.name)) return each.fail(`takes the name of the value ${entry.name}`);
      return {name: entry.name, list: known(entry.field, ({type}) => type === 'list', 'a list')};
    }),
    when: field.get('when').optional((when) => known(when, () => true, 'a value')),
  };
}

function example({name, field}: {readonly name: string; readonly field: Field}): TemplateExample {
  return {name, values: Object.fromEntries(entriesOf(field).map((entry) => [entry.name, entry.field.value]))};
}
