import type {FlavorUse} from '../app/flavor/flavor-ports.js';
import type {
  CopyStanding,
  ImageReplacement,
  LintedFlavor,
  LintReport,
  ServerGroup,
} from '../app/flavor/lint-types.js';
import type {Severity} from '../domain/flavor/finding.js';
import type {FlavorDifference} from '../domain/flavor/flavor-differences.js';
import {quoted} from '../domain/flavor/quoted.js';
import {countOf, formatCount} from './elapsed.js';
import {someOf} from './paragraph.js';
import {serverWords} from './servers.js';

/** Something that is wrong, as pipelines are told it. Texts of tenants are in it as they are. */
export type LintProblem = {
  readonly severity: Severity;
  /** Nova's exception class where Nova refuses, else a name of ours. */
  readonly code: string;
  readonly subject: LintSubject;
  /** The extra spec, image property or field; empty where there is no single one. */
  readonly property: string;
  readonly message: string;
  /** A sentence; empty where nothing is to be done. */
  readonly suggestion: string;
};

/** What a problem is about: a flavor, the servers of one, or images. */
export type LintSubject = {
  readonly kind: 'flavor' | 'servers' | 'images';
  readonly id: string;
  readonly name: string;
};

/** Names, values and servers that a sentence tells; all are in the JSON. */
const MOST_TOLD = 4;
const MOST_NAME = 60;

/** Everything that is to say about a cloud, flavors first, in the order of the report. */
export function* lintProblems(report: LintReport): Generator<LintProblem> {
  for (const linted of report.flavors) yield* flavorProblems(linted);
  for (const group of report.groups) yield groupProblem(group);
  for (const replacement of report.replacements) yield replacementProblem(replacement);
}

/** The findings of one flavor, each with the servers that have it. */
export function* flavorProblems({
  flavor: {id, name},
  findings,
  servers,
}: LintedFlavor): Generator<LintProblem> {
  const subject = {kind: 'flavor', id, name} as const;
  let users: string | undefined;
  for (const {severity, code, property, message, suggestion} of findings) {
    users ??= usersWords(servers ?? []);
    yield {
      severity,
      code,
      subject,
      property,
      message: severity === 'info' ? message : `${message}${users}`,
      suggestion,
    };
  }
}

function usersWords(servers: readonly FlavorUse[]): string {
  if (servers.length === 0) return '';
  return ` ${countOf(servers.length, 'server has', 'servers have')} it: ${serversWords(servers)}.`;
}

/** Servers with the same copy of the same flavor. */
export function groupProblem(group: ServerGroup): LintProblem {
  const {standing, severity, name, flavor, differences} = group;
  const told = differences.length === 0 ? '' : ` ${someOf(differences.map(differenceWords), MOST_TOLD)}.`;
  return {
    severity,
    code: STANDING_CODES[standing],
    subject: {kind: 'servers', id: flavor?.id ?? name, name},
    property: differences.length === 1 ? (differences[0]?.property ?? '') : '',
    message: `${groupWords(group)}.${told} ${serversWords(group.servers)}.`,
    suggestion: groupAdvice(group),
  };
}

export const STANDING_CODES: Readonly<Record<CopyStanding, string>> = {
  old: 'OldFlavorCopy',
  gone: 'FlavorGone',
  renamed: 'FlavorRenamed',
};

/** How the servers of a group stand, as a sentence without its end. */
export function groupWords({standing, name, servers, alike, isReplaced}: ServerGroup): string {
  const count = `${countOf(servers.length, 'server')} ${servers.length === 1 ? 'carries' : 'carry'}`;
  switch (standing) {
    case 'old':
      return isReplaced
        ? `${count} a copy of another ${shownName(name)}, which had this name before`
        : `${count} an old copy of ${shownName(name)}`;
    case 'gone':
      return `${count} a copy of ${shownName(name)}, and no flavor has that name any more`;
    case 'renamed':
      return `${count} a copy of ${shownName(name)}, which is gone; ${namesOf(alike)} is the same`;
  }
}

/** What a server has and what it would get: `hw:watchdog_action is "reset" there, and "poweroff" in the flavor`. */
export function differenceWords({property, before, after}: FlavorDifference): string {
  const [there, now] = [before, after].map((value) => (value === undefined ? undefined : quoted(value)));
  if (there === undefined) return `${property} is not there, and ${now ?? ''} in the flavor`;
  return `${property} is ${there} there, and ${now ?? 'gone'} in the flavor`;
}

/** The first of the servers, with their ids. */
function serversWords(servers: readonly FlavorUse[]): string {
  return someOf(
    servers.map(({name, id}) => serverWords({name: shownName(name), id})),
    MOST_TOLD,
  );
}

/** What to do about the servers of a group. */
export function groupAdvice({standing, name, alike, isReplaced}: ServerGroup): string {
  const shown = shownName(name);
  switch (standing) {
    case 'old':
      if (isReplaced) return `Resize each to today's ${shown}: another flavor than theirs, for all its name.`;
      return alike.length > 0
        ? `Resize each to ${namesOf(alike)}, which is what ${shown} is today: Nova refuses a resize to the flavor ` +
            'that a server has.'
        : `Make a copy of ${shown} with another name, and resize each to it: Nova refuses a resize to the flavor that ` +
            'a server has, and after a reboot or rebuild it still has its old copy.';
    case 'gone':
      return 'Resize each to a flavor of today, or leave them: they run on with their copy, and no other can get it.';
    case 'renamed':
      return '';
  }
}

/** An image that replaces what flavors say, and others that do the same. */
export function replacementProblem(replacement: ImageReplacement): LintProblem {
  const {severity, what, value, images, flavors} = replacement;
  const [image] = images;
  const count = flavors.reduce((sum, one) => sum + one.flavors.length, 0);
  const told = flavors
    .flatMap(({value: own, flavors: alike}) =>
      alike.slice(0, MOST_TOLD).map(({name}) => `${shownName(name)} (${own})`),
    )
    .slice(0, MOST_TOLD);
  const more = count > told.length ? ` and ${formatCount(count - told.length)} more` : '';
  const isOne = images.length === 1;
  const owner = isOne
    ? `Image ${namesOf(images)}`
    : `${countOf(images.length, 'image')} (${namesOf(images)})`;
  const isWatchdog = what === 'watchdog';
  const has = isWatchdog
    ? `${isOne ? 'has' : 'have'} hw_watchdog_action ${value}`
    : `${isOne ? 'prefers' : 'prefer'} ${value}`;
  const properties = isWatchdog ? 'hw_watchdog_action' : 'hw_cpu_sockets, hw_cpu_cores and hw_cpu_threads';
  return {
    severity,
    code: isWatchdog ? 'WatchdogReplacedByImage' : 'TopologyReplacedByImage',
    subject: {kind: 'images', id: image?.id ?? '', name: image?.name ?? ''},
    property: isWatchdog ? 'hw_watchdog_action' : 'hw_cpu_sockets',
    message: `${owner} ${has}, which replaces the ${what} of ${countOf(count, 'flavor')}: ${told.join(', ')}${more}.`,
    suggestion: `Remove ${properties} from the image${isOne ? '' : 's'} where the flavor is to decide.`,
  };
}

/** A name, its end cut off where it is long. */
export function shownName(name: string): string {
  return name.length > MOST_NAME ? `${name.slice(0, MOST_NAME)}…` : name;
}

function namesOf(items: readonly {readonly name: string}[]): string {
  return someOf(
    items.map(({name}) => shownName(name)),
    MOST_TOLD,
  );
}
