import {homeVerdict} from '../../../app/home/home-verdict.js';
import type {HomeProblem} from '../../../app/home/look-home.js';
import type {RememberedSetup} from '../../../app/home/remembered-setup.js';
import type {Verdict} from '../../../app/home/setup-figures.js';
import {countOf, formatElapsed, formatIntervalShort, speakInterval} from '../../../text/elapsed.js';
import {shortTime} from '../../../text/point-in-time.js';
import type {Meaning} from '../../../text/signs.js';
import {overviewOf} from '../watch/overview.js';
import {eventWords as serverEventWords} from '../watch/words.js';
import type {HomeEvent, HomeState} from './model.js';

/** The screen's answer: a sign, the sentence, and what is less important beside it or below. */
export type VerdictWords = {
  readonly meaning: Meaning | 'not-begun';
  readonly sentence: string;
  /** Beside the sentence. */
  readonly aside: string;
  /** Sentences below it. */
  readonly more: readonly string[];
};

type KnownWords = VerdictWords & {readonly meaning: Meaning};

/** Which screen the verdict asks for. */
export type HomeForm = 'state' | 'off' | 'no-cloud';

/** `no-cloud`: there is none to look at; `off`: one thing is to be done; else the state of the cloud. */
export function homeForm(state: HomeState): HomeForm {
  if (state.cloud.value === undefined && state.cloud.problem !== undefined) return 'no-cloud';
  return verdictOf(state)?.kind === 'off' ? 'off' : 'state';
}

/** The verdict as far as it is known. */
export function verdictOf({setup, services}: HomeState): Verdict | undefined {
  return setup.value === undefined ? undefined : homeVerdict(setup.value, services.value);
}

/** The verdict in words. */
export function verdictWords(state: HomeState): VerdictWords {
  const {cloud, setup, label} = state;
  const name = label?.name;
  if (cloud.value === undefined && cloud.problem !== undefined) return noCloud(cloud.problem, name);
  const verdict = verdictOf(state);
  if (verdict !== undefined && verdict.kind !== 'looking') return wordsOf(verdict, formatIntervalShort);
  if (setup.value === undefined && setup.problem !== undefined) return unknown(setup.problem);
  const seconds = formatElapsed((state.now - state.began) / 1000);
  return {
    meaning: 'not-begun',
    sentence: name === undefined ? 'Looking for the cloud.' : `Looking at ${name}.`,
    aside: [
      seconds,
      ...(state.remembered === undefined ? [] : [rememberedWords(state.remembered, state.now)]),
    ].join('   '),
    more: [],
  };
}

/** The verdict in words, once there is one. */
export function knownVerdict(state: HomeState): KnownWords | undefined {
  const verdict = verdictOf(state);
  return verdict === undefined || verdict.kind === 'looking'
    ? undefined
    : wordsOf(verdict, formatIntervalShort);
}

/** How many servers do not go by themselves as they should, without what there is none of. */
export function lateCounts({waiting}: Pick<HomeState, 'waiting'>) {
  const {stuck, overdue} = overviewOf(waiting).counts;
  const all = [
    {count: stuck, word: 'stuck', meaning: 'stuck', colour: 'stuck'},
    {count: overdue, word: 'overdue', meaning: 'warning', colour: 'overdue'},
  ] as const;
  return all.filter(({count}) => count > 0);
}

/** An event of the log in words. */
export function eventWords({waiting}: Pick<HomeState, 'waiting'>, {text, by}: HomeEvent): string {
  return serverEventWords(waiting, by === undefined ? {text} : {text, by});
}

/** The verdict as it is read aloud. */
export function spokenVerdict(state: HomeState): readonly string[] {
  const verdict = verdictOf(state);
  const {sentence, more, aside} =
    verdict === undefined || verdict.kind === 'looking'
      ? verdictWords(state)
      : wordsOf(verdict, speakInterval);
  return [aside === '' || verdict === undefined ? sentence : `${sentence} The interval is ${aside}`, ...more];
}

function wordsOf(
  verdict: Exclude<Verdict, {kind: 'looking'}>,
  interval: (seconds: number) => string,
): KnownWords {
  switch (verdict.kind) {
    case 'on':
      return {
        meaning: 'ok',
        sentence: 'Delayed delete is on.',
        aside: `${interval(verdict.intervalSeconds)}.`,
        more: [],
      };
    case 'wrong':
      return {
        meaning: verdict.wrong > 0 ? 'warning' : 'unknown',
        sentence: wrongSentence(verdict),
        aside: `${interval(verdict.intervalSeconds)}.`,
        more: [],
      };
    case 'off':
      return {
        meaning: 'failed',
        sentence: 'Delayed delete is off. A deleted server is gone at once.',
        aside: '',
        more: [],
      };
    case 'unknown':
      return {
        meaning: 'unknown',
        sentence: 'Whether delayed delete is on is unknown.',
        aside: '',
        more: [
          asSentence(verdict.why),
          ...(verdict.remedy === undefined ? [] : [asSentence(verdict.remedy)]),
        ],
      };
  }
}

function wrongSentence({wrong, unseen}: Extract<Verdict, {kind: 'wrong'}>): string {
  if (wrong === 0)
    return `Delayed delete is on where it was seen, and unknown on ${countOf(unseen, 'node')}.`;
  const rest = unseen === 0 ? '' : ` and unknown on ${countOf(unseen, 'other', 'others')}`;
  return `Delayed delete is on, but wrong on ${countOf(wrong, 'node')}${rest}.`;
}

function unknown({message, remedy}: HomeProblem): VerdictWords {
  return {
    meaning: 'unknown',
    sentence: 'Whether delayed delete is on is unknown.',
    aside: '',
    more: [asSentence(message), ...(remedy === undefined ? [] : [asSentence(remedy)])],
  };
}

function noCloud({message, remedy}: HomeProblem, name: string | undefined): VerdictWords {
  return {
    meaning: 'failed',
    sentence: name === undefined ? 'There is no cloud to look at.' : `${name} does not let us in.`,
    aside: '',
    more: [asSentence(message), ...(remedy === undefined ? [] : [asSentence(remedy)])],
  };
}

/** What was seen last time: `at 02:40 it was on, 2 h`. */
function rememberedWords({at, verdict, intervalSeconds}: RememberedSetup, now: number): string {
  const interval = intervalSeconds === undefined ? '' : `, ${formatIntervalShort(intervalSeconds)}`;
  const words: Readonly<Record<RememberedSetup['verdict'], string>> = {
    on: `on${interval}`,
    wrong: `on${interval}, wrong on some nodes`,
    off: 'off',
    unknown: 'unknown',
  };
  return `at ${shortTime(at, now)} it was ${words[verdict]}`;
}

/** Messages begin and end as it comes; a sentence begins with a capital, unless a name is first, and ends. */
function asSentence(text: string): string {
  const end = /[.!?]$/.test(text) ? text : `${text}.`;
  return /^[a-z]+[ ,]/.test(end) ? end.slice(0, 1).toUpperCase() + end.slice(1) : end;
}
