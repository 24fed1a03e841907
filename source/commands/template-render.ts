import {UserError} from '../app/errors.js';
import {fillValues, valuesOf, type Given} from '../app/template/fill-values.js';
import {leftBehind, type LeftBehind} from '../app/template/left-behind.js';
import {openTemplate, renderExample} from '../app/template/open-template.js';
import {
  isAsWanted,
  placeFiles,
  refuseObstacles,
  replaces,
  writePlaced,
  type PlacedFile,
} from '../app/template/place-files.js';
import {renderTemplate, type Rendered} from '../app/template/render-template.js';
import type {OutputFolder, ValuesFile} from '../app/template/template-ports.js';
import type {RenderedFile, Template} from '../app/template/template-types.js';
import type {Composition} from '../compose.js';
import type {ExitCode} from '../text/errors.js';
import {sanitize} from '../text/sanitize.js';
import {diffOfFile, leftLines, placedLines, usageLines} from '../text/template-files.js';
import {fileToJson, leftToJson, placedToJson} from '../text/template-json.js';
import type {CommandContext} from './command.js';
import type {FlagValues} from './flag.js';
import type {renderFlags} from './template.js';

type Flags = FlagValues<typeof renderFlags>;
type Ports = Awaited<ReturnType<Composition['templates']>>;

/** `template render`: 0 where all was printed, written or as wanted, 1 where `--check` found another file. */
export async function runRender(context: CommandContext, name: string, flags: Flags): Promise<ExitCode> {
  if (flags.check && flags.output === undefined) {
    throw new UserError('usage', '--check was given without a folder', {remedy: 'name it with -o'});
  }
  if (flags.examples) refuseGiven(flags);
  const composition = await context.compose();
  const ports = await composition.templates({folder: flags.templates, profile: context.common.profile});
  const template = await openTemplate(ports.store, name);
  const {files, usage} = flags.examples
    ? await renderExamples(template, ports)
    : await renderTemplate(
        template,
        valuesOf(fillValues(template, await givenBy(context, composition, template, flags))),
        ports,
      );
  await refuseUnreadable(files, ports, flags.output === undefined ? 'printed' : 'written');
  if (flags.output === undefined) {
    print(context, files);
    return 0;
  }
  const folder = ports.folder(flags.output);
  const placed = await placeFiles(files, folder, ports.digest);
  const target = {
    folder,
    name: flags.output,
    left: await leftBehind(template.name, placed, folder),
    usage,
  };
  return flags.check ? check(context, placed, target) : write(context, placed, target);
}

/** Reads what came out, as `template test` does: what is of no use reaches neither a folder nor a pipe. */
async function refuseUnreadable(
  files: readonly RenderedFile[],
  {read}: Pick<Ports, 'read'>,
  done: 'printed' | 'written',
): Promise<void> {
  for (const file of files) {
    const {verdict, text} = await read(file);
    if (verdict !== 'failed') continue;
    throw new UserError('usage', `${file.path} would be of no use: ${text}; nothing was ${done}`, {
      remedy: 'mend the template, or the value that stands there',
    });
  }
}

/** Examples bring all their values along. */
function refuseGiven(flags: Flags): void {
  const given = [
    ...(flags.set.length > 0 ? ['--set'] : []),
    ...(flags.values.length > 0 ? ['--values'] : []),
    ...(flags.plan === undefined ? [] : ['--plan']),
    ...(flags.flavor === undefined ? [] : ['--flavor']),
    ...(flags.fromCloud ? ['--from-cloud'] : []),
  ];
  if (given.length === 0) return;
  throw new UserError('usage', `--examples and ${given.join(', ')} were given, and examples have values`, {
    remedy: 'leave one of them out',
  });
}

/** Each example in a folder of its name. */
async function renderExamples(template: Template, ports: Ports): Promise<Rendered> {
  const files: RenderedFile[] = [];
  for (const example of template.examples) {
    const rendered = await renderExample(template, example, ports);
    files.push(...rendered.files.map((file) => ({...file, path: `${example.name}/${file.path}`})));
  }
  return {files, usage: []};
}

async function givenBy(
  context: CommandContext,
  composition: Composition,
  template: Template,
  flags: Flags,
): Promise<Given> {
  const files: ValuesFile[] = [];
  for (const {text: file} of flags.values) files.unshift(await composition.valuesFile(file));
  const isKnown = flags.plan !== undefined || flags.flavor !== undefined || flags.fromCloud;
  const known = isKnown
    ? await (await import('./template-known.js')).knownValues(context, template, flags)
    : {};
  return {written: flags.set.map(({text}) => writtenValue(text)), files, known};
}

function writtenValue(text: string): {readonly name: string; readonly text: string} {
  const sign = text.indexOf('=');
  if (sign < 1) {
    throw new UserError('usage', `--set was given ${JSON.stringify(text)}`, {
      remedy: 'write it as name=value',
    });
  }
  return {name: text.slice(0, sign).trim(), text: text.slice(sign + 1)};
}

/** One file as it is; of several each below its name. */
function print({output}: CommandContext, files: readonly RenderedFile[]): void {
  output.json(files.map(fileToJson));
  for (const [index, {path, text}] of files.entries()) {
    if (files.length > 1) output.text(`${index === 0 ? '' : '\n'}==> ${sanitize(path)} <==\n`);
    output.text(text);
  }
}

function check(
  {output, looks}: CommandContext,
  placed: readonly PlacedFile[],
  {name, left}: Target,
): ExitCode {
  output.json([...placed.map(placedToJson), ...left.paths.map(leftToJson)]);
  output.lines(placedLines(placed, name, looks.signs));
  output.lines(leftLines(left, name, looks.signs));
  return placed.every(isAsWanted) && left.paths.length === 0 ? 0 : 1;
}

type Target = {
  readonly folder: OutputFolder;
  readonly name: string;
  readonly left: LeftBehind;
  readonly usage: readonly string[];
};

async function write(
  context: CommandContext,
  placed: readonly PlacedFile[],
  {folder, name, left, usage}: Target,
): Promise<ExitCode> {
  const {output, looks} = context;
  refuseObstacles(placed, name);
  const replaced = placed.filter(replaces);
  if (replaced.length > 0) await agree(context, replaced, name);
  const written = new Set(await writePlaced(placed, folder));
  output.json([
    ...placed.map((one) => ({...placedToJson(one), written: written.has(one)})),
    ...left.paths.map((path) => ({...leftToJson(path), written: false})),
  ]);
  output.lines(placedLines(placed, name, looks.signs, written));
  output.lines(leftLines(left, name, looks.signs));
  output.lines(usageLines(usage));
  return 0;
}

async function agree(
  context: CommandContext,
  replaced: readonly PlacedFile[],
  folder: string,
): Promise<void> {
  const {common, output, terminal} = context;
  if (common.yes) return;
  for (const one of replaced) output.lines(diffOfFile(one));
  const what = `${replaced.length} file${replaced.length === 1 ? '' : 's'} in ${folder} would be replaced`;
  const refusal = new UserError('refused', `${what}, and that was not agreed to; nothing was written`, {
    remedy: 'look at the difference, then add --yes',
  });
  if (output.isJson || !terminal.isStdinTty || !terminal.isStderrTty) throw refusal;
  const prompt = await (await context.compose()).prompt(true);
  if (!(await prompt.confirm(sanitize(`${what}. Write?`), false))) throw refusal;
}
