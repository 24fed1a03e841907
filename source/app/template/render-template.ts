import {MARK, type Format} from '../../domain/template/format.js';
import {fileName} from '../../domain/template/formats/plain.js';
import {commands} from '../../domain/template/formats/shell.js';
import {kindOfType, type Kind} from '../../domain/template/kinds.js';
import {isTable, type TemplateValue, type TemplateValues} from '../../domain/template/value.js';
import {UserError} from '../errors.js';
import type {BranchLog} from './branch-log.js';
import {withHeader} from './header.js';
import {refuseUnknownNames} from './refuse-unknown-names.js';
import {
  TemplateProblem,
  type Branch,
  type CompiledText,
  type Digest,
  type TemplateEngine,
} from './template-ports.js';
import {filePlace, pathPlace, placeWords, usagePlace, type TextPlace} from './text-place.js';
import type {RenderedFile, Template, TemplateFile} from './template-types.js';

/** What rendering needs besides the template. */
export type RenderPorts = {
  readonly engine: TemplateEngine;
  readonly digest: Digest;
  /** Of reprieve. */
  readonly version: string;
  /** Where the branches that are gone through are written down, if somebody wants to know. */
  readonly branches?: BranchLog;
};

/** What a template makes, and how it is used. */
export type Rendered = {readonly files: readonly RenderedFile[]; readonly usage: readonly string[]};

const MOST_FILES = 100_000;

/**
 * The files of a template with these values, in its order; the same values give the same bytes. Rejects with
 * `UserError` (usage), with file and line, for a text that does not parse, a value that cannot stand where it is
 * printed, and a path that leads out of the folder or is there twice.
 */
export async function renderTemplate(
  template: Template,
  values: TemplateValues,
  ports: RenderPorts,
): Promise<Rendered> {
  const {engine, digest, version, branches} = ports;
  const rendered: RenderedFile[] = [];
  const scope = scopeOf(values);
  const maker = {version, template: template.name, values};
  const kinds = kindsOf(template);
  for (const file of template.files) {
    branches?.begun(pathPlace(template, file), fileBranches(file));
    const isLeftOut = file.when !== undefined && !isGiven(values[file.when]);
    branches?.taken(pathPlace(template, file), isLeftOut ? LEFT_OUT : MADE);
    if (file.when === undefined) branches?.taken(pathPlace(template, file), LEFT_OUT);
    if (isLeftOut) continue;
    const text = await template.origin.read(file.source);
    const place = filePlace(template, file.source);
    if (text === undefined) throw noSource(template, file);
    const items = file.each === undefined ? [undefined] : itemsOf(values[file.each.list]);
    const known =
      file.each === undefined ? kinds : new Map<string, Kind>([...kinds, [file.each.name, 'text']]);
    const compiled = file.isVerbatim ? undefined : compile(engine, {text, format: file.format, place, known});
    const path = compile(engine, {
      text: file.path,
      format: fileName,
      place: pathPlace(template, file),
      known,
    });
    if (items.length > 0) {
      branches?.taken(pathPlace(template, file), REPEATED);
      branches?.begun(place, compiled?.branches ?? []);
    }
    const taken = (branch: number): void => branches?.taken(place, branch);
    for (const item of items) {
      const own = file.each === undefined || item === undefined ? scope : {...scope, [file.each.name]: item};
      const body = located(place, () => compiled?.render(own, taken) ?? text);
      const target = located(pathPlace(template, file), () => path.render(own));
      rendered.push({
        path: checkedPath(template, file, target),
        text: withHeader(ended(body), file.format, maker, digest),
        isExecutable: file.isExecutable,
        format: file.format,
      });
      if (rendered.length > MOST_FILES) throw tooMany(template);
    }
  }
  refuseClashes(template, rendered);
  return {files: rendered, usage: renderUsage(template, values, ports)};
}

/** How the files are used with these values, line by line. Throws as `renderTemplate` does. */
export function renderUsage(
  template: Template,
  values: TemplateValues,
  {engine, branches}: Pick<RenderPorts, 'engine' | 'branches'>,
): readonly string[] {
  const {usage} = template;
  if (usage === undefined) return [];
  const place = usagePlace(template);
  const compiled = compile(engine, {text: usage, format: commands, place, known: kindsOf(template)});
  branches?.begun(place, compiled.branches);
  const text = located(place, () =>
    compiled.render(scopeOf(values), (branch) => branches?.taken(place, branch)),
  );
  return text.trimEnd().split('\n');
}

