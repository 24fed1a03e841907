import type {RunSummary} from '../../../app/rollout/run-history.js';
import {countOf, formatCount, speakUnits} from '../../../text/elapsed.js';
import {clockTime} from '../../../text/point-in-time.js';
import {selectedRun, shownEvents, type RunsState} from './model.js';
import {headWords, nodeLines, rollbackSentence} from './run-detail.js';
import {changeRows} from './run-diffs.js';
import {intervalChange, nodesDone, stateOf} from './run-words.js';

/** So many rows around the selected one are read. */
const MOST_ROWS = 8;

/** The runs for a screen reader: what is selected first, then a sentence for each row. */
export function runsSentences(state: RunsState): readonly string[] {
  return sentencesOf(state).map(speakUnits);
}

function sentencesOf(state: RunsState): readonly string[] {
  const {runs, problem, damaged, view} = state;
  const troubles = [
    ...(problem === undefined ? [] : [`Problem: ${problem}`]),
    ...damaged.map(({problem: one}) => `Problem: ${one.message}`),
  ];
  if (runs === undefined) return ['Runs. Reading the journals.', ...troubles];
  const selected = selectedRun(state);
  if (selected === undefined) return ['Runs. No run yet.', ...troubles];
  switch (view.kind) {
    case 'list':
      return [
        `Runs. ${countOf(runs.length, 'run')}, newest first.`,
        ...detail(selected),
        ...listSentences(runs, selected),
        ...troubles,
      ];
    case 'events':
      return [`Events of run ${selected.run}.`, ...eventSentences(state)];
    case 'diffs':
      return [`What run ${selected.run} changed.`, ...diffSentences(selected)];
  }
}

function listSentences(runs: readonly RunSummary[], selected: RunSummary): readonly string[] {
  const at = runs.indexOf(selected);
  const first = Math.max(0, Math.min(at - MOST_ROWS / 2, runs.length - MOST_ROWS));
  const shown = runs.slice(first, first + MOST_ROWS);
  const rest = runs.length - first - shown.length;
  return [
    ...shown.map((summary) => {
      const {words} = stateOf(summary);
      const {done, of} = nodesDone(summary);
      const what = intervalChange(summary, 'to');
      const sentence = [summary.run, what, `${formatCount(done)} of ${countOf(of, 'node')}`, words]
        .filter((part) => part !== '')
        .join(', ');
      return summary === selected ? `Selected: ${sentence}. ${at + 1} of ${runs.length}.` : `${sentence}.`;
    }),
    ...(rest > 0 ? [`${rest} more.`] : []),
  ];
}

function detail(selected: RunSummary): readonly string[] {
  const sentence = rollbackSentence(selected);
  return [
    `Selected: ${selected.run}, ${headWords(selected)}.`,
    ...nodeLines(selected, MOST_ROWS).map(
      ({subject, words, more}) =>
        `${[subject, words].filter((part) => part !== '').join(', ')}${more === '' ? '' : `: ${more}`}.`,
    ),
    ...selected.next,
    ...(sentence === undefined ? [] : [sentence]),
  ];
}

function eventSentences(state: RunsState): readonly string[] {
  const events = shownEvents(state);
  const at = state.view.kind === 'events' ? state.view.list.index : 0;
  const first = Math.max(0, Math.min(at - MOST_ROWS / 2, events.length - MOST_ROWS));
  return events.slice(first, first + MOST_ROWS).map((event, index) => {
    const place = first + index === at ? `Selected, ${at + 1} of ${events.length}: ` : '';
    if (event.kind === 'end') return `${place}${clockTime(event.time)}, the run ended: ${event.outcome}.`;
    const host = event.host === '' ? 'the run' : event.host;
    const message = event.message === '' ? '' : `: ${event.message}`;
    return `${place}${clockTime(event.time)}, ${host}, ${event.step} ${event.state}${message}.`;
  });
}

function diffSentences(selected: RunSummary): readonly string[] {
  const rows = changeRows(selected);
  if (rows.length === 0) return ['It changed no file.'];
  return rows.flatMap((row) => {
    if (row.kind === 'empty') return [];
    if (row.kind !== 'diff') return [`${row.text}.`];
    const {sign, number, text} = row.line;
    const words = sign === '+' ? 'added' : sign === '-' ? 'removed' : 'kept';
    return [`Line ${number}, ${words}: ${text.trim()}`];
  });
}
