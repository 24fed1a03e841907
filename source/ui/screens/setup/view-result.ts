import {type Cell, failedCells} from '../../../app/setup/run-view.js';
import {formatInterval} from '../../../domain/duration.js';
import {cellWidth} from '../../../text/cells.js';
import {countOf} from '../../../text/elapsed.js';
import {someOf} from '../../../text/paragraph.js';
import type {ActionName} from '../../actions.js';
import {signSpan} from '../../meaning.js';
import type {UiLine} from '../../spans.js';
import type {Size} from '../../screen.js';
import type {Theme} from '../../theme.js';
import {
  coloured,
  type Draft,
  drawn,
  EMPTY,
  inSight,
  muted,
  row,
  strong,
  troubleRows,
  wrapped,
} from '../../components/draft.js';
import {commandOf} from './command.js';
import {proofOffer, proofSummary} from './proof/view.js';
import {canBeKept, keyIn, resultView} from './selectors.js';
import type {RunState, SetupState} from './state.js';

/** So many lines of the result at least stand before the command that does the same. */
const FEWEST_LINES = 6;
/** A longer command is not shown. */
const MOST_COMMAND_LINES = 3;

const COLOURS = {
  ok: 'ok',
  failed: 'danger',
  'put-back': 'overdue',
  none: 'overdue',
  unknown: 'overdue',
  waiting: 'waiting',
} as const;

/** Success is what was seen, not what was sent; nodes that differ are on top. */
export function resultLines(
  state: SetupState,
  size: Size,
  theme: Theme,
  hasFocus: boolean,
): readonly UiLine[] {
  const view = resultView(state);
  const {run} = state;
  if (view === undefined || run === undefined) return [];
  const cells = size.columns;
  const sign =
    view.sign === 'ok'
      ? coloured(theme.signs.ok, 'ok')
      : view.sign === 'warning'
        ? coloured(theme.signs.warning, 'overdue')
        : coloured(theme.signs.failed, 'danger');
  const lines = view.lines.flatMap((line): Draft[] => {
    const isSelected = line.id === state.result.list.cursor;
    const head: Draft = {
      line: [
        coloured(theme.signs[line.sign], COLOURS[line.sign]),
        ' ',
        line.subject.padEnd(14),
        '  ',
        muted(line.text),
      ],
      isSelected,
    };
    return isSelected && state.result.isOpened ? [head, ...evidence(state, line.id, cells)] : [head];
  });
  const isOurs = run.kind !== 'follow' && !state.options.isReadOnly;
  const todo: Draft[] = [];
  const act = (name: ActionName, text: string, command: string) => {
    const key = keyIn(state, name);
    return row(
      {text: key, colour: name === 'set-up.put-back' ? 'danger' : 'accent', isBold: true},
      ' ',
      text.padEnd(39 - cellWidth(key)),
      muted(command),
    );
  };
  if (isOurs && view.canResume)
    todo.push(act('set-up.go-on', 'go on with what is left', `reprieve resume ${run.view.run}`));
  else if (isOurs && view.left.length > 0 && run.kind !== 'rollback') {
    const command = restCommand(run, view.left);
    const isBeside = command.length <= cells - 43;
    const below = isBeside ? [] : wrapped(command, cells - 6).map((text) => row('  ', muted(text)));
    todo.push(
      act(
        'set-up.go-on',
        `plan again for what is left, ${countOf(view.left.length, 'node')}`,
        isBeside ? command : '',
      ),
      // One that is as long as this is not typed by anybody.
      ...(below.length > MOST_COMMAND_LINES ? [] : below),
    );
  }
  const offer = proofOffer(state);
  if (offer !== undefined) todo.push(act('set-up.prove', offer.text, offer.more));
  if (canBeKept(state)) todo.push(act('set-up.template', 'keep it as a template', 'reprieve template'));
  if (isOurs && view.changed > 0 && run.kind !== 'rollback') {
    todo.push(
      act(
        'set-up.put-back',
        `put all ${view.changed} back as they were`,
        `reprieve rollback ${run.view.run}`,
      ),
    );
  }
  const proof = proofSummary(state, cells, theme);
  const leftOut: readonly Draft[] =
    view.leftOut.length === 0
      ? []
      : [
          row(
            '  ',
            muted('left out'.padEnd(16)),
            `${view.leftOut.slice(0, 4).join(', ')}${view.leftOut.length > 4 ? ` and ${view.leftOut.length - 4} more` : ''}`,
          ),
        ];
  const reasons = view.reasons
    .flatMap((text) => wrapped(text, cells - 6))
    .map((text) => row('  ', muted(text)));
  const counting: readonly Draft[] =
    state.preparing === undefined
      ? []
      : [EMPTY, row(signSpan(theme, 'working'), muted(' Counting what putting back does to servers.'))];
  const trouble: readonly Draft[] =
    run.trouble === undefined ? [] : [EMPTY, ...troubleRows(theme, run.trouble, cells)];
  const command = wrapped(commandOf(state), cells - 4).map((text) => row(text));
  const room =
    size.rows -
    3 -
    proof.length -
    leftOut.length -
    reasons.length -
    todo.length -
    1 -
    trouble.length -
    counting.length;
  // A command that is cut is none, and the nodes go before it: e shows it whole.
  const isCommandShown = room - command.length - 1 >= Math.min(lines.length, FEWEST_LINES);
  const rows: Draft[] = [
    EMPTY,
    row(sign, ' ', strong(view.verdict)),
    ...proof,
    EMPTY,
    ...inSight(lines, Math.max(4, room - (isCommandShown ? command.length + 1 : 0))),
    ...leftOut,
    ...reasons,
    EMPTY,
    ...todo,
    ...(isCommandShown ? [EMPTY, ...command] : []),
    ...trouble,
    ...counting,
  ];
  return drawn(theme, rows, cells, hasFocus);
}

