/** Charts for the causes of a doctor, with nothing wrong in them but what a test puts there. */
import {diagnose} from '../../source/app/doctor/diagnose.js';
import type {Chart, Finding, NodeChart, ServerChart} from '../../source/app/doctor/doctor-types.js';
import type {ServerAction} from '../../source/app/servers/server-ports.js';
import {act, FakeDoctor} from './fake-doctor.js';
import {FakeFleet, type FleetShape} from './fake-fleet.js';

export const ID = '22222222-2222-4222-8222-222222222222';

/** A fleet that was looked at. */
export async function chartOf(
  shape: FleetShape = {computes: 2, apis: 1, compute: '7200', api: '7200'},
  prepare: (fleet: FakeFleet) => void = () => {},
): Promise<Chart> {
  const fleet = new FakeFleet(shape);
  prepare(fleet);
  const doctor = new FakeDoctor(fleet);
  const {chart} = await diagnose(doctor.ports(), doctor.options(), () => {}, new AbortController().signal);
  if (chart === undefined) throw new Error('nothing was charted');
  return chart;
}

/** Gives a node another file, from before its services started. */
export function configure(fleet: FakeFleet, host: string, path: string, bytes: string): void {
  fleet.node(host).files.set(path, {bytes, changedAt: fleet.clock.now() - 100_000_000});
}

export type ServerChanges = Partial<Omit<ServerChart, 'server'>> & {
  readonly row?: Partial<ServerChart['server']>;
};

/** A soft-deleted server on compute-1, deleted so many seconds before the chart. */
export function serverOf({now}: Pick<Chart, 'now'>, ago: number, changes: ServerChanges = {}): ServerChart {
  const {row, ...others} = changes;
  const time = now - ago * 1000;
  return {
    server: {
      id: ID,
      name: 'web-1',
      projectId: 'p',
      userId: 'u',
      flavor: 'm1.tiny',
      host: 'compute-1',
      isHostShown: true,
      status: 'SOFT_DELETED',
      taskState: undefined,
      updatedAt: time,
      isLocked: false,
      ...row,
    },
    deleted: {kind: 'action', time},
    standing: {state: 'waiting', cause: undefined, dueAt: time + 7_200_000},
    isNamed: true,
    actions: [act('delete', time), act('create', time - 86_400_000)],
    ...others,
  };
}

/** What was asked, and whether it failed. */
export function failed(action: ServerAction): ServerAction {
  return {...action, result: 'failed'};
}

export function nodeOf({nodes}: Chart, name = 'compute-1'): NodeChart {
  const found = nodes.find(({node}) => node.name === name);
  if (found === undefined) throw new Error(`no node ${name}`);
  return found;
}

/** The only finding. */
export function one(findings: readonly Finding[]): Finding {
  const [first, second] = findings;
  if (first === undefined || second !== undefined) throw new Error(`${findings.length} findings`);
  return first;
}

/** All that is quoted. */
export function quoted({evidence}: Finding): string {
  return evidence.flatMap(({place = '', lines}) => [place, ...lines]).join('\n');
}

/** Each part that proves something stands in what is quoted, and is in a line of it. */
export function isProved({evidence}: Finding): boolean {
  return evidence.every(
    ({proof, lines}) => proof === undefined || lines.some((line) => line.includes(proof)),
  );
}
