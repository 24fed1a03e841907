import {bound, COUNT_TYPED, INTERVAL_TYPED} from '../../actions.js';
import type {Binding} from '../../keys.js';
import {filterKeys, listMoves} from '../../list-keys.js';
import type {TextFocus} from '../../screen.js';
import type {SetupAction} from './actions.js';
import {intervalWords} from './words.js';
import {canBeKept, changesForm, isHeldUp, resultView} from './selectors.js';
import type {SetupState} from './state.js';
import {isConducting, isSteerable} from './model-run.js';
import {proofKeys, proveKeys} from './proof/keys.js';

type Keys = readonly Binding<SetupAction>[];

const NEXT: Binding<SetupAction> = {
  ...bound('open'),
  hint: 'next',
  help: 'next step',
  group: 'this',
  action: {type: 'next'},
};
const BACK: Binding<SetupAction> = {
  ...bound('set-up.step-back'),
  hint: 'back',
  help: 'one step back',
  group: 'this',
  action: {type: 'back'},
};
const EXPORT: Binding<SetupAction> = {
  ...bound('set-up.export'),
  hint: 'export',
  help: 'write who is destroyed to a file',
  group: 'list',
  action: {type: 'export'},
};

/** Moves in a list. */
const moves = (hint?: string): Keys => listMoves((move) => ({type: 'move', move}), hint);

/** What keys do now. */
export function setupBindings(state: SetupState): Keys {
  switch (state.step) {
    case 'cloud':
      return [
        NEXT,
        ...moves('select'),
        {
          ...bound('set-up.retry'),
          hint: 'sign in again',
          help: 'sign in again',
          group: 'this',
          action: {type: 'sign-in-again'},
          also: [{...bound('again'), action: {type: 'sign-in-again'}}],
        },
      ];
    case 'nodes':
      return nodeKeys(state);
    case 'interval':
      return [
        NEXT,
        {
          ...bound('set-up.shorter'),
          shown: '↑ ↓',
          hint: 'other value',
          help: 'a shorter, a longer value',
          group: 'this',
          action: {type: 'other-interval', step: -1},
          also: [{...bound('set-up.longer'), action: {type: 'other-interval', step: 1}}],
        },
        BACK,
        {...bound('back'), help: 'one step back', group: 'everywhere', action: {type: 'back'}},
      ];
    case 'changes':
      return changeKeys(state);
    case 'run':
      return runKeys(state);
    case 'result':
      return proofKeys(state) ?? resultKeys(state);
  }
}

function nodeKeys({nodes}: SetupState): Keys {
  if (nodes.isFiltering) {
    return filterKeys({type: 'end-filter'}, {type: 'clear-filter'});
  }
  const isClosable = nodes.opened !== undefined || nodes.filter.text !== '';
  return [
    {
      ...bound('open'),
      hint: nodes.opened === undefined ? 'open' : 'close',
      help: 'open, close',
      group: 'this',
      action: {type: 'open'},
    },
    {
      ...bound('set-up.leave-out'),
      hint: 'leave out',
      help: 'leave out, take in',
      group: 'this',
      action: {type: 'leave-out'},
    },
    {
      ...bound('set-up.leave-out-all'),
      hint: 'all',
      help: 'leave all out, take all in',
      group: 'many',
      action: {type: 'leave-out-all'},
    },
    {
      ...bound('filter'),
      hint: 'filter',
      help: 'filter',
      group: 'list',
      action: {type: 'begin-filter'},
    },
    {...bound('set-up.next'), hint: 'next', help: 'next step', group: 'this', action: {type: 'next'}},
    BACK,
    {...bound('again'), help: 'look again', group: 'list', action: {type: 'look-again'}},
    {
      ...bound('back'),
      help: isClosable ? 'close, show all' : 'one step back',
      group: 'everywhere',
      action: isClosable ? {type: 'close'} : {type: 'back'},
    },
    ...moves(),
  ];
}

