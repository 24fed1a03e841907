import type {Finding, Severity} from '../../domain/flavor/finding.js';
import type {FlavorDifference} from '../../domain/flavor/flavor-differences.js';
import type {Verdict} from '../../domain/flavor/judge.js';
import type {CloudLimits} from '../../domain/flavor/judged.js';
import type {GuessedRelease} from '../../domain/flavor/microversion-release.js';
import type {NovaRelease} from '../../domain/flavor/nova-release.js';
import type {CloudFlavor, FlavorImage, FlavorUse} from './flavor-ports.js';

/** What is looked at besides the flavors themselves. */
export const LINT_PARTS = ['servers', 'hosts', 'images'] as const;
export type LintPart = (typeof LINT_PARTS)[number];

/** A flavor of the cloud, judged. */
export type LintedFlavor = {
  readonly flavor: CloudFlavor;
  /** `unknown` where its extra specs may not be read: no more than its size was judged, and that is fine. */
  readonly verdict: Verdict | 'unknown';
  /** Errors first. */
  readonly findings: readonly Finding[];
  /** Servers that have it, whatever their copy, by name; undefined where that is not known. */
  readonly servers: readonly FlavorUse[] | undefined;
};

/**
 * How servers stand to the flavors of today. `old`: the flavor of that name is another now, and they need a resize to get
 * it. `gone`: there is no flavor of that name. `renamed`: nor here, but one with another name is the same.
 */
export type CopyStanding = 'old' | 'gone' | 'renamed';

/** Servers with the same copy of the same flavor, which is none of today's. */
export type ServerGroup = {
  readonly standing: CopyStanding;
  readonly severity: Severity;
  /** What the flavor was called when the servers got it. */
  readonly name: string;
  /** The flavor of that name today; undefined for one that is gone. */
  readonly flavor: CloudFlavor | undefined;
  /** Whether today's is another flavor that took the name: its size is another one. */
  readonly isReplaced: boolean;
  /** From the copy to today's flavor. */
  readonly differences: readonly FlavorDifference[];
  /** Flavors of today, with another name, that the servers want to have: the same as what is named above. */
  readonly alike: readonly CloudFlavor[];
  /** By name. */
  readonly servers: readonly FlavorUse[];
};

/** How many servers there are, and how their copies stand. */
export type ServerFigures = Readonly<Record<CopyStanding, number>> & {
  readonly total: number;
  readonly current: number;
  /** Nova does not tell their copy, or what of it we may not read is needed to tell. */
  readonly unknown: number;
};

/** Images with the same value that replaces what flavors say. */
export type ImageReplacement = {
  readonly severity: Severity;
  readonly what: 'watchdog' | 'topology';
  /** In words: `reset`; `1 socket, 4 cores`. */
  readonly value: string;
  /** By name. */
  readonly images: readonly FlavorImage[];
  /** The flavors by what they say, each list by name. */
  readonly flavors: readonly {readonly value: string; readonly flavors: readonly CloudFlavor[]}[];
};

/** Something that could not be read, so that nobody takes it for fine. */
export type Unread = {
  readonly part: LintPart | 'flavors' | 'extra-specs' | 'release';
  /** Whether nothing of it was read. */
  readonly isAll: boolean;
  /** Why, in words for people, with what that leaves open. */
  readonly problem: string;
};

/** All that is to say about the flavors of a cloud. */
export type LintReport = {
  readonly release: NovaRelease;
  /** Where nobody named the release: what the cloud's newest microversion tells. */
  readonly guessed: GuessedRelease | undefined;
  readonly limits: CloudLimits | undefined;
  /** Errors first, then by name. */
  readonly flavors: readonly LintedFlavor[];
  /** Undefined where no server was looked at. */
  readonly servers: ServerFigures | undefined;
  /** By severity, then by name. */
  readonly groups: readonly ServerGroup[];
  readonly replacements: readonly ImageReplacement[];
  readonly skipped: readonly LintPart[];
  readonly unread: readonly Unread[];
};

/** From here on a finding counts as a failure. */
export type FailOn = 'error' | 'warning';

/** Whether there is something that is to fail a pipeline: a finding that is severe enough, or a part that was not read. */
export function isFailed({flavors, groups, replacements, unread}: LintReport, failOn: FailOn): boolean {
  if (unread.length > 0) return true;
  const counts = (severity: Severity): boolean => isSevere(severity, failOn);
  return (
    flavors.some(({findings}) => findings.some(({severity}) => counts(severity))) ||
    groups.some(({severity}) => counts(severity)) ||
    replacements.some(({severity}) => counts(severity))
  );
}

/** Whether a severity is this one or a worse one. */
export function isSevere(severity: Severity, least: Severity): boolean {
  return SEVERITY_RANK[severity] <= SEVERITY_RANK[least];
}

export const SEVERITY_RANK: Readonly<Record<Severity, number>> = {error: 0, warning: 1, info: 2};
