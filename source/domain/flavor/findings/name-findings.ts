import {findSpec, isKnownNamespace} from '../catalogue/extra-specs.js';
import {UNREGISTERED_SPECS} from '../catalogue/hw-specs.js';
import {HOST_ATTRIBUTES} from '../catalogue/other-specs.js';
import {tidiedValue} from '../catalogue/spec-definition.js';
import {isLimitName, rightLimitName} from '../catalogue/topology-limits.js';
import {Finding, removeSpec, setSpec, type Edit} from '../finding.js';
import type {Judged} from '../judged.js';
import {NEWEST_RELEASE} from '../nova-release.js';
import {readInteger} from '../python-values.js';
import {quoted} from '../quoted.js';
import {meantSpec} from '../spelling.js';
import {storeProblem, type StoreProblem} from '../store-verdict.js';
import {harmlessCure} from './boots-after.js';

/** Flavors with more unknown names than this are judged without looking for what was meant. */
const MOST_SPELLED = 32;

/** The name that was meant instead, if its value would be stored and a server would still boot; else the removal. */
function rename(judged: Judged, name: string, meant: string | undefined): Edit[] {
  const {flavor, release} = judged;
  if (meant === undefined || meant in flavor.extraSpecs) return [removeSpec(name)];
  const value = flavor.extraSpecs[name] ?? '';
  const problem = isLimitName(meant) ? undefined : storeProblem(meant, value, release);
  const fitting = problem === undefined ? value : problem.spec && tidiedValue(value, problem.spec.value);
  if (fitting === undefined) return [removeSpec(name)];
  const edits = [removeSpec(name), setSpec(meant, fitting)];
  return harmlessCure(judged, [edits, [removeSpec(name)]]);
}

function misspelt(judged: Judged, name: string, meant: string, why: string): Finding {
  const message = `${name} ${why}; ${meant} was probably meant.`;
  return new Finding('warning', 'ExtraSpecMisspelt', name, message, () => rename(judged, name, meant));
}

function refusedName(judged: Judged, name: string, meant: string | undefined): Finding {
  const {name: release} = judged.release;
  if (isLimitName(name)) {
    return new Finding(
      'info',
      'LimitNeedsOlderMicroversion',
      name,
      `Nova ${release} refuses ${name} from microversion 2.86 on, as its API knows it under a wrong name; the driver ` +
        'reads it (bug 2120862, fixed in 30.3.0, 31.2.0 and 32.0.0).',
      'Write it with microversion 2.85.',
    );
  }
  if (UNREGISTERED_SPECS.has(name) || name.startsWith('capabilities:')) {
    const reader = name.startsWith('capabilities:') ? 'ComputeCapabilitiesFilter' : 'the libvirt driver';
    const message = `Nova ${release} refuses ${name} from microversion 2.86 on, though ${reader} reads it.`;
    return new Finding(
      'info',
      'SpecNeedsOlderMicroversion',
      name,
      message,
      'Write it with microversion 2.85.',
    );
  }
  const placement = unknownToPlacement(judged, name);
  if (placement !== undefined) return placement;
  const why = `is refused by Nova ${release} from microversion 2.86 on, and nothing reads it`;
  if (meant !== undefined) return misspelt(judged, name, meant, why);
  return new Finding('warning', 'ExtraSpecUnknown', name, `${name} ${why}.`, () => [removeSpec(name)]);
}

