/** The templates that are shipped, rendered as the program renders them. */
import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {fillValues, valuesOf, type Given} from '../../source/app/template/fill-values.js';
import {renderGuestHalf} from '../../source/app/template/guest-half.js';
import {openTemplate, renderExample} from '../../source/app/template/open-template.js';
import {renderTemplate} from '../../source/app/template/render-template.js';
import type {RenderedFile, Template} from '../../source/app/template/template-types.js';
import {composeTemplates} from '../../source/compose-templates.js';

/** Nobody's own templates are among them. */
const ports = composeTemplates({
  folder: undefined,
  profile: undefined,
  defaultProfile: '/nonexistent/config.yaml',
  isNew: false,
});

/** A template with its description read. */
export async function shippedTemplate(name: string): Promise<Template> {
  return openTemplate(ports.store, name);
}

/** What a template makes of values, or of what is known of a flavor or plan. */
export async function renderShipped(
  name: string,
  values: Readonly<Record<string, unknown>>,
  known: Given['known'] = {},
): Promise<readonly RenderedFile[]> {
  const template = await openTemplate(ports.store, name);
  const filled = fillValues(template, {written: [], files: [{file: 'test', values}], known});
  return (await renderTemplate(template, valuesOf(filled), ports)).files;
}

/** The guest half that the wizard of flavors shows. */
export async function shippedGuestHalf(): Promise<string> {
  return renderGuestHalf(ports);
}

/** What a template makes of each of its examples, with their names. */
export async function renderExamples(
  name: string,
): Promise<readonly {readonly example: string; readonly files: readonly RenderedFile[]}[]> {
  const template = await openTemplate(ports.store, name);
  return Promise.all(
    template.examples.map(async (example) => ({
      example: example.name,
      files: (await renderExample(template, example, ports)).files,
    })),
  );
}

/** Files written to a folder that is gone after the test; gives the folder. */
export async function written(
  t: Pick<ExecutionContext, 'teardown'>,
  files: readonly RenderedFile[],
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-template-'));
  t.teardown(async () => rm(folder, {recursive: true, force: true}));
  for (const {path: name, text, isExecutable} of files) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), {recursive: true});
    await writeFile(file, text);
    if (isExecutable) await chmod(file, 0o755);
  }
  return folder;
}

/** Every example of a template, each in a folder of its name below one that is gone after the test. */
export async function writtenExamples(
  t: Pick<ExecutionContext, 'teardown'>,
  name: string,
): Promise<{readonly folder: string; readonly files: readonly RenderedFile[]}> {
  const files = (await renderExamples(name)).flatMap(({example, files: made}) =>
    made.map((file) => ({...file, path: `${example}/${file.path}`})),
  );
  return {folder: await written(t, files), files};
}

/** The text of a file by its path. */
export function textOf(files: readonly RenderedFile[], wanted: string): string {
  const found = files.find((file) => file.path === wanted);
  if (found === undefined)
    throw new Error(`${wanted} is not among ${files.map((file) => file.path).join(', ')}`);
  return found.text;
}
