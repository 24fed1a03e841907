import {sanitize} from '../text/sanitize.js';
import type {RunningShell} from './shell.js';
import {spokenOf, type Spoken} from './spoken.js';

/** What a screen reader has been given so far; it only grows. */
export type Speaker = {
  subscribe(listener: () => void): () => void;
  /** The same array until there is more to say. */
  lines(): readonly string[];
  /** Says everything again. */
  repeat(): void;
};

const SELECTED = 'Selected: ';

/**
 * Says what is shown: all of it where a screen, a step or a dialog comes, after a key what that changed, and otherwise
 * only what a screen announces. Nothing is said because time goes by.
 */
export function createSpeaker(shell: RunningShell): Speaker {
  const listeners = new Set<() => void>();
  let lines: readonly string[] = [];
  let last: Spoken = {place: '', lines: []};
  let lastInput = shell.inputCount();
  let announced = 0;
  let lastNotice: string | undefined;

  const say = (more: readonly string[]): void => {
    if (more.length === 0) return;
    lines = [...lines, ...more.map(sanitize)];
    for (const listener of listeners) listener();
  };
  const news = (isNewPlace: boolean): readonly string[] => {
    const all = shell.screen().announcements();
    // What was announced before somebody came here is told by the screen's sentences.
    const fresh = isNewPlace ? [] : all.slice(announced);
    announced = all.length;
    return fresh;
  };
  const listen = (): void => {
    const now = spokenOf(shell);
    const isNewPlace = now.place !== last.place;
    const isOfKey = shell.inputCount() !== lastInput;
    const notice = shell.notice();
    const own = notice === undefined || notice === lastNotice ? [] : [`${notice}.`];
    const seen = isNewPlace ? now.lines : isOfKey ? changedLines(last.lines, now.lines) : [];
    // What time changed is remembered as said, so that the next key does not tell it.
    last = now;
    lastInput = shell.inputCount();
    lastNotice = notice;
    say([...news(isNewPlace), ...own, ...seen]);
  };
  shell.subscribe(listen);
  listen();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    lines: () => lines,
    repeat() {
      last = spokenOf(shell);
      say(last.lines);
    },
  };
}

/**
 * What a key changed. Of a list that is the row with the cursor, not the one that it left, and no countdown; where
 * something was typed that counts to the last digit, and so does what it means.
 */
function changedLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const isTyping = after.some((line) => /\btext field,/i.test(line) && !before.includes(line));
  const fact = isTyping ? (line: string) => line : withoutNumbers;
  const known = new Set(before.map(fact));
  const knownRows = new Set(before.map((line) => fact(withoutPlace(line))));
  // Names may differ by a number only.
  const rowFact = isTyping ? fact : withoutTimes;
  const knownSelected = new Set(before.filter((line) => line.startsWith(SELECTED)).map(rowFact));
  return after.filter((line) => {
    if (line.startsWith(SELECTED)) return !knownSelected.has(rowFact(line)) && !before.includes(line);
    return !known.has(fact(line)) && !knownRows.has(fact(line));
  });
}

function withoutPlace(line: string): string {
  return line.replace(SELECTED, '').replace(/ \d+ of \d+\.$/, '');
}

function withoutTimes(line: string): string {
  return line.replace(/ \d+ of \d+\.$/, '').replaceAll(/\d+(?= (?:day|hour|minute|second))/g, '0');
}

function withoutNumbers(line: string): string {
  return line.replaceAll(/\d+/g, '0');
}
