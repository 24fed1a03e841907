import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import type {Role} from '../../domain/fleet/node-facts.js';
import {deploymentNamed, detectDeployment} from '../../deployments/registry.js';
import {type NodeErrorReason, withRemedy} from '../errors.js';
import type {CloudView} from '../rollout/cloud-view.js';
import type {Look} from '../rollout/look.js';
import {seeRole} from '../rollout/plan-target.js';
import type {Problem} from '../rollout/plan-types.js';
import {statusOf} from '../rollout/status.js';
import type {NodeStatus} from '../rollout/status-types.js';

/** How a node stands: `failed` cannot be changed, `warning` can and somebody should know. */
export type NodeSign = 'ok' | 'warning' | 'failed';

/** One role of one node, as the wizard shows it. */
export type NodeRow = {
  /** `HOST/ROLE`, or the host alone where it was not seen. */
  readonly id: string;
  readonly host: string;
  readonly roles: readonly Role[];
  /** The kind of its installation; undefined where it was not seen. */
  readonly kind: string | undefined;
  /** The file that decides; undefined where nothing sets the option or it was not seen. */
  readonly file: string | undefined;
  readonly value: IntervalReading | undefined;
  readonly sign: NodeSign;
  /** A few words. */
  readonly state: string;
  /** Everything that is wrong, a sentence each, with what to do. */
  readonly details: readonly string[];
};

/** Nodes of the same role, kind, deciding file, value and state. */
export type NodeGroup = {
  readonly id: string;
  readonly rows: readonly NodeRow[];
};

/** Warnings that are told where the change is planned: they are of the configuration, not of the node. */
const QUIET_CODES = new Set(['no-cinder', 'overwritten', 'config', 'shared-service', 'clock-free']);

/** The rows of one node that was looked at, with what Nova says of it. */
export function rowsOf(look: Look, view: Pick<CloudView, 'services' | 'apiOffsetMs'>): readonly NodeRow[] {
  const {node} = look;
  if (look.kind === 'unseen') return [unseenRow(node, look.error, view)];
  const clockOffset = (look.clockOffsetMs - view.apiOffsetMs) / 1000;
  const named = node.deployment === undefined ? undefined : deploymentNamed(node.deployment);
  const {title} = named ?? detectDeployment(look.facts);
  return node.roles.map((role) => {
    const seen = seeRole(node, look.facts, role);
    const service = view.services.find((one) => one.binary === 'nova-compute' && one.host === seen.novaHost);
    const status = statusOf(seen, clockOffset, role === 'compute' ? service : undefined);
    return {
      id: `${node.name}/${role}`,
      host: node.name,
      roles: [role],
      kind: title,
      file: placeOf(status),
      value: status.value,
      ...judge(status, role),
    };
  });
}

/** What is wrong comes first, the worst on top; nodes that are alike are one group, the largest first, API last. */
export function arrange(rows: readonly NodeRow[]): {
  readonly wrong: readonly NodeRow[];
  readonly groups: readonly NodeGroup[];
} {
  const rank: readonly NodeSign[] = ['failed', 'warning', 'ok'];
  const wrong = rows
    .filter(({sign}) => sign !== 'ok')
    .toSorted((a, b) => rank.indexOf(a.sign) - rank.indexOf(b.sign) || compareNames(a.host, b.host));
  return {wrong, groups: alike(rows.filter(({sign}) => sign === 'ok'))};
}

/** Nodes that are alike as one group, the largest first, API last. */
export function alike(rows: readonly NodeRow[]): readonly NodeGroup[] {
  const groups = Map.groupBy(rows, ({roles, kind, file, value, state}) =>
    JSON.stringify([roles, kind, file, value, state]),
  );
  return [...groups]
    .map(([id, members]) => ({id, rows: members.toSorted((a, b) => compareNames(a.host, b.host))}))
    .toSorted((a, b) => apiRank(a) - apiRank(b) || b.rows.length - a.rows.length || compareNames(a.id, b.id));
}

/** Made once, when first needed: to make one takes longer than a hundred comparisons. */
let order: Intl.Collator | undefined;

/** Names with numbers in them in the order in which people count. */
function compareNames(one: string, other: string): number {
  order ??= new Intl.Collator('en', {numeric: true});
  return order.compare(one, other);
}

function apiRank({rows}: NodeGroup): number {
  return rows[0]?.roles.includes('api') === true ? 1 : 0;
}

/** How the computes that Nova lists and the hosts of the inventory fit together. */
export function matchNames(
  view: Pick<CloudView, 'services'>,
  looks: ReadonlyMap<string, Look>,
): {readonly both: number; readonly onlyNova: readonly string[]; readonly onlyInventory: readonly string[]} {
  const listed = new Set(view.services.filter(({binary}) => binary === 'nova-compute').map(({host}) => host));
  const found = new Set<string>();
  const onlyInventory: string[] = [];
  for (const look of looks.values()) {
    if (!look.node.roles.includes('compute')) continue;
    const name =
      look.kind === 'seen'
        ? seeRole(look.node, look.facts, 'compute').novaHost
        : (look.node.novaHost ?? look.node.name);
    if (listed.has(name)) found.add(name);
    else onlyInventory.push(look.node.name);
  }
  return {both: found.size, onlyNova: [...listed].filter((host) => !found.has(host)), onlyInventory};
}

