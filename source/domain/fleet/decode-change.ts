import {decodeLines, digestOf, rowsOf, textOf, valueOf, wordOf, type Lines} from './decode-lines.js';
import {decodeLockOwner} from './decode-lock.js';
import {decodeUnit} from './decode-unit.js';
import type {LockOwner, UnitState} from './node-facts.js';

const OUTCOMES = [
  'ok',
  'already',
  'changed',
  'locked',
  'busy',
  'hard-link',
  'mount-point',
  'read-only',
  'immutable',
  'no-space',
  'not-allowed',
  'missing',
  'backup-bad',
  'restart-failed',
  'failed',
] as const;

/**
 * - `ok`: the file was written (or there was none to write); `already`: it was right before
 * - `changed`: not as it was planned; `locked`: another run has the node; `busy`: another program of this run
 *   still works there
 * - `hard-link`, `mount-point`, `read-only`, `immutable`, `no-space`, `not-allowed`, `missing`: why the file
 *   was not written; `backup-bad`: the backup is missing or damaged
 * - `restart-failed`: the file is right, the restart was refused
 */
export type ChangeOutcome = (typeof OUTCOMES)[number];

/** What became of a change. In every outcome the file is either the old one or the new one, whole. */
export type ChangeAnswer = {
  readonly outcome: ChangeOutcome;
  /** In the node's words; foreign text. Empty where there is nothing to say. */
  readonly reason: string;
  /** Whether this program replaced the file. */
  readonly isWritten: boolean;
  readonly restart: 'none' | 'asked' | 'failed';
  /** The unit just before the restart was asked for. */
  readonly before: UnitState | undefined;
  /** Digest of the file at the end; undefined where it could not be read. */
  readonly digest: string | undefined;
  /** Who has the node, where the outcome is `locked`. */
  readonly lock: LockOwner | undefined;
  /** What went wrong after the file was replaced and did not stop the change; foreign text. */
  readonly warnings: readonly string[];
};

/** Reads what `change.sh` printed. Throws `Error` where that is nonsense or was cut. */
export function decodeChange(stdout: Uint8Array): ChangeAnswer {
  const lines = decodeLines(stdout, 'change');
  const digest = rowsOf(lines, 'digest')[0]?.[0];
  const shown = rowsOf(lines, 'show')[0]?.slice(1) ?? [];
  return {
    ...decodeResult(lines, OUTCOMES),
    isWritten: wordOf(valueOf(lines, 'written'), ['0', '1'], 'whether the file was written') === '1',
    restart: wordOf(valueOf(lines, 'restart'), ['none', 'asked', 'failed'], 'the restart'),
    before: shown.some((property) => property.startsWith('Id=')) ? decodeUnit(shown) : undefined,
    digest: digest === undefined || digest === '' ? undefined : digestOf(digest, 'the file'),
    lock: decodeLockOwner(lines),
    warnings: rowsOf(lines, 'warning').map(([text]) => textOf(text, 'warning')),
  };
}

export type LockAnswer = {
  /** `not-held`: there was nothing of this run to release. */
  readonly outcome: 'ok' | 'locked' | 'not-held' | 'failed';
  readonly reason: string;
  /** Who has the node now. */
  readonly lock: LockOwner | undefined;
};

/** Reads what `lock.sh` printed. Throws `Error` where that is nonsense or was cut. */
export function decodeLock(stdout: Uint8Array): LockAnswer {
  const lines = decodeLines(stdout, 'lock');
  return {
    ...decodeResult(lines, ['ok', 'locked', 'not-held', 'failed'] as const),
    lock: decodeLockOwner(lines),
  };
}

/** `recent`: one of the newest five runs, which stay; `busy`: the run has the node's lock or still works there. */
export type ForgetAnswer = {
  readonly outcome: 'ok' | 'missing' | 'recent' | 'busy' | 'failed';
  readonly reason: string;
};

/** Reads what `forget.sh` printed. Throws `Error` where that is nonsense or was cut. */
export function decodeForget(stdout: Uint8Array): ForgetAnswer {
  const lines = decodeLines(stdout, 'forget');
  return decodeResult(lines, ['ok', 'missing', 'recent', 'busy', 'failed'] as const);
}

function decodeResult<Word extends string>(lines: Lines, words: readonly Word[]) {
  const [word, reason] = rowsOf(lines, 'result')[0] ?? [];
  return {outcome: wordOf(word, words, 'the result'), reason: textOf(reason, 'reason')};
}