/** Whether a file is made, as branches of its path: their numbers are `MADE`, `LEFT_OUT` and `REPEATED`. */
function fileBranches({when = '', each}: TemplateFile): readonly Branch[] {
  return [
    {line: 1, words: `it is never made: ${when} is always no, 0, empty or not given`, within: undefined},
    {line: 1, words: `it is always made: ${when} is never no, 0, empty or not given`, within: undefined},
    {line: 1, words: `it is never made: ${each?.list ?? ''} is always empty`, within: MADE},
  ];
}

const MADE = 0;
const LEFT_OUT = 1;
const REPEATED = 2;

/** What the values of a template are, by name. */
function kindsOf({values}: Template): ReadonlyMap<string, Kind> {
  return new Map(values.map(({name, type}) => [name, kindOfType(type)]));
}

type Scope = Readonly<Record<string, unknown>>;

/** Values as a template sees them: tables as rows with a name and a value, what is not given as nothing. */
function scopeOf(values: TemplateValues): Scope {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isTable(value)
        ? Object.entries(value).map(([key, text]) => ({name: key, value: text}))
        : (value ?? null),
    ]),
  );
}

function itemsOf(value: TemplateValue | undefined): readonly (string | undefined)[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function isGiven(value: TemplateValue | undefined): boolean {
  if (value === undefined || value === false || value === 0 || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

type Source = {
  readonly text: string;
  readonly format: Format;
  readonly place: TextPlace;
  /** Names that it may use, and what they are. */
  readonly known: ReadonlyMap<string, Kind>;
};

function compile(engine: TemplateEngine, {text, format, place, known}: Source): CompiledText {
  const compiled = located(place, () => engine.compile(text, format, known));
  refuseUnknownNames(place, compiled.names, [...known.keys()]);
  return compiled;
}

/** Names the place of a fault. */
function located<Value>(place: TextPlace, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TemplateProblem)) throw error;
    throw new UserError('usage', `${placeWords(place, error.line)}${error.message}`);
  }
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** A path with values in it is no name of a file. */
function noSource(template: Template, file: TemplateFile): UserError {
  if (file.source !== file.path || !file.path.includes('{{')) {
    return new UserError('usage', `${filePlace(template, file.source).file}: there is no such file`);
  }
  return new UserError(
    'usage',
    `${placeWords(pathPlace(template, file), 1)}it has values, and source is missing`,
    {
      remedy: 'name the file of the folder that it is made from with source',
    },
  );
}

/** Values are names of files; what is left to refuse is what the template itself has written. */
function checkedPath(template: Template, file: TemplateFile, target: string): string {
  const parts = target.split('/');
  const isInside =
    parts.every((part) => part !== '' && part !== '.' && part !== '..') && !/\\|\p{Cc}/u.test(target);
  if (isInside && !target.includes(MARK)) return target;
  throw new UserError(
    'usage',
    `${placeWords(pathPlace(template, file), 1)}${JSON.stringify(target)} leads out of the folder`,
    {
      remedy: 'name it relative to the folder that is written to, without . and ..',
    },
  );
}

/** Two files in one place, or a file where another needs a folder; letters that differ in case alone are the same. */
function refuseClashes(template: Template, files: readonly RenderedFile[]): void {
  const seen = new Set<string>();
  for (const {path} of files) {
    const key = samePlace(path);
    if (seen.has(key)) throw clash(template, path);
    seen.add(key);
  }
  for (const {path} of files) {
    const parts = samePlace(path).split('/');
    if (parts.some((_, index) => index > 0 && seen.has(parts.slice(0, index).join('/')))) {
      throw clash(template, path);
    }
  }
}

function samePlace(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function clash({name}: Template, path: string): UserError {
  return new UserError('usage', `template ${name} would write ${path} twice with these values`);
}

function tooMany({name}: Template): UserError {
  return new UserError('usage', `template ${name} would write more than ${MOST_FILES} files`);
}
