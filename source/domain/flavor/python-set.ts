import {strip} from '../oslo/python-text.js';
import {readRule, type CpuRange} from './cpu-set.js';

/** Slots that CPython looks at one after the other before it jumps (Objects/setobject.c, LINEAR_PROBES). */
const LINEAR_PROBES = 9;
const REMOVED = -1;
const UNUSED = -2;

function emptySlots(length: number): number[] {
  return Array.from({length}, () => UNUSED);
}

/**
 * A set of numbers as CPython 3.7 and later keeps it. Nova checks the CPUs of a NUMA node in the order in which such a
 * set gives them out: where one is above the last CPU and another is taken twice, the order decides which error it is.
 */
export class PythonSet {
  #slots = emptySlots(8);
  #fill = 0;
  #used = 0;

  get #mask(): number {
    return this.#slots.length - 1;
  }

  /** The numbers in Python's order. */
  values(): number[] {
    return this.#slots.filter((key) => key >= 0);
  }

  add(key: number): void {
    const mask = this.#mask;
    let at = key % (mask + 1);
    let perturb = key;
    for (;;) {
      const probes = at + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;
      for (let slot = at; slot <= at + probes; slot++) {
        if (this.#slots[slot] === key) return;
        if (this.#slots[slot] !== UNUSED) continue;
        this.#slots[slot] = key;
        this.#fill += 1;
        this.#used += 1;
        if (this.#fill * 5 >= mask * 3) this.#resize(this.#roomy());
        return;
      }
      perturb = Math.floor(perturb / 32);
      at = (at * 5 + 1 + perturb) % (mask + 1);
    }
  }

  /** `self |= other`. */
  merge(other: PythonSet): void {
    if (other.#used === 0) return;
    if ((this.#fill + other.#used) * 5 >= this.#mask * 3) this.#resize((this.#used + other.#used) * 2);
    if (this.#fill > 0) {
      for (const key of other.values()) this.add(key);
      return;
    }
    if (this.#mask === other.#mask && other.#fill === other.#used) this.#slots = [...other.#slots];
    else for (const key of other.values()) this.#insertClean(key);
    this.#fill = other.#used;
    this.#used = other.#used;
  }

  /** `self -= other`. */
  subtract(other: PythonSet): void {
    const gone = new Set(other.values());
    for (const [slot, key] of this.#slots.entries()) {
      if (key < 0 || !gone.has(key)) continue;
      this.#slots[slot] = REMOVED;
      this.#used -= 1;
    }
    if (this.#fill - this.#used > Math.floor(this.#mask / 4)) this.#resize(this.#roomy());
  }

  #roomy(): number {
    return this.#used > 50_000 ? this.#used * 2 : this.#used * 4;
  }

  #resize(wanted: number): void {
    const keys = this.values();
    let size = 8;
    while (size <= wanted) size *= 2;
    this.#slots = emptySlots(size);
    for (const key of keys) this.#insertClean(key);
    this.#fill = this.#used;
  }

  /** Into a table without removed keys that does not have this one. */
  #insertClean(key: number): void {
    const mask = this.#mask;
    let at = key % (mask + 1);
    let perturb = key;
    for (;;) {
      const probes = at + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;
      for (let slot = at; slot <= at + probes; slot++) {
        if (this.#slots[slot] !== UNUSED) continue;
        this.#slots[slot] = key;
        return;
      }
      perturb = Math.floor(perturb / 32);
      at = (at * 5 + 1 + perturb) % (mask + 1);
    }
  }
}

/** More CPUs than this are taken to come in ascending order. */
const MOST_ORDERED = 4096;

/**
 * The CPUs of a specification that can be read, in the order in which Nova's set of them gives them out; undefined
 * for very many. Source: nova/virt/hardware.py, `parse_cpu_spec`.
 *
 * @param isOfImage the lists of an image are copied into sets of their own (oslo.versionedobjects, `CoercedSet`)
 */
export function cpuOrder(spec: string, isOfImage: boolean): number[] | undefined {
  const ids = new PythonSet();
  const rejected = new PythonSet();
  let left = MOST_ORDERED;
  for (const part of spec.split(',')) {
    const rule = strip(part);
    const range = rule === '' ? undefined : readRule(rule);
    if (range === undefined) continue;
    left -= range.last - range.first + 1;
    if (left < 0) return undefined;
    const target = rule.startsWith('^') ? rejected : ids;
    if (rule.includes('-')) target.merge(rangeSet(range));
    else target.add(range.first);
  }
  ids.subtract(rejected);
  if (!isOfImage) return ids.values();
  const copy = new PythonSet();
  for (const cpu of ids.values()) copy.add(cpu);
  const kept = new PythonSet();
  kept.merge(copy);
  return kept.values();
}

function rangeSet({first, last}: CpuRange): PythonSet {
  const set = new PythonSet();
  for (let cpu = first; cpu <= last; cpu++) set.add(cpu);
  return set;
}
