import {stepWords} from '../../../text/flavor-save.js';
import {placementWords} from '../../../text/placement-words.js';
import {judgementOf} from './judged.js';
import {roomVerdict} from './room.js';
import {endWords} from './save-words.js';
import type {FlavorState} from './state.js';

/** What a screen reader is told without being asked: verdicts that changed, and what became of a save. */
export function flavorNews(before: FlavorState, after: FlavorState): readonly string[] {
  return [
    ...factNews(before, after),
    ...verdictNews(before, after),
    ...roomNews(before, after),
    ...savingNews(before, after),
  ];
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

/** Who could take it, where that is another answer than before. */
function roomNews({room: was}: FlavorState, after: FlavorState): readonly string[] {
  if (was.answer === after.room.answer) return [];
  const verdict = roomVerdict(after);
  const said = verdict === undefined ? undefined : placementWords(verdict)?.words;
  const before = was.answer?.outcome.kind === 'told' ? was.answer.outcome.verdict : undefined;
  const wasSaid = before === undefined ? undefined : placementWords(before)?.words;
  return said === undefined || said === wasSaid ? [] : [`${said}.`];
}

function savingNews({saving: was}: FlavorState, {saving, options}: FlavorState): readonly string[] {
  if (was === saving) return [];
  if (saving.kind === 'ended') return endWords(saving.plan, saving.end, options.cloud);
  if (saving.kind !== 'running' || was.kind !== 'running') return [];
  return saving.steps.flatMap((row, index) =>
    row.state === 'done' && was.steps[index]?.state !== 'done' ? [`Done: ${stepWords(row.step)}.`] : [],
  );
}
