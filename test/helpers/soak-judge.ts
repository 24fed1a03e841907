/** What `watch --json` told in a soak, held against what was done and what Nova had. Pure. */
import type {SeenLine} from './lab-watch.js';

/** Something that was asked of Nova about a server. Times are epoch milliseconds. */
export type Deed = {
  readonly id: string;
  readonly kind: 'delete' | 'restore' | 'destroy' | 'reset' | 'other';
  readonly sent: number;
  /** When the answer was there, or none was waited for any more: Nova's action began between the two. */
  readonly answered: number;
  /** What Nova answered; undefined where nothing came back, and it may have been done or not. */
  readonly status: number | undefined;
};

/** The rows of Nova's database at a moment between two. */
export type Sample = {
  readonly began: number;
  readonly ended: number;
  /** Those that are not destroyed. */
  readonly softDeleted: ReadonlySet<string>;
};

export type SoakFacts = {
  readonly lines: readonly SeenLine[];
  readonly deeds: readonly Deed[];
  /** When the periodic task took a server, by the log of its host. */
  readonly reclaims: ReadonlyMap<string, number>;
  readonly samples: readonly Sample[];
  /** When hosts were forced down. Zed records no action of what is destroyed there, while the host itself may run. */
  readonly forcedDown: readonly {readonly host: string; readonly began: number; readonly ended: number}[];
};

const ENDS = new Set(['restored', 'reclaimed', 'purged']);
/** Logs and delete times are compared across processes, and some are told in whole seconds. */
const SLACK_MS = 3000;

/** What the lines come to: those that are there, as they were told last. */
export function fold(lines: readonly SeenLine[]): ReadonlyMap<string, SeenLine> {
  const there = new Map<string, SeenLine>();
  for (const line of lines) {
    if (ENDS.has(line.event)) there.delete(line.id);
    else there.set(line.id, line);
  }
  return there;
}

/**
 * Everything that was told and was not so: an end of one that was not there, an end that nobody and nothing has caused,
 * an end of one that is soft-deleted afterwards without another DELETE. And what was never told.
 *
 * @param patienceMs one that is soft-deleted in all samples for so long has been told of
 */
export function judge(facts: SoakFacts, patienceMs: number): readonly string[] {
  return [...outOfOrder(facts.lines), ...falseEnds(facts), ...untold(facts, patienceMs)];
}

/** How long after the log of its host each reclaim was told, in milliseconds. */
export function reclaimDelays({lines, reclaims}: SoakFacts): readonly number[] {
  return lines.flatMap(({event, id, at}) => {
    const tookAt = reclaims.get(id);
    return event === 'reclaimed' && tookAt !== undefined ? [at - tookAt] : [];
  });
}

function outOfOrder(lines: readonly SeenLine[]): readonly string[] {
  const there = new Set<string>();
  return lines.flatMap(({event, id, at}) => {
    const isNew = event === 'present' || event === 'added';
    const isWrong = isNew === there.has(id);
    if (ENDS.has(event)) there.delete(id);
    else there.add(id);
    return isWrong
      ? [`${timeOf(at)} ${event} of ${id}, which was ${isNew ? 'there already' : 'not there'}`]
      : [];
  });
}

function falseEnds({lines, deeds, reclaims, samples, forcedDown}: SoakFacts): readonly string[] {
  const byId = Map.groupBy(deeds, ({id}) => id);
  return lines
    .filter(({event}) => ENDS.has(event))
    .flatMap((line) => {
      const {event, id, at} = line;
      const isTimed = line.deleted_at !== null && line.deleted_at_source === 'action';
      const since = isTimed ? Date.parse(line.deleted_at ?? '') : Number.NEGATIVE_INFINITY;
      const own = byId.get(id) ?? [];
      const causes = own.filter(
        (deed) =>
          mayBeDone(deed) && deed.sent <= at && deed.answered >= since - SLACK_MS && doesCause(line, deed),
      );
      const tookAt = reclaims.get(id);
      const isReclaimed = event === 'reclaimed' && tookAt !== undefined && tookAt <= at + SLACK_MS;
      const isUntellable =
        event === 'reclaimed' &&
        own.some(
          ({kind, sent}) =>
            (kind === 'destroy' || kind === 'delete') &&
            forcedDown.some(({host, began, ended}) => host === line.host && began <= sent && sent <= ended),
        );
      const told = `${timeOf(at)} ${event} of ${id} (${line.name} on ${line.host}, deleted ${line.deleted_at})`;
      if (causes.length === 0 && !isReclaimed && !isUntellable)
        return [`${told}: nothing has caused that${historyOf(own, tookAt)}`];
      // A DELETE on a host that is down destroys; what was taken by the periodic task was not.
      if (
        event === 'purged' &&
        tookAt !== undefined &&
        tookAt <= at &&
        causes.every(({kind}) => kind === 'delete')
      ) {
        return [`${told}: its host has reclaimed it at ${timeOf(tookAt)}`];
      }
      const again = samples.find(({began, softDeleted}) => began > at && softDeleted.has(id));
      if (again === undefined) return [];
      const isDeletedAgain = own.some(
        (deed) =>
          deed.kind === 'delete' &&
          mayBeDone(deed) &&
          deed.sent >= since - SLACK_MS &&
          deed.sent <= again.ended,
      );
      return event === 'restored' && isDeletedAgain
        ? []
        : [`${told}: at ${timeOf(again.ended)} it is soft-deleted`];
    });
}

/** What is known of a server, for who has to find out why. */
function historyOf(deeds: readonly Deed[], tookAt: number | undefined): string {
  const asked = deeds.map(({kind, sent, status}) => `${kind} at ${timeOf(sent)} (${status ?? 'no answer'})`);
  const took = tookAt === undefined ? [] : [`taken by its host at ${timeOf(tookAt)}`];
  return asked.length + took.length === 0 ? '' : `; ${[...asked, ...took].join(', ')}`;
}

function doesCause({event, status}: SeenLine, {kind}: Deed): boolean {
  const isDestruction = kind === 'destroy' || kind === 'delete';
  if (event !== 'restored') return event === 'purged' && isDestruction;
  // A host that fails while it destroys one leaves it in ERROR.
  return kind === 'restore' || kind === 'reset' || (isDestruction && status === 'ERROR');
}

function mayBeDone({status}: Deed): boolean {
  return status === undefined || (status >= 200 && status < 300) || status >= 500;
}

function untold({lines, samples}: SoakFacts, patienceMs: number): readonly string[] {
  const told = new Set(lines.map(({id}) => id));
  const since = new Map<string, number>();
  const missing = new Set<string>();
  for (const {began, ended, softDeleted} of samples) {
    for (const id of since.keys()) if (!softDeleted.has(id)) since.delete(id);
    for (const id of softDeleted) {
      if (!since.has(id)) since.set(id, ended);
      else if (began - (since.get(id) ?? began) > patienceMs && !told.has(id)) missing.add(id);
    }
  }
  return [...missing].map((id) => `${id} was soft-deleted for long, and nothing was told of it`);
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
