import {bound} from '../../actions.js';
import type {Binding} from '../../keys.js';
import {filterKeys, listMoves} from '../../list-keys.js';
import type {TextFocus} from '../../screen.js';
import type {FlavorAction} from './actions.js';
import {currentField} from './fields.js';
import {formProblems} from './form-problems.js';
import {curable, curesOf, findingsOf, judgementOf} from './judged.js';
import {canSave} from './judged-save.js';
import {readyOf} from './known.js';
import type {FlavorState} from './state.js';
import {canBeKept} from './templates.js';

type Keys = readonly Binding<FlavorAction>[];

/** What keys do now. */
export function flavorBindings(state: FlavorState): Keys {
  const {panel, typing, saving, step} = state;
  if (saving.kind === 'running') return [];
  if (saving.kind === 'ended') return [CLOSE_RESULT, {...BACK_KEY, action: {type: 'save-close'}}];
  if (panel !== undefined) return panelKeys(state);
  if (typing?.isOpen === true) return TYPING;
  return [
    ...enterKeys(state),
    ...(step === 'review' ? [] : [FIELDS]),
    ...changeKeys(state),
    ...undoKeys(state, true),
    ...stepKeys(state),
    ...(isCurable(state) ? [CURE] : []),
    ...(canBeKept(state) ? [TEMPLATE] : []),
    XML,
    ...(step === 'size' ? [] : [STEP_BACK, {...BACK_KEY, action: {type: 'back'} as const}]),
    FINDINGS,
    ...undoKeys(state, false),
    ...(state.options.isOffline ? [] : [AGAIN]),
  ];
}

/** The field that is typed in, or the filter of a list. */
export function flavorText(state: FlavorState): TextFocus<FlavorAction> | undefined {
  const {panel, typing, filter, saving} = state;
  if (saving.kind === 'running' || saving.kind === 'ended') return undefined;
  if (panel !== undefined) {
    return filter.isTyping ? {field: filter.field, change: (field) => ({type: 'filter', field})} : undefined;
  }
  const field = currentField(state);
  if (typing === undefined || field?.id !== typing.id) return undefined;
  const change = (next: typeof typing.field): FlavorAction => ({type: 'type', field: next});
  if (field.kind === 'text') return {field: typing.field, change};
  return field.kind === 'number'
    ? {field: typing.field, accepts: (grapheme) => field.accepts.test(grapheme), change}
    : undefined;
}

const NEXT: Binding<FlavorAction> = {
  ...bound('flavor.next'),
  help: 'next step',
  group: 'this',
  action: {type: 'next'},
};
const STEP_BACK: Binding<FlavorAction> = {
  ...bound('flavor.step-back'),
  hint: 'back',
  help: 'one step back',
  group: 'this',
  action: {type: 'back'},
};
const BACK_KEY = {...bound('back'), help: 'one step back', group: 'everywhere'} as const;
const FIELDS: Binding<FlavorAction> = {
  ...bound('move.down'),
  shown: '↑ ↓',
  hint: 'field',
  help: 'field below, field above',
  group: 'move',
  action: {type: 'move', move: 'next'},
  also: [
    {...bound('move.up'), action: {type: 'move', move: 'previous'}},
    {keys: ['tab'], action: {type: 'move', move: 'next'}},
    {keys: ['shift-tab'], action: {type: 'move', move: 'previous'}},
  ],
};
const CURE: Binding<FlavorAction> = {
  ...bound('flavor.cure'),
  hint: 'cure',
  help: 'cure the finding',
  group: 'this',
  action: {type: 'cure'},
};
const UNDO: Binding<FlavorAction> = {
  ...bound('flavor.undo'),
  help: 'undo cure, preset, clone',
  group: 'this',
  action: {type: 'undo'},
};
const XML: Binding<FlavorAction> = {
  ...bound('flavor.xml'),
  hint: 'XML',
  help: 'all of the XML',
  group: 'this',
  action: {type: 'panel', panel: 'xml'},
};
const FINDINGS: Binding<FlavorAction> = {
  ...bound('flavor.findings'),
  help: 'every finding',
  group: 'this',
  action: {type: 'panel', panel: 'findings'},
};
const TEMPLATE: Binding<FlavorAction> = {
  ...bound('flavor.template'),
  hint: 'template',
  help: 'keep it as files, from a template',
  group: 'this',
  action: {type: 'keep-as-template'},
};
const AGAIN: Binding<FlavorAction> = {
  ...bound('again'),
  help: 'ask the cloud again',
  group: 'everywhere',
  action: {type: 'look-again'},
};
const CLOSE_RESULT: Binding<FlavorAction> = {
  ...bound('open'),
  hint: 'go on',
  help: 'back to the review',
  group: 'this',
  action: {type: 'save-close'},
};
const TYPING: Keys = [
  {keys: ['enter'], hint: 'done', help: 'keep what is typed', group: 'this', action: {type: 'end-typing'}},
  {keys: ['tab'], help: 'keep it, field below', group: 'this', action: {type: 'end-typing'}},
  {keys: ['esc'], hint: 'undo', help: 'as it was before', group: 'this', action: {type: 'undo-typing'}},
  {
    ...bound('move.down'),
    shown: '↑ ↓',
    help: 'keep it, field below, field above',
    group: 'move',
    action: {type: 'move', move: 'next'},
    also: [{...bound('move.up'), action: {type: 'move', move: 'previous'}}],
  },
];

