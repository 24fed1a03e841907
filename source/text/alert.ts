import type {CommandNews} from '../app/watch/alert-commands.js';
import type {AlertNews} from '../app/watch/alerts.js';
import type {CommandEnd} from '../app/ports.js';
import type {ListedServer} from '../app/watch/watch-types.js';
import {countOf, formatIntervalShort} from './elapsed.js';
import {someOf} from './paragraph.js';
import {sanitize} from './sanitize.js';
import {reasonSentence} from './standing-words.js';
import {timeWords} from './watch.js';

/** So many servers that come below the alert time at once are told of one by one. */
const MOST_TOLD = 3;

/** A line about alerts. Failures are about the command that should tell of them. */
export type AlertLine = {readonly meaning: 'warning' | 'failed'; readonly text: string};

/** What is said of alerts: a line for each server, or each command that failed, but one for many at once. */
export function alertLines(news: AlertNews, alertSeconds: number): readonly AlertLine[] {
  switch (news.kind) {
    case 'alerts': {
      const {servers, now} = news;
      if (servers.length <= MOST_TOLD) {
        return servers.map((listed) => ({meaning: 'warning', text: `alert: ${serverWords(listed, now)}`}));
      }
      const names = someOf(
        servers.map(({server}) => server.name),
        MOST_TOLD,
      );
      const below = formatIntervalShort(alertSeconds);
      const text = `alert: ${countOf(servers.length, 'server')} with less than ${below} left: ${names}`;
      return [{meaning: 'warning', text}];
    }
    case 'commands':
      return commandLines(news.news);
  }
}

function commandLines(news: readonly CommandNews[]): readonly AlertLine[] {
  const failed = (text: string): AlertLine => ({meaning: 'failed', text});
  const failures = news.filter((one) => one.kind !== 'left-out');
  const [first] = failures;
  const leftOut = news.flatMap((one) =>
    one.kind === 'left-out'
      ? failed(
          `the command was left out for ${countOf(one.count, 'alert')}: ${one.waiting} wait for it already`,
        )
      : [],
  );
  if (first !== undefined && failures.length > MOST_TOLD) {
    const count = countOf(failures.length, 'alert');
    return [
      failed(`the command went wrong for ${count}; that of ${first.name} ${failureWords(first)}`),
      ...leftOut,
    ];
  }
  return [
    ...failures.map((one) => failed(`the command for the alert of ${one.name} ${failureWords(one)}`)),
    ...leftOut,
  ];
}

function failureWords(failure: Exclude<CommandNews, {kind: 'left-out'}>): string {
  return failure.kind === 'command-failed'
    ? endWords(failure.end)
    : `was ended after ${failure.seconds} s: it may not take longer`;
}

function serverWords(listed: ListedServer, now: number): string {
  const {server, standing} = listed;
  const {state} = standing;
  if (state === 'waiting') return `${server.name} has ${timeWords(listed, now)} left`;
  const reason = reasonSentence(listed);
  if (reason !== undefined) return `${server.name} is ${state}: ${reason}`;
  return state === 'due'
    ? `${server.name} is due: the next tick of its host destroys it`
    : `${server.name} is ${timeWords(listed, now)}`;
}

function endWords(end: CommandEnd): string {
  if (end.kind === 'not-started') return `could not be started: ${end.problem}`;
  const how = end.kind === 'exited' ? `failed with exit code ${end.code}` : `was ended by ${end.signal}`;
  return end.complaint === '' ? how : `${how}: ${sanitize(end.complaint)}`;
}
