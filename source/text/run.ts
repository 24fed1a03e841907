import type {
  EndEvent,
  EventState,
  EventStep,
  NodeState,
  Outcome,
  RunEvent,
  StepEvent,
} from '../app/rollout/events.js';
import {cellWidth, padToCells} from './cells.js';
import {countOf} from './elapsed.js';
import type {Line} from './line.js';
import {heading, paragraph, signed, someOf} from './paragraph.js';
import {clockTime} from './point-in-time.js';
import {sanitize} from './sanitize.js';
import {type Meaning, sign, type Signs, UNICODE_SIGNS} from './signs.js';

/** How the events of a run are shown as lines. */
export type RunTextOptions = {
  /** All hosts, so that columns are aligned from the first line on. */
  readonly hosts: readonly string[];
  /** With `-v` the beginning of each step has a line too, not only its end. */
  readonly isVerbose: boolean;
  readonly signs?: Signs;
  /** Cells in a line of the terminal; undefined where nothing has to fit. */
  readonly columns?: number | undefined;
};

/** The longest name that makes its column wider. */
const WIDEST_HOST = 40;
const STEP_CELLS = 'in-flight'.length;
/** The one longer state, `not-touched`, is rare: its message begins further to the right. */
const STATE_CELLS = 'put-back'.length;
const NARROWEST_MESSAGE = 30;

/** The sign of an event. */
export const EVENT_MEANINGS: Readonly<Record<EventState, Meaning>> = {
  started: 'now',
  waiting: 'waiting',
  done: 'ok',
  failed: 'failed',
  skipped: 'none',
  'put-back': 'put-back',
  'not-touched': 'none',
  unknown: 'unknown',
};

/**
 * Makes the lines of a run's events: time, sign, host, step, state, message, aligned. An event that only says that
 * something begins has none, except where it concerns the whole run.
 */
export function runTextReader({
  hosts,
  isVerbose,
  signs = UNICODE_SIGNS,
  columns,
}: RunTextOptions): (event: RunEvent) => Line[] {
  const widest = hosts.reduce((most, host) => Math.max(most, cellWidth(sanitize(host))), 3);
  const hostCells = Math.min(WIDEST_HOST, widest);
  const messages = new Map<string, string>();
  return (event) => {
    // A run that never began has its reason as an error, not as an end.
    if (event.kind === 'end' && Object.keys(event.nodes).length === 0 && event.next.length === 0) return [];
    if (event.kind === 'end') return endLines(event, messages, signs);
    if (event.host !== '' && event.message !== '') messages.set(event.host, event.message);
    return isVerbose || hasLine(event) ? stepLines(event, hostCells, signs, columns) : [];
  };
}

const ROUTINE: readonly EventStep[] = ['facts', 'lock', 'unlock', 'result'];

function hasLine({host, step, state}: StepEvent): boolean {
  if (host === '') return true;
  // 500 nodes that can be read, or that were locked, are 500 lines that say nothing; a good result follows its proof.
  const isRoutine = state === 'done' && ROUTINE.includes(step);
  return state !== 'started' && !isRoutine;
}

/** Cells of the time and the sign, and of the space behind each. */
const HOST_INDENT = 12;

function stepLines(
  {time, host, step, state, message}: StepEvent,
  hostCells: number,
  signs: Signs,
  columns: number | undefined,
): Line[] {
  const head: Line = [{text: clockTime(time), tone: 'muted'}, '  ', sign(signs, EVENT_MEANINGS[state]), ' '];
  const cells = [padToCells(sanitize(host === '' ? 'run' : host), hostCells), padToCells(step, STEP_CELLS)];
  if (message === '') return [[...head, [...cells, state].join('  ')]];
  const before = `${[...cells, padToCells(state, STATE_CELLS)].join('  ')}  `;
  const indent = HOST_INDENT + cellWidth(before);
  if (columns === undefined || indent + cellWidth(sanitize(message)) <= columns) {
    return [[...head, before, message]];
  }
  // Where little room is left beside them, the message goes below host and step.
  if (columns - indent < NARROWEST_MESSAGE) {
    return [[...head, before.trimEnd()], ...paragraph(message, HOST_INDENT, undefined, columns)];
  }
  return paragraph(message, indent, [...head, before], columns);
}

