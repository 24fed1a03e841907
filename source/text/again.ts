import type {AgainEnd, SetErrorEnd} from '../app/again/again-types.js';
import {wordsOf} from '../app/servers/follow-server.js';
import {describeReading} from '../domain/fleet/interval-change.js';
import type {
  AnotherDelete,
  ApiHost,
  FinalReason,
  Rescue,
  UnsureReason,
} from '../domain/reclaim/another-delete.js';
import {formatElapsed, formatIntervalForPeople} from './elapsed.js';
import {openstackCommand, type Sentence} from './servers.js';

/** What a look at a host of nova-api showed, and when. `now`: by the clock of the look, epoch milliseconds. */
export function apiHostWords({host, look, seenAt}: ApiHost, now: number): string {
  if (look.kind === 'unseen') return `${host} was not seen: ${look.problem}`;
  const age = formatElapsed(Math.abs(now - seenAt) / 1000);
  return `${host} runs with ${describeReading(look.running)}, seen ${age} ago`;
}

/** Why one more DELETE is final, or may be, as a clause. */
export function reasonWords(reason: FinalReason | UnsureReason): string {
  switch (reason.kind) {
    case 'api-off':
      return `the interval of nova-api on ${reason.host} is ${describeReading(reason.reading)}, so that a DELETE which it serves is final`;
    case 'host-down':
      return `nova-compute of ${reason.host} is down, and Nova destroys at once what is deleted there`;
    case 'forced-down':
      return `nova-compute of ${reason.host} is forced down, and Nova destroys at once what is deleted there`;
    case 'no-service':
      return `Nova lists no nova-compute on its host ${reason.host}, and destroys at once what is deleted there`;
    case 'no-host':
      return 'it has no host, and Nova destroys at once what has none';
    case 'api-not-looked-at':
      return `whether nova-api holds deletes back was not seen: ${reason.problem}`;
    case 'no-api-host':
      return 'no API host is known: name them in the inventory (group nova_api) or with --api-hosts';
    case 'api-unseen':
      return `nova-api on ${reason.host} was not seen: ${reason.problem}`;
    case 'api-old':
      return `nova-api on ${reason.host} was seen ${formatElapsed(reason.ageSeconds)} ago, and may have changed since`;
    case 'api-odd':
      return `the interval of nova-api on ${reason.host} is ${describeReading(reason.reading)}, which nobody can mean`;
    case 'api-turns-off':
      return `nova-api on ${reason.host} holds deletes back only until its next start: its files say ${describeReading(reason.next)}`;
    case 'service-unseen':
      return 'whether nova-compute of its host is up cannot be seen';
    case 'service-unknown':
      return `whether nova-compute of ${reason.host} is up is unknown to Nova`;
  }
}

const SURE = 'Every API host holds deletes back, and nova-compute of its host is up.';

/** Whether a server can be given another interval, and why, in whole sentences. */
export function anotherDeleteSentence(verdict: AnotherDelete): string {
  switch (verdict.kind) {
    case 'soft':
      return `One more DELETE ${gift(verdict.seconds)}. ${SURE}`;
    case 'final':
      return `One more DELETE would be final, and nothing brings the server back then: ${joined(verdict.reasons)}.`;
    case 'unsure':
      return `One more DELETE may be final, so it is not offered: ${joined(verdict.reasons)}.`;
  }
}

/** What keeps a server whose restore failed, and why that, in whole sentences. `host`: where it is. */
export function rescueSentence(rescue: Rescue, host: string | undefined): string {
  switch (rescue.kind) {
    case 'delete-again':
      return `One more DELETE ${gift(rescue.seconds)}. ${SURE}`;
    case 'set-error': {
      const admin = ADMIN[String(rescue.isAdmin)] ?? '';
      return `Nova never reclaims a server in ERROR; it has to be repaired then: look at the log of nova-compute on ${host ?? 'its host'}.${admin} Do not DELETE it again, which is soft only where every nova-api holds deletes back and nova-compute of its host is up and not forced down; elsewhere it is final, and here ${joined(rescue.reasons)}.`;
    }
    case 'not-needed':
      return `Its host reclaims nothing, since its interval is ${describeReading(rescue.interval)}. Give the server a new delete time, or restore it, before an interval is set there: its first tick would take it.`;
  }
}

const ADMIN: Readonly<Record<string, string>> = {
  false: ' That takes an admin, which this account is not: ask one at once.',
  undefined: ' That takes an admin.',
};

/** The command that does what a rescue is about; undefined where nothing has to be done now. */
export function rescueCommand(rescue: Rescue, id: string, cloud: string | undefined): string | undefined {
  switch (rescue.kind) {
    case 'delete-again':
      return openstackCommand(['server', 'delete', id], cloud);
    case 'set-error':
      return openstackCommand(['server', 'set', '--state', 'error', id], cloud);
    case 'not-needed':
      return undefined;
  }
}

