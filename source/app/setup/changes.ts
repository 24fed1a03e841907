import {cutBatches} from '../../domain/fleet/batches.js';
import {canDestroy, STEPS, type IntervalReading, type RunStep} from '../../domain/fleet/interval-change.js';
import type {Role} from '../../domain/fleet/node-facts.js';
import type {Planned} from '../rollout/plan.js';
import type {ImpactServer, PlannedTarget} from '../rollout/plan-types.js';
import type {RunSettings} from '../rollout/wish.js';
import {type AgeHistogram, ageHistogram} from './histogram.js';

/** Nodes that get the same change of the same file. */
export type ChangeGroup = {
  readonly id: string;
  readonly role: Role;
  readonly hosts: readonly string[];
  /** The file that is written or, where it is right already, decides; undefined where none does. */
  readonly file: string | undefined;
  /** First line that changes; undefined where nothing is written. */
  readonly line: number | undefined;
  /** Whether a line is added and none replaced. */
  readonly isInsertion: boolean;
  readonly before: IntervalReading;
  readonly after: IntervalReading;
  readonly diff: string;
  readonly unit: string;
  readonly needsRestart: boolean;
};

/** A server that is destroyed, with its age. */
export type Victim = {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly host: string;
  /** Seconds; undefined where its time of delete is not known. */
  readonly ageSeconds: number | undefined;
};

/** A line about what else to know. */
export type AlsoLine = {
  readonly sign: 'ok' | 'warning' | 'failed';
  readonly text: string;
  /** What follows from it. */
  readonly more: string;
};

/** One part of the order: what happens together or one after the other. */
export type OrderLine = {readonly name: string; readonly text: string};

/** Everything that the step before the run says, worked out of a plan. */
export type Changes = {
  readonly groups: readonly ChangeGroup[];
  readonly victims: readonly Victim[];
  readonly stranded: number;
  /** Soft-deleted servers on the computes that change. */
  readonly waiting: number;
  readonly isKnown: boolean;
  readonly problem: string | undefined;
  /** Shorter or on: what a new interval destroys is a question. */
  readonly isRisky: boolean;
  /** What was promised to those servers; undefined where hosts differ or promised nothing. */
  readonly promisedSeconds: number | undefined;
  readonly harmlessSeconds: number | undefined;
  /** Largest first. */
  readonly projects: readonly {readonly name: string; readonly count: number}[];
  readonly histogram: AgeHistogram | undefined;
  readonly also: readonly AlsoLine[];
  readonly order: readonly OrderLine[];
  readonly isApiLast: boolean;
  readonly busyHosts: readonly string[];
  readonly leftOut: readonly {readonly host: string; readonly reason: string; readonly detail: string}[];
  readonly computes: number;
  readonly apis: number;
  readonly expectedSeconds: number;
};

/** Columns of the histogram at most; a day is 48 of half an hour. */
const MOST_COLUMNS = 50;

/**
 * What a plan changes and does, for people.
 *
 * @param leftOut hosts that the operator left out
 * @param projectNames names of projects by id; an id without a name is shown as it is
 * @param seen computes that were looked at, by Nova's names, also those that are no part of the plan
 */
export function changesOf(
  planned: Planned,
  settings: Pick<RunSettings, 'batches' | 'maxFailures'>,
  leftOut: readonly string[] = [],
  projectNames: ReadonlyMap<string, string> = new Map(),
  seen: ReadonlySet<string> = new Set(),
): Changes {
  const {plan, view} = planned;
  const changing = plan.targets.filter((target) => target.step !== undefined);
  const computes = changing.filter(({role}) => role === 'compute');
  const now = plan.createdAt + view.apiOffsetMs;
  const victims = plan.impact.destroyed
    .map((server) => victimOf(server, planned, now, projectNames))
    .toSorted((a, b) => (b.ageSeconds ?? Infinity) - (a.ageSeconds ?? Infinity) || (a.id < b.id ? -1 : 1));
  const hosts = new Set(computes.map(({novaHost}) => novaHost));
  const waiting = view.softDeleted.filter(({host}) => host !== undefined && hosts.has(host));
  const promised = new Set(
    computes.map(({running}) =>
      running.kind === 'value' && running.seconds > 0 ? running.seconds : undefined,
    ),
  );
  const [promisedSeconds] = promised.size === 1 ? promised : [undefined];
  return {
    groups: groupsOf(changing),
    victims,
    stranded: plan.impact.stranded.length,
    waiting: waiting.length,
    isKnown: plan.impact.isKnown,
    problem: plan.impact.problem,
    isRisky: computes.some(({change}) => canDestroy(change)),
    promisedSeconds,
    harmlessSeconds: plan.impact.harmlessInterval,
    projects: countProjects(victims),
    histogram: victims.length === 0 ? undefined : histogramOf(planned, victims, hosts, promisedSeconds, now),
    also: alsoLines(planned, seen),
    order: orderLines(changing, settings),
    isApiLast: changing.some(({step}) => step === 'api-on'),
    busyHosts: plan.impact.busyHosts,
    leftOut: [
      ...plan.leftOut.map(({host, problem}) => ({
        host,
        reason: problem.code.replaceAll('-', ' '),
        detail: problem.message,
      })),
      ...leftOut
        .filter((host) => !plan.leftOut.some((one) => one.host === host))
        .map((host) => ({host, reason: 'by you', detail: `${host}: left out in step 2`})),
    ],
    computes: computes.length,
    apis: changing.length - computes.length,
    expectedSeconds: plan.expectedSeconds,
  };
}

