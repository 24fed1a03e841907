import {MAX_INTERVAL_SECONDS} from '../../../domain/duration.js';
import {nearestNames} from '../../../domain/nearest-names.js';
import {decodeCondensed} from '../../../domain/oslo/condensed.js';
import type {Document} from '../../../domain/oslo/document.js';
import type {Assignment} from '../../../domain/oslo/parse.js';
import {assignmentsOf} from '../../../domain/oslo/parse.js';
import type {SeenRole} from '../../rollout/plan-target.js';
import {OPTION} from '../../rollout/rollout-ports.js';
import type {Cause, Evidence, Finding, NodeChart, Remedy} from '../doctor-types.js';
import {applyThere, applyWhatIsMeant, byHand, nodeFinding, serviceName} from '../node-finding.js';
import {valueEvidence} from '../value-evidence.js';

/** Something that looks like the interval, and is read by nobody. */
type Stray = {readonly file: string; readonly assignment: Assignment; readonly why: string};

/** oslo.config is strict about sections and names, and says nothing of what it does not know. */
export const optionMisplaced: Cause = {
  code: 'OptionMisplaced',
  title: 'an interval in the wrong section, misspelt, or in a file that is not read',
  about: 'node',
  holdsServers: true,
  find: (node) => {
    const told = new Set<string>();
    const findings: Finding[] = [];
    for (const seen of node.roles) {
      for (const stray of [...straysOf(seen), ...unreadOf(node, seen)]) {
        const place = `${stray.file}:${stray.assignment.firstLine.number}`;
        if (told.has(place)) continue;
        told.add(place);
        findings.push(findingOf(node, seen, stray, place));
      }
    }
    return findings;
  },
};

function findingOf(node: NodeChart, seen: SeenRole, {assignment, why}: Stray, place: string): Finding {
  const {reading, effective} = seen.config;
  const seconds = /^\d{1,15}$/.test(assignment.raw) ? Number(assignment.raw) : undefined;
  const isWithout = effective.source === undefined;
  const isMeant = reading.kind === 'value' && reading.seconds === seconds;
  const stands: Evidence = {
    from: 'file',
    place,
    lines: [`[${assignment.group}]`, `${assignment.key} = ${assignment.raw}`],
    proof: assignment.group === 'DEFAULT' ? assignment.key : `[${assignment.group}]`,
  };
  return nodeFinding(node, optionMisplaced.code, {
    role: seen.role,
    severity: isMeant ? 'info' : 'warning',
    certainty: isWithout ? 'certain' : 'likely',
    because: isWithout
      ? 'the files were read as oslo.config reads them, and nothing else sets it'
      : 'another place sets it, so this one may be a leftover',
    message: `an interval that ${serviceName(seen.role)} does not see: ${why}`,
    evidence: [stands, valueEvidence(seen)],
    cause: `oslo.config tells large letters from small ones, knows the option in [DEFAULT] only, and passes over everything else without a word.`,
    remedies: [
      ...(isMeant || !isWithout ? [] : [writeIt(node, seconds)]),
      byHand(`then take the line out of ${place}`),
    ],
  });
}

/** The number that stands in the wrong place is the one that is meant there. */
function writeIt(node: NodeChart, seconds: number | undefined): Remedy {
  const text = 'write it where it is read, and restart (plan first)';
  const isInterval = seconds !== undefined && seconds > 0 && seconds <= MAX_INTERVAL_SECONDS;
  return isInterval ? applyThere(node, seconds, text) : applyWhatIsMeant(node, text);
}

/** In files that the role reads. */
function straysOf({config}: SeenRole): readonly Stray[] {
  return config.sources.flatMap((source) =>
    source.kind === 'file' ? straysIn(source.file, source.document) : [],
  );
}

function straysIn(file: string, {assignments}: Document): readonly Stray[] {
  const right = new Set(assignmentsOf(assignments, 'DEFAULT', OPTION));
  return assignments.flatMap((assignment): Stray[] => {
    const {group, key} = assignment;
    if (right.has(assignment) || !isLike(key)) return [];
    if (key === OPTION) return [{file, assignment, why: `it stands in [${group}]`}];
    return [{file, assignment, why: `${key} is not its name`}];
  });
}

/** `Reclaim-Instance-Interval`, and what is a letter or two beside it. */
function isLike(key: string): boolean {
  const plain = key.toLowerCase().replaceAll('-', '_');
  if (plain === OPTION) return true;
  // Other options of Nova are far from it: the nearest is running_deleted_instance_poll_interval.
  return (
    Math.abs(plain.length - OPTION.length) <= 3 &&
    plain.includes('reclaim') &&
    nearestNames(plain, [OPTION]).length > 0
  );
}

/** In configuration files that lie on the node and that no role of it reads. */
function unreadOf(node: NodeChart, seen: SeenRole): readonly Stray[] {
  const read = new Set(node.roles.flatMap(({config}) => config.files.map(({path}) => path)));
  return node.facts.files.flatMap((file): Stray[] => {
    if (read.has(file.path) || file.path.startsWith('/usr/') || !isOurs(file.path, seen)) return [];
    const decoded = decodeCondensed(file.condensed);
    if (decoded.kind === 'damaged') return [];
    const [assignment] = assignmentsOf(decoded.document.assignments, 'DEFAULT', OPTION).slice(-1);
    return assignment === undefined ? [] : [{file: file.path, assignment, why: `${file.path} is not read`}];
  });
}

/** A file that bears the name of the other service is meant for that one, on another node perhaps. */
function isOurs(path: string, {role}: SeenRole): boolean {
  return !path.includes(role === 'api' ? 'nova-compute' : 'nova-api');
}
