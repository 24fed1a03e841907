/** People at work in the embedded cloud: now and then a server is rebooted, imaged, made or deleted. */
import type {IntervalReading} from '../domain/fleet/interval-change.js';
import type {NovaCloud} from './nova/cloud.js';
import {usualFlavors} from './nova/flavors.js';
import {createServer, deleteServer, powerServer, snapshotServer} from './nova/life.js';
import type {Caller, Server} from './nova/model.js';
import type {Random} from './random.js';
import {createNames} from './scene.js';

/** Seconds between two of them, on average. */
const EVERY = 45;

/** Begins. `apiReading`: what the nova-api that gets the next request runs with; undefined while none runs. */
export function startTraffic(
  cloud: NovaCloud,
  random: Random,
  apiReading: () => IntervalReading | undefined,
): void {
  const names = createNames(random);
  let turn = 0;
  const next = (): void => {
    const reading = apiReading();
    if (reading !== undefined) act(cloud, random, names, turn, reading);
    turn += 1;
    plan();
  };
  const plan = (): void => {
    cloud.schedule.at(cloud.now() + cloud.pace(EVERY * (0.5 + random.next())), next);
  };
  plan();
}

function act(
  cloud: NovaCloud,
  random: Random,
  names: (place: number) => string,
  turn: number,
  reading: IntervalReading,
): void {
  // The operator's own servers are nobody else's business.
  const [own] = cloud.projects;
  const idle = [...cloud.servers.values()].filter(
    (server) =>
      server.vmState === 'active' &&
      server.taskState === undefined &&
      server.projectId !== own?.id &&
      cloud.isHostUp(server),
  );
  const requestId = cloud.requestId();
  const flavors = usualFlavors(cloud);
  if (turn % 4 === 3 && flavors.length > 0) {
    const place = 1 + random.below(cloud.projects.length - 1);
    const caller = callerOf(cloud, cloud.projects[place]?.id, cloud.users[place]?.id);
    const made = {
      name: names(place - 1),
      flavor: random.pick(flavors),
      image: random.pick(cloud.images),
      host: undefined,
    };
    createServer(cloud, {caller, requestId}, made);
    return;
  }
  if (idle.length === 0) return;
  const server = random.pick(idle);
  const request = {caller: ownerOf(cloud, server), requestId};
  // A locked one, or an interval that nova-api cannot read, refuses; then nobody deletes.
  if (server.isLocked || reading.kind === 'invalid') return;
  if (turn % 4 === 0) powerServer(cloud, server, request, 'reboot');
  else if (turn % 4 === 1) deleteServer(cloud, server, request, reading);
  else snapshotServer(cloud, server, request);
}

function ownerOf(cloud: NovaCloud, {projectId, userId}: Server): Caller {
  return callerOf(cloud, projectId, userId);
}

function callerOf(cloud: NovaCloud, projectId: string | undefined, userId: string | undefined): Caller {
  const project = cloud.projects.find(({id}) => id === projectId);
  const user = cloud.users.find(({id}) => id === userId);
  if (project === undefined || user === undefined) throw new Error('a server has no owner');
  return {project, user, isAdmin: false};
}
