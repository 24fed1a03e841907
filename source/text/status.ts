import type {IntervalReading} from '../domain/fleet/interval-change.js';
import {
  delayedDeleteOf,
  type FleetStatus,
  isBroken,
  isCoherent,
  type NodeStatus,
  type ValueSource,
} from '../app/rollout/status-types.js';
import {countOf, formatCount, formatIntervalForPeople} from './elapsed.js';
import type {Line, Span} from './line.js';
import {heading, indented, signed, someOf} from './paragraph.js';
import {problemLines} from './problems.js';
import {type Meaning, sign, type Signs, UNICODE_SIGNS} from './signs.js';
import {tableLines} from './table.js';

const COLUMNS = [
  {title: ''},
  {title: 'HOST', narrowest: 10},
  {title: 'ROLE'},
  {title: 'VALUE', align: 'right'},
  {title: 'FROM', narrowest: 12},
  {title: 'RUNNING', align: 'right'},
  {title: 'SERVICE'},
  {title: 'CLOCK', align: 'right'},
] as const;

/** Cells from which on files are shown with their whole path. */
const WIDE = 100;

/** A clock that is off by less says nothing: the API tells its own in whole seconds. */
const CLOCK_SECONDS = 2;

/**
 * The state of a cloud for people: the answer first, then a row for each node and role, then what is wrong.
 *
 * @param width cells of the terminal; undefined where it is none: nothing is cut then
 */
export function statusLines(
  status: FleetStatus,
  width: number | undefined,
  signs: Signs = UNICODE_SIGNS,
): Line[] {
  const rows = status.nodes.map((node) => rowOf(node, signs, width !== undefined && width < WIDE));
  const unseen = status.unseen.map(({host, roles}): Span[] => [
    sign(signs, 'failed'),
    host,
    roles.join(', '),
    '?',
    '',
    '?',
    'not seen',
    '?',
  ]);
  const problems = [
    ...status.problems.map((problem) => ({host: undefined, problem})),
    ...status.unseen,
    ...status.nodes.flatMap(({host, problems: own}) => own.map((problem) => ({host, problem}))),
  ];
  return [
    ...answerLines(status, signs),
    ...(rows.length + unseen.length === 0
      ? []
      : [
          '',
          ...tableLines(COLUMNS, [...unseen, ...rows], width === undefined ? undefined : width - 1).map(
            (line) => indented(line, 1),
          ),
        ]),
    ...(problems.length === 0 ? [] : [...heading('problems'), ...problemLines(problems, signs)]),
  ];
}

function answerLines(status: FleetStatus, signs: Signs): Line[] {
  const {meaning, words} = answerOf(status);
  const lines = signed(sign(signs, meaning), `Cloud ${status.cloud.cloud}: ${words}`, 0);
  const stale = status.nodes.filter(({isRestartNeeded}) => isRestartNeeded);
  if (stale.length > 0) {
    lines.push(
      ...signed(
        sign(signs, 'warning'),
        `${countOf(stale.length, 'service is', 'services are')} older than the file and must be restarted for it to count: ${someOf(stale.map(({host}) => host))}`,
        0,
      ),
    );
  }
  if (status.unseenComputes.length > 0) {
    lines.push(
      ...signed(
        sign(signs, 'warning'),
        `Nova lists ${countOf(status.unseenComputes.length, 'compute')} that nobody looked at: ${someOf(status.unseenComputes)}`,
        0,
      ),
    );
  }
  if (!status.isApiSeen) {
    lines.push(
      ...signed(
        sign(signs, 'warning'),
        'The API half is unseen: whether a delete is delayed at all is decided by nova-api. Name its hosts with --api-hosts or in the inventory.',
        0,
      ),
    );
  }
  return lines;
}

function answerOf(status: FleetStatus): {readonly meaning: Meaning; readonly words: string} {
  switch (delayedDeleteOf(status)) {
    case 'on':
      return isCoherent(status)
        ? {meaning: 'ok', words: `delayed delete is on, ${numbersOf(status)} on every compute.`}
        : {
            meaning: 'warning',
            words: `delayed delete is on, but not alike everywhere: ${numbersOf(status)}.`,
          };
    case 'off':
      return isCoherent(status)
        ? {meaning: 'none', words: 'delayed delete is off: a deleted server is gone at once.'}
        : {meaning: 'warning', words: 'delayed delete is off, but something is wrong.'};
    case 'partly':
      return {
        meaning: 'failed',
        words:
          'delayed delete is on in some services and off in others: a delete may be final, or stay for ever.',
      };
    case 'unknown':
      return status.nodes.some(({runningValue}) => isBroken(runningValue))
        ? {
            meaning: 'failed',
            words: 'a service runs with an interval that it cannot read, and fails at deletes.',
          }
        : {meaning: 'unknown', words: 'whether delayed delete is on is unknown: not everything was seen.'};
  }
}

function numbersOf({nodes}: FleetStatus): string {
  const seconds = nodes
    .filter(({roles}) => roles.includes('compute'))
    .flatMap(({runningValue}) => (runningValue.kind === 'value' ? runningValue.seconds : []));
  return someOf([...new Set(seconds)].toSorted((one, other) => one - other).map(formatIntervalForPeople), 3);
}

function rowOf(node: NodeStatus, signs: Signs, isNarrow: boolean): Span[] {
  return [
    sign(signs, meaningOf(node)),
    node.host,
    node.roles.join(', '),
    shortReading(node.value),
    node.source === undefined ? '' : sourceText(node.source, isNarrow),
    runningText(node),
    serviceText(node),
    clockText(node.clockOffset),
  ];
}

function meaningOf({problems, isRestartNeeded, service, value}: NodeStatus): Meaning {
  if (isBroken(value) || problems.some(({severity}) => severity === 'error')) return 'failed';
  if (problems.length > 0 || isRestartNeeded || service?.apiState === 'down') return 'warning';
  return value.kind === 'unknown' || service === undefined ? 'unknown' : 'ok';
}

function shortReading(reading: IntervalReading): string {
  switch (reading.kind) {
    case 'value':
      return reading.seconds === 0 ? 'off' : `${formatCount(reading.seconds)} s`;
    case 'unset':
      return 'not set';
    case 'empty':
      return 'empty';
    case 'invalid':
      return 'unreadable';
    case 'unknown':
      return '?';
  }
}

function runningText({runningValue, isRestartNeeded}: NodeStatus): string {
  return `${shortReading(runningValue)}${isRestartNeeded ? ', restart' : ''}`;
}

function sourceText(source: ValueSource, isNarrow: boolean): string {
  if (source.kind === 'environment') return `environment ${source.name}`;
  const parts = source.file.split('/');
  const file = isNarrow && parts.length > 2 ? `…/${parts.at(-1)}` : source.file;
  return `${file}:${source.line}`;
}

/** The unit's name is in the JSON; here it would cost the file its place. */
function serviceText({service}: NodeStatus): string {
  if (service === undefined) return 'no unit';
  return [service.active, ...(service.apiState === undefined ? [] : [service.apiState])].join(', ');
}

function clockText(offset: number | undefined): string {
  if (offset === undefined) return '?';
  if (Math.abs(offset) < CLOCK_SECONDS) return 'right';
  return `${offset > 0 ? '+' : '-'}${formatCount(Math.round(Math.abs(offset)))} s`;
}
