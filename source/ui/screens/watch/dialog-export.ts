import {countOf} from '../../../text/elapsed.js';
import {EXPORT_FORMATS, type ExportFormat} from '../../../text/watch-export.js';
import type {Dialog} from '../../components/dialog.js';
import {ENDINGS} from './exporting.js';
import {said} from './dialog-words.js';
import type {WatchAction, WatchState} from './state.js';

const LABELS: Readonly<Record<ExportFormat, string>> = {
  csv: 'Write CSV',
  json: 'Write JSON',
  markdown: 'Write Markdown',
};

const cancel = {type: 'leave-export'} as const;

/** What is shown on its way to a file: its name is typed, its format is a button. */
export function exportDialog({export: open}: WatchState): Dialog<WatchAction> | undefined {
  if (open === undefined) return undefined;
  const {rows, field, format, problem, failures, isWriting} = open;
  return {
    id: `export:${failures}`,
    title: `Write ${countOf(rows.length, 'server')} to a file`,
    isDangerous: false,
    ...said([
      {text: 'Those that the list shows, in its order, with all that is known of them.'},
      {
        text: `Without a path it goes into the folder where reprieve was started. ${endingWords()} Only you can read it; no other file is written over.`,
      },
      ...(problem === undefined ? [] : [{meaning: 'failed' as const, text: problem}]),
      ...(isWriting ? [{meaning: 'now' as const, text: 'It is being written.'}] : []),
    ]),
    text: {
      label: 'File:',
      field,
      change: (next) => ({type: 'name-export', field: next}),
      missing: 'needs a name',
    },
    buttons: [
      ...EXPORT_FORMATS.map((one) => ({
        label: LABELS[one],
        action: {type: 'press-export', format: one} as const,
        needsWord: true,
      })),
      {label: 'Cancel', action: cancel},
    ],
    focused: EXPORT_FORMATS.indexOf(format),
    cancel,
  };
}

function endingWords(): string {
  const endings = EXPORT_FORMATS.map((one) => ENDINGS[one]);
  return `The format adds ${endings.slice(0, -1).join(', ')} or ${endings.at(-1)}.`;
}
