import type {CheckEvent} from '../app/flavor/check-flavors.js';
import {formatCpuSet, union} from '../domain/flavor/cpu-set.js';
import type {Finding, Severity} from '../domain/flavor/finding.js';
import type {Judgement, Verdict} from '../domain/flavor/judge.js';
import type {NumaTopology} from '../domain/flavor/numa.js';
import {Refusal} from '../domain/flavor/refusal.js';
import {countOf} from './elapsed.js';
import {pageWords, topologyWords} from './flavor-words.js';
import type {Line, Span} from './line.js';
import {paragraph, signed, someOf} from './paragraph.js';
import {sign, type Meaning, type Signs} from './signs.js';
import {formatDisk, formatMemory} from './sizes.js';

/** A verdict as its sign and in words. */
export const VERDICTS: Readonly<Record<Verdict, {readonly meaning: Meaning; readonly words: string}>> = {
  ok: {meaning: 'ok', words: 'ok'},
  warning: {meaning: 'warning', words: 'Nova does something else than is asked'},
  error: {meaning: 'failed', words: 'no server can boot from it'},
};
/** How severe something is, as its sign. */
export const SEVERITIES: Readonly<Record<Severity, Meaning>> = {
  error: 'failed',
  warning: 'warning',
  info: 'none',
};

/** Guest nodes that are told one by one. */
const MOST_NODES = 4;
/** Characters of a set of CPUs. */
const MOST_CPUS = 40;

/** A judgement for people: the verdict, what a guest gets, the findings with what to do. */
export function judgementLines(judgement: Judgement, signs: Signs): Line[] {
  const {flavor, verdict, findings, imageProperties} = judgement;
  const {meaning, words} = VERDICTS[verdict];
  const properties = Object.keys(imageProperties).length;
  const size = [
    `${flavor.vcpus} vCPU`,
    `${formatMemory(flavor.memoryMib)} of memory`,
    ...(flavor.diskGib === 0 ? [] : [`${formatDisk(flavor.diskGib)} of disk`]),
    countOf(Object.keys(flavor.extraSpecs).length, 'extra spec'),
    ...(properties === 0 ? [] : [`an image with ${countOf(properties, 'property', 'properties')}`]),
  ];
  const name = flavor.name === '' ? 'flavor without a name' : flavor.name;
  return [
    ...signed(sign(signs, meaning), `${name}: ${words}`, 0),
    ...paragraph(size.join(', '), 4),
    ...guestLines(judgement),
    ...findings.flatMap((finding) => findingLines(finding, signs)),
  ];
}

/** What was found and what to do about it. */
export function findingLines(
  {severity, message, suggestion}: Pick<Finding, 'severity' | 'message' | 'suggestion'>,
  signs: Signs,
): Line[] {
  const mark: Span = sign(signs, SEVERITIES[severity]);
  return [
    ...signed(mark, message, 2),
    ...(suggestion === '' ? [] : paragraph(`What to do: ${suggestion}`, 4)),
  ];
}

/** What Nova makes of it, as far as it gets. */
function guestLines({topology, numa, watchdog, boot}: Judgement): Line[] {
  if (boot !== undefined) return [];
  const parts: string[] = [];
  if (!(topology instanceof Refusal) && !('refusal' in topology)) {
    parts.push(topologyWords(topology.best));
  }
  if (numa !== undefined && !(numa instanceof Refusal)) parts.push(numaWords(numa));
  if (watchdog !== undefined && !(watchdog instanceof Refusal)) {
    parts.push(`watchdog ${watchdog.model} with the action ${watchdog.action}`);
  }
  return parts.length === 0 ? [] : paragraph(`The guest has ${parts.join('; ')}`, 4);
}

function numaWords({cells, pageSizeKib, cpuPolicy}: NumaTopology): string {
  const nodes = cells.slice(0, MOST_NODES + 1).map(({id, shared, pinned, memoryMib}) => {
    const cpus = formatCpuSet(union([shared, pinned]));
    const shown = cpus.length > MOST_CPUS ? `${cpus.slice(0, MOST_CPUS)}…` : cpus;
    const which = shown === '' ? 'without a CPU' : `CPUs ${shown}`;
    return `${id}: ${which}, ${formatMemory(memoryMib)}`;
  });
  const all = cells.length > nodes.length ? [...nodes, ...cells.slice(nodes.length).map(String)] : nodes;
  const policy = cpuPolicy === undefined || cpuPolicy === 'shared' ? '' : `, CPU policy ${cpuPolicy}`;
  const pages = pageSizeKib === undefined ? '' : `, ${pageWords(pageSizeKib)}`;
  return `${countOf(cells.length, 'NUMA node')} (${someOf(all, MOST_NODES)})${policy}${pages}`;
}

/** What is wrong with the input, for stderr: the place, then the reason. */
export function inputLine(event: Exclude<CheckEvent, {kind: 'judged'}>): Line {
  switch (event.kind) {
    case 'nothing':
      return `notice: ${event.source}: there is no flavor in it`;
    case 'unusable':
      return [{text: 'reprieve: ', tone: 'bad'}, `${event.source}: ${event.detail}`];
    case 'warning':
      return `warning: ${placeWords(event)}: ${event.detail}`;
    case 'problem':
      return [{text: 'reprieve: ', tone: 'bad'}, `${placeWords(event)}: ${event.detail}`];
    default:
      return event;
  }
}

/** `flavors.json:12, flavor 3 "m1.small"`. */
function placeWords({source, place}: Extract<CheckEvent, {place: unknown}>): string {
  const {line, number, name} = place;
  const which = number === undefined ? '' : `, flavor ${number}`;
  const shown = name === undefined ? '' : ` "${name.length > 60 ? `${name.slice(0, 60)}…` : name}"`;
  return `${source}:${line}${which}${shown}`;
}

/** How many were judged, and how: the last line. */
export function checkSummary(
  counts: Readonly<Record<Verdict, number>>,
  problems: number,
  release: string,
): Line {
  const total = counts.ok + counts.warning + counts.error;
  const parts = [
    `${counts.ok} ok`,
    countOf(counts.warning, 'with a warning', 'with warnings'),
    countOf(counts.error, 'with an error', 'with errors'),
  ];
  const read = problems === 0 ? '' : `; ${countOf(problems, 'problem')} in the input`;
  return `${countOf(total, 'flavor')} judged as Nova ${release} would: ${parts.join(', ')}${read}`;
}