/** Targets with the same change, the largest group first, API nodes last. */
export function groupsOf(targets: readonly PlannedTarget[]): readonly ChangeGroup[] {
  const groups = Map.groupBy(targets, (target) =>
    JSON.stringify([
      target.role,
      target.file,
      target.diff,
      target.write.kind,
      target.before,
      target.after,
      target.needsRestart && target.unit,
    ]),
  );
  return [...groups]
    .map(([id, [first, ...more]]): ChangeGroup => {
      if (first === undefined) throw new Error('a group has a first member');
      const place = placeOfDiff(first.diff);
      return {
        id,
        role: first.role,
        hosts: [first, ...more].map(({host}) => host),
        file: first.file,
        line: place?.line,
        isInsertion: place?.isInsertion ?? false,
        before: first.before,
        after: first.after,
        diff: first.diff,
        unit: first.unit,
        needsRestart: first.needsRestart,
      };
    })
    .toSorted((a, b) => rankOf(a) - rankOf(b) || b.hosts.length - a.hosts.length);
}

function rankOf({role}: ChangeGroup): number {
  return role === 'api' ? 1 : 0;
}

/** The first line that a unified diff removes or adds. */
function placeOfDiff(diff: string): {readonly line: number; readonly isInsertion: boolean} | undefined {
  let line = 0;
  for (const text of diff.split('\n')) {
    const start = /^@@ -(\d+),(\d+) \+(\d+),/.exec(text);
    // An empty hunk is counted from the line before it.
    if (start !== null) line = Number(start[2] === '0' ? start[3] : start[1]);
    else if (line > 0 && /^[-+]/.test(text))
      return {line, isInsertion: !/^-/m.test(diff.replace(/^--- .*$/m, ''))};
    else if (line > 0) line += 1;
  }
  return undefined;
}

function victimOf(
  server: ImpactServer,
  {view}: Planned,
  now: number,
  names: ReadonlyMap<string, string>,
): Victim {
  const row = view.softDeleted.find(({id}) => id === server.id);
  const since = server.deleted_at === undefined ? row?.updatedAt : Date.parse(server.deleted_at);
  const project = server.project_id;
  return {
    id: server.id,
    name: server.name === '' ? server.id : server.name,
    project: project === undefined ? '?' : (names.get(project) ?? project),
    host: server.host,
    ageSeconds: since === undefined ? undefined : Math.max(0, (now - since) / 1000),
  };
}

function countProjects(victims: readonly Victim[]): Changes['projects'] {
  return [...Map.groupBy(victims, ({project}) => project)]
    .map(([name, {length}]) => ({name, count: length}))
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name, 'en'));
}

/** Who lives is counted by the last change, which is no earlier than the delete: so the picture never flatters. */
function histogramOf(
  {plan, view}: Planned,
  victims: readonly Victim[],
  hosts: ReadonlySet<string | undefined>,
  promisedSeconds: number | undefined,
  now: number,
): AgeHistogram {
  const condemned = new Set(victims.map(({id}) => id));
  const kept = view.softDeleted.filter(
    ({id, host}) => host !== undefined && hosts.has(host) && !condemned.has(id),
  );
  const aged = [
    ...victims.map(({ageSeconds = 0}) => ({ageSeconds, isDestroyed: true})),
    ...kept.map(({updatedAt}) => ({
      ageSeconds: updatedAt === undefined ? 0 : (now - updatedAt) / 1000,
      isDestroyed: false,
    })),
  ];
  return ageHistogram(aged, plan.intervalSeconds ?? 0, promisedSeconds ?? 0, MOST_COLUMNS);
}