/** What became of one more DELETE, and what to do. `cloud`: its name in clouds.yaml, for commands. */
export function againSentence(end: AgainEnd, id: string, cloud: string | undefined): Sentence {
  const said = (message: string, remedy?: string): Sentence => ({message, remedy});
  const show = openstackCommand(['server', 'show', id], cloud);
  switch (end.kind) {
    case 'given':
      return said(`deleted again: it ${givenWords(end.seconds)}`);
    case 'not-safe':
      return said(
        `not deleted again: ${anotherDeleteSentence(end.verdict)}`,
        'Put that right and try again, or restore the server.',
      );
    case 'gone':
      return said(
        'it is gone: Nova reclaimed it meanwhile, or somebody purged it',
        'nothing can bring it back',
      );
    case 'restored':
      return said('somebody restored it meanwhile: it is ACTIVE, and was left alone');
    case 'refused':
      return said(
        `it is ${wordsOf(end.server)} now, and was left alone`,
        end.server.status === 'SOFT_DELETED' ? 'wait until that is over, then try again' : undefined,
      );
    case 'locked':
      return said(
        'Nova refuses: it is locked, and this account is no admin',
        `unlock it, or ask an admin: ${openstackCommand(['server', 'unlock', id], cloud)}`,
      );
    case 'denied':
      return said(`Nova did not take it: ${end.problem}`, `look at it with: ${show}`);
    case 'unseen':
      return said(`it could not be looked at, and nothing was done: ${end.problem}`, 'try again');
    case 'destroyed':
      return said(
        'it was destroyed: the periodic task of its host came first, or the DELETE was final although every API host was seen to hold deletes back',
        'nothing can bring it back; is each host of nova-api in the inventory?',
      );
    case 'changed':
      return said(
        `it is ${wordsOf(end.server)} now, not soft-deleted${faultWords(end.server.fault)}`,
        `look at it with: ${show}`,
      );
    case 'unanswered':
      return said(
        `whether it has another interval is unknown: ${end.problem}`,
        `look at it with: ${show}; as long as it is SOFT_DELETED it can be tried again`,
      );
    case 'late':
      return said(
        `no new delete time after ${end.seconds} s: ${end.last ?? 'Nova does not tell what it is'}${end.problem === undefined ? '' : `; ${end.problem}`}`,
        `as long as it has a task Nova does not reclaim it; look again with: ${show}`,
      );
    case 'interrupted':
      return end.wasAsked
        ? said('interrupted: Nova was asked to delete it again, and goes on', `look at it with: ${show}`)
        : said('interrupted: nothing was done with it');
  }
}

/** What became of setting a server to ERROR, and what to do. */
export function setErrorSentence(end: SetErrorEnd, id: string, cloud: string | undefined): Sentence {
  const said = (message: string, remedy?: string): Sentence => ({message, remedy});
  const show = openstackCommand(['server', 'show', id], cloud);
  const repair = (host: string | undefined): string =>
    `repair what kept its guest from starting (the log of nova-compute on ${host ?? 'its host'} tells), then start it: ${openstackCommand(['server', 'reboot', '--hard', id], cloud)}`;
  switch (end.kind) {
    case 'set':
      return said('it is in ERROR now, and Nova never reclaims it', repair(end.server.host));
    case 'already':
      return said('it is in ERROR already, and Nova never reclaims it', repair(end.server.host));
    case 'gone':
      return said(
        'it is gone: Nova reclaimed it meanwhile, or somebody purged it',
        'nothing can bring it back',
      );
    case 'restored':
      return said('it is ACTIVE: somebody restored it meanwhile, and it was left alone');
    case 'refused':
      return said(
        `it is ${wordsOf(end.server)} now, and was left alone`,
        end.server.status === 'SOFT_DELETED'
          ? 'as long as it has a task Nova does not reclaim it; try again when that is over'
          : undefined,
      );
    case 'destroyed':
      return said('it was destroyed: the periodic task of its host came first', 'nothing can bring it back');
    case 'changed':
      return said(`it is ${wordsOf(end.server)} now, not in ERROR`, `look at it with: ${show}`);
    case 'forbidden':
      return said(
        `the policy of Nova does not permit it: ${end.problem}`,
        'it takes an admin: ask one at once',
      );
    case 'denied':
      return said(`Nova did not take it: ${end.problem}`, `look at it with: ${show}`);
    case 'unseen':
      return said(`it could not be looked at, and nothing was done: ${end.problem}`, 'try again at once');
    case 'unanswered':
      return said(`whether it is in ERROR is unknown: ${end.problem}`, 'try again at once');
    case 'interrupted':
      return end.wasAsked
        ? said('interrupted: Nova was asked to set it to ERROR', `look at it with: ${show}`)
        : said('interrupted: nothing was done with it');
  }
}

function gift(seconds: number | undefined): string {
  if (seconds === undefined) return 'gives it the interval of its host anew, which is not known';
  return seconds === Number.POSITIVE_INFINITY
    ? 'changes nothing but its delete time, since its host reclaims nothing'
    : `gives it ${formatIntervalForPeople(seconds)} anew`;
}

function givenWords(seconds: number | undefined): string {
  if (seconds === undefined) return 'waits for the interval of its host anew, which is not known';
  return seconds === Number.POSITIVE_INFINITY
    ? 'has a new delete time, and its host reclaims nothing'
    : `waits ${formatIntervalForPeople(seconds)} anew`;
}

function joined(reasons: readonly (FinalReason | UnsureReason)[]): string {
  return reasons.map(reasonWords).join('; ');
}

function faultWords(fault: string | undefined): string {
  return fault === undefined ? '' : `: ${fault}`;
}
