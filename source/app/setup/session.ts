import {UserError} from '../errors.js';
import type {Clock, CloudAccount, CloudList} from '../ports.js';
import type {OwnServers} from '../servers/server-ports.js';
import type {FollowableJournals, Journals} from '../rollout/journal.js';
import {viewCloud} from '../rollout/cloud-view.js';
import {
  type LoadFleet,
  narrowFleet,
  planFleet,
  type Planned,
  type SeenFleet,
  withBusyHosts,
} from '../rollout/plan.js';
import {refusalOf} from '../rollout/refusals.js';
import type {RolloutPorts} from '../rollout/rollout-ports.js';
import type {Operator, RunSettings, Wish} from '../rollout/wish.js';
import type {AnswerStore} from './answers.js';
import {patternWithout} from './pattern.js';

/** What the wizard needs of one cloud. */
export type SetupSession = {
  readonly ports: RolloutPorts;
  readonly account: CloudAccount;
  /** For a test server of one's own. */
  readonly servers: OwnServers;
  readonly operator: Operator;
  /** The fleet of a `--hosts` pattern; undefined: every node. */
  loadFleet(hosts: string | undefined): LoadFleet;
  /** What a person would not answer may be asked for again: nodes are looked at anew. */
  askAgain(): void;
  /** Flags that name cloud and nodes, for journal and commands. */
  readonly place: Readonly<Record<string, string>>;
};

/** Everything outside that the wizard needs. */
export type SetupPorts = {
  listClouds(): Promise<CloudList>;
  /** Puts the adapters for a cloud together; nothing is asked yet. Rejects with `UserError`. */
  /** `place`: what the journal of a run says where its nodes are; else what the command line says. */
  openCloud(name: string, place?: Readonly<Record<string, string>>): Promise<SetupSession>;
  journals(): Promise<FollowableJournals>;
  readonly answers: AnswerStore;
  readonly clock: Clock;
  /** Writes a file of the operator's, whole or not at all; 0600. */
  writePrivateFile(path: string, text: string): Promise<void>;
};

/** A plan of the wizard's, with why it could not be carried out. */
export type Proposal = {
  readonly wish: Wish;
  readonly settings: RunSettings;
  readonly planned: Planned;
  readonly refusal: {readonly message: string; readonly remedy: string | undefined} | undefined;
};

/**
 * Plans an interval of what was seen of the nodes, with Nova asked anew. Nodes that could not be reached are left
 * out: the operator has seen them.
 *
 * @param base what `--hosts` said at the start
 */
export async function propose(
  {ports, operator}: SetupSession,
  fleet: SeenFleet,
  answers: {
    readonly intervalSeconds: number;
    readonly base: string | undefined;
    readonly leftOut: ReadonlySet<string>;
  },
  given: RunSettings,
  signal: AbortSignal,
): Promise<Proposal> {
  const {intervalSeconds, base, leftOut} = answers;
  const names = fleet.selected.map(({name}) => name);
  const selected = fleet.selected.filter(({name}) => !leftOut.has(name));
  if (selected.length === 0) {
    throw new UserError('usage', 'every node is left out', {remedy: 'go back and take nodes in'});
  }
  const wish: Wish = {kind: 'interval', intervalSeconds, hosts: patternWithout(base, names, leftOut)};
  const view = await viewCloud(ports.cloud, ports.clock, signal);
  const seen = narrowFleet({...fleet, view}, selected);
  const isUnreachable = [...seen.looks.values()].some(({kind}) => kind === 'unseen');
  const settings = {...given, skipUnreachable: given.skipUnreachable || isUnreachable};
  const planned = await withBusyHosts(ports, await planFleet(ports, wish, seen, settings, signal), signal);
  return withRefusal(planned, wish, settings, operator, ports.journals);
}

/** A plan with why it would be refused, so that nobody agrees to what cannot be done. */
export async function withRefusal(
  planned: Planned,
  wish: Wish,
  settings: RunSettings,
  operator: Operator,
  journals: Journals,
): Promise<Proposal> {
  const refusal = await refusalOf(planned, wish, settings, '', operator, journals);
  return {
    wish,
    settings,
    planned,
    refusal: refusal === undefined ? undefined : {message: refusal.message, remedy: refusal.remedy},
  };
}
