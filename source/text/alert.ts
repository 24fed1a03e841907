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

/** What is said of alerts: a line for each server, but one for many at once. */
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
    case 'command-failed': {
      const text = `the command for the alert of ${news.name} ${endWords(news.end)}`;
      return [{meaning: 'failed', text}];
    }
    case 'command-late': {
      const text = `the command for the alert of ${news.name} was ended after ${news.seconds} s: it may not take longer`;
      return [{meaning: 'failed', text}];
    }
    case 'left-out': {
      const {count, waiting} = news;
      const text = `the command was left out for ${countOf(count, 'alert')}: ${waiting} wait for it already`;
      return [{meaning: 'failed', text}];
    }
  }
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