/** Classes of resources and traits that are not known: the first Nova leaves out, the others Placement refuses. */
function unknownToPlacement(judged: Judged, name: string): Finding | undefined {
  const [, kind, what = ''] = /^(resources|trait)[a-zA-Z0-9_-]{0,64}:(.*)$/s.exec(name) ?? [];
  const value = judged.flavor.extraSpecs[name] ?? '';
  const isAsked =
    kind === 'resources' ? (readInteger(value) ?? 0) > 0 : ['required', 'forbidden'].includes(value);
  if (kind === undefined || !isAsked) return undefined;
  const {name: release} = judged.release;
  const cure = (): Edit[] => {
    const upper = name.replace(/:.*$/s, (rest) => rest.toUpperCase().trim());
    const isMeant = upper !== name && findSpec(upper, judged.release) !== undefined;
    return rename(judged, name, isMeant ? upper : undefined);
  };
  if (kind === 'resources' && !what.startsWith('CUSTOM_')) {
    // Source: nova/objects/request_spec.py, `RequestGroup.add_resource`.
    const message = `Nova ${release} knows no class of resources ${quoted(what)} and leaves it out: servers boot without it.`;
    return new Finding('warning', 'ResourceClassUnknown', name, message, cure);
  }
  const isNewer = findSpec(name, NEWEST_RELEASE) !== undefined;
  return new Finding(
    isNewer ? 'warning' : 'error',
    kind === 'resources' ? 'ResourceClassUnknown' : 'TraitUnknown',
    name,
    `Placement has no such ${kind === 'resources' ? 'class of resources' : 'trait'} with Nova ${release}: no host is found for ${name}.`,
    cure,
  );
}

/** Beginnings of names that a standard wants for people and tools, not for Nova: Sovereign Cloud Stack's scs-0103. */
const LABELS: ReadonlySet<string> = new Set(['scs']);

/** A name that Nova stores without a word, and that nothing reads. */
function unreadName(judged: Judged, name: string, meant: string | undefined): Finding | undefined {
  if (LABELS.has(name.replace(/:.*$/s, ''))) return undefined;
  if (meant !== undefined) return misspelt(judged, name, meant, 'is stored, and nothing reads it');
  if (name.includes(':')) {
    const message = `${name} is stored, and neither a filter of the scheduler nor a driver of Nova reads it.`;
    return new Finding('warning', 'ExtraSpecNotRead', name, message, () => [removeSpec(name)]);
  }
  const isOfHost = HOST_ATTRIBUTES.has(name);
  const scoped = `${isOfHost ? 'capabilities' : 'aggregate_instance_extra_specs'}:${name}`;
  const reader = isOfHost
    ? 'ComputeCapabilitiesFilter compares it with what the host has, and AggregateInstanceExtraSpecsFilter, where ' +
      'it is enabled, with the metadata of aggregates.'
    : "of Nova's filters AggregateInstanceExtraSpecsFilter reads it, where it is enabled, and refuses hosts outside " +
      'an aggregate that has it.';
  return new Finding(
    'warning',
    'ExtraSpecWithoutNamespace',
    name,
    `${name} has no namespace: ${reader}`,
    () => (scoped in judged.flavor.extraSpecs ? [removeSpec(name)] : rename(judged, name, scoped)),
  );
}

function refusedForm(name: string, problem: StoreProblem): Finding {
  return new Finding('error', 'ValidationError', name, `${quoted(name)} ${problem.detail}.`, () => [
    removeSpec(name),
  ]);
}

/** Names of extra specs that Nova refuses or that nothing reads. */
export function nameFindings(judged: Judged): Finding[] {
  const {flavor, release, storeProblems} = judged;
  const findings: Finding[] = [];
  let unknown = 0;
  for (const name in flavor.extraSpecs) {
    const problem = storeProblems.get(name);
    if (problem?.kind === 'value') continue;
    if (problem?.kind === 'form') {
      findings.push(refusedForm(name, problem));
      continue;
    }
    const isWrongLimit = rightLimitName(name) !== undefined;
    if (problem === undefined && !isWrongLimit && isRead(name, judged)) continue;
    unknown += 1;
    const meant = unknown > MOST_SPELLED || isLimitName(name) ? undefined : meantSpec(name, release);
    const finding =
      problem === undefined ? unreadName(judged, name, meant) : refusedName(judged, name, meant);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function isRead(name: string, {release}: Judged): boolean {
  const colon = name.indexOf(':');
  if (colon !== -1 && isKnownNamespace(name.slice(0, colon), release)) return true;
  return findSpec(name, release) !== undefined;
}
