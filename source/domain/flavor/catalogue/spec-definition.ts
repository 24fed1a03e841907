import {strip} from '../../oslo/python-text.js';
import {readInteger, readStrictBoolean} from '../python-values.js';

/** What Nova takes as the value of an extra spec when it is written. */
export type SpecValue =
  | {readonly kind: 'integer'; readonly min?: number; readonly max?: number}
  | {readonly kind: 'boolean'}
  | {readonly kind: 'words'; readonly words: readonly string[]}
  /** `shape` says in words what the pattern wants. */
  | {readonly kind: 'pattern'; readonly pattern: RegExp; readonly shape: string}
  | {readonly kind: 'text'};

/** An extra spec that Nova's API knows from release `since` on (as in `NovaRelease`), up to but without `until`. */
export type SpecDefinition = {
  /** `hw:numa_cpus.N` stands for all numbers. */
  readonly name: string;
  readonly value: SpecValue;
  readonly meaning: string;
  readonly since: number;
  readonly until: number;
};

export const ALWAYS = {since: 2100, until: Infinity};

/** @param words separated by blanks */
export function words(list: string): SpecValue {
  return {kind: 'words', words: list.split(' ')};
}

export const BOOLEAN: SpecValue = {kind: 'boolean'};
export const TEXT: SpecValue = {kind: 'text'};
export const NATURAL: SpecValue = {kind: 'integer', min: 0};
export const POSITIVE: SpecValue = {kind: 'integer', min: 1};
export const INTEGER: SpecValue = {kind: 'integer'};

/**
 * Nova's own pattern can take exponential time on a text that does not match; this one takes the same texts. Digits
 * are those of any script, as in Python.
 */
export const CPU_MASK: SpecValue = {
  kind: 'pattern',
  pattern: /^\^?\p{Nd}+(?:-\p{Nd}+|,\^?\p{Nd}+)*$/u,
  shape: 'CPUs such as 0-3,^1 without blanks',
};

/** Why Nova's API does not store the value; undefined if it does. Source: nova/api/validation/extra_specs/base.py. */
export function valueProblem(value: string, wanted: SpecValue): string | undefined {
  switch (wanted.kind) {
    case 'integer': {
      const number = readInteger(value);
      if (number === undefined) return 'must be an integer';
      if (wanted.min !== undefined && number < wanted.min) return `must be ${wanted.min} or more`;
      return wanted.max !== undefined && number > wanted.max ? `must be ${wanted.max} or less` : undefined;
    }
    case 'boolean':
      return readStrictBoolean(value) === undefined ? 'must be true or false' : undefined;
    case 'words':
      return wanted.words.includes(value) ? undefined : `must be one of ${wanted.words.join(', ')}`;
    case 'pattern':
      return wanted.pattern.test(value) ? undefined : `must be ${wanted.shape}`;
    case 'text':
      return undefined;
    default:
      return wanted;
  }
}

/** The value that was most likely meant, if the refused one differs from it in case and blanks only. */
export function tidiedValue(value: string, wanted: SpecValue): string | undefined {
  const tidy = strip(value).toLowerCase();
  if (tidy === value || tidy === '') return undefined;
  return valueProblem(tidy, wanted) === undefined ? tidy : undefined;
}
