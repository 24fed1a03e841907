import {newFlavorBody} from '../domain/flavor/new-flavor.js';
import type {SavePlan, SaveStep} from '../app/flavor/save-types.js';
import {createCommands, updateCommands} from './flavor-commands.js';
import {openstackCommand} from './servers.js';

/** A call of Nova's API as it is sent. `microversion`: the one that is asked for; an older Nova gets its newest. */
export type ShownCall = {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** `2.75`. */
  readonly microversion: string;
  readonly body: Readonly<Record<string, unknown>> | null;
};

/** The calls of a plan, in their order. */
export function saveCalls(plan: SavePlan): readonly ShownCall[] {
  const id = plan.existing?.id ?? plan.wish.settings.id ?? 'NEW-ID';
  const unchecked = new Set(plan.unchecked.map(({name}) => name));
  return plan.steps.map((step) => callOf(step, `/flavors/${id}`, unchecked));
}

function callOf(step: SaveStep, path: string, unchecked: ReadonlySet<string>): ShownCall {
  const post = (below: string, microversion: string, body: ShownCall['body']): ShownCall => ({
    method: 'POST',
    path: `${path}${below}`,
    microversion,
    body,
  });
  switch (step.kind) {
    case 'create':
      return {method: 'POST', path: '/flavors', microversion: '2.75', body: newFlavorBody(step.flavor)};
    case 'set-specs': {
      const isUnchecked = Object.keys(step.specs).some((name) => unchecked.has(name));
      return post('/os-extra_specs', isUnchecked ? '2.85' : '2.86', {extra_specs: step.specs});
    }
    case 'remove-spec':
      return {method: 'DELETE', path: `${path}/os-extra_specs/${step.name}`, microversion: '2.1', body: null};
    case 'describe':
      return {
        method: 'PUT',
        path,
        microversion: '2.55',
        body: {flavor: {description: step.description ?? null}},
      };
    case 'add-access':
      return post('/action', '2.7', {addTenantAccess: {tenant: step.project.id}});
    case 'remove-access':
      return post('/action', '2.7', {removeTenantAccess: {tenant: step.project.id}});
  }
}

/** The same by hand: commands of the OpenStack client. */
export function saveCommands(plan: SavePlan, cloud: string | undefined): readonly string[] {
  const {existing, steps, after} = plan;
  const projects = steps.flatMap((step) => (step.kind === 'add-access' ? [step.project.id] : []));
  const [first] = steps;
  if (first?.kind === 'create') {
    return createCommands({flavor: first.flavor, extraSpecs: after.extraSpecs, projects}, cloud);
  }
  if (existing === undefined) return [];
  const own = (word: 'set' | 'unset', ...words: readonly string[]): string =>
    openstackCommand(['flavor', word, ...words, existing.id], cloud);
  return [
    ...steps.flatMap((step) =>
      step.kind === 'describe'
        ? openstackCommand(
            [
              '--os-compute-api-version',
              '2.55',
              'flavor',
              'set',
              '--description',
              step.description ?? '',
              existing.id,
            ],
            cloud,
          )
        : [],
    ),
    ...updateCommands(existing.name, existing.extraSpecs ?? {}, after.extraSpecs, cloud),
    ...projects.map((project) => own('set', '--project', project)),
    ...steps.flatMap((step) =>
      step.kind === 'remove-access' ? own('unset', '--project', step.project.id) : [],
    ),
  ];
}