function alsoLines({plan}: Planned, seen: ReadonlySet<string>): readonly AlsoLine[] {
  const lines: AlsoLine[] = [];
  const errors = plan.targets.flatMap(({problems}) => problems.filter(({severity}) => severity === 'error'));
  for (const {message, remedy} of errors) lines.push({sign: 'failed', text: message, more: remedy ?? ''});
  const warned = (code: string) =>
    plan.targets.filter(({problems}) => problems.some((problem) => problem.code === code));
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  const cinder = warned('no-cinder').length;
  if (cinder > 0) {
    lines.push({
      sign: 'warning',
      text: `${count(cinder, 'compute', 'computes')} without [cinder] credentials`,
      more: 'volumes stay in-use',
    });
  }
  const {downHosts, stranded} = plan.impact;
  if (downHosts.length > 0) {
    const [first = ''] = downHosts;
    const text =
      downHosts.length === 1 ? `${first} is down` : `${downHosts.length} computes are down, ${first} …`;
    lines.push({sign: 'warning', text, more: 'a delete there is final'});
  }
  for (const [code, text, more] of [
    ['clock-off', 'clock that is wrong', 'servers there go earlier or later'],
    ['overwritten', 'file that its deployment writes', 'the next deployment undoes the edit'],
    ['shared-service', 'service that shares a web server', 'a restart interrupts what else it serves'],
    ['shared-file', 'file that both services read', 'one changes with the other at its next start'],
  ] as const) {
    const found = warned(code).length;
    if (found > 0)
      lines.push({sign: 'warning', text: `${count(found, 'node', 'nodes')} with a ${text}`, more});
  }
  const unseen = plan.unseenComputes.filter((host) => !seen.has(host));
  if (unseen.length > 0) {
    const [first = ''] = unseen;
    const text =
      unseen.length === 1
        ? `${first} was not looked at`
        : `${unseen.length} computes were not looked at, ${first} …`;
    lines.push({sign: 'warning', text, more: 'nova-api goes on only when all reclaim'});
  }
  const others = plan.unseenComputes.length - unseen.length;
  if (others > 0) {
    const text = others === 1 ? '1 compute stays as it is' : `${others} computes stay as they are`;
    lines.push({sign: 'ok', text, more: 'no part of this change'});
  }
  if (plan.isApiUnseen) {
    lines.push({sign: 'warning', text: 'no API host is known', more: 'without it a delete stays as it is'});
  }
  lines.push(
    stranded.length === 0
      ? {
          sign: 'ok',
          text: '0 stranded',
          more: plan.intervalSeconds === 0 ? '' : 'every host keeps an interval',
        }
      : {
          sign: 'warning',
          text: `${stranded.length} stranded`,
          more: 'soft-deleted on computes that go off; these wait until they are gone',
        },
  );
  return lines;
}

const STEP_NAMES: Readonly<Record<RunStep, string>> = {
  'api-off': 'API off, one by one',
  'computes-on': 'computes on, or longer',
  'computes-shorter': 'computes shorter',
  'api-on': 'API, one by one',
  'computes-off': 'computes off, when empty',
};

function orderLines(
  changing: readonly PlannedTarget[],
  {batches, maxFailures}: Pick<RunSettings, 'batches' | 'maxFailures'>,
): readonly OrderLine[] {
  const lines: OrderLine[] = [];
  const nodes = (number: number) => (number === 1 ? '1 node' : `${number} nodes`);
  const computeSteps = new Set(changing.flatMap(({role, step}) => (role === 'compute' ? [step] : [])));
  const hasTwoSteps = computeSteps.size > 1;
  for (const step of STEPS) {
    const due = changing.filter((target) => target.step === step);
    if (due.length === 0) continue;
    const name = lines.length === 0 ? 'first' : 'then';
    if (step.startsWith('api')) {
      lines.push({name, text: `${STEP_NAMES[step]}: ${nodes(due.length)}`});
      continue;
    }
    const [canary = [], ...rest] = cutBatches(due, batches);
    // Where computes take two steps, each says which it is.
    const which = hasTwoSteps ? `, ${STEP_NAMES[step]}` : '';
    lines.push({name: 'canary', text: `${nodes(canary.length)}${which}`});
    const sizes = new Set(rest.map(({length}) => length));
    if (rest.length > 0) {
      const largest = Math.max(...sizes);
      const each = sizes.size === 1 ? `of ${largest}` : `of up to ${largest}`;
      lines.push({
        name: 'batches',
        text: `${rest.length} ${each}${rest.length > 1 ? ', one after another' : ''}`,
      });
    }
  }
  if (lines.length > 0) {
    lines.push({name: '', text: `stops after ${maxFailures + 1} failed nodes`});
  }
  return lines;
}
