import {strip} from '../../oslo/python-text.js';
import type {SpecValue} from '../catalogue/spec-definition.js';
import {tidiedValue, valueProblem} from '../catalogue/spec-definition.js';
import {CpuSpecError, formatCpuSet, parseCpuSpec} from '../cpu-set.js';
import {Finding, removeSpec, setSpec, type Edit} from '../finding.js';
import type {Judged} from '../judged.js';
import {PAGES_ANY, PAGES_LARGE, PAGES_SMALL, readPageSize, tidiedPageSize} from '../memory.js';
import {readBoolean, readInteger} from '../python-values.js';
import {quoted} from '../quoted.js';
import {Refusal} from '../refusal.js';
import {harmlessCure} from './boots-after.js';

/** Values that say the same as a refused one, as Nova's driver reads it, in a form that its API takes. */
function sameValues(name: string, value: string, wanted: SpecValue): (string | undefined)[] {
  switch (wanted.kind) {
    case 'integer':
      return [readInteger(value)?.toString()];
    case 'boolean':
      return [String(readBoolean(value))];
    case 'pattern':
      return name === 'hw:mem_page_size'
        ? samePageSizes(value, name)
        : [value.replaceAll(/\s+/g, ''), sameCpus(value)];
    default:
      return [tidiedValue(value, wanted)];
  }
}

function samePageSizes(value: string, name: string): (string | undefined)[] {
  const size = readPageSize(value, name);
  if (size instanceof Refusal) return [tidiedPageSize(value)];
  const word = new Map([
    [PAGES_SMALL, 'small'],
    [PAGES_LARGE, 'large'],
    [PAGES_ANY, 'any'],
  ]).get(size);
  return [word ?? (Number.isInteger(size) ? String(size) : undefined)];
}

/** The same CPUs in Nova's own form; undefined for a mask that begins with a caret, which means other ones. */
function sameCpus(value: string): string | undefined {
  const set = parseCpuSpec(value);
  return set instanceof CpuSpecError || strip(value).startsWith('^') ? undefined : formatCpuSet(set);
}

function cure(judged: Judged, name: string): Edit[] {
  const wanted = judged.storeProblems.get(name)?.spec?.value;
  const value = judged.flavor.extraSpecs[name] ?? '';
  const same = wanted === undefined ? [] : sameValues(name, value, wanted);
  const edits = same.flatMap((text) =>
    text !== undefined && wanted !== undefined && valueProblem(text, wanted) === undefined
      ? [[setSpec(name, text)]]
      : [],
  );
  return harmlessCure(judged, [...edits, [removeSpec(name)]]);
}

/**
 * Values that Nova's API does not store from 2.86 on, although a server boots with them: it reads them as something
 * else, or not at all.
 *
 * @param stopped names that a server cannot boot with, which says more
 */
export function valueFindings(judged: Judged, stopped: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  for (const [name, {kind, detail}] of judged.storeProblems) {
    if (kind !== 'value' || stopped.has(name)) continue;
    const value = judged.flavor.extraSpecs[name] ?? '';
    const message = `${name} ${detail}, not ${quoted(value)}: Nova's API refuses it from microversion 2.86 on.`;
    findings.push(new Finding('warning', 'ExtraSpecValueRefused', name, message, () => cure(judged, name)));
  }
  return findings;
}
