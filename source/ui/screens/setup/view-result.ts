import {cellWidth} from '../../../text/cells.js';
import {countOf} from '../../../text/elapsed.js';
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
} from './draft.js';
import {commandOf} from './command.js';
import {proofOffer, proofSummary} from './proof/view.js';
import {keyIn, resultView} from './selectors.js';
import type {SetupState} from './state.js';

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
    todo.push(
      act(
        'set-up.go-on',
        `plan again for what is left, ${countOf(view.left.length, 'node')}`,
        `reprieve plan --hosts ${view.left.slice(0, 3).join(',')}${view.left.length > 3 ? ',…' : ''}`,
      ),
    );
  }
  const offer = proofOffer(state);
  if (offer !== undefined) todo.push(act('set-up.prove', offer.text, offer.more));
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
  const rows: Draft[] = [
    EMPTY,
    row(sign, ' ', strong(view.verdict)),
    ...proof,
    EMPTY,
    ...inSight(lines, Math.max(4, size.rows - 12 - todo.length - proof.length)),
    ...(view.leftOut.length === 0
      ? []
      : [
          row(
            '  ',
            muted('left out'.padEnd(16)),
            `${view.leftOut.slice(0, 4).join(', ')}${view.leftOut.length > 4 ? ` and ${view.leftOut.length - 4} more` : ''}`,
          ),
        ]),
    ...view.reasons.flatMap((text) => wrapped(text, cells - 6)).map((text) => row('  ', muted(text))),
    EMPTY,
    ...todo,
    EMPTY,
    ...wrapped(commandOf(state), cells - 4).map((text) => row(text)),
    ...(run.trouble === undefined ? [] : [EMPTY, ...troubleRows(theme, run.trouble, cells)]),
    ...(state.preparing === undefined
      ? []
      : [EMPTY, row(signSpan(theme, 'working'), muted(' Counting what putting back does to servers.'))]),
  ];
  return drawn(theme, rows, cells, hasFocus);
}

/** What was seen of a line's nodes: the last that was said of each, or who they are. */
function evidence({run}: SetupState, id: string, cells: number): readonly Draft[] {
  if (run === undefined) return [];
  const cell = run.view.cells.get(id);
  const events = run.view.log.filter(({host}) => host === cell?.host).toReversed();
  const texts =
    cell === undefined
      ? [
          [...run.view.cells.values()]
            .filter((one) => one.state === 'done' && one.id.endsWith(id === 'apis' ? '/api' : '/compute'))
            .map(({host}) => host)
            .join(', '),
        ]
      : events.map(
          ({time, step, state, message}) =>
            `${new Date(time).toISOString().slice(11, 19)}  ${step} ${state}  ${message}`,
        );
  return texts
    .filter((text) => text !== '')
    .flatMap((text) => wrapped(text, cells - 8))
    .map((text) => row('    ', muted(text)));
}
