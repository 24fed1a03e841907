import type {InitEvent, InitResult} from '../app/init/init-types.js';
import {commandLine} from './command-line.js';
import type {Line} from './line.js';
import {lineDiff, type DiffLine} from './line-diff.js';
import {paragraph, signed} from './paragraph.js';
import {sign, type Signs} from './signs.js';

const MEANINGS = {ok: 'ok', warning: 'warning', failed: 'failed'} as const;
const MARKS: Readonly<Record<DiffLine['kind'], string>> = {same: ' ', removed: '-', added: '+'};

/** What is said before the first question. */
export function initOpening(file: string): readonly Line[] {
  return [
    ...paragraph(
      `A few questions, then the profile ${file} is written. Nothing in the cloud or on a node is changed.`,
      0,
    ),
    '',
  ];
}

/** What an event says, as lines for people. */
export function initLines(event: InitEvent, signs: Signs): readonly Line[] {
  switch (event.type) {
    case 'trying':
      return [{text: `  ${event.message} …`, tone: 'muted'}];
    case 'found': {
      const remedy = event.remedy === undefined ? [] : paragraph(`What to do: ${event.remedy}`, 4);
      return [...signed(sign(signs, MEANINGS[event.state]), event.message), ...remedy];
    }
    case 'profile': {
      const {file, text, before} = event;
      if (before === undefined) {
        const lines = text.trimEnd().split('\n');
        return ['', {text: file, tone: 'strong'}, ...lines.map((line) => `  ${line}`), ''];
      }
      return [
        '',
        {text: `${file}, what changes`, tone: 'strong'},
        ...lineDiff(before, text).map(diffLine),
        '',
      ];
    }
    case 'written':
      return [
        ...signed(sign(signs, 'ok'), `written: ${event.file}`),
        ...(event.backup === undefined ? [] : paragraph(`before: ${event.backup}`, 4)),
      ];
  }
}

function diffLine({kind, text}: DiffLine): Line {
  const line = `  ${MARKS[kind]} ${text}`;
  return kind === 'same' ? line : {text: line, tone: kind};
}

/** What to do next. `profileFlag`: the file where it has to be named each time. */
export function initEnd(result: InitResult, profileFlag: string | undefined, signs: Signs): readonly Line[] {
  const place = profileFlag === undefined ? [] : ['--profile', profileFlag];
  const command = (...words: readonly string[]): Line => `  ${commandLine(['reprieve', ...words, ...place])}`;
  const unproved = [
    ...(result.isCloudProved ? [] : ['the cloud']),
    ...(result.isNodeProved ? [] : ['a node']),
  ].join(' and ');
  return [
    ...(result.outcome === 'same'
      ? signed(sign(signs, 'ok'), `${result.file} says so already; nothing was written`)
      : []),
    ...(unproved === ''
      ? []
      : signed(sign(signs, 'warning'), `not proved: ${unproved} did not answer as it should`)),
    '',
    {text: 'NEXT', tone: 'strong'},
    command('status'),
    command('plan', '--interval', '2h'),
  ];
}

/** The same for programs, with what was found that is not as it should be. */
export function initToJson(result: InitResult, events: readonly InitEvent[]) {
  return {
    profile: result.file,
    outcome: result.outcome,
    backup: result.backup ?? null,
    cloud: result.cloud ?? null,
    cloud_proved: result.isCloudProved,
    node_proved: result.isNodeProved,
    problems: events.flatMap((event) => {
      if (event.type !== 'found' || event.state === 'ok') return [];
      const {about, state, message, remedy} = event;
      return [{about, severity: state === 'failed' ? 'error' : 'warning', message, remedy: remedy ?? null}];
    }),
  };
}
