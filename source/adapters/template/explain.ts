import {TemplateProblem} from '../../app/template/template-ports.js';
import {nearestNames} from '../../domain/nearest-names.js';
import {TypeGuards, type Token, type TopLevelToken} from './liquid-package.js';

/** What can be named in a text. */
export type Words = {readonly tags: readonly string[]; readonly filters: readonly string[]};

/** What to do with what is none of ours. */
export const RAW = 'what another tool shall read stands between {% raw %} and {% endraw %}';

/** What the tags of other languages are here. */
const TAGS_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['elif', 'elsif'],
  ['elseif', 'elsif'],
  ['set', 'assign'],
  ['let', 'assign'],
  ['foreach', 'for'],
]);

/** Tags that other tags read. */
const INNER = /^(?:else|elsif|when|end\w*)$/;

/** What the library says of a text, with what to write instead. `token`: where it stopped. */
export function problemOf(reason: string, token: Token, words: Words): TemplateProblem {
  return new TemplateProblem(explained(reason, tagAround(token), words), token.getPosition()[0]);
}

function explained(reason: string, tag: string, {tags, filters}: Words): string {
  const torn = tornTag(tag);
  if (torn !== undefined) return torn;
  const [, unknownTag] = /^tag "(.*)" not found$/.exec(reason) ?? [];
  if (unknownTag !== undefined && INNER.test(unknownTag)) return `${tag} belongs to nothing that is open`;
  if (unknownTag !== undefined) {
    const near = TAGS_ELSEWHERE.get(unknownTag) ?? nearestNames(unknownTag, tags)[0];
    return `${reason}; ${near === undefined ? `tags are ${tags.join(', ')}; ${RAW}` : `did you mean ${near}?`}`;
  }
  const [, unknownFilter] = /^undefined filter: (.*)$/.exec(reason) ?? [];
  if (unknownFilter !== undefined) {
    const [near] = nearestNames(unknownFilter, filters);
    return `${reason}; ${near === undefined ? RAW : `did you mean ${near}?`}`;
  }
  if (/^\{\{-?\s*-?\}\}$/.test(tag)) return `there is no value in ${tag}; ${RAW}`;
  if (reason.startsWith('expected ":"')) {
    return `${tag} cannot be read; a filter has a colon before its words, such as append: "x"`;
  }
  if (!isUnreadable(reason)) return reason;
  return `${tag} cannot be read; ${tag.startsWith('{%') ? conditionRemedy(tag) : RAW}`;
}

/** What says that something else is in a tag than a value with its filters. */
function isUnreadable(reason: string): boolean {
  return /^(?:invalid value expression|invalid range syntax|expected |unexpected token|illegal tag)/.test(
    reason,
  );
}

function conditionRemedy(tag: string): string {
  if (/^\{%-?\s*for\b/.test(tag)) return 'write {% for item in list %}';
  if (/[^=!<>]=[^=]/.test(tag) && !/^\{%-?\s*assign\b/.test(tag)) return 'to compare, write ==';
  if (/&&|\|\|/.test(tag)) return 'write and, or';
  if (/!(?!=)/.test(tag)) return 'write not';
  if (/[()]/.test(tag)) return 'there are no parentheses in a condition: write one condition within another';
  return `a condition is made of values, ==, !=, <, >, contains, not, and, or; ${RAW}`;
}

/** Of a tag that is not closed, which then reaches into the next one or to the end. */
function tornTag(tag: string): string | undefined {
  const end = tag.startsWith('{%') ? '%}' : '}}';
  if (tag.endsWith(end) && !/\{[{%]/.test(tag.slice(2))) return undefined;
  const [line = ''] = tag.split('\n');
  const [begun = line] = /^\{[{%][^{}]*\}?/.exec(line) ?? [];
  return `${begun.trimEnd()} is not closed: ${end} is missing`;
}

/** The tag or printed value in which something stands; one that is not closed reaches into the next. */
function tagAround({input, begin}: Token): string {
  let start = startBefore(input, begin + 1);
  for (let before = startBefore(input, start - 1); before >= 0; before = startBefore(input, before - 1)) {
    if (endOf(input, before) < begin) break;
    start = before;
  }
  return input.slice(Math.max(start, 0), endOf(input, start));
}

/** Where the last tag begins that does so before or at this place; -1 where none does. */
function startBefore(input: string, place: number): number {
  return place < 0 ? -1 : Math.max(input.lastIndexOf('{{', place), input.lastIndexOf('{%', place));
}

function endOf(input: string, start: number): number {
  const end = input.indexOf(input.startsWith('{%', start) ? '%}' : '}}', start + 2);
  return end === -1 ? input.length : end + 2;
}

/** Throws `TemplateProblem` for `{% else if … %}`, which some tags would take for an else. */
export function refuseElseWithWords(tokens: readonly TopLevelToken[]): void {
  for (const token of tokens) {
    if (!TypeGuards.isTagToken(token) || token.name !== 'else' || token.args.trim() === '') continue;
    const [, condition] = /^if\s+(.*)$/s.exec(token.args.trim()) ?? [];
    throw new TemplateProblem(
      `${token.getText()} is an else with words behind it; write ${condition === undefined ? '{% else %}' : `{% elsif ${condition} %}`}`,
      token.getPosition()[0],
    );
  }
}
