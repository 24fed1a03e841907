import {mapLimited} from '../map-limited.js';
import {look} from './look.js';
import type {LoadFleet, PlanPorts} from './plan.js';
import type {FoundRecord} from './run-history.js';

/** What runs left on the nodes, those of every operator. */
export type NodeRecords = {
  readonly found: readonly FoundRecord[];
  /** How many nodes were asked. */
  readonly asked: number;
  /** Why some could not be looked at, a sentence each. */
  readonly problems: readonly string[];
};

/** Asks every node of the fleet for its records. A node out of reach is told and left out; an abort rejects. */
export async function readNodeRecords(
  ports: PlanPorts,
  loadFleet: LoadFleet,
  parallel: number,
  signal: AbortSignal,
): Promise<NodeRecords> {
  const services = await ports.cloud.services(signal);
  const computes = services.filter(({binary}) => binary === 'nova-compute').map(({host}) => host);
  const {selected} = await loadFleet(computes);
  const looks = await mapLimited(selected, parallel, async (node) => look(ports, node, {}, signal));
  return {
    found: looks.flatMap((one) =>
      one.kind === 'seen' ? one.facts.records.map((record) => ({host: one.node.name, record})) : [],
    ),
    asked: looks.length,
    problems: looks.flatMap((one) => (one.kind === 'unseen' ? [one.error.message] : [])),
  };
}
