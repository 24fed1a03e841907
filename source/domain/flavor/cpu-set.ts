import {strip} from '../oslo/python-text.js';
import {readInteger} from './python-values.js';

/** CPUs from `first` to `last`, both included. */
export type CpuRange = {readonly first: number; readonly last: number};

/**
 * A set of CPU numbers: ranges in ascending order with at least one number between neighbours. So a mask of a
 * million CPUs is one entry.
 */
export type CpuSet = readonly CpuRange[];

export const NO_CPUS: CpuSet = [];

/** A rule of a CPU specification that Nova does not understand. */
export class CpuSpecError {
  readonly rule: string;

  constructor(rule: string) {
    this.rule = rule;
  }
}

/** The CPUs 0 to `count` - 1. */
export function firstCpus(count: number): CpuSet {
  return count > 0 ? [{first: 0, last: count - 1}] : NO_CPUS;
}

/**
 * Reads a CPU specification such as `0-3,^1,8`: what is included less all that is excluded, whatever their order.
 * Source: nova/virt/hardware.py, `parse_cpu_spec`; the same from Ussuri to 2026.1.
 */
export function parseCpuSpec(spec: string): CpuSet | CpuSpecError {
  const included: CpuRange[] = [];
  const excluded: CpuRange[] = [];
  let at = 0;
  while (at <= spec.length) {
    const comma = spec.indexOf(',', at);
    const end = comma === -1 ? spec.length : comma;
    const rule = strip(spec.slice(at, end));
    at = end + 1;
    if (rule === '') continue;
    const range = readRule(rule);
    if (range === undefined) return new CpuSpecError(rule);
    (rule.startsWith('^') ? excluded : included).push(range);
  }
  const all = normalize(included);
  return excluded.length === 0 ? all : without(all, normalize(excluded));
}

/** One rule, with or without its caret; undefined where Nova raises. */
export function readRule(rule: string): CpuRange | undefined {
  const start = rule.startsWith('^') ? 1 : 0;
  const dash = rule.indexOf('-');
  if (dash === -1) {
    const cpu = readInteger(start === 0 ? rule : strip(rule.slice(1)));
    return cpu === undefined ? undefined : {first: cpu, last: cpu};
  }
  const first = readInteger(strip(rule.slice(start, dash)));
  const last = readInteger(strip(rule.slice(dash + 1)));
  return first === undefined || last === undefined || first > last ? undefined : {first, last};
}

/** Ranges in any order, overlapping or touching, as a set. */
function normalize(ranges: readonly CpuRange[]): CpuSet {
  if (ranges.length < 2) return ranges;
  const merged: {first: number; last: number}[] = [];
  let open: {first: number; last: number} | undefined;
  for (const {first, last} of ranges.toSorted((a, b) => a.first - b.first)) {
    if (open === undefined || first > open.last + 1) {
      open = {first, last};
      merged.push(open);
    } else if (last > open.last) open.last = last;
  }
  return merged;
}

export function union(sets: readonly CpuSet[]): CpuSet {
  return normalize(sets.flat());
}

/** The CPUs of `set` that are not in `taken`. */
export function without(set: CpuSet, taken: CpuSet): CpuSet {
  if (taken.length === 0) return set;
  const left: CpuRange[] = [];
  let next = 0;
  for (const range of set) {
    let {first} = range;
    while (next < taken.length && (taken[next]?.last ?? 0) < first) next += 1;
    let hole = next;
    for (let cut = taken[hole]; cut !== undefined && cut.first <= range.last; cut = taken[hole]) {
      if (cut.first > first) left.push({first, last: cut.first - 1});
      first = Math.max(first, cut.last + 1);
      hole += 1;
    }
    if (first <= range.last) left.push({first, last: range.last});
  }
  return left;
}

export function intersection(a: CpuSet, b: CpuSet): CpuSet {
  if (a.length === 0 || b.length === 0) return NO_CPUS;
  const both: CpuRange[] = [];
  let i = 0;
  let j = 0;
  for (let x = a[i], y = b[j]; x !== undefined && y !== undefined; x = a[i], y = b[j]) {
    const first = Math.max(x.first, y.first);
    const last = Math.min(x.last, y.last);
    if (first <= last) both.push({first, last});
    if (x.last < y.last) i += 1;
    else j += 1;
  }
  return both;
}

export function isSubset(inner: CpuSet, outer: CpuSet): boolean {
  return without(inner, outer).length === 0;
}

export function isSame(a: CpuSet, b: CpuSet): boolean {
  return (
    a.length === b.length &&
    a.every((range, at) => range.first === b[at]?.first && range.last === b[at]?.last)
  );
}

export function hasCpu(set: CpuSet, cpu: number): boolean {
  return set.some(({first, last}) => first <= cpu && cpu <= last);
}

export function countCpus(set: CpuSet): number {
  let count = 0;
  for (const {first, last} of set) count += last - first + 1;
  return count;
}

/** The numbers one by one, ascending, at most `most` of them. */
export function listCpus(set: CpuSet, most = Infinity): number[] {
  const cpus: number[] = [];
  for (const {first, last} of set) {
    for (let cpu = first; cpu <= last; cpu++) {
      if (cpus.length >= most) return cpus;
      cpus.push(cpu);
    }
  }
  return cpus;
}

/** As libvirt and Nova write a set, `0-3,8`. Source: nova/virt/hardware.py, `format_cpu_spec`. */
export function formatCpuSet(set: CpuSet): string {
  let text = '';
  for (const {first, last} of set) {
    if (text !== '') text += ',';
    text += first === last ? first : `${first}-${last}`;
  }
  return text;
}