function changeKeys(state: SetupState): Keys {
  const {proposed, panel} = state.changes;
  const escape: Binding<SetupAction> = {
    ...bound('back'),
    help: panel === 'impact' ? 'one step back' : 'back to the plan',
    group: 'everywhere',
    action: panel === 'impact' ? {type: 'back'} : {type: 'close'},
  };
  if (proposed.kind !== 'ready') {
    const again: Keys =
      proposed.kind === 'failed'
        ? [
            {
              ...bound('set-up.retry'),
              hint: 'plan again',
              help: 'plan again',
              group: 'this',
              action: {type: 'plan-again'},
              also: [{...bound('again'), action: {type: 'plan-again'}}],
            },
          ]
        : [];
    return [BACK, ...again, escape];
  }
  const {victims, harmlessSeconds, groups} = proposed.value.changes;
  if (panel !== 'impact') {
    const closing = {...BACK, help: 'back to the plan'};
    return panel === 'victims'
      ? [closing, ...moves('move'), EXPORT, escape]
      : [closing, ...moves('other change'), escape];
  }
  const form = changesForm(state);
  const {focus} = state.changes.form;
  const button = form.buttons[focus]?.label.toLowerCase();
  const press: Keys =
    form.word !== undefined || focus >= 0 || groups.length > 0
      ? [
          {
            ...bound('open'),
            ...(form.word === undefined ? {hint: button ?? 'open a change'} : {}),
            help: button === undefined ? 'open the change' : `press ${button}`,
            group: 'this',
            action: {type: 'form-key', key: 'enter'},
          },
        ]
      : [];
  return [
    BACK,
    ...press,
    {
      keys: ['tab'],
      ...(form.word === undefined && form.buttons.length > 1 ? {hint: 'buttons'} : {}),
      help: 'next button',
      group: 'this',
      action: {type: 'form-key', key: 'tab'},
      also: [{keys: ['shift-tab'], action: {type: 'form-key', key: 'shift-tab'}}],
    },
    ...(victims.length === 0
      ? []
      : [
          {
            ...bound('set-up.victims'),
            hint: `the ${victims.length.toLocaleString('en-US')}`,
            help: 'who is destroyed',
            group: 'this',
            action: {type: 'panel', panel: 'victims'},
          } as const,
        ]),
    ...(victims.length === 0 || harmlessSeconds === undefined
      ? []
      : [
          {
            ...bound('set-up.harmless'),
            hint: intervalWords(harmlessSeconds),
            help: 'take the lowest interval that destroys none',
            group: 'this',
            action: {type: 'harmless'},
          } as const,
        ]),
    ...(groups.length === 0
      ? []
      : [
          {
            ...bound('set-up.diff'),
            hint: 'diff',
            help: 'the diff of the selected change',
            group: 'this',
            action: {type: 'panel', panel: 'diff'},
          } as const,
        ]),
    {
      ...bound('set-up.save-plan'),
      ...(victims.length === 0 ? {hint: 'save plan'} : {}),
      help: 'save the plan in this folder',
      group: 'this',
      action: {type: 'save-plan'},
    },
    ...(victims.length === 0 ? [] : [EXPORT]),
    isHeldUp(state)
      ? {
          ...bound('set-up.retry'),
          hint: 'look again',
          help: 'look at the nodes again, and plan again',
          group: 'this',
          action: {type: 'plan-again'},
          also: [{...bound('again'), action: {type: 'plan-again'}}],
        }
      : {...bound('again'), help: 'plan again', group: 'this', action: {type: 'plan-again'}},
    escape,
    ...moves(),
  ];
}

