import type {Impact, ImpactServer} from '../app/rollout/plan-types.js';
import {countOf, formatElapsed, formatIntervalForPeople} from './elapsed.js';
import type {Line} from './line.js';
import {indented, paragraph, signed, someOf, TEXT_WIDTH} from './paragraph.js';
import {sign, type Signs} from './signs.js';
import {tableLines} from './table.js';

/** Rows of a list of servers before it is only counted. */
const MOST_SERVERS = 15;

const SERVER_COLUMNS = [
  {title: 'SERVER', narrowest: 16},
  {title: 'PROJECT', narrowest: 8},
  {title: 'HOST', narrowest: 12},
  {title: 'DELETED', align: 'right'},
] as const;

/**
 * What a plan does to servers: the count first, then who, then the value that would spare them.
 *
 * @param now epoch milliseconds that ages are counted to
 */
export function impactLines(impact: Impact, now: number, signs: Signs): Line[] {
  const lines: Line[] = [];
  if (!impact.isKnown) {
    const reason = impact.problem === undefined ? '' : `: ${impact.problem}`;
    lines.push(
      ...signed(
        sign(signs, 'unknown'),
        `What happens to servers is unknown${reason}. A lower interval, off and a rollback are refused until it is known.`,
      ),
    );
  }
  if (impact.destroyed.length > 0) {
    const verb = impact.destroyed.length === 1 ? 'is' : 'are';
    lines.push(
      ...signed(
        sign(signs, 'failed'),
        `${atLeast(impact)}${countOf(impact.destroyed.length, 'soft-deleted server')} ${verb} destroyed within about 2 min of the restarts:`,
      ),
      ...serverLines(impact.destroyed, now),
      ...harmlessLines(impact),
    );
  } else if (impact.isKnown) {
    lines.push(...signed(sign(signs, 'ok'), 'No server is destroyed.'));
  }
  if (impact.stranded.length > 0) {
    lines.push(
      ...signed(
        sign(signs, 'stuck'),
        `${atLeast(impact)}${countOf(impact.stranded.length, 'soft-deleted server')} would stay for ever on computes that are switched off. Without --strand ${impact.stranded.length} those computes wait until none is left:`,
      ),
      ...serverLines(impact.stranded, now),
    );
  }
  if (impact.busyHosts.length > 0) {
    lines.push(
      ...signed(
        sign(signs, 'waiting'),
        `${countOf(impact.busyHosts.length, 'host has', 'hosts have')} servers with a task or a migration; each is waited for up to 2 min, and once more at the end: ${someOf(impact.busyHosts)}`,
      ),
    );
  }
  if (impact.downHosts.length > 0) {
    lines.push(
      ...signed(
        sign(signs, 'warning'),
        `nova-compute is down on ${someOf(impact.downHosts)}: a server that is deleted there is gone at once, whatever the interval`,
      ),
    );
  }
  return lines;
}

function atLeast(impact: Impact): string {
  return impact.isKnown ? '' : 'At least ';
}

/** Oldest first; those without a known time stand in front, for Nova destroys them at once. */
function serverLines(servers: readonly ImpactServer[], now: number): Line[] {
  const sorted = servers.toSorted((one, other) => timeOf(one) - timeOf(other));
  const rows = sorted
    .slice(0, MOST_SERVERS)
    .map((server) => [
      server.name === '' ? server.id : server.name,
      server.project_id ?? '?',
      server.host,
      server.deleted_at === undefined ? '?' : `${formatElapsed((now - timeOf(server)) / 1000)} ago`,
    ]);
  const lines = tableLines(SERVER_COLUMNS, rows, TEXT_WIDTH - 4).map((line) => indented(line, 4));
  const more = servers.length - MOST_SERVERS;
  if (more > 0) lines.push(indented({text: `and ${more} more; --json names them all`, tone: 'muted'}, 4));
  const projects = projectCounts(servers);
  if (projects.length > 1) lines.push(...paragraph(`By project: ${someOf(projects)}`, 4));
  return lines;
}

function harmlessLines(impact: Impact): Line[] {
  if (!impact.isKnown) return [];
  return paragraph(
    impact.harmlessInterval === undefined
      ? 'No interval below the present one spares all of them.'
      : `An interval of ${formatIntervalForPeople(impact.harmlessInterval)} or longer destroys none of them now.`,
    4,
  );
}

function projectCounts(servers: readonly ImpactServer[]): readonly string[] {
  const groups = Map.groupBy(servers, (server) => server.project_id ?? 'unknown');
  return [...groups]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([project, {length}]) => `${project} ${length}`);
}

function timeOf({deleted_at: deletedAt}: ImpactServer): number {
  return deletedAt === undefined ? 0 : Date.parse(deletedAt);
}
