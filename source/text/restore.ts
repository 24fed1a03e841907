import type {RestoreEnd, RestoreEvent, RestoreTarget, Step} from '../app/restore/restore-types.js';
import {isGood, undoneOf} from '../app/restore/restore-types.js';
import type {RestoreCheck, Shortage} from '../domain/reclaim/restore-checks.js';
import {rescueCommand, rescueSentence} from './again.js';
import {formatCount, formatElapsed} from './elapsed.js';
import type {Line} from './line.js';
import {paragraph, signed} from './paragraph.js';
import {openstackCommand, type Sentence, serverPlace} from './servers.js';
import {type Meaning, sign, type Signs} from './signs.js';

const MEANINGS: Readonly<Record<RestoreCheck['verdict'], Meaning>> = {
  ok: 'ok',
  warning: 'warning',
  refused: 'failed',
};

/** The checks of a server, below its name. */
export function checkLines(
  {server, checks}: Extract<RestoreEvent, {kind: 'checked'}>,
  signs: Signs,
): readonly Line[] {
  return [
    {text: server.name, tone: 'strong'},
    ...paragraph(serverPlace(server), 2),
    ...checks.flatMap((check) => signed(sign(signs, MEANINGS[check.verdict]), checkWords(check))),
  ];
}

/** Who said which interval counts. */
type IntervalWord = 'given' | 'host' | 'nobody';

/** What a check found, as a sentence without its end. `source`: who said which interval counts. */
export function checkWords(check: RestoreCheck, source: IntervalWord = 'given'): string {
  switch (check.check) {
    case 'state':
      if (check.verdict === 'ok') return 'it is soft-deleted, and nothing is being done with it';
      if (check.status !== 'SOFT_DELETED') return `it is ${check.status}, not soft-deleted`;
      return `it has the task ${check.taskState ?? 'unknown'}: somebody is at work with it`;
    case 'lock':
      return lockWords(check);
    case 'service':
      return serviceWords(check);
    case 'quota':
      if (check.problem !== undefined)
        return `whether its project has quota for it is unknown: ${check.problem}`;
      if (check.short.length === 0) return 'its project has quota for it';
      return `its project has too little quota: ${check.short.map(shortageWords).join(', ')}`;
    case 'time':
      return timeWords(check, source);
  }
}

function lockWords({verdict, reason}: Extract<RestoreCheck, {check: 'lock'}>): string {
  const why = reason === undefined ? '' : ` ("${reason}")`;
  if (verdict === 'refused') return `it is locked${why}, and only an admin restores a locked server`;
  if (verdict === 'warning') return `it is locked${why}: Nova refuses unless this account is an admin`;
  return reason === undefined ? 'no lock stops this account' : `it is locked${why}, which stops no admin`;
}

function serviceWords({host, service, problem}: Extract<RestoreCheck, {check: 'service'}>): string {
  if (problem !== undefined) return `whether nova-compute of its host is up could not be checked: ${problem}`;
  if (service.kind === 'unseen')
    return 'whether nova-compute of its host is up cannot be seen by this account';
  if (host === undefined) return 'it has no host: Nova makes it ACTIVE, and no guest starts';
  if (service.kind === 'missing') return `Nova lists no nova-compute on its host ${host}`;
  if (service.isForcedDown) return `nova-compute of ${host} is forced down: the restore would hang`;
  return service.state === 'down'
    ? `nova-compute of ${host} is down: the restore would hang`
    : `nova-compute of ${host} is ${service.state}`;
}

const UNITS = {instances: 'instances', cores: 'cores', memoryMib: 'MiB of memory'} as const;

function shortageWords({what, limit, used, needed}: Shortage): string {
  return `${formatCount(used)} of ${formatCount(limit)} ${UNITS[what]} are used, and it needs ${formatCount(needed)}`;
}

function timeWords(
  {standing, secondsLeft, problem}: Extract<RestoreCheck, {check: 'time'}>,
  source: IntervalWord,
): string {
  if (problem !== undefined && standing.state !== 'stuck' && standing.cause !== 'restore-failed') {
    return `when Nova destroys it could not be checked: ${problem}`;
  }
  switch (standing.cause) {
    case 'restore-failed':
      return 'Nova has no delete time for it, as after a restore that failed: it destroys it at its next look';
    case 'interval-unknown':
      return source === 'given'
        ? 'when Nova destroys it is unknown: nobody said which interval its host has (--interval)'
        : 'when Nova destroys it is unknown: its host was not looked at';
    default:
      break;
  }
  if (standing.state === 'stuck') return 'Nova does not destroy it by itself';
  if (secondsLeft === undefined) return 'when Nova destroys it is unknown';
  return secondsLeft > 0
    ? `Nova may destroy it in ${formatElapsed(secondsLeft)}, by the interval ${source === 'host' ? 'of its host' : 'that was given'}`
    : 'Nova may destroy it at any moment: its time is over';
}

