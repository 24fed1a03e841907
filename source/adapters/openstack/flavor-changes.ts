import {CloudError} from '../../app/errors.js';
import type {FlavorChanges} from '../../app/flavor/flavor-ports.js';
import {newFlavorBody} from '../../domain/flavor/new-flavor.js';
import type {ComputeClient} from './compute-client.js';
import {flavorIn, flavorPath} from './flavors.js';

/** What each call needs, as N of 2.N; the others work with 2.1. */
const NEEDS = {
  /** 2.55 description, 2.61 extra specs in the answer, 2.75 no swap as a number; 2.102 knows no rxtx_factor. */
  create: 75,
  description: 55,
  /** 2.86 checks extra specs. */
  checkedSpecs: 86,
  uncheckedSpecs: 85,
};

/** What an administrator changes of flavors, each a call that is sent once. */
export function createFlavorChanges(client: ComputeClient): FlavorChanges {
  const act = async (id: string, body: object, signal: AbortSignal): Promise<void> => {
    const path = `${flavorPath(id)}/action`;
    await client.call({method: 'POST', path, body, microversion: 7, signal});
  };
  const needDescriptions = async (signal: AbortSignal): Promise<void> => {
    const {versions} = await client.endpoint(signal);
    if (versions.highest >= NEEDS.description) return;
    throw new CloudError(
      'bad-request',
      `This Nova speaks 2.${versions.highest} at most, and a description needs 2.${NEEDS.description}.`,
      {remedy: 'Leave the description out.'},
    );
  };
  return {
    async create(flavor, signal) {
      if (flavor.description !== undefined) await needDescriptions(signal);
      const {body} = await client.call({
        method: 'POST',
        path: '/flavors',
        body: newFlavorBody(flavor),
        microversion: NEEDS.create,
        signal,
      });
      return flavorIn(body);
    },

    async remove(id, signal) {
      await client.call({method: 'DELETE', path: flavorPath(id), microversion: 1, signal});
    },

    async setSpecs(id, specs, {unchecked}, signal) {
      await client.call({
        method: 'POST',
        path: `${flavorPath(id)}/os-extra_specs`,
        body: {extra_specs: specs},
        microversion: unchecked ? NEEDS.uncheckedSpecs : NEEDS.checkedSpecs,
        signal,
      });
    },

    async removeSpec(id, name, signal) {
      const path = `${flavorPath(id)}/os-extra_specs/${encodeURIComponent(name)}`;
      await client.call({method: 'DELETE', path, microversion: 1, signal});
    },

    async setDescription(id, description, signal) {
      await needDescriptions(signal);
      await client.call({
        method: 'PUT',
        path: flavorPath(id),
        body: {flavor: {description: description ?? null}},
        microversion: NEEDS.description,
        signal,
      });
    },

    addAccess: async (id, projectId, signal) => act(id, {addTenantAccess: {tenant: projectId}}, signal),
    removeAccess: async (id, projectId, signal) => act(id, {removeTenantAccess: {tenant: projectId}}, signal),
  };
}
