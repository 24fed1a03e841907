import {type Confirm, type RunSignals} from '../app/rollout/apply.js';
import {type Question, questionOf, unconfirmed} from '../app/rollout/confirm.js';
import type {Plan} from '../app/rollout/plan-types.js';
import type {Confirmed} from '../app/rollout/run.js';
import {type LoadFleet, withBusyHosts} from '../app/rollout/plan.js';
import type {RolloutPorts} from '../app/rollout/rollout-ports.js';
import type {Operator, RunSettings} from '../app/rollout/wish.js';
import type {EndEvent} from '../app/rollout/events.js';
import {UserError} from '../app/errors.js';
import type {CloudAccount} from '../app/ports.js';
import type {Remains} from '../app/doctor/remains-ports.js';
import type {Flavors} from '../app/flavor/flavor-ports.js';
import type {GuestPrograms} from '../app/guest/guest-ports.js';
import type {GuestServers, NamedServers, ServerDetails, WaitingServers} from '../app/servers/server-ports.js';
import type {ExitCode} from '../text/errors.js';
import type {Composition} from '../compose.js';
import type {CommandContext} from './command.js';
import type {RunFlags} from './run-flags.js';

/** Flags of every command that talks to nodes. */
export type NodeFlags = Pick<RunFlags, 'parallel' | 'transport' | 'askBecomePass'>;

/** What plan, apply, resume, rollback, runs and status share. */
export type RolloutSession = {
  readonly ports: RolloutPorts & {
    readonly account: CloudAccount;
    readonly waitingServers: WaitingServers;
    readonly namedServers: NamedServers;
    readonly serverDetails: ServerDetails;
    readonly remains: Remains;
    readonly guestServers: GuestServers;
    readonly flavors: Flavors;
    readonly programs: GuestPrograms;
  };
  readonly loadFleet: LoadFleet;
  readonly operator: Operator;
  readonly signals: RunSignals;
  /** Flags that name cloud and nodes, for the journal. */
  readonly place: Readonly<Record<string, string>>;
  readonly parallel: number;
  /** How many nodes the fleet has, as far as it was put together; 0 before. */
  readonly fleetSize: () => number;
};

/** Builds the adapters for a command that talks to nodes and Nova. `place`: what a journal says where they are. */
export async function openSession(
  context: CommandContext,
  flags: NodeFlags,
  given?: Readonly<Record<string, string>>,
): Promise<RolloutSession> {
  const {terminal, output, signal} = context;
  const isInteractive = terminal.isStdinTty && terminal.isStderrTty;
  const composition = await context.compose();
  const place = given ?? placeOf(context, composition);
  const ports = await composition.rollout({
    cloud: place['cloud'],
    transport: flags.transport,
    parallel: flags.parallel,
    askBecomePass: flags.askBecomePass,
    place,
    isInteractive,
    notice: (text) => output.notice(`notice: ${text}`),
  });
  const told = new Set<string>();
  let fleetSize = 0;
  return {
    ports,
    parallel: flags.parallel,
    fleetSize: () => fleetSize,
    operator: await composition.operator(),
    place,
    signals: {stop: signal, finish: new AbortController().signal},
    async loadFleet(novaComputes) {
      const fleet = await composition.fleet(novaComputes, place);
      fleetSize = fleet.hosts.length;
      for (const notice of fleet.notices) {
        if (!told.has(notice)) output.notice(`notice: ${notice}`);
        told.add(notice);
      }
      return fleet;
    },
  };
}