/** What became of a server, and what to do. `cloud`: its name in clouds.yaml, for commands. */
export function restoreSentence(end: RestoreEnd, target: RestoreTarget, cloud: string | undefined): Sentence {
  const id = target.server?.id ?? target.word;
  const said = (message: string, remedy?: string): Sentence => ({message, remedy});
  const show = openstackCommand(['server', 'show', id], cloud);
  const reset = openstackCommand(['server', 'set', '--state', 'error', id], cloud);
  switch (end.kind) {
    case 'not-found': {
      const [other] = end.others;
      if (other === undefined) {
        return said(
          'no soft-deleted server has this name or id',
          'it may be gone; see: openstack server list --deleted',
        );
      }
      return said(
        `no soft-deleted server has this name; ${serverPlace(other)} has it`,
        other.status === 'ACTIVE' ? 'it runs: nothing is to be restored' : undefined,
      );
    }
    case 'would-restore':
      return said('would be restored; nothing was done');
    case 'refused':
      return refusedSentence(end, id, cloud);
    case 'restored':
      return restoredSentence(end, id, cloud);
    case 'restored-meanwhile':
      return said(
        `somebody else restored it meanwhile: it is ACTIVE${undoneWords(end.left)}`,
        end.left.length === 0 ? undefined : undoneRemedy(end.left, id, cloud),
      );
    case 'reclaimed':
      return end.wasAsked
        ? said(
            'it was destroyed while it was being restored',
            'its guest did not start, or Nova came first: look at the log of nova-compute on its host',
          )
        : said('it is gone: Nova reclaimed it meanwhile, or somebody purged it', 'nothing can bring it back');
    case 'busy':
      return said(`Nova refuses: it has the task ${end.task} now`, 'wait until that is over, then try again');
    case 'locked':
      return said(
        'Nova refuses: it is locked, and this account is no admin',
        `unlock it, or ask an admin: ${openstackCommand(['server', 'unlock', id], cloud)}`,
      );
    case 'over-quota':
      return said(
        `Nova refuses for lack of quota: ${end.problem}`,
        'free some in its project or raise its quota, then try again before its time is over',
      );
    case 'forbidden':
      return said(
        `the policy of Nova does not permit it: ${end.problem}`,
        'it takes the role member in its project, or admin',
      );
    case 'conflict':
      return said(`Nova did not take it: ${end.problem}`, `look at it with: ${show}`);
    case 'unanswered':
      return said(`no answer came, and nothing was done with it: ${end.problem}`, 'try again');
    case 'unseen':
      return said(`it could not be looked at, and nothing was done: ${end.problem}`, 'try again');
    case 'failed': {
      const command = rescueCommand(end.rescue, id, cloud);
      const why = rescueSentence(end.rescue, end.server.host);
      return said(
        'the restore FAILED, and Nova destroys the server at its next look, within about a minute, whatever the interval: its guest did not start, and its delete time is empty',
        command === undefined ? why : `keep it now with: ${command} (${why.replace(/\.$/, '')})`,
      );
    }
    case 'changed': {
      const {status, fault} = end.server;
      return said(
        `it is ${status} now, not ACTIVE${undoneWords(end.left)}${fault === undefined ? '' : `: ${fault}`}`,
        [`look at it with: ${show}`, ...undoneLater(end.left, id, cloud)].join('; '),
      );
    }
    case 'late':
      return said(
        `not ACTIVE after ${end.seconds} s${undoneWords(end.left)}: ${end.last ?? 'Nova does not tell what it is'}${end.problem === undefined ? '' : `; ${end.problem}`}`,
        [
          `look again with: ${show}`,
          ...undoneLater(end.left, id, cloud),
          `as long as it has a task Nova does not destroy it, and once it is SOFT_DELETED without one it does: then ${reset}`,
        ].join('; '),
      );
    case 'interrupted':
      return end.wasAsked
        ? said(
            `interrupted: Nova was asked to restore it, and goes on${undoneWords(end.left)}`,
            [`look at it with: ${show}`, ...undoneLater(end.left, id, cloud)].join('; '),
          )
        : said('interrupted: nothing was done with it');
  }
}

