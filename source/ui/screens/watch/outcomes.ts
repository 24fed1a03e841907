import type {SetErrorEnd} from '../../../app/again/again-types.js';
import {isPurged} from '../../../app/purge/purge-types.js';
import {isGood} from '../../../app/restore/restore-types.js';
import {againSentence, setErrorSentence} from '../../../text/again.js';
import {formatCount} from '../../../text/elapsed.js';
import {purgeSentence} from '../../../text/purge.js';
import {restoreSentence} from '../../../text/restore.js';
import type {Sentence} from '../../../text/servers.js';
import type {Transition} from '../../store.js';
import type {Outcome, Pending, Settled} from './acting.js';
import {logged, noticed} from './changes.js';
import type {WatchEffect, WatchEvent, WatchState} from './state.js';

type Next = Transition<WatchState, WatchEffect>;
type Told = Pick<WatchEvent, 'meaning' | 'text' | 'what'>;

/** What became of a server that something was done with: told. */
export function withOutcome(before: WatchState, id: string, result: Outcome): Next {
  const {now} = before;
  const pending = new Map(before.pending);
  pending.delete(id);
  const row = before.rows.find((one) => one.id === id);
  const told = outcomeWords(id, row?.listed.server.name ?? nameOf(result) ?? id, result);
  const word = settledBy(result);
  const settled =
    word === undefined || row === undefined
      ? before.settled
      : new Map(before.settled).set(id, {word, at: now});
  const state = counted({...logged(before, [{at: now, ...told}]), pending, settled}, id, told);
  const again: readonly WatchEffect[] = [{kind: 'ask-again'}];
  if (result.kind === 'restore' && result.end.kind === 'failed' && row !== undefined) {
    const {fault} = result.end.server;
    return {state: {...state, failed: new Map(state.failed).set(id, {fault})}, effects: again};
  }
  return {state, effects: again};
}

/** The result of one, or how far several are that were asked for together. */
function counted(state: WatchState, id: string, {meaning, text}: Told): WatchState {
  const {several} = state;
  if (several?.left.has(id) !== true) return noticed(state, meaning, text);
  const left = new Set([...several.left].filter((one) => one !== id));
  const well = several.well + (meaning === 'ok' ? 1 : 0);
  const failed = several.failed + (meaning === 'ok' ? 0 : 1);
  const next = {...state, several: left.size === 0 ? undefined : {...several, left, well, failed}};
  const all = formatCount(well + failed + left.size);
  const bad = failed === 0 ? '' : `, ${formatCount(failed)} not: l tells why`;
  return noticed(
    next,
    failed === 0 ? 'ok' : 'failed',
    `${formatCount(well)} of ${all} ${DONE[several.what]}${bad}`,
  );
}

/** What a server is when that is done. */
export const DONE: Readonly<Record<Pending, string>> = {
  restoring: 'restored',
  'restoring to stop': 'restored and stopped',
  destroying: 'destroyed',
  'deleting again': 'deleted again',
  'setting to ERROR': 'set to ERROR',
};

/** What its row says until Nova shows it too. */
function settledBy(result: Outcome): Settled | undefined {
  switch (result.kind) {
    case 'restore':
      return isGood(result.end) ? 'restored' : undefined;
    case 'purge':
      return isPurged(result.end) ? 'destroyed' : undefined;
    case 'again':
      return result.end.kind === 'given' ? 'deleted' : undefined;
    case 'set-error':
      return isSetToError(result.end) ? 'in ERROR' : undefined;
  }
}

function nameOf(result: Outcome): string | undefined {
  return 'server' in result ? result.server?.name : undefined;
}

/** What became of a server, for strip and log. */
function outcomeWords(id: string, name: string, result: Outcome): Told {
  const {isWell, message, remedy} = outcomeSentence(id, name, result, undefined);
  const told = (words: string): Told => ({
    meaning: isWell ? 'ok' : 'failed',
    text: `${name}${/^(?:restored|destroyed)\b/.test(message) ? ' ' : ': '}${words}`,
  });
  // What can save it is looked for again, and the alarm tells.
  if (result.kind === 'restore' && result.end.kind === 'failed') return told(FAILED);
  const whole = told(`${message}${isWell || remedy === undefined ? '' : `; ${remedy}`}`);
  if (!isWell) return whole;
  if (result.kind === 'restore') return {...whole, what: 'restored'};
  return result.kind === 'purge' ? {...whole, what: 'destroyed'} : whole;
}

/** What became of a server, whether that was wanted, and what to do. `cloud`: its name in clouds.yaml, for commands. */
export function outcomeSentence(
  id: string,
  name: string,
  result: Outcome,
  cloud: string | undefined,
): Sentence & {readonly isWell: boolean} {
  switch (result.kind) {
    case 'restore': {
      const {end, server} = result;
      return {...restoreSentence(end, {word: name, server}, cloud), isWell: isGood(end)};
    }
    case 'purge':
      return {...purgeSentence(result.end, result.server, cloud), isWell: isPurged(result.end)};
    case 'again':
      return {...againSentence(result.end, id, cloud), isWell: result.end.kind === 'given'};
    case 'set-error':
      return {...setErrorSentence(result.end, id, cloud), isWell: isSetToError(result.end)};
  }
}

function isSetToError({kind}: SetErrorEnd): boolean {
  return kind === 'set' || kind === 'already';
}

const FAILED = 'the restore FAILED: its guest did not start, and Nova destroys it at its next look';
