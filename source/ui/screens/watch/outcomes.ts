import type {SetErrorEnd} from '../../../app/again/again-types.js';
import {isPurged} from '../../../app/purge/purge-types.js';
import {isGood} from '../../../app/restore/restore-types.js';
import {againSentence, setErrorSentence} from '../../../text/again.js';
import {formatCount} from '../../../text/elapsed.js';
import {purgeSentence} from '../../../text/purge.js';
import {restoreSentence} from '../../../text/restore.js';
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

const DONE: Readonly<Record<Pending, string>> = {
  restoring: 'restored',
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
  const said = (
    isWell: boolean,
    {message, remedy}: {message: string; remedy?: string | undefined},
  ): Told => ({
    meaning: isWell ? 'ok' : 'failed',
    text: `${name}${/^(?:restored|destroyed)\b/.test(message) ? ' ' : ': '}${message}${isWell || remedy === undefined ? '' : `; ${remedy}`}`,
  });
  switch (result.kind) {
    case 'restore': {
      const {end, server} = result;
      // What can save it is looked for again, and the alarm tells.
      if (end.kind === 'failed') return said(false, {message: FAILED});
      const told = said(isGood(end), restoreSentence(end, {word: name, server}, undefined));
      return isGood(end) ? {...told, what: 'restored'} : told;
    }
    case 'purge': {
      const told = said(isPurged(result.end), purgeSentence(result.end, result.server, undefined));
      return isPurged(result.end) ? {...told, what: 'destroyed'} : told;
    }
    case 'again':
      return said(result.end.kind === 'given', againSentence(result.end, id, undefined));
    case 'set-error': {
      return said(isSetToError(result.end), setErrorSentence(result.end, id, undefined));
    }
  }
}

function isSetToError({kind}: SetErrorEnd): boolean {
  return kind === 'set' || kind === 'already';
}

const FAILED = 'the restore FAILED: its guest did not start, and Nova destroys it at its next look';