/** What names cloud and nodes on this command line. */
export function placeOf(
  {common}: CommandContext,
  {absolutePath}: Composition,
): Readonly<Record<string, string>> {
  const pathOf = (path: string | undefined) => (path === undefined ? undefined : absolutePath(path));
  const entries = {
    cloud: common.cloud,
    inventory: pathOf(common.inventory),
    profile: pathOf(common.profile),
    'api-hosts': common.apiHosts?.join(','),
  };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The same as words of a command line. */
export function placeFlags(place: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(place).flatMap(([name, value]) => [`--${name}`, value]);
}

/** The same for a run that has a journal here: what it was started with, unless flags say otherwise. */
export async function placeOfRun(
  context: CommandContext,
  run: string,
): Promise<Readonly<Record<string, string>>> {
  const composition = await context.compose();
  const journals = await composition.journals();
  const known = (await journals.list()).includes(run) ? await journals.read(run) : [];
  const begin = known.find((entry) => entry.type === 'begin');
  const now = placeOf(context, composition);
  const profile = begin?.context['profile'];
  if (profile !== undefined && profile !== now['profile']) {
    // The profile is read before the journal is known.
    throw new UserError('usage', `run ${run} was started with the profile ${profile}`, {
      remedy: `name it again: --profile ${profile}`,
    });
  }
  return {...begin?.context, ...now};
}

/** Changing anything is refused under --read-only. */
export function refuseReadOnly({common}: CommandContext, what: string): void {
  if (common.readOnly) {
    throw new UserError('refused', `${what} is not done with --read-only`, {remedy: 'leave --read-only out'});
  }
}

/**
 * Asks the operator to agree to a plan, unless flags did. The number of servers that would be destroyed has to be
 * typed; where nobody can be asked that is a refusal which names the number.
 */
export function confirmWith(
  context: CommandContext,
  {ports, signals}: RolloutSession,
  settings: RunSettings,
  agreed: Confirmed | undefined,
  reader: {readonly showPlan: (plan: Plan) => void; readonly start: (plan: Plan) => void},
): Confirm {
  return async (planned) => {
    const {plan} = planned;
    const merged = {
      ...settings,
      destroy: Math.max(settings.destroy ?? 0, agreed?.destroy ?? 0),
      strand: Math.max(settings.strand ?? 0, agreed?.strand ?? 0),
    };
    const question = questionOf(plan, merged, context.common.yes);
    if (question.kind === 'ask') {
      const {terminal, common} = context;
      if (!terminal.isStdinTty || !terminal.isStderrTty || common.json)
        throw unconfirmed(question, common.yes);
      reader.showPlan((await withBusyHosts(ports, planned, signals.stop)).plan);
      await ask(context, question, plan);
    }
    reader.start(plan);
    const {destroy, strand} = question.confirmed;
    return {strand, destroy: question.kind === 'ask' ? Math.max(destroy, question.destroy) : destroy};
  };
}

async function ask(context: CommandContext, question: Question & {kind: 'ask'}, plan: Plan): Promise<void> {
  const prompt = await (await context.compose()).prompt(true);
  const {destroy, nodes} = question;
  const changed = `${nodes} ${nodes === 1 ? 'node' : 'nodes'}`;
  if (destroy > 0) {
    const typed = await prompt.text(
      `${destroy} soft-deleted ${destroy === 1 ? 'server' : 'servers'} would be destroyed for ever. Type the number to agree:`,
    );
    if (typed.trim() !== String(destroy)) throw unconfirmed(question, context.common.yes);
  } else {
    const impact = impactWords(plan);
    const typed = await prompt.text(`Change ${changed}? ${impact} Type yes to agree:`);
    if (!/^y(es)?$/i.test(typed.trim())) throw unconfirmed(question, context.common.yes);
  }
}

/** What the plan does to servers, in a sentence beside the question. */
function impactWords({impact: {isKnown, destroyed}}: Plan): string {
  if (!isKnown) return 'What it does to servers is unknown.';
  if (destroyed.length === 0) return 'No server is destroyed.';
  return `Servers that are destroyed, as agreed: ${destroyed.length}.`;
}

/** The exit code of a run. */
export function exitCodeOfRun({signals}: RolloutSession, {outcome}: EndEvent): ExitCode {
  if (outcome === 'done' || outcome === 'rolled-back') return 0;
  return outcome === 'interrupted' && signals.stop.aborted ? 130 : 1;
}
