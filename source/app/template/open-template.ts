import {nearestNames} from '../../domain/nearest-names.js';
import type {TemplateValues} from '../../domain/template/value.js';
import {UserError} from '../errors.js';
import {fillValues, valuesOf} from './fill-values.js';
import {readDescription} from './read-description.js';
import {renderTemplate, renderUsage, type Rendered, type RenderPorts} from './render-template.js';
import type {TemplateStore} from './template-ports.js';
import type {Template, TemplateExample} from './template-types.js';

/** The template with this name. Rejects with `UserError` (usage) where there is none, with the nearest names. */
export async function openTemplate(store: TemplateStore, name: string): Promise<Template> {
  const found = await store.find(name);
  if (found !== undefined) return readDescription(found);
  const names = (await store.all()).map((stored) => stored.name);
  const near = nearestNames(name, names);
  throw new UserError('usage', `there is no template ${JSON.stringify(name)}`, {
    remedy: near.length === 0 ? 'see: reprieve template list' : `is ${near.join(' or ')} meant?`,
  });
}

/** Every template that can be read, by group and name, and what is wrong with the others. */
export async function openTemplates(
  store: TemplateStore,
): Promise<{readonly templates: readonly Template[]; readonly problems: readonly UserError[]}> {
  const templates: Template[] = [];
  const problems: UserError[] = [];
  for (const stored of await store.all()) {
    try {
      templates.push(await readDescription(stored));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error);
    }
  }
  return {templates, problems};
}

/** What a template makes of one of its examples. Rejects as `renderTemplate`; the name of the example is told. */
export async function renderExample(
  template: Template,
  example: TemplateExample,
  ports: RenderPorts,
): Promise<Rendered> {
  try {
    return await renderTemplate(template, exampleValues(template, example), ports);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.kind, `${template.name}, example ${example.name}: ${error.message}`, {
      cause: error,
      ...(error.remedy === undefined ? {} : {remedy: error.remedy}),
    });
  }
}

/** How a template's files are used, with the values of its first example. Throws as `renderTemplate` does. */
export function exampleUsage(
  template: Template,
  ports: Pick<RenderPorts, 'engine'>,
): {readonly example: string; readonly lines: readonly string[]} | undefined {
  const [example] = template.examples;
  if (example === undefined || template.usage === undefined) return undefined;
  return {example: example.name, lines: renderUsage(template, exampleValues(template, example), ports)};
}

function exampleValues(template: Template, {name, values}: TemplateExample): TemplateValues {
  const given = {written: [], files: [{file: `example ${name}`, values}], known: {}};
  return valuesOf(fillValues(template, given));
}
