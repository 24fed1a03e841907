import type {PlacedFile} from '../app/template/place-files.js';
import type {RenderedFile, Template} from '../app/template/template-types.js';

/** A template as `template list --json` and `template show --json` give it. A promise to scripts (cli.md). */
export function templateToJson(template: Template): Record<string, unknown> {
  return {
    name: template.name,
    title: template.title,
    tool: template.tool,
    values: template.values.map((value) => ({
      name: value.name,
      type: value.type,
      default: value.default ?? null,
      required: value.isRequired,
      help: value.help,
      from: value.from,
      ...(value.least === undefined ? {} : {least: value.least}),
      ...(value.most === undefined ? {} : {most: value.most}),
      ...(value.choices.length === 0 ? {} : {choices: value.choices}),
    })),
    group: template.group,
    purpose: template.purpose,
    files: template.files.map(({path, format}) => ({path, format: format.name})),
    examples: template.examples.map(({name}) => name),
    shipped: template.origin.isShipped,
    folder: template.origin.folder,
  };
}

/** A file as `template render --json` gives it. */
export function fileToJson({path, text, isExecutable}: RenderedFile): Record<string, unknown> {
  return {path, text, executable: isExecutable};
}

/** What stands in a file's place, as `template render --json -o` gives it: `state` is a word. */
export function placedToJson({file, state, standing}: PlacedFile): Record<string, unknown> {
  return {path: file.path, state: state === 'none' ? 'same' : state, problem: reasonOf(standing)};
}

/** A file that is not made any more, among those. */
export function leftToJson(path: string): Record<string, unknown> {
  return {path, state: 'left', problem: null};
}

function reasonOf(standing: PlacedFile['standing']): string | null {
  return standing.kind === 'refused' ? standing.reason : null;
}
