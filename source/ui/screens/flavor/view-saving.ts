import {stepWords} from '../../../text/flavor-save.js';
import {signSpan, type AnySign} from '../../meaning.js';
import {keyOf} from '../../own-keys.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {strong, wrapped} from '../../components/draft.js';
import {partTitle} from './parts.js';
import {mutedLines, signedLines} from './signed-lines.js';
import {endWords} from './save-words.js';
import type {StepRow} from './saving.js';
import {readyOf} from './known.js';
import type {FlavorState} from './state.js';

const SIGNS: Readonly<Record<StepRow['state'], AnySign>> = {
  waiting: 'not-begun',
  working: 'working',
  done: 'ok',
  failed: 'failed',
};

/** How the saving goes, and what became of it, in the place of what Nova would make of it. */
export function savingLines(
  state: FlavorState,
  theme: Theme,
  cells: number,
  rows: number,
): readonly UiLine[] {
  const {saving, facts, options} = state;
  if (saving.kind !== 'running' && saving.kind !== 'ended') return [];
  const cloud = options.cloud ?? readyOf(facts.label);
  const steps = saving.steps.flatMap(({step, state: how, note}): readonly UiLine[] => [
    [signSpan(theme, SIGNS[how]), ` ${stepWords(step)}`],
    ...(note === undefined
      ? []
      : wrapped(note, cells - 4).map((line): UiLine => ['    ', {text: line, colour: 'muted'}])),
  ]);
  const head = partTitle(saving.kind === 'running' ? 'SAVING' : 'RESULT', saving.plan.after.name);
  if (saving.kind === 'running') return [head, ...steps].slice(0, rows);
  const {end, plan} = saving;
  const isGood = end.kind === 'saved' || end.kind === 'unchanged';
  const [headline = '', ...others] = endWords(plan, end, cloud);
  const said = signedLines({theme, cells}, isGood ? 'ok' : 'failed', headline);
  const next = isGood ? nextLines(state, cells) : [];
  return [
    head,
    ...steps,
    [],
    ...said,
    ...others.flatMap((text) => wrapped(text, cells).map((line): UiLine => [line])),
    [],
    ...next,
  ].slice(0, rows);
}

/** What is left to do for whom it is for. */
function nextLines({saving, options, draft}: FlavorState, cells: number): readonly UiLine[] {
  if (saving.kind !== 'ended') return [];
  const uses = saving.plan.uses?.rows ?? [];
  const key = keyOf('open', options.ownKeys);
  return [
    ...(uses.length === 0
      ? []
      : [
          [
            strong(`${uses.length === 1 ? '1 server keeps' : `${uses.length} servers keep`} the old copy`),
          ] as UiLine,
          ...uses
            .slice(0, 8)
            .map(({name, status}): UiLine => ['  ', name, '  ', {text: status, colour: 'muted'}]),
          ...(uses.length > 8 ? mutedLines(`  and ${uses.length - 8} more`, cells) : []),
        ]),
    ...(draft.extraSpecs['hw:watchdog_action'] === undefined
      ? []
      : mutedLines(
          'A watchdog begins to count when the guest opens it: the step of the watchdog has its half.',
          cells,
        )),
    [
      {text: key, colour: 'accent', isBold: true},
      {text: ' goes on', colour: 'muted'},
    ],
  ];
}