function runKeys(state: SetupState): Keys {
  const {run, options} = state;
  const failed: Binding<SetupAction> = {
    ...bound('open'),
    hint: run?.panel === 'failed' ? 'grid' : 'failed',
    help: 'nodes that failed, and why',
    group: 'this',
    action: {type: 'failed-panel'},
  };
  const closing: Keys =
    run?.panel === 'failed'
      ? [
          {...bound('back'), help: 'back to the grid', group: 'everywhere', action: {type: 'close'}},
          ...moves(),
        ]
      : [];
  if (run?.trouble !== undefined || !isConducting(state)) {
    return [
      failed,
      ...closing,
      {...bound('quit'), hint: 'quit', help: 'quit', group: 'everywhere', action: {type: 'quit'}},
    ];
  }
  // Where the run goes on, esc and q ask first.
  const asking: Keys = [
    {
      ...bound('quit'),
      help: 'leave: nodes in hand finish first',
      group: 'everywhere',
      action: {type: 'ask-quit'},
      ...(run?.panel === 'failed' ? {} : {also: [{...bound('back'), action: {type: 'ask-quit'}}]}),
    },
  ];
  if (!isSteerable(run)) return [failed, ...closing, ...asking];
  return [
    {
      ...bound('set-up.pause'),
      hint: run.isPaused ? 'go on' : 'pause',
      help: run.isPaused ? 'go on' : 'pause after the nodes in hand',
      group: 'this',
      action: {type: 'pause'},
    },
    {
      ...bound('set-up.end-after-batch'),
      hint: 'stop after batch',
      help: 'stop after this batch',
      group: 'this',
      action: {type: 'end-after-batch'},
    },
    failed,
    ...closing,
    ...asking,
    ...(options.isReadOnly || run.kind === 'rollback' ? [] : [PUT_BACK]),
  ];
}

const PUT_BACK: Binding<SetupAction> = {
  ...bound('set-up.put-back'),
  hint: 'put all back',
  help: 'put every node back as it was',
  group: 'many',
  isDangerous: true,
  action: {type: 'ask-put-back'},
};

const TEMPLATE: Binding<SetupAction> = {
  ...bound('set-up.template'),
  hint: 'template',
  help: 'keep it as files, from a template',
  group: 'this',
  action: {type: 'keep-as-template'},
};

function resultKeys(state: SetupState): Keys {
  const {run, options, result} = state;
  const view = resultView(state);
  if (run === undefined || view === undefined) return [];
  const isOurs = run.kind !== 'follow' && !options.isReadOnly;
  const rest: Keys = !isOurs
    ? []
    : view.canResume
      ? [
          {
            ...bound('set-up.go-on'),
            hint: 'resume',
            help: 'go on with what is left',
            group: 'this',
            action: {type: 'resume'},
          },
        ]
      : view.left.length > 0 && run.kind !== 'rollback'
        ? [
            {
              ...bound('set-up.go-on'),
              hint: 'plan again',
              help: 'plan again for what is left',
              group: 'this',
              action: {type: 'plan-rest'},
            },
          ]
        : [];
  return [
    {
      ...bound('open'),
      hint: result.isOpened ? 'close' : 'evidence',
      help: 'what was seen',
      group: 'this',
      action: {type: 'open'},
    },
    ...rest,
    ...proveKeys(state),
    ...(canBeKept(state) ? [TEMPLATE] : []),
    ...(result.isOpened
      ? [{...bound('back'), help: 'close', group: 'everywhere', action: {type: 'close'}} as const]
      : []),
    ...moves(),
    ...(isOurs && view.changed > 0 && run.kind !== 'rollback' && state.proof === undefined ? [PUT_BACK] : []),
  ];
}

/** The field that takes what is typed. */
export function setupText(state: SetupState): TextFocus<SetupAction> | undefined {
  switch (state.step) {
    case 'nodes':
      return state.nodes.isFiltering
        ? {field: state.nodes.filter, change: (field) => ({type: 'filter', field})}
        : undefined;
    case 'interval':
      return {
        field: state.interval.field,
        accepts: (grapheme) => INTERVAL_TYPED.test(grapheme),
        change: (field) => ({type: 'interval', field}),
      };
    case 'changes': {
      const {word} = changesForm(state);
      if (word === undefined || state.changes.panel !== 'impact') return undefined;
      return {
        field: state.changes.form.word,
        accepts: (grapheme) => COUNT_TYPED.test(grapheme),
        isPasteRefused: true,
        change: (field) => ({type: 'form-word', field}),
        refuse: () => ({type: 'form-paste'}),
      };
    }
    case 'cloud':
    case 'run':
    case 'result':
      return undefined;
  }
}
