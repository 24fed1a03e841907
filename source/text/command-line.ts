import {formatInterval} from '../domain/duration.js';
import {shellQuote} from '../domain/shell-quote.js';
import type {Plan} from '../app/rollout/plan-types.js';
import {sanitize} from './sanitize.js';

const PLAIN_WORD = /^[A-Za-z0-9_.,:@%+=/-]+$/;

/**
 * Words as a command that a person can copy into a shell. Only words that need it are quoted. What a terminal
 * would obey is replaced by its visible form, so that such a command is seen to be odd and finds nothing.
 */
export function commandLine(words: readonly string[]): string {
  return words
    .map((word) => (PLAIN_WORD.test(word) ? word : shellQuote(sanitize(word.toWellFormed()))))
    .join(' ');
}

/**
 * The words of the command that carries a plan out, with the numbers that have to be agreed to.
 *
 * @param planFile where the plan was saved; undefined: it was not
 * @param flags those that find the same cloud and nodes again: `--cloud`, `--inventory` and the like
 */
export function applyWords(
  plan: Plan,
  planFile: string | undefined,
  flags: readonly string[],
): readonly string[] {
  const words = ['reprieve'];
  if (planFile !== undefined) words.push('apply', planFile);
  else if (plan.sourceRun !== undefined) words.push('rollback', plan.sourceRun);
  else words.push('apply', '--interval', formatInterval(plan.intervalSeconds ?? 0));
  if (planFile === undefined && plan.hosts !== undefined) words.push('--hosts', plan.hosts);
  if (plan.computesOnly) words.push('--computes-only');
  if (plan.impact.destroyed.length > 0) words.push('--destroy', String(plan.impact.destroyed.length));
  if (plan.impact.stranded.length > 0) words.push('--strand', String(plan.impact.stranded.length));
  return [...words, ...flags];
}
