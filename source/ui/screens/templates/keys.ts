import {bound} from '../../actions.js';
import type {Binding} from '../../keys.js';
import {filterKeys, listMoves} from '../../list-keys.js';
import type {TextFocus} from '../../screen.js';
import type {TemplatesAction} from './actions.js';
import {currentRow, wantedOf, type FormRow} from './form.js';
import {pickedTemplate} from './pick.js';
import type {TemplatesState} from './state.js';

type Keys = readonly Binding<TemplatesAction>[];

/** What keys do now. */
export function templatesBindings(state: TemplatesState): Keys {
  const {form} = state;
  if (form === undefined) return pickKeys(state);
  switch (form.stage.kind) {
    case 'looking':
    case 'writing':
    case 'asking':
      return [];
    case 'written':
      return [
        {
          ...bound('open'),
          hint: 'go on',
          help: 'back to the templates',
          group: 'this',
          action: {type: 'enter'},
        },
        {...BACK, action: {type: 'back'}},
      ];
    case 'print':
      return PAGE;
    case 'fill':
      return form.typing?.isOpen === true ? TYPING : fillKeys(state);
  }
}

/** The field that is typed in, or the filter. */
export function templatesText(state: TemplatesState): TextFocus<TemplatesAction> | undefined {
  const {form, filter} = state;
  if (form === undefined) {
    return filter.isTyping ? {field: filter.field, change: (field) => ({type: 'filter', field})} : undefined;
  }
  const row = currentRow(state);
  const {typing} = form;
  if (form.stage.kind !== 'fill' || typing === undefined || row?.id !== typing.id) return undefined;
  const change = (field: typeof typing.field): TemplatesAction => ({type: 'type', field});
  if (row.kind !== 'value' && row.kind !== 'folder') return undefined;
  const {way} = row;
  return way.kind === 'typed'
    ? {field: typing.field, accepts: (grapheme) => way.accepts.test(grapheme), change}
    : {field: typing.field, change};
}

const BACK = {...bound('back'), help: 'back to the templates', group: 'everywhere'} as const;
const PRINT: Binding<TemplatesAction> = {
  ...bound('templates.print'),
  hint: 'print',
  help: 'everything that would be written, to read or copy',
  group: 'this',
  action: {type: 'print'},
};
const AGAIN: Binding<TemplatesAction> = {
  ...bound('again'),
  help: 'read templates and runs again',
  group: 'list',
  action: {type: 'look-again'},
};
const FIELDS: Binding<TemplatesAction> = {
  keys: ['tab'],
  hint: 'next',
  help: 'next row, row before',
  group: 'move',
  action: {type: 'move', move: 'next'},
  also: [{keys: ['shift-tab'], action: {type: 'move', move: 'previous'}}],
};
const ROWS: Binding<TemplatesAction> = {
  ...bound('move.down'),
  shown: '↑ ↓',
  help: 'row below, row above',
  group: 'move',
  action: {type: 'move', move: 'next'},
  also: [{...bound('move.up'), action: {type: 'move', move: 'previous'}}],
};
const ENDS: Binding<TemplatesAction> = {
  ...bound('move.first'),
  shown: 'g G',
  help: 'first, last',
  group: 'move',
  action: {type: 'move', move: 'first'},
  also: [{...bound('move.last'), action: {type: 'move', move: 'last'}}],
};
const SCROLL: Binding<TemplatesAction> = {
  ...bound('move.half-page-down'),
  shown: 'ctrl-d u',
  help: 'more of the file',
  group: 'move',
  action: {type: 'scroll', by: 1},
  also: [{...bound('move.half-page-up'), action: {type: 'scroll', by: -1}}],
};
const WRITE: Binding<TemplatesAction> = {
  ...bound('templates.write'),
  hint: 'write',
  help: 'write the files',
  group: 'this',
  action: {type: 'write'},
};
const STEP_BACK: Binding<TemplatesAction> = {
  ...bound('templates.step-back'),
  hint: 'back',
  help: 'back to the templates',
  group: 'this',
  action: {type: 'back'},
};
const TYPING: Keys = [
  {keys: ['enter'], hint: 'done', help: 'keep what is typed', group: 'this', action: {type: 'end-typing'}},
  {keys: ['tab'], help: 'keep it, next row', group: 'this', action: {type: 'end-typing'}},
  {keys: ['esc'], hint: 'undo', help: 'as it was before', group: 'this', action: {type: 'undo-typing'}},
  {...ROWS, help: 'keep it, row below, row above'},
];
const PAGE: Keys = [
  ...listMoves<TemplatesAction>((move) => ({type: 'move', move}), 'scroll'),
  {...bound('copy'), hint: 'copy', help: 'copy all of it', group: 'this', action: {type: 'copy'}},
  {
    ...bound('templates.print'),
    hint: 'print when reprieve ends',
    help: 'print it on this terminal when reprieve ends',
    group: 'this',
    action: {type: 'leave-printed'},
  },
  {...BACK, hint: 'close', help: 'back to the form', action: {type: 'back'}},
];