const MOVES: Keys = listMoves((move) => ({type: 'move', move}), 'select');
const SCROLLS: Keys = listMoves((move) => ({type: 'move', move}), 'scroll');
const COPY_GUEST: Binding<FlavorAction> = {
  ...bound('copy'),
  hint: 'copy',
  help: 'copy the user data',
  group: 'this',
  action: {type: 'copy-guest'},
};

const ENTER_HINTS = {
  text: {hint: 'type', help: 'type in the field'},
  start: {hint: 'begin with it', help: 'begin with it'},
  'start-clone': {hint: 'choose one', help: 'choose a flavor to clone'},
  mark: {hint: 'mark', help: 'mark the project, or not'},
} as const;

/** What enter does where the cursor stands. */
function enterKeys(state: FlavorState): Keys {
  if (state.step === 'review') {
    const [wrong] = formProblems(state.draft);
    if (wrong !== undefined) {
      const hint = wrong.field === 'name' && state.draft.name === '' ? 'name it' : 'mend it';
      const help = 'to the field that keeps it from being saved';
      return [{...bound('open'), hint, help, group: 'this', action: {type: 'mend'}}];
    }
    if (!canSave(state)) return [];
    return [
      {
        ...bound('open'),
        hint: 'save',
        help: 'save it in the cloud',
        group: 'this',
        action: {type: 'save-ask'},
      },
    ];
  }
  const kind = currentField(state)?.kind;
  const words =
    kind === 'text' || kind === 'start' || kind === 'start-clone' || kind === 'mark'
      ? ENTER_HINTS[kind]
      : {hint: 'next', help: 'next step'};
  const enter: Binding<FlavorAction> = {...bound('open'), ...words, group: 'this', action: {type: 'enter'}};
  // Where enter does something else there is still a way on.
  return [enter, words.hint === 'next' ? NEXT : {...NEXT, hint: 'next'}];
}

function changeKeys(state: FlavorState): Keys {
  const kind = currentField(state)?.kind;
  if (kind === 'word') {
    return [
      {
        ...bound('flavor.change'),
        shown: '← →',
        hint: 'change',
        help: 'another word',
        group: 'this',
        action: {type: 'change', by: 1},
        also: [{...bound('flavor.change-back'), action: {type: 'change', by: -1}}],
      },
    ];
  }
  if (kind !== 'mark' && kind !== 'start' && kind !== 'start-clone') return [];
  return [{...bound('flavor.change'), help: 'take it', group: 'this', action: {type: 'change', by: 1}}];
}

