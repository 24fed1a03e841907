import {readFile} from 'node:fs/promises';
import {type Lab, type LabNode, allNodes, readOn} from './lab.js';
import type {LabCloud} from './lab-cloud.js';
import {waitUntil} from './wait-until.js';

const program = new URL('../../../test/lab/lib/node-reset', import.meta.url);

/**
 * Puts a node back as it booted: its configuration, its units, nothing of reprieve's, its service up and no
 * older than its configuration. Gives a word for each thing that had to be done; a fresh node gives none.
 */
export async function resetNode(lab: Lab, node: LabNode): Promise<readonly string[]> {
  const said = await readOn(lab, node.host, await readFile(program, 'utf8'), {args: [node.unit]});
  return said.split('\n').filter((line) => line !== '');
}

/** Destroys every server, resets every node, and waits until Nova calls every compute service up and enabled. */
export async function resetLab(lab: Lab, cloud: LabCloud): Promise<void> {
  await Promise.all(allNodes(lab).map(async (node) => resetNode(lab, node)));
  await waitUntil('Nova to answer', 60, async () => {
    const status = await cloud.request('GET', '/os-services').then(
      (answer) => answer.status,
      () => undefined,
    );
    return status === 200;
  });
  for (const service of await cloud.services()) {
    if (service.status !== 'enabled') {
      await cloud.request('PUT', `/os-services/${service.id}`, {status: 'enabled'});
    }
  }
  await waitUntil('the compute services to be up', 120, async () => {
    const computes = (await cloud.services()).filter(({binary}) => binary === 'nova-compute');
    return computes.every(({state, status}) => state === 'up' && status === 'enabled');
  });
  await Promise.all((await cloud.servers()).map(async ({id}) => cloud.destroyServer(id)));
}