function pickKeys(state: TemplatesState): Keys {
  const {filter} = state;
  if (filter.isTyping) {
    return filterKeys({type: 'end-filter'}, {type: 'clear-filter'});
  }
  const picked = pickedTemplate(state);
  const onOne: Keys =
    picked === undefined
      ? []
      : [{...bound('open'), hint: 'fill in', help: 'fill it in', group: 'this', action: {type: 'enter'}}];
  return [
    ...onOne,
    {
      ...bound('filter'),
      hint: 'filter',
      help: 'find a template',
      group: 'list',
      action: {type: 'begin-filter'},
    },
    ...(picked === undefined ? [] : [{...PRINT, hint: 'print as it is'}]),
    ...(filter.field.text === ''
      ? []
      : [{...bound('back'), help: 'show all', group: 'everywhere', action: {type: 'clear-filter'}} as const]),
    AGAIN,
    ...(picked === undefined ? [] : listMoves<TemplatesAction>((move) => ({type: 'move', move}))),
  ];
}

function fillKeys(state: TemplatesState): Keys {
  const row = currentRow(state);
  const isReady = wantedOf(state) !== undefined;
  const isTyped = row?.kind === 'value' && state.form?.written[row.tried.definition.name] !== undefined;
  return [
    {...bound('open'), ...enterWords(row), group: 'this', action: {type: 'enter'}},
    ...changeKeys(row),
    ...(isReady ? [WRITE, PRINT] : []),
    FIELDS,
    STEP_BACK,
    ...(isTyped ? [AS_KNOWN] : []),
    ROWS,
    ENDS,
    SCROLL,
    {...BACK, action: {type: 'back'}},
    AGAIN,
  ];
}

const AS_KNOWN: Binding<TemplatesAction> = {
  ...bound('templates.as-known'),
  help: 'take back what was typed for the value',
  group: 'this',
  action: {type: 'as-known'},
};

/** What enter does where the cursor stands. It writes nothing but on the button for that. */
function enterWords(row: FormRow | undefined): {readonly hint?: string; readonly help: string} {
  switch (row?.kind) {
    case 'file':
      return {hint: 'whole file', help: 'all of the file'};
    case 'button':
      return row.id === 'write'
        ? {hint: 'write', help: 'write the files'}
        : {hint: 'print', help: 'everything that would be written'};
    case 'value':
    case 'folder':
      return row.way.kind === 'opened' ? {hint: 'type', help: 'type in the field'} : {help: 'next row'};
    case undefined:
      return {help: 'next row'};
  }
}

function changeKeys(row: FormRow | undefined): Keys {
  if (row?.kind !== 'value' || row.way.kind !== 'words') return [];
  return [
    {
      ...bound('templates.change'),
      shown: '← →',
      hint: 'change',
      help: 'another word',
      group: 'this',
      action: {type: 'change', by: 1},
      also: [{...bound('templates.change-back'), action: {type: 'change', by: -1}}],
    },
  ];
}