const OUTCOMES: Readonly<Record<Outcome, {readonly meaning: Meaning; readonly words: string}>> = {
  done: {meaning: 'ok', words: 'is done'},
  partial: {meaning: 'warning', words: 'is done in part'},
  failed: {meaning: 'failed', words: 'failed'},
  waiting: {meaning: 'waiting', words: 'waits: a part of it has to come later'},
  interrupted: {meaning: 'failed', words: 'was interrupted'},
  'rolled-back': {meaning: 'put-back', words: 'put everything back'},
};

/** States of nodes, those that need somebody first, each with what is said of so many nodes. */
const NODE_STATES: readonly {readonly state: NodeState; readonly meaning: Meaning; readonly words: string}[] =
  [
    {state: 'failed', meaning: 'failed', words: 'failed'},
    {state: 'unknown', meaning: 'unknown', words: 'with an unknown outcome'},
    {state: 'put-back', meaning: 'put-back', words: 'put back as before'},
    {state: 'not-touched', meaning: 'none', words: 'not touched'},
    {state: 'waiting', meaning: 'waiting', words: 'waiting'},
    {state: 'pending', meaning: 'none', words: 'not begun'},
    {state: 'skipped', meaning: 'none', words: 'left out'},
    {state: 'done', meaning: 'ok', words: 'done'},
    {state: 'unchanged', meaning: 'ok', words: 'right already'},
  ];

function endLines(event: EndEvent, messages: ReadonlyMap<string, string>, signs: Signs): Line[] {
  const {meaning, words} = OUTCOMES[event.outcome];
  return [
    '',
    ...signed(sign(signs, meaning), `Run ${event.run} ${words}.`, 0),
    ...whyLines(event.next),
    ...nodeLines(
      Object.entries(event.nodes).map(([host, state]) => ({host, state, message: messages.get(host) ?? ''})),
      signs,
    ),
    ...nextLines(event.next),
  ];
}

/** How many nodes ended how; those that need somebody by name, with the last that was said of them. */
export function nodeLines(
  nodes: readonly {readonly host: string; readonly state: NodeState; readonly message: string}[],
  signs: Signs = UNICODE_SIGNS,
): Line[] {
  return NODE_STATES.flatMap(({state, meaning, words}) => {
    const alike = nodes.filter((node) => node.state === state);
    if (alike.length === 0) return [];
    const named =
      state === 'failed' || state === 'unknown' || state === 'put-back' || state === 'not-touched';
    if (!named) {
      const names =
        state === 'done' || state === 'unchanged' ? '' : `: ${someOf(alike.map(({host}) => host))}`;
      return signed(sign(signs, meaning), `${countOf(alike.length, 'node')} ${words}${names}`);
    }
    return [
      ...signed(sign(signs, meaning), `${countOf(alike.length, 'node')} ${words}:`),
      ...alike.flatMap(({host, message}) => paragraph(message === '' ? host : `${host}: ${message}`, 6)),
    ];
  });
}

/** Something to type, as against a reason. */
const HAS_COMMAND = /\breprieve [a-z]|(^|\s)--[a-z]/;

/** The sentences of a run's end that ask for nothing: why it ended as it did. */
export function whyLines(next: readonly string[]): Line[] {
  return next.filter((line) => !HAS_COMMAND.test(line)).flatMap((line) => paragraph(line, 2));
}

/** What to do next. Commands stay on one line each. */
export function nextLines(next: readonly string[]): Line[] {
  const commands = next.filter((line) => HAS_COMMAND.test(line));
  return commands.length === 0 ? [] : [...heading('next'), ...commands.map((line): Line => `  ${line}`)];
}
