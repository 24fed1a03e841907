import type {PurgeEnd, PurgeEvent, PurgePlan} from '../app/purge/purge-types.js';
import {isPurged} from '../app/purge/purge-types.js';
import type {KnownServer} from '../app/servers/server-ports.js';
import type {PurgeRefusal} from '../domain/reclaim/purge-checks.js';
import type {Line} from './line.js';
import {paragraph, signed} from './paragraph.js';
import {openstackCommand, type Sentence, serverPlace} from './servers.js';
import {sign, type Signs} from './signs.js';

/** What would be destroyed, one server after the other. */
export function purgePlanLines({servers, downHosts}: PurgePlan, signs: Signs): readonly Line[] {
  const down = [...downHosts].toSorted();
  return [
    ...servers.flatMap((server): Line[] => {
      const reason = server.lockedReason === undefined ? '' : ` ("${server.lockedReason}")`;
      const lock = server.isLocked === true ? `, locked${reason}` : '';
      return [{text: server.name, tone: 'strong'}, ...paragraph(`${serverPlace(server)}${lock}`, 2)];
    }),
    ...down.flatMap((host) =>
      signed(
        sign(signs, 'warning'),
        `nova-compute of ${host} is down: Nova forgets such a server at once, and its guest and disk go when nova-compute runs again`,
      ),
    ),
  ];
}

/** Why a server is not purged, and what to do. */
export function purgeRefusalSentence(
  why: PurgeRefusal,
  {id, status, taskState}: KnownServer,
  cloud: string | undefined,
): Sentence {
  const unlock = openstackCommand(['server', 'unlock', id], cloud);
  const ifItHangs = `if the task hangs, ${openstackCommand(['server', 'set', '--state', 'active', id], cloud)}, then ${openstackCommand(['server', 'delete', '--force', id], cloud)}`;
  switch (why) {
    case 'under-way':
      return {
        message: `it has the task ${taskState ?? 'unknown'}: Nova would take the purge and forget it`,
        remedy: `wait; ${ifItHangs}`,
      };
    case 'busy':
      return {
        message: `it has the task ${taskState ?? 'unknown'}: somebody is at work with it`,
        remedy: `wait until that is over, then look whether it is still soft-deleted; ${ifItHangs}`,
      };
    case 'not-soft-deleted':
      return {
        message: `it is ${status}, and only soft-deleted servers are purged`,
        remedy: 'name one that is soft-deleted',
      };
    case 'locked':
      return {message: 'it is locked', remedy: 'if it is to be destroyed all the same, add: --locked'};
    case 'lock-admin':
      return {
        message: 'it is locked, and this account is no admin',
        remedy: `unlock it, or ask an admin: ${unlock}`,
      };
  }
}

/** What became of a server, and what to do. */
export function purgeSentence(end: PurgeEnd, server: KnownServer, cloud: string | undefined): Sentence {
  const show = `look at it with: ${openstackCommand(['server', 'show', server.id], cloud)}`;
  const said = (message: string, remedy?: string): Sentence => ({message, remedy});
  switch (end.kind) {
    case 'asked':
      return said('Nova destroys it now');
    case 'purged':
      return said('destroyed');
    case 'gone':
      return said('gone already: Nova reclaimed it meanwhile, or somebody purged it');
    case 'restored':
      return said('left alone: somebody restored it meanwhile, it is ACTIVE');
    case 'refused': {
      const {message, remedy} = purgeRefusalSentence(end.why, end.server, cloud);
      return said(`left alone: ${message}`, remedy);
    }
    case 'denied':
      return said(`Nova refuses: ${end.problem}`, show);
    case 'unseen':
      return said(`left alone: it could not be looked at: ${end.problem}`, 'try again');
    case 'unanswered':
      return said(`no answer came, and whether Nova destroys it is not known: ${end.problem}`, show);
    case 'failed': {
      const {status, fault, host} = end.server;
      return said(
        `Nova took it, and it is still there: ${status}${fault === undefined ? '' : `: ${fault}`}`,
        `look at the log of nova-compute on ${host ?? 'its host'}`,
      );
    }
    case 'late':
      return said(`still there after ${end.seconds} s: ${end.last}`, show);
    case 'interrupted':
      return end.wasAsked
        ? said('interrupted: Nova was asked to destroy it, and goes on', show)
        : said('interrupted: it was left alone');
  }
}

/** One server of `purge --json`. */
export function purgeToJson(
  {server, end}: Extract<PurgeEvent, {kind: 'end'}>,
  cloud: string | undefined,
): Record<string, unknown> {
  const {message, remedy} = purgeSentence(end, server, cloud);
  return {...plain(server), outcome: end.kind, ok: isPurged(end), message, remedy: remedy ?? null};
}

/** One server of `purge --dry-run --json`. */
export function wouldPurgeToJson(server: KnownServer): Record<string, unknown> {
  const message = 'would be destroyed; nothing was done';
  return {...plain(server), outcome: 'would-purge', ok: true, message, remedy: null};
}

function plain({id, name, projectId, host, isLocked}: KnownServer): Record<string, unknown> {
  return {id, name, project_id: projectId ?? null, host: host ?? null, locked: isLocked ?? null};
}
