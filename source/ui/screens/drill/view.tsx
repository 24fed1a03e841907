import type {ReactNode} from 'react';
import type {DrillSubject} from '../../../app/guest/drill.js';
import {
  CRASH_COMMAND,
  drillEventWords,
  GUEST_NEEDS,
  promiseWords,
  timeWithTenths,
} from '../../../text/drill.js';
import {commandLine} from '../../../text/command-line.js';
import {verdictMeaning, verdictSentence} from '../../../text/drill-verdict.js';
import {formatElapsed} from '../../../text/elapsed.js';
import {heading, muted} from '../../components/draft.js';
import {Lines} from '../../components/row.js';
import {signSpan} from '../../meaning.js';
import type {BodyProps, Frame, Size, Step} from '../../screen.js';
import {fit, type UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {sentenceOf} from '../../trouble.js';
import {wrapText} from '../../wrap.js';
import {type DrillAction, type DrillState, hasFired, remedyOf} from './model.js';

/** The command that does the same. */
export function drillCommand({word}: Pick<DrillState, 'word'>): string {
  return word === '' ? 'reprieve drill SERVER' : commandLine(['reprieve', 'drill', word]);
}

/** What is left behind by whoever leaves now: a guest that may be down. */
export function drillMeanwhile({stage}: DrillState): string | undefined {
  return stage.kind === 'watching'
    ? `The drill with ${stage.subject.server.name} is watched, and its guest may be crashed already.`
    : undefined;
}

/** The body of a drill. */
export function DrillBody({state, size, whole, theme}: BodyProps<DrillState, DrillAction>): ReactNode {
  return <Lines theme={theme} lines={drillLines(state, whole, theme).slice(0, size.rows)} />;
}

/** Its lines, cut to the window. */
export function drillLines(state: DrillState, {columns, rows}: Size, theme: Theme): readonly UiLine[] {
  const cells = columns - 1;
  return bodyOf(state, cells, rows, theme).map((line) => fit(line, cells, 'left', theme.signs.cut));
}

function bodyOf(state: DrillState, cells: number, rows: number, theme: Theme): readonly UiLine[] {
  const {stage, word} = state;
  switch (stage.kind) {
    case 'looking':
      return wrapText(`Asks Nova for ${word}, and its host for the domain.`, cells, 1);
    case 'failed': {
      const {message, remedy} = stage.trouble;
      return [
        ...signed(theme, 'failed', sentenceOf(message), cells),
        ...(remedy === undefined ? [] : wrapText(sentenceOf(remedy), cells, 3)),
      ];
    }
    case 'prepare':
      return prepareLines(stage.subject, cells, theme);
    case 'watching': {
      const above = crashLines(state, stage.subject, cells, theme);
      return [...above, ...seenLines(state, cells, rows - above.length, theme)];
    }
    case 'verdict': {
      const {subject, end} = stage;
      const above = [
        ...signed(
          theme,
          verdictMeaning(end.verdict),
          sentenceOf(upper(verdictSentence(end.verdict, subject.action))),
          cells,
        ),
        ...wrapText(sentenceOf(remedyOf(subject, end)), cells, 3),
        [],
      ];
      return [...above, ...seenLines(state, cells, rows - above.length, theme)];
    }
  }
}

function prepareLines(
  {model, action, node, verified}: DrillSubject,
  cells: number,
  theme: Theme,
): readonly UiLine[] {
  return [
    ...signed(theme, 'ok', `${model} on ${node.name}, action ${action}: ${promiseWords(action)}.`, cells),
    ...(isAsAskedFor(verified)
      ? []
      : signed(theme, 'warning', 'Its flavor asks for another watchdog: see reprieve verify.', cells)),
    [],
    [' ', heading('THE GUEST NEEDS')],
    ...GUEST_NEEDS.flatMap(({what, see}) => [
      ...wrapText(what, cells, 1),
      ['   ', {text: see, colour: 'accent'} as const],
    ]),
  ];
}

function isAsAskedFor({traits}: DrillSubject['verified']): boolean {
  return traits.find(({trait}) => trait === 'watchdog')?.verdict === 'same';
}

function crashLines(
  state: DrillState,
  {server}: DrillSubject,
  cells: number,
  theme: Theme,
): readonly UiLine[] {
  const {now, watchedSince = now, withinSeconds} = state;
  const elapsed = formatElapsed(Math.max(0, Math.floor((now - watchedSince) / 1000)));
  const since = `${elapsed} of ${formatElapsed(withinSeconds)}`;
  if (hasFired(state)) {
    return [
      ...signed(theme, 'warning', `The watchdog fired. Watching what follows, for ${since}.`, cells),
      [],
    ];
  }
  return [
    [' ', heading('NOW CRASH THE GUEST'), '  ', muted(`watched for ${since}`)],
    ...wrapText(`In a shell or on the console of ${server.name}, as root:`, cells, 1),
    ['   ', {text: CRASH_COMMAND, colour: 'accent'}],
    [],
  ];
}

/** What was seen, as much of it as there is room for. */
function seenLines({events}: DrillState, cells: number, rows: number, theme: Theme): readonly UiLine[] {
  const lines = events.flatMap((event): readonly UiLine[] => {
    if (event.kind === 'end') return [];
    const {meaning, text} = drillEventWords(event);
    return [[' ', muted(timeWithTenths(event.at)), ' ', signSpan(theme, meaning), ` ${text}`]];
  });
  return [
    [' ', heading('SEEN'), '  ', muted('UTC, by the clock of the host')],
    ...lines.slice(-Math.max(1, rows - 1)),
  ].map((line) => fit(line, cells, 'left', theme.signs.cut));
}

function signed(
  theme: Theme,
  meaning: Parameters<typeof signSpan>[1],
  text: string,
  cells: number,
): readonly UiLine[] {
  return wrapText(text, cells, 3).map((line, index) =>
    index === 0 ? [' ', signSpan(theme, meaning), ' ', ...line.slice(1)] : line,
  );
}

function upper(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** What stands around it. */
export function drillFrame(state: DrillState, _size: Size, theme: Theme): Frame {
  const {stage, word} = state;
  const subject = 'subject' in stage ? stage.subject : undefined;
  const object = subject?.server.name ?? word;
  return {
    title: {
      screen: 'drill',
      ...(object === '' ? {} : {object}),
      right: subject === undefined ? [] : [subject.node.name],
    },
    context: {kind: 'steps', steps: stepsOf(state)},
    strip: [
      stage.kind === 'looking' ? {text: `${theme.signs.soon} looking`, colour: 'muted'} : drillCommand(state),
    ],
  };
}

const NAMES = ['look', 'prepare', 'crash', 'watch', 'verdict'] as const;

function stepsOf(state: DrillState): readonly Step[] {
  const at = stepOf(state);
  return NAMES.map((name, index): Step => {
    const isFailed = index === at && state.stage.kind === 'failed';
    return {name, state: isFailed ? 'wrong' : index < at ? 'done' : index === at ? 'now' : 'to-come'};
  });
}

function stepOf(state: DrillState): number {
  switch (state.stage.kind) {
    case 'looking':
    case 'failed':
      return 0;
    case 'prepare':
      return 1;
    case 'watching':
      return hasFired(state) ? 3 : 2;
    case 'verdict':
      return 4;
  }
}

/** All of it for a screen reader. */
export function drillSentences(state: DrillState): readonly string[] {
  const {stage, word} = state;
  switch (stage.kind) {
    case 'looking':
      return [`Drill with ${word}. Asks Nova, and its host.`];
    case 'failed': {
      const {message, remedy} = stage.trouble;
      return [`Error: ${sentenceOf(message)}`, ...(remedy === undefined ? [] : [sentenceOf(remedy)])];
    }
    case 'prepare': {
      const {model, action, node} = stage.subject;
      return [
        `Drill with ${word} on ${node.name}. Device ${model}, action ${action}: ${promiseWords(action)}.`,
        'The guest needs:',
        ...GUEST_NEEDS.flatMap(({what, see}) => [what, `Look with: ${see}`]),
      ];
    }
    case 'watching':
      return [
        hasFired(state) ? 'The watchdog fired.' : `Now crash the guest. In it, as root: ${CRASH_COMMAND}`,
        ...eventSentences(state),
      ];
    case 'verdict': {
      const {subject, end} = stage;
      return [
        sentenceOf(upper(verdictSentence(end.verdict, subject.action))),
        sentenceOf(remedyOf(subject, end)),
        ...eventSentences(state),
      ];
    }
  }
}

function eventSentences({events}: DrillState): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'end' ? [] : [`${timeWithTenths(event.at)}: ${drillEventWords(event).text}.`],
  );
}
