import type {Dialog} from '../../components/dialog.js';
import {said} from '../watch/dialog-words.js';
import {selectedRow} from './rows.js';
import type {DoctorAction, DoctorState} from './state.js';
import {actLabel, actNote} from './words.js';

/** The dialog that is open: which remedy, or where the report is written to. */
export function doctorDialog(state: DoctorState): Dialog<DoctorAction> | undefined {
  return choiceDialog(state) ?? reportDialog(state);
}

function choiceDialog(state: DoctorState): Dialog<DoctorAction> | undefined {
  const {choice} = state;
  const row = selectedRow(state);
  if (choice === undefined || row === undefined) return undefined;
  const cancel = {type: 'leave-choice'} as const;
  return {
    id: `remedy:${row.id}`,
    title: 'Which remedy',
    isDangerous: false,
    ...said([
      {text: `${row.who}: ${row.what}`},
      ...choice.map((act) => ({text: `${actLabel(act)}: ${actNote(act)}.`})),
    ]),
    buttons: [
      {label: 'Cancel', action: cancel},
      ...choice.map((act) => ({label: actLabel(act), action: {type: 'choose', act} as const})),
    ],
    focused: 0,
    cancel,
  };
}

function reportDialog({report}: DoctorState): Dialog<DoctorAction> | undefined {
  if (report === undefined) return undefined;
  const {field, problem, isWriting, failures} = report;
  const cancel = {type: 'leave-report'} as const;
  return {
    id: `report:${failures}`,
    title: 'Write a report',
    isDangerous: false,
    ...said([
      {text: 'All findings with evidence, cause and remedy as Markdown, for a ticket; secrets are masked.'},
      {
        text: 'Without a path it goes into the folder where reprieve was started. Only you can read it; no other file is written over.',
      },
      ...(problem === undefined ? [] : [{meaning: 'failed' as const, text: problem}]),
      ...(isWriting ? [{meaning: 'now' as const, text: 'It is being written.'}] : []),
    ]),
    text: {
      label: 'File:',
      field,
      change: (next) => ({type: 'name-report', field: next}),
      missing: 'needs a name',
    },
    buttons: [
      {label: 'Write', action: {type: 'write-report'}, needsWord: true},
      {label: 'Cancel', action: cancel},
    ],
    focused: 0,
    cancel,
  };
}
