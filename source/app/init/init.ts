import {ROLE_GROUPS} from '../../domain/fleet/roles.js';
import type {InventoryHost, InventoryReference} from '../../domain/fleet/inventory.js';
import {askCloud, type CloudAnswer} from './cloud-question.js';
import type {Given, InitPorts, InitResult, PresentProfile, ProfileChange, Tell} from './init-types.js';
import {askNodes, type NodesAnswer} from './nodes-question.js';
import {proveOneNode, type Proof} from './proof.js';
import {askReach, EVERY_NODE, rememberedReach} from './reach-questions.js';

/**
 * Asks, one question after the other, what a profile needs, tries each answer, and writes the profile after a yes.
 * Flags answer in advance, the profile that is there proposes. Nothing in the cloud or on a node is changed, and
 * nothing is written before the last answer. Throws `UserError` for flags that cannot be used and for a file that
 * cannot be written; rejects with the signal's reason when interrupted.
 */
export async function runInit(
  ports: InitPorts,
  given: Given,
  tell: Tell,
  signal: AbortSignal,
): Promise<InitResult> {
  const {profile, asker} = ports;
  const there = await profile.read();
  const present = there?.problem === undefined ? there : undefined;
  if (there?.problem !== undefined) {
    tell({
      type: 'found',
      about: 'profile',
      state: 'warning',
      message: there.problem,
      remedy: 'nothing of it is taken over, and a copy is kept',
    });
  }
  const remembered = present?.values.get('cloud');
  const cloud = await askCloud(
    ports,
    given,
    typeof remembered === 'string' ? remembered : undefined,
    tell,
    signal,
  );
  const nodes = await askNodes(ports, given, present, cloud.services, tell);
  const {selected} = nodes.fleet;
  const reach = await askReach(asker, given, rememberedReach(present), selected);
  const proof = await proveOneNode(ports, given, reach, selected, cloud.services, tell, signal);

  const text = await profile.render(present?.text, changesOf(cloud, nodes, proof, present));
  const ended = {
    file: profile.file,
    cloud: cloud.cloud.isOfEnvironment ? undefined : cloud.cloud.name,
    isCloudProved: cloud.services !== undefined,
    isNodeProved: proof.isProved,
  };
  if (text === there?.text) return {...ended, outcome: 'same', backup: undefined};
  tell({type: 'profile', file: profile.file, text, before: present?.text});
  const isAgreed = await asker.confirm(
    there === undefined
      ? {title: `Write ${profile.file}?`, isYesProposed: true}
      : {title: `Replace ${profile.file}? A copy of it is kept.`, isYesProposed: false},
  );
  signal.throwIfAborted();
  if (!isAgreed) return {...ended, outcome: 'declined', backup: undefined};
  const backup = await profile.write(text, there?.text);
  tell({type: 'written', file: profile.file, backup});
  return {...ended, outcome: 'written', backup};
}

/** The answers as settings; what is as it would be without them is left out. */
function changesOf(
  {cloud}: CloudAnswer,
  {inventory, apiHosts, fleet}: NodesAnswer,
  {reach, service}: Proof,
  present: PresentProfile | undefined,
): readonly ProfileChange[] {
  return [
    {keys: ['cloud'], value: cloud.isOfEnvironment ? undefined : cloud.name},
    ...inventoryChange(inventory, present),
    {keys: ['api-hosts'], value: apiHosts.length === 0 ? undefined : apiHosts},
    {keys: ['transport'], value: reach.transport === 'ssh2' ? undefined : reach.transport},
    {keys: ['ask-become-pass'], value: reach.asksSudoPassword ? true : undefined},
    {keys: ['nodes', EVERY_NODE, 'user'], value: reach.user},
    ...(service === undefined
      ? []
      : [{keys: ['nodes', computesPattern(fleet.hosts), 'service'], value: service}]),
  ];
}

function inventoryChange(
  inventory: InventoryReference | undefined,
  present: PresentProfile | undefined,
): readonly ProfileChange[] {
  // Nodes that the profile holds itself stay as they are written there.
  if (inventory?.kind === 'inline') return [];
  const path = inventory?.path;
  // The file that it names already, in whatever words, stays so too.
  if (path !== undefined && present?.values.get('inventory') === path) return [];
  return [{keys: ['inventory'], value: path}];
}

/** A pattern of all nodes that are computes and nothing else. */
function computesPattern(hosts: readonly InventoryHost[]): string {
  const groups = ROLE_GROUPS.compute.filter((group) => hosts.some((host) => host.groups.includes(group)));
  const others = hosts.filter(({roles, groups: own}) => {
    return roles.includes('api') && (groups.length === 0 || own.some((group) => groups.includes(group)));
  });
  return [...(groups.length > 0 ? groups : [EVERY_NODE]), ...others.map(({name}) => `!${name}`)].join(',');
}
