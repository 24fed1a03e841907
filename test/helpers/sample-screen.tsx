import {bound} from '../../source/ui/actions.js';
import type {Dialog} from '../../source/ui/components/dialog.js';
import {EMPTY_FIELD, type Field} from '../../source/ui/components/field.js';
import {ListView} from '../../source/ui/components/list-view.js';
import {moveCursor, openList, type ListMove, type ListState} from '../../source/ui/components/list.js';
import {Lines} from '../../source/ui/components/row.js';
import {
  anyScreen,
  type AnyScreen,
  type BodyProps,
  type LogEntry,
  type Screen,
  type Shell,
} from '../../source/ui/screen.js';
import {columns, plainText, type UiLine} from '../../source/ui/spans.js';
import {clockTime} from '../../source/text/point-in-time.js';

export type SampleState = {
  readonly now: number;
  readonly rows: readonly string[];
  readonly list: ListState;
  readonly size: number;
  readonly dialog: 'none' | 'destroy' | 'stay';
  readonly filter: Field | undefined;
  readonly isPasteRefused: boolean;
  readonly step: number;
  readonly destroyed: readonly string[];
  readonly log: readonly LogEntry[];
};

export type SampleAction =
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'resize'; readonly rows: number}
  | {readonly type: 'move'; readonly move: ListMove}
  | {readonly type: 'ask'; readonly dialog: SampleState['dialog']}
  | {readonly type: 'destroy'}
  | {readonly type: 'filter'; readonly field: Field | undefined}
  | {readonly type: 'paste-refused'}
  | {readonly type: 'next-step'}
  | {readonly type: 'open'; readonly name: string}
  | {readonly type: 'heard'; readonly text: string};

type SampleEffect = {readonly kind: 'open'; readonly name: string} | {readonly kind: 'listen'};

