import {countOf} from '../../../text/elapsed.js';
import type {ExportFormat} from '../../../text/watch-export.js';
import {fieldOf} from '../../components/field.js';
import type {Transition} from '../../store.js';
import {toldOf} from './changes.js';
import {filterRowOf} from './rows.js';
import type {ExportAction, WatchEffect, WatchState} from './state.js';

type Next = Transition<WatchState, WatchEffect>;

/** What a file of a format ends with. */
export const ENDINGS: Readonly<Record<ExportFormat, string>> = {
  csv: '.csv',
  json: '.json',
  markdown: '.md',
};

/** Names of clouds in the name of a file are no longer than this. */
const LONGEST_CLOUDS = 60;

/** What an action that is about writing what is shown to a file makes of the list. */
export function exporting(state: WatchState, action: ExportAction): Next {
  const {export: open} = state;
  switch (action.type) {
    case 'export':
      return still(opened(state));
    case 'exported':
      return still(
        toldOf(
          {...state, export: undefined},
          'ok',
          `${countOf(action.count, 'server')} written to ${action.file}`,
        ),
      );
    case 'unexported': {
      const {problem} = action;
      if (open === undefined) return still(toldOf(state, 'failed', problem));
      const failures = open.failures + 1;
      return still({...state, export: {...open, isWriting: false, problem, failures}});
    }
    case 'name-export':
      return still(open === undefined ? state : {...state, export: {...open, field: action.field}});
    case 'press-export':
      return pressed(state, action.format);
    case 'leave-export':
      return still({...state, export: undefined});
  }
}

function opened(state: WatchState): WatchState {
  const {shown: rows} = state;
  if (rows.length === 0) return state;
  const field = fieldOf(fileName(state));
  const rest = {format: 'csv', isWriting: false, problem: undefined, failures: 0} as const;
  return {...state, export: {rows, field, ...rest}};
}

function pressed(state: WatchState, format: ExportFormat): Next {
  const {export: open} = state;
  if (open === undefined || open.isWriting) return still(state);
  const rows = open.rows.map((row) => filterRowOf(state, row));
  const file = withEnding(open.field.text.trim(), ENDINGS[format]);
  return {
    state: {...state, export: {...open, format, isWriting: true}},
    effects: [{kind: 'export', rows, format, file}],
  };
}

/** A name that no earlier file has: with the clouds and the time of day, in UTC. */
function fileName({clouds, now}: WatchState): string {
  const names = clouds.map(({name}) => name.replaceAll(/[^\w.-]+/g, '-')).join('-');
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return ['reprieve-servers', names.slice(0, LONGEST_CLOUDS), time].filter((part) => part !== '').join('-');
}

function withEnding(name: string, ending: string): string {
  return name.toLowerCase().endsWith(ending) ? name : name + ending;
}

function still(state: WatchState): Next {
  return {state, effects: []};
}