function refusedSentence(
  {checks}: Extract<RestoreEnd, {kind: 'refused'}>,
  id: string,
  cloud: string | undefined,
): Sentence {
  const against = checks.filter(({verdict}) => verdict === 'refused');
  const message = `not restored: ${against.map((check) => checkWords(check)).join('; ')}`;
  const [first] = against;
  switch (first?.check) {
    case 'lock':
      return {
        message,
        remedy: `unlock it, or ask an admin: ${openstackCommand(['server', 'unlock', id], cloud)}`,
      };
    case 'service':
      return {
        message,
        remedy: 'bring nova-compute up there, then try again; while it is down it reclaims nothing',
      };
    case 'quota':
      return {
        message,
        remedy: 'free some or raise the quota of its project, then try again before its time is over',
      };
    case 'state':
      return {
        message,
        remedy:
          first.status === 'SOFT_DELETED'
            ? hangRemedy(first.taskState, id, cloud)
            : 'nothing is to be restored',
      };
    default:
      return {message, remedy: undefined};
  }
}

/** A restore whose message was lost hangs for ever, and its guest starts with a hard reboot only. */
function hangRemedy(task: string | undefined, id: string, cloud: string | undefined): string {
  const wait = 'wait until that is over, then try again';
  if (task !== 'restoring') return wait;
  const commands = [
    ['set', '--state', 'active', id],
    ['reboot', '--hard', id],
  ].map((words) => openstackCommand(['server', ...words], cloud));
  return `${wait}; if it hangs for minutes and nova-compute of its host is up, an admin ends it with: ${commands.join(', then ')}`;
}

const SHORT = {stop: 'NOT stopped, its guest runs', lock: 'NOT locked as wanted'} as const;
const UNDONE = {stop: 'NOT stopped', lock: 'NOT locked'} as const;

/** `, NOT stopped, NOT locked` */
function undoneWords(left: readonly Step[]): string {
  return left.map(({step}) => `, ${UNDONE[step]}`).join('');
}

function undoneRemedy(left: readonly Step[], id: string, cloud: string | undefined): string {
  return `do it with: ${left.map((step) => stepCommand(step, id, cloud)).join(', then ')}`;
}

/** For one that comes up after this program looked at it. */
function undoneLater(left: readonly Step[], id: string, cloud: string | undefined): readonly string[] {
  if (left.length === 0) return [];
  const runs = left.some(({step}) => step === 'stop') ? ' (its guest runs then)' : '';
  return [`once it is ACTIVE${runs}, ${undoneRemedy(left, id, cloud)}`];
}

/** Reasons of locks are of 2.73 and later, and the client has to be told so. */
function stepCommand(step: Step, id: string, cloud: string | undefined): string {
  return step.step === 'stop'
    ? openstackCommand(['server', 'stop', id], cloud)
    : openstackCommand(
        ['--os-compute-api-version', '2.73', 'server', 'lock', '--reason', step.reason, id],
        cloud,
      );
}

function restoredSentence(
  {server, done, short}: Extract<RestoreEnd, {kind: 'restored'}>,
  id: string,
  cloud: string | undefined,
): Sentence {
  const where = server.host === undefined ? '' : ` on ${server.host}`;
  const state = done.includes('stop') ? 'restored and stopped: SHUTOFF' : 'restored: ACTIVE';
  const locked = done.includes('lock') ? ', locked' : '';
  const problems = short.map(({step, problem}) => `; ${SHORT[step]}: ${problem}`).join('');
  return {
    message: `${state}${where}${locked}${problems}`,
    remedy: short.length === 0 ? undefined : undoneRemedy(short, id, cloud),
  };
}

/** One server of `restore --json`. */
export function restoreToJson(
  {target, checks, end}: Extract<RestoreEvent, {kind: 'end'}>,
  cloud: string | undefined,
): Record<string, unknown> {
  const {server, word} = target;
  const {message, remedy} = restoreSentence(end, target, cloud);
  return {
    id: server?.id ?? null,
    name: server?.name ?? word,
    project_id: server?.projectId ?? null,
    host: server?.host ?? null,
    outcome: end.kind,
    ok: isGood(end),
    not_done: undoneOf(end).map(({step}) => step),
    message,
    remedy: remedy ?? null,
    checks: checks.map((check) => ({
      check: check.check,
      verdict: check.verdict,
      message: checkWords(check),
    })),
  };
}
