import {mapLimited} from '../../map-limited.js';
import {UserError} from '../../errors.js';
import type {CommandEnd} from '../../ports.js';
import {change} from '../change-target.js';
import {describeTarget} from '../plan-target.js';
import type {Plan, PlannedTarget} from '../plan-types.js';
import {type RunContext, type TargetResult, tell} from '../run-context.js';
import {quietOrOutage} from '../run-target.js';
import type {AnsiblePorts} from './ansible-ports.js';
import {judgeTarget} from './judge-target.js';
import {plainLine, readPlaybookLine} from './playbook-event.js';
import {playFor} from './playbook-files.js';
import {PlaybookTelling} from './tell-playbook.js';

/** Says how a target that was handed over ended; undefined where the operator left before it was. */
export type Verdict = () => Promise<TargetResult | undefined>;

/** A target that was prepared on its node, with the start of its service before. */
export type Handed = {readonly target: PlannedTarget; readonly startIdBefore: string};

/** What came of one start of Ansible. */
export type Played = {
  readonly telling: PlaybookTelling;
  /** Why it did not do what it was started for, a sentence; undefined where it came to its end, well or not. */
  readonly problem: string | undefined;
  /** Whether that is because the operator wished to leave. */
  readonly wasStopped: boolean;
};

/**
 * Has Ansible carry out one batch: waits until its hosts are quiet, keeps on each node what is needed to put its file
 * back, and starts one playbook for all of them. What came of it is for the verdicts to say, by looking at the nodes.
 */
export async function handToAnsible(
  context: RunContext,
  {ports, plan}: NonNullable<RunContext['ansible']>,
  batch: readonly PlannedTarget[],
  locked: Set<string>,
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map(batch.map(({id}): [string, Verdict] => [id, async () => undefined]));
  const quiet = await quietTargets(context, batch, verdicts);
  if (quiet.length === 0 || context.stop.aborted) return verdicts;
  for (const {id, host} of quiet) {
    locked.add(host);
    const time = context.ports.clock.now();
    context.journal.append({type: 'intent', time, target: id, action: 'change'});
  }
  await context.journal.flush();
  const handed: Handed[] = [];
  await mapLimited(quiet, context.settings.parallel, async (target) => {
    tell(context, target.host, 'change', 'started', describeTarget(target));
    const changed = await change(context, target, {kind: 'hand-over'});
    if (changed.kind === 'ended') verdicts.set(target.id, async () => changed.result);
    else handed.push({target, startIdBefore: changed.startIdBefore});
  });
  if (handed.length === 0) return verdicts;
  const played = await runPlaybook(context, ports, plan, handed);
  for (const one of handed) verdicts.set(one.target.id, async () => judgeTarget(context, one, played));
  return verdicts;
}

/** How long a first look may take before the hosts that were quiet then are asked again. */
const STALE_MS = 5000;

/** Those of a batch that are quiet now; the others have their verdict. */
async function quietTargets(
  context: RunContext,
  batch: readonly PlannedTarget[],
  verdicts: Map<string, Verdict>,
): Promise<readonly PlannedTarget[]> {
  const {clock} = context.ports;
  const {restart, parallel} = context.settings;
  let left = batch;
  for (let round = 0; round < 2; round += 1) {
    const began = clock.now();
    const quiet: PlannedTarget[] = [];
    let hasOutage = false;
    await mapLimited(left, parallel, async (target) => {
      if (hasOutage || context.stop.aborted) return;
      const isRestarted = target.needsRestart && restart && target.role === 'compute';
      const busy = isRestarted ? await busyUnlessLeft(context, target) : undefined;
      if (busy === undefined) quiet.push(target);
      else verdicts.set(target.id, async () => ({target, ...busy}));
      hasOutage ||= busy?.state === 'pending';
    });
    // Without Nova nothing is begun, also not what was quiet a moment ago.
    if (hasOutage) return [];
    left = batch.filter((target) => quiet.includes(target));
    if (clock.now() - began < STALE_MS) break;
  }
  return left;
}

/** Who leaves while a host is busy ends the wait too. */
async function busyUnlessLeft(
  context: RunContext,
  target: PlannedTarget,
): Promise<Pick<TargetResult, 'state' | 'message'> | undefined> {
  try {
    return await quietOrOutage(context, target);
  } catch (error) {
    if (context.stop.aborted && error === context.stop.reason) return undefined;
    throw error;
  }
}

async function runPlaybook(
  context: RunContext,
  ansible: AnsiblePorts,
  plan: Plan,
  handed: readonly Handed[],
): Promise<Played> {
  const {stop, finish} = context;
  const targets = handed.map(({target}) => target);
  const telling = new PlaybookTelling(
    context,
    targets.map(({host}) => host),
  );
  const [first] = targets;
  if (first === undefined) throw new Error('nothing was handed over');
  const count = targets.length;
  const hosts = count === 1 ? first.host : `${count} hosts`;
  try {
    const play = await playFor(ansible, plan, first.role, targets, context.nodes, context.settings);
    tell(context, '', 'change', 'started', `ansible-playbook for ${hosts}`);
    const onLine = (line: string): void => {
      const event = readPlaybookLine(line);
      if (event !== undefined) telling.hear(event);
    };
    const end = await ansible.playbook.play(play, onLine, {stop, finish});
    finish.throwIfAborted();
    const problem = problemOf(end, telling);
    const wasStopped = problem !== undefined && stop.aborted;
    const words = wasStopped
      ? 'ansible-playbook was stopped'
      : (problem ?? `ansible-playbook ended for ${hosts}`);
    tell(context, '', 'change', problem === undefined ? 'done' : 'failed', words);
    return {telling, problem: wasStopped ? 'Ansible was stopped' : problem, wasStopped};
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // The disk may be full, or somebody changed the template: the nodes are as they were.
    tell(context, '', 'change', 'failed', error.message);
    return {telling, problem: error.message, wasStopped: false};
  }
}

const NO_HOSTS =
  "Ansible's inventory has none of these hosts, or its enable_plugins do not read it (see ansible-inventory --graph)";

/** Ansible's own codes: 2 where a host failed, 4 where one could not be reached; 8 with 2 where a play broke off. */
const HOST_CODES: ReadonlySet<number> = new Set([0, 2, 4, 6, 8, 10]);

function problemOf(
  end: CommandEnd,
  {hasStarted, hasEnded, hasHosts, reports}: PlaybookTelling,
): string | undefined {
  if (end.kind === 'not-started') return `ansible-playbook could not be started: ${end.problem}`;
  const said = plainLine(end.complaint);
  const why = said === '' ? '' : `: ${said}`;
  switch (end.kind) {
    case 'killed':
      return `ansible-playbook was ended by ${end.signal}${why}`;
    case 'exited': {
      if (hasEnded && HOST_CODES.has(end.code)) {
        return hasHosts ? undefined : NO_HOSTS;
      }
      const when = reports.size === 0 ? ' before it came to any host' : '';
      if (end.code !== 0) return `ansible-playbook ended with ${end.code}${when}${why}`;
      return hasStarted
        ? `ansible-playbook ended without a word on how${why}`
        : `ansible-playbook told nothing of what it did${why}`;
    }
  }
}
