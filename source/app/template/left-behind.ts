import {makerOf} from './header.js';
import type {OutputFolder} from './template-ports.js';

/** Files that a template made once and would not make now: renamed in it, or made for a value that is another one. */
export type LeftBehind = {
  /** Below the folder, in order. */
  readonly paths: readonly string[];
  /** Whether all of the folder was looked through. */
  readonly isWhole: boolean;
};

/** Looks for such files by their headers; a language without comments has none. */
export async function leftBehind(
  template: string,
  made: readonly {readonly file: {readonly path: string}}[],
  folder: Pick<OutputFolder, 'beginnings'>,
): Promise<LeftBehind> {
  const {files, isWhole} = await folder.beginnings();
  const wanted = new Set(made.map(({file}) => file.path));
  const paths = files
    .filter(({path, text}) => !wanted.has(path) && makerOf(text) === template)
    .map(({path}) => path);
  return {paths: paths.toSorted(), isWhole};
}