/** Nova's names of the computes that were seen. */
export function computesSeen(looks: ReadonlyMap<string, Look>): ReadonlySet<string> {
  return new Set(
    [...looks.values()].flatMap((look) =>
      look.kind === 'seen' && look.node.roles.includes('compute')
        ? [seeRole(look.node, look.facts, 'compute').novaHost]
        : [],
    ),
  );
}

/**
 * The interval that computes run with now: undefined while none was seen, `mixed` where they differ. Only those
 * that act on one count where some are off.
 */
export function presentInterval(rows: readonly NodeRow[]): number | 'mixed' | undefined {
  const values = new Set(
    rows
      .filter(({roles, value}) => roles.includes('compute') && value !== undefined)
      .flatMap(({value}) =>
        value?.kind === 'value' ? [value.seconds] : value?.kind === 'unset' ? [0] : [Number.NaN],
      ),
  );
  const [first] = values;
  if (first === undefined) return undefined;
  return values.size > 1 || Number.isNaN(first) ? 'mixed' : first;
}

function unseenRow(
  node: InventoryHost,
  error: Extract<Look, {kind: 'unseen'}>['error'],
  view: Pick<CloudView, 'services'>,
): NodeRow {
  const service = view.services.find(
    (one) => one.binary === 'nova-compute' && one.host === (node.novaHost ?? node.name),
  );
  const words = REASONS[error.reason];
  const isDown = node.roles.includes('compute') && service?.state === 'down';
  return {
    id: node.name,
    host: node.name,
    roles: node.roles,
    kind: undefined,
    file: undefined,
    value: undefined,
    sign: error.reason.startsWith('host-key') ? 'warning' : 'failed',
    state: isDown ? `${words}, API: down` : words,
    details: [withRemedy(error.message, error.remedy)],
  };
}

const REASONS: Readonly<Record<NodeErrorReason, string>> = {
  unresolved: 'name unknown',
  'connect-failed': 'no SSH',
  'connect-timeout': 'no SSH',
  'host-key-unknown': 'host key unknown',
  'host-key-changed': 'host key changed',
  'host-key-revoked': 'host key revoked',
  unsupported: 'SSH not supported',
  authentication: 'login refused',
  jump: 'no way by jump host',
  'sudo-password-missing': 'sudo asks',
  'sudo-password-wrong': 'sudo password wrong',
  'sudo-not-allowed': 'sudo not allowed',
  'sudo-missing': 'no sudo',
  'no-shell': 'no shell',
  unusable: 'cannot be read',
  'step-timeout': 'too slow',
  lost: 'line broke',
};

/** Short words for what is wrong with a role that was seen; the first that applies is shown. */
const WORDS: Readonly<Record<string, string>> = {
  'no-systemd': 'no systemd',
  'no-unit': 'no unit found',
  'not-running': 'does not run',
  'not-in-nova': 'unknown to Nova',
  negative: 'negative value',
  'bad-value': 'broken value',
  'clock-off': 'clock',
};

function judge(status: NodeStatus, role: Role): Pick<NodeRow, 'sign' | 'state' | 'details'> {
  const details = status.problems.map(({message, remedy}) => withRemedy(message, remedy));
  const error = status.problems.find(({severity}) => severity === 'error');
  if (error !== undefined) return {sign: 'failed', state: wordsOf(error, status), details};
  if (status.service?.apiState === 'down') {
    const down = `${status.host}: Nova calls its nova-compute down; a delete there is final`;
    return {sign: 'warning', state: 'API: down', details: [down, ...details]};
  }
  const warning = status.problems.find(({code}) => !QUIET_CODES.has(code));
  if (warning !== undefined) return {sign: 'warning', state: wordsOf(warning, status), details};
  if (status.isRestartNeeded) {
    const old = `${status.host}: its process is older than its file; the run restarts it`;
    return {sign: 'warning', state: 'restart missing', details: [old, ...details]};
  }
  return {sign: 'ok', state: role === 'api' ? 'ready, go last' : 'ready', details};
}

function wordsOf({code}: Problem, {clockOffset}: NodeStatus): string {
  if (code === 'clock-off' && clockOffset !== undefined) {
    return `clock ${Math.abs(Math.round(clockOffset))} s ${clockOffset > 0 ? 'ahead' : 'behind'}`;
  }
  return WORDS[code] ?? code.replaceAll('-', ' ');
}

function placeOf({source}: NodeStatus): string | undefined {
  if (source === undefined) return undefined;
  return source.kind === 'file' ? source.file : `variable ${source.name}`;
}
