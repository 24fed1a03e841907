import type {NodeFacts, Role} from '../domain/fleet/node-facts.js';
import type {Deployment} from './deployment.js';
import {debian} from './debian/deployment.js';
import {devstack} from './devstack/deployment.js';
import {generic} from './generic/deployment.js';
import {rdo} from './rdo/deployment.js';

/** Every kind of deployment, in the order of detection; the generic one takes what is left. */
export const DEPLOYMENTS: readonly Deployment[] = [devstack, rdo, debian, generic];

/** The deployment with a name of `reprieve_deployment`; undefined for an unknown one. */
export function deploymentNamed(name: string): Deployment | undefined {
  return DEPLOYMENTS.find((deployment) => deployment.name === name);
}

/** The kind of deployment that a node is, by what was found on it. */
export function detectDeployment(facts: NodeFacts): Deployment {
  return DEPLOYMENTS.find((deployment) => deployment.isOn(facts)) ?? generic;
}

/** How virsh may be called on a node; one of a kind that is not known yet is asked in each way. */
export function virshTools(name: string | undefined): readonly string[] {
  const known = name === undefined ? undefined : deploymentNamed(name);
  return known?.virsh ?? [...new Set(DEPLOYMENTS.flatMap(({virsh}) => virsh))];
}

/** Units to look for on a node of a kind not known yet. */
export function candidateUnits(role: Role): readonly string[] {
  return DEPLOYMENTS.flatMap((deployment) => deployment.units[role]);
}
