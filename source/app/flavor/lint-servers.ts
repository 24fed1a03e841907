import type {Severity} from '../../domain/flavor/finding.js';
import {flavorContent, flavorDifferences, haveSameSize} from '../../domain/flavor/flavor-differences.js';
import type {Listing} from '../ports.js';
import type {CloudFlavor, FlavorCopy, FlavorUse} from './flavor-ports.js';
import {SEVERITY_RANK, type CopyStanding, type ServerFigures, type ServerGroup} from './lint-types.js';

type Standing = CopyStanding | 'current' | 'unknown';

/** How the servers stand to their flavors. */
export type ServerLint = {
  readonly figures: ServerFigures;
  readonly groups: readonly ServerGroup[];
  /** Servers by the name of their flavor, each list by their own. */
  readonly byFlavor: ReadonlyMap<string, readonly FlavorUse[]>;
};

/** Servers of a flavor that was taken away lack nothing: only an old copy waits for a resize. */
const SEVERITIES: Readonly<Record<CopyStanding, Severity>> = {
  old: 'warning',
  gone: 'info',
  renamed: 'info',
};

/**
 * Compares the copy that each server carries with today's flavor of that name. Where not every flavor is known, one that
 * is not among them counts as unknown, not as gone.
 */
export function lintServers(flavors: Listing<CloudFlavor>, uses: readonly FlavorUse[]): ServerLint {
  const today = new Today(flavors);
  const figures = {total: 0, current: 0, old: 0, gone: 0, renamed: 0, unknown: 0};
  const byFlavor = new Map<string, FlavorUse[]>();
  const groups = new Map<
    string,
    {readonly standing: CopyStanding; readonly copy: FlavorCopy; servers: FlavorUse[]}
  >();
  // Servers share the objects of equal copies, so that few have to be compared.
  const known = new Map<
    FlavorCopy,
    {readonly standing: Standing; readonly servers: FlavorUse[] | undefined}
  >();
  for (const use of uses.toSorted(byName)) {
    figures.total += 1;
    const {copy} = use;
    if (copy === undefined) {
      figures.unknown += 1;
      continue;
    }
    const others = byFlavor.get(copy.name);
    if (others === undefined) byFlavor.set(copy.name, [use]);
    else others.push(use);
    let seen = known.get(copy);
    if (seen === undefined) {
      const standing = today.standingOf(copy);
      let servers: FlavorUse[] | undefined;
      if (standing !== 'current' && standing !== 'unknown') {
        const key = `${copy.name}\n${flavorContent(copy)}`;
        const group = groups.get(key) ?? {standing, copy, servers: []};
        groups.set(key, group);
        ({servers} = group);
      }
      seen = {standing, servers};
      known.set(copy, seen);
    }
    figures[seen.standing] += 1;
    seen.servers?.push(use);
  }
  const told = Array.from(groups.values(), ({standing, copy, servers}) =>
    today.groupOf(standing, copy, servers),
  );
  return {figures, groups: told.toSorted(byRank), byFlavor};
}

/** The flavors that there are now. */
class Today {
  readonly #isComplete: boolean;
  readonly #flavors: readonly CloudFlavor[];
  readonly #byName: ReadonlyMap<string, CloudFlavor>;
  #byContent: Map<string, CloudFlavor[]> | undefined;

  constructor({rows, isComplete}: Listing<CloudFlavor>) {
    this.#flavors = rows;
    this.#isComplete = isComplete;
    this.#byName = new Map(rows.map((flavor) => [flavor.name, flavor]));
  }

  standingOf(copy: FlavorCopy): Standing {
    const flavor = this.#byName.get(copy.name);
    if (flavor === undefined) {
      if (!this.#isComplete) return 'unknown';
      return this.#alike(copy).length > 0 ? 'renamed' : 'gone';
    }
    if (!haveSameSize(copy, flavor)) return 'old';
    if (copy.extraSpecs === undefined || flavor.extraSpecs === undefined) return 'unknown';
    return flavorDifferences(copy, flavor).length === 0 ? 'current' : 'old';
  }

  groupOf(standing: CopyStanding, copy: FlavorCopy, servers: readonly FlavorUse[]): ServerGroup {
    const flavor = this.#byName.get(copy.name);
    // What is disabled can be told to be the same, but nothing can be resized to it.
    const alike =
      standing === 'old' && flavor !== undefined
        ? this.#alike(flavor).filter(({isDisabled}) => !isDisabled)
        : this.#alike(copy);
    return {
      standing,
      severity: SEVERITIES[standing],
      name: copy.name,
      flavor,
      isReplaced: flavor !== undefined && !haveSameSize(copy, flavor),
      differences: flavor === undefined ? [] : flavorDifferences(copy, flavor),
      alike,
      servers,
    };
  }

  /** Those with another name and no difference. */
  #alike(wanted: FlavorCopy | CloudFlavor): readonly CloudFlavor[] {
    if (wanted.extraSpecs === undefined) return [];
    if (this.#byContent === undefined) {
      this.#byContent = new Map();
      for (const flavor of this.#flavors) {
        if (flavor.extraSpecs === undefined) continue;
        const key = flavorContent(flavor);
        const same = this.#byContent.get(key);
        if (same === undefined) this.#byContent.set(key, [flavor]);
        else same.push(flavor);
      }
    }
    return (this.#byContent.get(flavorContent(wanted)) ?? []).filter(({name}) => name !== wanted.name);
  }
}

function byName(one: FlavorUse, other: FlavorUse): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

function byRank(one: ServerGroup, other: ServerGroup): number {
  const rank = SEVERITY_RANK[one.severity] - SEVERITY_RANK[other.severity];
  if (rank !== 0) return rank;
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return other.servers.length - one.servers.length;
}
