import type {ChangingAct} from '../../../app/doctor/doctor-types.js';
import {EMPTY_FIELD, type Field, fieldOf} from '../../components/field.js';
import {keepCursor, moveCursor, openList} from '../../components/list.js';
import {withNews} from '../../news.js';
import {detailHeight} from './detail-lines.js';
import {doctorNews} from './news.js';
import {actsOf, screenOf, serverFilter, sshCommand} from './remedies.js';
import {idsOf, selectedRow, shownRows} from './rows.js';
import {type DoctorAction, type DoctorOptions, type DoctorState, type Next, openDoctor} from './state.js';

/** The screen as it starts: everything is looked at. */
export function startDoctor(options: DoctorOptions): Next {
  return {state: openDoctor(options), effects: [{kind: 'look'}]};
}

/** What comes without a key: a word about an own action stays for it, and no row is chosen by it. */
const BY_ITSELF: ReadonlySet<DoctorAction['type']> = new Set([
  'tick',
  'resize',
  'signed-in',
  'told',
  'looked',
  'look-failed',
  'written',
  'unwritten',
]);

/** What an action makes of the screen. Pure. */
export function updateDoctor(old: DoctorState, action: DoctorAction): Next {
  const before = BY_ITSELF.has(action.type) ? old : {...old, isChosen: true, notice: undefined};
  const {state, effects} = update(before, action);
  if (action.type === 'tick') return {state, effects};
  const news = doctorNews(before, state);
  return {state: withNews(state, news), effects};
}

function update(state: DoctorState, action: DoctorAction): Next {
  switch (action.type) {
    case 'tick':
      return stay({...state, now: action.now});
    case 'resize':
      return stay({...state, body: action.body});
    case 'signed-in':
      return stay({...state, cloud: action.cloud});
    case 'told':
      return stay(told(state, action));
    case 'looked':
      return stay(
        withRows({
          ...state,
          diagnosis: action.diagnosis,
          look: {kind: 'done', at: action.at, tookMs: action.tookMs},
        }),
      );
    case 'look-failed':
      return stay({...state, look: {kind: 'failed', at: action.at, trouble: action.trouble}});
    case 'look-again':
      return state.look.kind === 'looking'
        ? stay(state)
        : {state: {...state, look: {kind: 'looking', extent: undefined}}, effects: [{kind: 'look'}]};
    case 'move':
      return stay(moved(state, action));
    case 'open': {
      const row = selectedRow(state);
      return stay(row === undefined ? state : {...state, opened: {id: row.id, top: 0}});
    }
    case 'close':
      return stay({...state, opened: undefined});
    case 'begin-filter':
      return stay({...state, filter: {...state.filter, isTyping: true}});
    case 'end-filter':
      return stay({...state, filter: {...state.filter, isTyping: false}});
    case 'clear-filter':
      return stay(filtered(state, EMPTY_FIELD, false));
    case 'filter':
      return stay(filtered(state, action.field, true));
    case 'remedy': {
      const acts = actsOf(state, selectedRow(state));
      const [only, ...others] = acts;
      if (only === undefined) return stay(state);
      return others.length === 0 ? begun(state, only) : stay({...state, choice: acts});
    }
    case 'choose':
      return begun({...state, choice: undefined}, action.act);
    case 'leave-choice':
      return stay({...state, choice: undefined});
    case 'servers': {
      const row = selectedRow(state);
      const filter = row === undefined ? undefined : serverFilter(state, row);
      if (filter === undefined) return stay(state);
      return {state, effects: [{kind: 'open', name: 'watch', object: filter}]};
    }
    case 'ssh': {
      const text = sshCommand(state, selectedRow(state));
      return text === undefined ? stay(state) : {state, effects: [{kind: 'copy', text}]};
    }
    default:
      return reporting(state, action);
  }
}

type ReportAction = Extract<
  DoctorAction,
  {type: 'begin-report' | 'write-report' | 'leave-report' | 'name-report' | 'written' | 'unwritten'}