/** The command that plans for what is left. */
function restCommand({plan}: RunState, left: readonly string[]): string {
  const seconds = plan?.intervalSeconds;
  const interval = seconds === undefined ? '' : ` --interval ${formatInterval(seconds)}`;
  return `reprieve plan --hosts ${left.join(',')}${interval}`;
}

/** What was seen of a line's nodes: the last that was said of each, or who they are. */
function evidence({run}: SetupState, id: string, cells: number): readonly Draft[] {
  if (run === undefined) return [];
  const cell = run.view.cells.get(id);
  const texts = cell === undefined ? namesIn(hostsOfLine(run, id), 4 * (cells - 8)) : eventsOf(run, cell);
  return texts.flatMap((text) => wrapped(text, cells - 8)).map((text) => row('    ', muted(text)));
}

/** What was told of one node, at last how it ended: of a long run only that is still there. */
function eventsOf({view}: RunState, {host, note, ended}: Cell): readonly string[] {
  const at = (time: number) => new Date(time).toISOString().slice(11, 19);
  const events = view.log.filter((event) => event.host === host).toReversed();
  return [
    ...events.map(({time, step, state, message}) => `${at(time)}  ${step} ${state}  ${message}`),
    ...(note === '' || events.some(({message}) => message.includes(note))
      ? []
      : [`${ended === undefined ? '' : `${at(ended)}  `}${note}`]),
  ];
}

/** Who a line without a node of its own is about. */
function hostsOfLine({view}: RunState, id: string): readonly string[] {
  if (id === 'computes' || id === 'apis') {
    const role = id === 'apis' ? '/api' : '/compute';
    return [...view.cells.values()]
      .filter((cell) => cell.state === 'done' && cell.id.endsWith(role))
      .map(({host}) => host);
  }
  return Object.entries(view.end?.nodes ?? {})
    .filter(([host, state]) => state === id && !failedCells(view).some((cell) => cell.host === host))
    .map(([host]) => host);
}

/** Names as far as there is room for them, and how many there are besides. */
function namesIn(names: readonly string[], room: number): readonly string[] {
  let [shown, length] = [0, 0];
  for (const name of names) {
    length += name.length + 2;
    if (length > room) break;
    shown += 1;
  }
  return names.length === 0 ? [] : [someOf(names, Math.max(1, shown))];
}
