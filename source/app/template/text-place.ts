import type {Template, TemplateFile} from './template-types.js';

/** Where a text of a template stands: a file of its folder, or a part of its description. */
export type TextPlace = {
  readonly file: string;
  /** Tells it from all others of the template. */
  readonly key: string;
  /** Before what is said about it, such as `usage: `. */
  readonly part: string;
  /** The line of the file that a line of the text is, from 1. */
  readonly lineOf: (line: number) => number | undefined;
};

const DESCRIPTION = 'template.yaml';

/** A file of the template's folder. */
export function filePlace({origin}: Template, file: string): TextPlace {
  return {file: `${origin.folder}/${file}`, key: file, part: '', lineOf: (line) => line};
}

/** The path of a file, in the description. */
export function pathPlace(template: Template, {path, pathLine}: TemplateFile): TextPlace {
  return {...filePlace(template, DESCRIPTION), key: `path ${path}`, part: 'path: ', lineOf: () => pathLine};
}

/** How the files are used, in the description: of a block the first line comes after its name. */
export function usagePlace(template: Template): TextPlace {
  const {usage = '', usageLine} = template;
  const isBlock = usage.includes('\n');
  return {
    ...filePlace(template, DESCRIPTION),
    key: 'usage',
    part: 'usage: ',
    lineOf: (line) => (usageLine === undefined || !isBlock ? usageLine : usageLine + line),
  };
}

/** A place with a line of its text, as a message begins; without the line where that is not known. */
export function placeWords({file, part, lineOf}: TextPlace, line: number | undefined): string {
  const told = line === undefined ? undefined : lineOf(line);
  return `${file}${told === undefined ? '' : `:${told}`}: ${part}`;
}
