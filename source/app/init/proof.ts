import {deploymentNamed, detectDeployment} from '../../deployments/registry.js';
import {serviceProblem} from '../../domain/fleet/host-variables.js';
import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {describeReading} from '../../domain/fleet/interval-change.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {look, type Look} from '../rollout/look.js';
import {seeRole} from '../rollout/plan-target.js';
import type {Given, InitPorts, Tell} from './init-types.js';
import {askReach, type Reach} from './reach-questions.js';

/** What the look at one node left of the answers. */
export type Proof = {
  readonly reach: Reach;
  /** The unit that runs nova-compute where it is none that is known. */
  readonly service: string | undefined;
  readonly isProved: boolean;
};

/** What is asked when a node is not as it should be. */
type Next = 'again' | 'reach' | 'node' | 'service' | 'go-on';

/** What a look says. `unit`: the service was not found, the rest was. */
type Verdict = 'ok' | 'unit' | 'failed';

/**
 * Looks at one node as every other command will, and tells what was seen. Where that fails the answers can be
 * given anew, another node can be taken, or it stays unproved.
 *
 * @param hosts the nodes to choose from
 * @param services what Nova lists; undefined where it did not answer
 */
export async function proveOneNode(
  ports: InitPorts,
  given: Given,
  start: Reach,
  hosts: readonly InventoryHost[],
  services: readonly ComputeService[] | undefined,
  tell: Tell,
  signal: AbortSignal,
): Promise<Proof> {
  let node = likeliest(hosts, services ?? []);
  let reach = start;
  let service = given.service;
  if (node === undefined) return {reach, service, isProved: false};
  for (;;) {
    const verdict = await lookAt(ports, asReached(node, reach, service), reach, services, tell, signal);
    if (verdict === 'ok') return {reach, service, isProved: true};
    const next = await askNext(ports, node, verdict, hosts.length);
    if (next === 'go-on') return {reach, service, isProved: false};
    if (next === 'reach') reach = await askReach(ports.asker, {}, reach, hosts);
    if (next === 'service') service = await askService(ports, node, service);
    if (next === 'node') node = await askNode(ports, hosts, node);
  }
}

/** A compute that Nova sees up, else any compute, else any node. */
function likeliest(
  hosts: readonly InventoryHost[],
  services: readonly ComputeService[],
): InventoryHost | undefined {
  const up = new Set(
    services.filter(({binary, state}) => binary === 'nova-compute' && state === 'up').map(({host}) => host),
  );
  const computes = hosts.filter(({roles}) => roles.includes('compute'));
  return computes.find(({name, novaHost}) => up.has(novaHost ?? name)) ?? computes[0] ?? hosts[0];
}

function asReached(node: InventoryHost, {user}: Reach, service: string | undefined): InventoryHost {
  const address = user === undefined ? node.address : {...node.address, user};
  const isOverridden = service !== undefined && node.roles.includes('compute');
  return {...node, address, overrides: isOverridden ? {...node.overrides, service} : node.overrides};
}

async function lookAt(
  ports: InitPorts,
  node: InventoryHost,
  {transport, asksSudoPassword}: Reach,
  services: readonly ComputeService[] | undefined,
  tell: Tell,
  signal: AbortSignal,
): Promise<Verdict> {
  tell({type: 'trying', message: `looking at ${node.name}`});
  // One of its own for each look: what a person types anew must not meet what was refused before.
  const shell = await ports.openShell({transport, asksSudoPassword});
  let seen: Look;
  try {
    seen = await look({...ports, shell}, node, {}, signal);
  } finally {
    await shell.close();
  }
  if (seen.kind === 'unseen') {
    const {message, remedy} = seen.error;
    tell({type: 'found', about: 'node', state: 'failed', message, remedy});
    return 'failed';
  }
  return judge(seen, services, tell);
}

function judge(
  {node, facts}: Extract<Look, {kind: 'seen'}>,
  services: readonly ComputeService[] | undefined,
  tell: Tell,
): Verdict {
  const role = node.roles.includes('compute') ? 'compute' : 'api';
  const seen = seeRole(node, facts, role);
  const {unit, config, novaHost} = seen;
  if (unit === undefined) {
    tell({
      type: 'found',
      about: 'node',
      state: 'warning',
      message: facts.isServiceManagerSilent
        ? `${node.name} was reached, and its service manager gives no answer`
        : `${node.name} was reached, and none of the units is there that usually run nova-${role}`,
      remedy: facts.isServiceManagerSilent ? `look there at: systemctl status` : 'name the unit that does',
    });
    return facts.isServiceManagerSilent ? 'failed' : 'unit';
  }
  const kind =
    (node.deployment === undefined ? undefined : deploymentNamed(node.deployment)) ?? detectDeployment(facts);
  tell({
    type: 'found',
    about: 'node',
    state: 'ok',
    message:
      `${node.name}: ${unit.unit} is ${unit.activeState} (${kind.title}), ` +
      `reclaim_instance_interval is ${describeReading(config.reading)}`,
  });
  const isListed = services?.some(({binary, host}) => binary === 'nova-compute' && host === novaHost);
  if (role === 'api' || isListed !== false) return 'ok';
  tell({
    type: 'found',
    about: 'node',
    state: 'failed',
    message: `${node.name} calls itself ${novaHost}, and Nova lists no compute of that name in this cloud`,
    remedy: 'is this the right cloud, and the right inventory?',
  });
  return 'failed';
}

async function askNext(
  {asker}: InitPorts,
  {name, roles}: InventoryHost,
  verdict: Verdict,
  count: number,
): Promise<Next> {
  const canName = verdict === 'unit' && roles.includes('compute') && !roles.includes('api');
  const choices: {value: Next; title: string}[] = [
    ...(canName ? [{value: 'service' as const, title: 'name the unit that runs nova-compute'}] : []),
    {value: 'again', title: 'look again'},
    {value: 'reach', title: 'answer anew how nodes are reached'},
    ...(count > 1 ? [{value: 'node' as const, title: 'look at another node'}] : []),
    {value: 'go-on', title: 'go on without a proof'},
  ];
  return asker.choose({
    title: `${name} is not as it should be. What now?`,
    flag: 'the flags of reprieve init --help',
    choices,
    proposed: 0,
    unasked: 'go-on',
  });
}

async function askService(
  {asker}: InitPorts,
  {name}: InventoryHost,
  before: string | undefined,
): Promise<string> {
  const answer = await asker.text({
    title: `Which unit runs nova-compute on ${name} and its like?`,
    flag: '--service UNIT',
    proposal: before ?? '',
    unasked: before,
    problemOf: (text) =>
      text.trim() === '' ? 'Name a unit, as systemctl does.' : serviceProblem(text.trim()),
  });
  return answer.trim();
}

async function askNode(
  {asker}: InitPorts,
  hosts: readonly InventoryHost[],
  now: InventoryHost,
): Promise<InventoryHost> {
  const others = hosts.filter(({name}) => name !== now.name);
  const named = (text: string) => others.find(({name}) => name === text.trim());
  const answer = await asker.text({
    title: 'Which node?',
    flag: '--hosts PATTERN',
    proposal: others[0]?.name ?? '',
    unasked: undefined,
    problemOf: (text) => (named(text) === undefined ? 'That is none of the other nodes.' : undefined),
  });
  return named(answer) ?? now;
}
