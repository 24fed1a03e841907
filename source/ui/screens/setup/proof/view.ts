import {proofCommands, removalCommand} from '../../../../text/proof-commands.js';
import {formatElapsed} from '../../../../text/elapsed.js';
import {columns, type UiLine, type UiSpan} from '../../../spans.js';
import type {Size} from '../../../screen.js';
import type {ColourName, Theme} from '../../../theme.js';
import {
  coloured,
  type Draft,
  drawn,
  EMPTY,
  heading,
  muted,
  row,
  strong,
  wrapped,
} from '../../../components/draft.js';
import type {SetupState} from '../state.js';
import {clockWords} from '../words.js';
import {canProve, cloudOfRun, endedProof} from './model.js';
import type {EndedProof, RunningProof} from './state.js';
import {type StepRow, stepRows} from './steps.js';

/** The steps of a proof with what was seen, what it came to, and how to do the same by hand. */
export function proofLines(
  state: SetupState,
  proof: RunningProof | EndedProof,
  size: Size,
  theme: Theme,
  hasFocus: boolean,
): readonly UiLine[] {
  const {wish, project} = proof;
  const cells = size.columns;
  const rows: Draft[] = [
    EMPTY,
    row(
      heading('PROOF'),
      '  ',
      strong(wish.name),
      muted(`  project ${project}, ${wish.flavor.name}, ${wish.image.name}`),
    ),
    EMPTY,
    ...stepDrafts(stepRows(proof, state.now), cells, theme),
    EMPTY,
    ...('end' in proof ? endRows(state, proof, cells, theme) : goingOn(proof, cells)),
  ];
  const commands = proofCommands(wish, cloudOfRun(state));
  const room = size.rows - rows.length - 2;
  const byHand = commands.flatMap((text) => wrapped(text, cells - 6)).map((text) => row('  ', muted(text)));
  // A command that is cut is none: e shows them all.
  if (byHand.length <= room) rows.push(EMPTY, row(heading('THE SAME BY HAND')), ...byHand);
  return drawn(theme, rows, cells, hasFocus);
}

const SIGNS: Readonly<Record<StepRow['state'], readonly [(theme: Theme) => string, ColourName]>> = {
  'to-come': [({signs}) => signs['not-begun'], 'faint'],
  now: [({signs}) => signs.now, 'accent'],
  done: [({signs}) => signs.ok, 'ok'],
  failed: [({signs}) => signs.failed, 'danger'],
  unknown: [({signs}) => signs.unknown, 'overdue'],
  stopped: [({signs}) => signs.none, 'overdue'],
};

function stepDrafts(steps: readonly StepRow[], cells: number, theme: Theme): readonly Draft[] {
  // What was seen is read with its time beside it.
  const words = Math.min(74, Math.max(20, cells - 45));
  const line = (step: UiSpan, seen: UiLine, at: string, took: string): UiLine =>
    columns([
      {cells: 13, line: [step]},
      {cells: words, line: seen},
      {cells: 8, line: [muted(at)]},
      {cells: 11, line: [muted(took)], align: 'right'},
    ]);
  return [
    row('  ', ...line(muted('STEP'), [muted('SEEN')], 'AT UTC', 'TOOK')),
    ...steps.flatMap((one): Draft[] => {
      const [sign, colour] = SIGNS[one.state];
      const [first = '', ...rest] = wrapped(one.words, words);
      const seen = one.state === 'failed' ? coloured(first, 'danger') : first;
      const took = one.tookSeconds === undefined ? '' : formatElapsed(one.tookSeconds);
      const at = one.at === undefined ? '' : clockWords(one.at);
      return [
        row(coloured(sign(theme), colour), ' ', ...line(one.step, [seen], at, took)),
        ...rest.map((text) => row(' '.repeat(17), text)),
      ];
    }),
  ];
}

function goingOn({ending}: RunningProof, cells: number): readonly Draft[] {
  const text =
    ending === undefined
      ? 'Success is what is seen here. The test server is removed at the end, whatever comes.'
      : 'The proof ends: the test server is removed.';
  return wrapped(text, cells - 4).map((line) => row(muted(line)));
}

/** The words of what a proof came to, and what is left. */
function endRows(state: SetupState, {end}: EndedProof, cells: number, theme: Theme): readonly Draft[] {
  const {verdict, remedy, left} = end;
  const texts = wrapped(verdict, cells - 5);
  return [
    ...texts.map((text, index) => row(index === 0 ? proofSign(end, theme) : ' ', ' ', strong(text))),
    ...(remedy === undefined ? [] : wrapped(remedy, cells - 5).map((text) => row('  ', muted(text)))),
    ...(left === undefined
      ? [row('  ', muted('Nothing of it is left.'))]
      : [
          ...wrapped(
            left.id === undefined
              ? `${left.name} may be there: ${left.problem}. Look for it with:`
              : `${left.name} is still there: ${left.problem}. Remove it with:`,
            cells - 5,
          ).map((text, index) =>
            row(index === 0 ? coloured(theme.signs.warning, 'overdue') : ' ', ' ', text),
          ),
          ...wrapped(removalCommand(left, cloudOfRun(state)), cells - 5).map((text) =>
            row('  ', strong(text)),
          ),
        ]),
  ];
}

function proofSign({outcome}: EndedProof['end'], theme: Theme): UiSpan {
  switch (outcome) {
    case 'proved':
      return coloured(theme.signs.ok, 'ok');
    case 'disproved':
      return coloured(theme.signs.failed, 'danger');
    case 'open':
      return coloured(theme.signs.unknown, 'overdue');
    case 'stopped':
      return coloured(theme.signs.none, 'overdue');
  }
}

/** What the result of the run says of the newest proof, below its verdict. */
export function proofSummary(state: SetupState, cells: number, theme: Theme): readonly Draft[] {
  const proof = endedProof(state);
  if (proof === undefined) return [];
  const {end} = proof;
  const texts = wrapped(`${clockWords(end.time)} UTC  ${end.verdict}`, cells - 5);
  const left =
    end.left === undefined ? [] : wrapped(`left: ${removalCommand(end.left, cloudOfRun(state))}`, cells - 5);
  return [
    ...texts.map((text, index) => row(index === 0 ? proofSign(end, theme) : ' ', ' ', text)),
    ...left.map((text) => row('  ', text)),
  ];
}

/** Among what can be done next. */
export function proofOffer(state: SetupState): {readonly text: string; readonly more: string} | undefined {
  if (state.proof?.kind === 'preparing')
    return {text: 'prove it with a test server', more: 'looks what there is'};
  if (state.proof?.kind === 'removing')
    return {text: 'prove it with a test server', more: 'removes the old one first'};
  return canProve(state) ? {text: 'prove it with a test server', more: 'about 3 min'} : undefined;
}
