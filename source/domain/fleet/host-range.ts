import {InventoryProblem} from './inventory-problem.js';

/** More names than any fleet has: a range beyond it is a slip, and would only eat memory. */
const MOST_NAMES = 100_000;

const RANGE = '\\[(?:[a-z]:[a-z]|[0-9a-f]+:[0-9a-f]+)(?::[0-9]+)?\\]';
const LABEL = `(?:[\\p{L}\\p{N}_]|${RANGE})(?:[\\p{L}\\p{N}_-]|${RANGE})*(?<![_-])`;
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'iu');
const IPV6_PART = `(?:[0-9a-f]{1,4}|${RANGE})`;
const IPV6 = new RegExp(`^(?=.*:.*:)(?:${IPV6_PART}|:|(?:[0-9]{1,3}\\.){3}[0-9]{1,3})+$`, 'i');
const BRACKETED_PORT = /^\[(.+)\]:([0-9]+)$/;
const PORT = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/;

/**
 * Splits a host as inventories write it, `name[:port]` or `[address]:port`, and expands its ranges:
 * `node[01:10]`, `rack[a:c]-[1:9:2]`. Ansible's rules (`parse_address`, `expand_hostname_range`).
 *
 * Throws `InventoryProblem` where a range makes no sense.
 */
export function expandHost(text: string): {readonly names: readonly string[]; readonly port?: number} {
  const match = BRACKETED_PORT.exec(text) ?? PORT.exec(text);
  const host = match?.[1] ?? text;
  const isAddress = HOST_NAME.test(host) || IPV6.test(host);
  // As in Ansible, what does not look like a host is taken whole; the check of names speaks about it later.
  if (match === null || !isAddress) return {names: expandRanges(text)};
  return {names: expandRanges(host), port: Number(match[2])};
}

/** Expands every `[begin:end[:step]]` of a name, the leftmost first. */
export function expandRanges(text: string): string[] {
  const open = text.indexOf('[');
  if (open === -1) return [text];
  const close = text.indexOf(']', open);
  if (close === -1) throw new InventoryProblem(`the range in "${text}" is not closed with ]`);
  const head = text.slice(0, open);
  const tails = expandRanges(text.slice(close + 1));
  const sequence = rangeSequence(text.slice(open + 1, close), text);
  if (sequence.length * tails.length > MOST_NAMES) {
    throw new InventoryProblem(`the range in "${text}" stands for more than ${MOST_NAMES} hosts`);
  }
  return sequence.flatMap((part) => tails.map((tail) => head + part + tail));
}

function rangeSequence(range: string, text: string): string[] {
  const parts = range.split(':');
  const [begin = '', end = '', stepText = '1'] = parts;
  if (parts.length < 2 || parts.length > 3) {
    throw new InventoryProblem(`the range in "${text}" must be [begin:end] or [begin:end:step]`);
  }
  const step = Number(stepText);
  if (!/^[0-9]+$/.test(stepText) || step < 1) {
    throw new InventoryProblem(`the step of the range in "${text}" must be a whole number above 0`);
  }
  if (end === '') throw new InventoryProblem(`the range in "${text}" has no end`);
  if (/^[a-zA-Z]$/.test(begin) && /^[a-zA-Z]$/.test(end)) return letters(begin, end, step, text);
  const first = begin === '' ? '0' : begin;
  if (!/^[0-9]+$/.test(first) || !/^[0-9]+$/.test(end)) {
    throw new InventoryProblem(`the range in "${text}" must run between two numbers or two letters`);
  }
  const width = first.length > 1 && first.startsWith('0') ? first.length : 0;
  if (width > 0 && width !== end.length) {
    throw new InventoryProblem(`both ends of the range in "${text}" must have as many digits`);
  }
  const from = Number(first);
  const to = Number(end);
  if (from > to) throw new InventoryProblem(`the range in "${text}" ends before it begins`);
  if ((to - from) / step > MOST_NAMES) {
    throw new InventoryProblem(`the range in "${text}" stands for more than ${MOST_NAMES} hosts`);
  }
  const result: string[] = [];
  for (let number = from; number <= to; number += step) result.push(String(number).padStart(width, '0'));
  return result;
}

/** Python's `string.ascii_letters`: lower case first, then upper case. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function letters(begin: string, end: string, step: number, text: string): string[] {
  const from = LETTERS.indexOf(begin);
  const to = LETTERS.indexOf(end);
  if (from > to) throw new InventoryProblem(`the range in "${text}" ends before it begins`);
  return LETTERS.slice(from, to + 1)
    .split('')
    .filter((_, index) => index % step === 0);
}
