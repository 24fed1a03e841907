import {previewOf} from './form.js';
import type {TemplatesState} from './state.js';

/** What the page shows: all files, each below its name where there are several, as `template render` prints them. */
export function printedText(state: TemplatesState): string {
  const only = state.form?.stage.kind === 'print' ? state.form.stage.file : undefined;
  const all = previewOf(state)?.files ?? [];
  const files = only === undefined ? all : all.filter(({file}) => file.path === only);
  return files
    .map(({file}, index) =>
      files.length === 1 ? file.text : `${index === 0 ? '' : '\n'}==> ${file.path} <==\n${file.text}`,
    )
    .join('');
}
