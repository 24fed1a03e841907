import {bound} from '../../actions.js';
import type {Binding} from '../../keys.js';
import {listMoves, movingFilterKeys} from '../../list-keys.js';
import type {TextFocus} from '../../screen.js';
import {actsOf, serverFilter, sshCommand} from './remedies.js';
import {rowsOf, selectedRow} from './rows.js';
import type {DoctorAction, DoctorState} from './state.js';

type Keys = readonly Binding<DoctorAction>[];

/** What keys do now. */
export function doctorBindings(state: DoctorState): Keys {
  const {opened, filter, diagnosis, look} = state;
  if (filter.isTyping) return TYPING;
  const row = selectedRow(state);
  const isOpen = opened !== undefined;
  const hasRow = row !== undefined;
  const again = {...AGAIN, ...(hasRow && diagnosis?.chart === undefined ? {} : {hint: 'again'})};
  return [
    ...(actsOf(state, row).length > 0 ? [REMEDY] : []),
    ...(hasRow ? (isOpen ? SCROLL : MOVES) : []),
    ...(hasRow && serverFilter(state, row) !== undefined ? [SERVERS] : []),
    ...(hasRow && !isOpen ? [OPEN] : []),
    ...(isOpen ? [CLOSE] : []),
    ...(sshCommand(state, row) === undefined ? [] : [SSH]),
    ...(look.kind === 'looking' ? [] : [again]),
    ...(diagnosis?.chart === undefined ? [] : [REPORT]),
    ...(!isOpen && rowsOf(state).length > 0 ? [FILTER] : []),
    ...(!isOpen && filter.field.text !== '' ? [CLEAR] : []),
  ];
}

/** The filter while it is typed. */
export function doctorText({filter}: DoctorState): TextFocus<DoctorAction> | undefined {
  if (!filter.isTyping) return undefined;
  return {field: filter.field, change: (field) => ({type: 'filter', field})};
}

const REMEDY: Binding<DoctorAction> = {
  ...bound('doctor.remedy'),
  hint: 'remedy',
  help: 'what helps; plan and impact first',
  group: 'this',
  action: {type: 'remedy'},
};
const SERVERS: Binding<DoctorAction> = {
  ...bound('doctor.servers'),
  hint: 'its servers',
  help: 'its soft-deleted servers',
  group: 'this',
  action: {type: 'servers'},
};
const OPEN: Binding<DoctorAction> = {
  ...bound('open'),
  hint: 'evidence',
  help: 'all that is known of it',
  group: 'this',
  action: {type: 'open'},
};
const CLOSE: Binding<DoctorAction> = {
  ...bound('back'),
  hint: 'findings',
  help: 'back to the findings',
  group: 'this',
  action: {type: 'close'},
};
const SSH: Binding<DoctorAction> = {
  ...bound('doctor.ssh'),
  help: 'copy its ssh command',
  group: 'this',
  action: {type: 'ssh'},
};
const REPORT: Binding<DoctorAction> = {
  ...bound('doctor.report'),
  help: 'write a report',
  group: 'list',
  action: {type: 'begin-report'},
};
const AGAIN: Binding<DoctorAction> = {
  ...bound('again'),
  help: 'look again',
  group: 'list',
  action: {type: 'look-again'},
};
const FILTER: Binding<DoctorAction> = {
  ...bound('filter'),
  help: 'find; !text for not',
  group: 'list',
  action: {type: 'begin-filter'},
};
const CLEAR: Binding<DoctorAction> = {
  ...bound('back'),
  hint: 'clear filter',
  help: 'all findings again',
  group: 'list',
  action: {type: 'clear-filter'},
};
const MOVES = listMoves<DoctorAction>((move) => ({type: 'move', move}), 'next');
const SCROLL = listMoves<DoctorAction>((move) => ({type: 'move', move}), 'scroll');

const TYPING = movingFilterKeys<DoctorAction>(
  {type: 'end-filter'},
  {clear: {type: 'clear-filter'}, all: 'all findings again'},
  (move) => ({type: 'move', move}),
);
