import {stepWords} from '../../../text/flavor-save.js';
import {judgementOf} from './judged.js';
import {endWords} from './save-words.js';
import type {FlavorState} from './state.js';

/** What a screen reader is told without being asked: verdicts that changed, and what became of a save. */
export function flavorNews(before: FlavorState, after: FlavorState): readonly string[] {
  return [...factNews(before, after), ...verdictNews(before, after), ...savingNews(before, after)];
}

function factNews({facts: old}: FlavorState, {facts}: FlavorState): readonly string[] {
  if (old.label === facts.label) return [];
  if (facts.label.kind === 'ready') return [`Signed in to ${facts.label.value}.`];
  return facts.label.kind === 'failed' ? [`The cloud cannot be had: ${facts.label.trouble.message}.`] : [];
}

function verdictNews(before: FlavorState, after: FlavorState): readonly string[] {
  const [was, is] = [judgementOf(before)?.verdict, judgementOf(after)?.verdict];
  if (was === is || is === undefined || was === undefined) return [];
  const words = {
    ok: 'Nova does what is asked.',
    warning: 'Warning: Nova does something else than is asked.',
    error: 'No server can boot from this.',
  } as const;
  return [words[is]];
}

function savingNews({saving: was}: FlavorState, {saving, options}: FlavorState): readonly string[] {
  if (was === saving) return [];
  if (saving.kind === 'ended') return endWords(saving.plan, saving.end, options.cloud);
  if (saving.kind !== 'running' || was.kind !== 'running') return [];
  return saving.steps.flatMap((row, index) =>
    row.state === 'done' && was.steps[index]?.state !== 'done' ? [`Done: ${stepWords(row.step)}.`] : [],
  );
}