>;

function reporting(state: DoctorState, action: ReportAction): Next {
  const {report, diagnosis} = state;
  switch (action.type) {
    case 'begin-report':
      if (diagnosis === undefined) return stay(state);
      return stay({
        ...state,
        report: {field: fieldOf(fileName(state)), isWriting: false, problem: undefined, failures: 0},
      });
    case 'name-report':
      return stay(report === undefined ? state : {...state, report: {...report, field: action.field}});
    case 'write-report': {
      const file = report?.field.text.trim() ?? '';
      if (report === undefined || report.isWriting || diagnosis === undefined || file === '')
        return stay(state);
      return {
        state: {...state, report: {...report, isWriting: true, problem: undefined}},
        effects: [{kind: 'report', diagnosis, file: /\.md$/i.test(file) ? file : `${file}.md`}],
      };
    }
    case 'leave-report':
      return stay({...state, report: undefined});
    case 'written':
      return stay(noted({...state, report: undefined}, `written: ${action.file}`));
    case 'unwritten':
      return stay(
        report === undefined
          ? noted(state, action.problem, true)
          : {
              ...state,
              report: {...report, isWriting: false, problem: action.problem, failures: report.failures + 1},
            },
      );
  }
}

/** As much as the first look has found is shown; while it is looked again, the last whole look is. */
function told(state: DoctorState, {diagnosis}: Extract<DoctorAction, {type: 'told'}>): DoctorState {
  if (state.look.kind !== 'looking') return state;
  const look = {kind: 'looking', extent: diagnosis.extent} as const;
  const isFirst = state.diagnosis === undefined || state.diagnosis.chart === undefined;
  return isFirst ? withRows({...state, look, diagnosis}) : {...state, look};
}

/** The cursor stays on its row, or on the first one where nobody chose. */
function withRows(state: DoctorState): DoctorState {
  const ids = idsOf(shownRows(state));
  const list = state.isChosen ? keepCursor(state.list, ids) : openList(ids);
  const {opened} = state;
  return {...state, list, opened: opened !== undefined && ids.includes(opened.id) ? opened : undefined};
}

/** In the list the cursor moves; with a row opened, what is told of it. */
function moved(state: DoctorState, {move}: Extract<DoctorAction, {type: 'move'}>): DoctorState {
  const {opened, body} = state;
  if (opened === undefined) {
    return {...state, list: moveCursor(state.list, idsOf(shownRows(state)), move, body.rows)};
  }
  const rest = Math.max(0, detailHeight(state, body) - body.rows);
  const half = Math.max(1, Math.floor(body.rows / 2));
  const steps = {
    next: 1,
    previous: -1,
    first: -opened.top,
    last: rest,
    'half-page-down': half,
    'half-page-up': -half,
  };
  const top = Math.max(0, Math.min(rest, opened.top + steps[move]));
  return {...state, opened: {...opened, top}};
}

function filtered(state: DoctorState, field: Field, isTyping: boolean): DoctorState {
  return withRows({...state, filter: {field, isTyping}});
}

function begun(state: DoctorState, act: ChangingAct): Next {
  const screen = screenOf(state, act);
  return screen === undefined
    ? stay(noted(state, 'its server is not there any more; look again', true))
    : {state, effects: [{kind: 'open', ...screen}]};
}

/** A name that no earlier file has: with the cloud and the time, in UTC. */
function fileName({cloud = '', now}: DoctorState): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const words = ['reprieve-doctor', cloud.replaceAll(/[^\w.-]+/g, '-'), time];
  return `${words.filter((word) => word !== '').join('-')}.md`;
}

function stay(state: DoctorState): Next {
  return {state, effects: []};
}

/** A word about an own action, in the strip. */
function noted(state: DoctorState, text: string, isBad = false): DoctorState {
  return {...state, notice: {text, isBad, at: state.now}};
}