/** Keys of the step alone. */
function stepKeys(state: FlavorState): Keys {
  const key = (
    name: 'windows' | 'flat' | 'as-nova',
    help: string,
    hint?: string,
    shown?: string,
  ): Binding<FlavorAction> => ({
    ...bound(`flavor.${name}`),
    help,
    group: 'this',
    action: {type: name},
    ...(hint === undefined ? {} : {hint}),
    ...(shown === undefined ? {} : {shown}),
  });
  switch (state.step) {
    case 'size':
      if ((readyOf(state.facts.flavors)?.rows.length ?? 0) === 0) return [];
      return [
        {
          ...bound('flavor.clone'),
          hint: 'clone one',
          help: 'begin with a copy of a flavor',
          group: 'this',
          action: {type: 'panel', panel: 'clone'},
        },
      ];
    case 'watchdog':
      if (judgementOf(state)?.xml.watchdog === undefined) return [];
      return [
        {
          ...bound('flavor.guest'),
          hint: 'guest half',
          help: 'what the guest needs to feed it',
          group: 'this',
          action: {type: 'panel', panel: 'guest'},
        },
      ];
    case 'topology':
      if (judgementOf(state) === undefined) return [];
      return [
        {
          ...key('windows', 'presets: two sockets, one socket, as Nova does alone', 'presets', 'w f d'),
          also: [
            {...bound('flavor.flat'), action: {type: 'flat'}},
            {...bound('flavor.as-nova'), action: {type: 'as-nova'}},
          ],
        },
      ];
    case 'NUMA':
      // Without a size there is nothing to divide.
      if (judgementOf(state) === undefined && !state.isByNode) return [];
      return [
        {
          ...bound('flavor.by-node'),
          hint: state.isByNode ? 'all nodes' : 'node by node',
          help: 'node by node, or all alike',
          group: 'this',
          action: {type: 'by-node'},
        },
      ];
    case 'access':
    case 'review':
      return [];
  }
}

/** Right after what it takes back it is told in the line of keys too, before what is always there. */
function undoKeys({undo, notice}: FlavorState, isFirst: boolean): Keys {
  const isFresh = notice !== undefined && !notice.isBad;
  if (undo.length === 0 || isFresh !== isFirst) return [];
  return [isFresh ? {...UNDO, hint: 'undo'} : UNDO];
}

/** Whether there is a finding to be cured: in their list the one with the cursor. */
function isCurable(state: FlavorState): boolean {
  if (state.panel !== 'findings') return curable(findingsOf(state)) !== undefined;
  const chosen = judgementOf(state)?.findings[Number(state.list.cursor)];
  return chosen !== undefined && curesOf(chosen).length > 0;
}

function panelKeys(state: FlavorState): Keys {
  const {panel, filter} = state;
  if (filter.isTyping) {
    return filterKeys({type: 'end-filter'}, {type: 'clear-filter'});
  }
  const close: Keys = [
    {
      ...bound('back'),
      hint: 'close',
      help: 'back to the form',
      group: 'everywhere',
      action: {type: 'close-panel'},
    },
  ];
  switch (panel) {
    case 'clone':
      return [
        {
          ...bound('open'),
          hint: 'clone it',
          help: 'begin with a copy of it',
          group: 'this',
          action: {type: 'enter'},
        },
        ...MOVES,
        {
          ...bound('filter'),
          hint: 'filter',
          help: 'find a flavor',
          group: 'list',
          action: {type: 'begin-filter'},
        },
        ...close,
      ];
    case 'findings':
      return [
        ...(isCurable(state) ? [CURE] : []),
        ...MOVES,
        ...(state.undo.length === 0 ? [] : [UNDO]),
        ...close,
      ];
    case 'xml':
      return [
        ...SCROLLS,
        {...XML, hint: 'close', help: 'back to the form', action: {type: 'close-panel'}},
        ...close.map(({hint: _hint, ...one}) => one),
      ];
    case 'guest':
      return [COPY_GUEST, ...(canBeKept(state) ? [TEMPLATE] : []), ...SCROLLS, ...close];
    case undefined:
      return [];
  }
}