export type SampleOptions = {
  readonly rows?: readonly string[];
  readonly filterRefusesPaste?: boolean;
  /** What work there is besides: told what it heard, until it is aborted. */
  readonly listen?: (
    hear: (text: string, how?: 'now' | 'quiet') => void,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Whether something in sight is waited for. */
  readonly isWaiting?: () => boolean;
  readonly onState?: (state: SampleState) => void;
  /** Told what the screen can ask of the shell. */
  readonly onShell?: (shell: Shell) => void;
};

type Sample = Screen<SampleState, SampleAction, SampleEffect>;

/** A small screen with everything that a screen can have: a list, a dialog that destroys, a filter, steps, a log. */
export function sampleScreen(shell: Shell, name: string, options: SampleOptions = {}): AnyScreen {
  options.onShell?.(shell);
  const rows = options.rows ?? ['alpha', 'beta', 'gamma', 'delta'];
  const isWaiting = (): boolean => options.isWaiting?.() === true;
  const screen: Sample = {
    name,
    thing: 'server',
    program: {
      start: {
        state: {
          now: 0,
          rows,
          list: openList(rows),
          size: 10,
          dialog: 'none',
          filter: undefined,
          isPasteRefused: false,
          step: 0,
          destroyed: [],
          log: [],
        },
        effects: options.listen === undefined ? [] : [{kind: 'listen'}],
      },
      update(state, action) {
        const next = update(state, action);
        options.onState?.(next);
        return {state: next, effects: action.type === 'open' ? [{kind: 'open', name: action.name}] : []};
      },
      async run(effect, dispatch, signal) {
        if (effect.kind === 'open') shell.open(effect.name);
        else await options.listen?.((text, how) => dispatch({type: 'heard', text}, how), signal);
      },
    },
    tick: (now) => ({type: 'tick', now}),
    resize: ({rows: size}) => ({type: 'resize', rows: size}),
    bindings: () => [
      {
        ...bound('move.down'),
        shown: 'j k',
        hint: 'select',
        help: 'down, up',
        group: 'move',
        action: {type: 'move', move: 'next'},
        also: [{...bound('move.up'), action: {type: 'move', move: 'previous'}}],
      },
      {...bound('move.last'), help: 'last', group: 'move', action: {type: 'move', move: 'last'}},
      {
        ...bound('filter'),
        hint: 'filter',
        help: 'filter',
        group: 'list',
        action: {type: 'filter', field: EMPTY_FIELD},
      },
      {...bound('set-up.next'), hint: 'next', help: 'next step', group: 'this', action: {type: 'next-step'}},
      {...bound('home.set-up'), help: 'other screen', group: 'this', action: {type: 'open', name: 'other'}},
      {
        name: 'set-up.put-back',
        keys: ['ctrl-k'],
        hint: 'destroy',
        help: 'destroy now',
        group: 'this',
        isDangerous: true,
        action: {type: 'ask', dialog: 'destroy'},
      },
      {keys: ['w'], help: 'ask', group: 'this', action: {type: 'ask', dialog: 'stay'}},
    ],
    text({filter}) {
      if (filter === undefined) return undefined;
      return {
        field: filter,
        change: (field) => ({type: 'filter', field}),
        ...(options.filterRefusesPaste === true
          ? {isPasteRefused: true, refuse: () => ({type: 'paste-refused'})}
          : {}),
      };
    },
    dialog: sampleDialog,
    stage: ({step}) => (step === 0 ? '' : `step ${step}`),
    frame: (state, _size, theme) => ({
      title: {screen: name, middle: ['fra1'], right: [`${clockTime(state.now)} UTC`]},
      context:
        state.step === 0
          ? {
              kind: 'line',
              line: [...(isWaiting() ? [theme.signs.working, ' waits '] : []), ...contextLine(state)],
            }
          : {
              kind: 'steps',
              steps: [
                {name: 'first', state: 'done', answer: 'answered'},
                {name: 'second', state: 'now'},
              ],
            },
      strip: [{text: theme.signs.ok, colour: 'ok'}, ` newest: ${state.log.length}`],
      position: `${state.list.index + 1} of ${state.rows.length}`,
    }),
    Body: SampleBody,
    sentences: ({rows: all, list}) => [
      `Sample ${name}.`,
      ...all.map((row, index) =>
        row === list.cursor ? `Selected: ${row}. ${index + 1} of ${all.length}.` : `${row}.`,
      ),
    ],
    announcements: ({log}) => log.toReversed().map(({line}) => plainText(line)),
    command: ({list}) => `reprieve sample ${list.cursor ?? ''}`.trim(),
    isWaiting,
    log: ({log}) => log,
    legend: (theme) => [{sign: [{text: theme.signs.due, colour: 'danger'}], name: 'due', means: 'next tick'}],
    meanwhile: ({log}) => (log.length === 0 ? undefined : `A run goes on: ${log.length} heard.`),
    commandsInstead: ['reprieve sample --once'],
  };
  return anyScreen(screen);
}

function update(state: SampleState, action: SampleAction): SampleState {
  switch (action.type) {
    case 'tick':
      return {...state, now: action.now};
    case 'resize':
      return {...state, size: action.rows};
    case 'move':
      return {...state, list: moveCursor(state.list, state.rows, action.move, state.size)};
    case 'ask':
      return {...state, dialog: action.dialog};
    case 'destroy':
      return {...state, dialog: 'none', destroyed: [...state.destroyed, state.list.cursor ?? '']};
    case 'filter':
      return {...state, filter: action.field, isPasteRefused: false};
    case 'paste-refused':
      return {...state, isPasteRefused: true};
    case 'next-step':
      return {...state, step: state.step + 1};
    case 'heard':
      return {...state, log: [{at: state.now, line: [action.text]}, ...state.log]};
    case 'open':
      return state;
  }
}

function sampleDialog({dialog, list}: SampleState): Dialog<SampleAction> | undefined {
  const name = list.cursor ?? '';
  const cancel: SampleAction = {type: 'ask', dialog: 'none'};
  if (dialog === 'none') return undefined;
  const isDangerous = dialog === 'destroy';
  return {
    id: `${dialog} ${name}`,
    title: isDangerous ? 'Destroy now' : 'Stay here',
    isDangerous,
    lines: () => [[{text: name, isBold: true}, '   fra1-cmp-121'], ['There is no undo.']],
    sentences: [`${name}, host fra1-cmp-121.`, 'There is no undo.'],
    ...(isDangerous ? {word: {label: 'Type the name', expected: name, missing: 'needs the whole name'}} : {}),
    buttons: [
      {label: 'Cancel', action: cancel},
      {label: isDangerous ? 'Destroy now' : 'Go', action: {type: 'destroy'}, needsWord: isDangerous},
    ],
    focused: 0,
    cancel,
  };
}

function contextLine({filter, isPasteRefused, destroyed}: SampleState): UiLine {
  const gone = destroyed.length === 0 ? '' : `destroyed: ${destroyed.join(', ')}`;
  if (filter === undefined) return [gone];
  return [`/ ${filter.text}`, isPasteRefused ? '  type it' : '', gone];
}

function SampleBody({state, size, theme, hasFocus}: BodyProps<SampleState, SampleAction>) {
  return (
    <>
      <Lines theme={theme} lines={[[' '], ['   NAME        STATE']]} />
      <ListView
        theme={theme}
        items={state.rows}
        idOf={(row) => row}
        lineOf={(row) => [
          {text: theme.signs.ok, colour: 'ok'},
          ' ',
          ...columns([
            {cells: 10, line: [row]},
            {cells: 6, line: [{text: 'well', colour: 'muted'}]},
          ]),
        ]}
        list={state.list}
        cells={size.columns}
        rows={size.rows - 2}
        hasFocus={hasFocus}
      />
    </>
  );
}
