import {flavorReference} from '../app/flavor/flavor-reference.js';
import {findFlavor} from '../app/flavor/named-flavor.js';
import {parsePlanFile} from '../app/rollout/plan-file.js';
import {cloudValues, flavorValues, planValues, type KnownValues} from '../app/template/known-values.js';
import type {Template} from '../app/template/template-types.js';
import type {CommandContext} from './command.js';
import type {FlagValues} from './flag.js';
import {namingPorts} from './flavor-show-run.js';
import type {renderFlags} from './template.js';

/** Where values are to be taken from. */
type Sources = Pick<FlagValues<typeof renderFlags>, 'plan' | 'flavor' | 'fromCloud'>;

/** What is known of a plan, a flavor and the cloud, where they are named; tells which of them the template leaves alone. */
export async function knownValues(
  context: CommandContext,
  template: Template,
  flags: Sources,
): Promise<Readonly<Record<string, KnownValues>>> {
  const composition = await context.compose();
  const known: Record<string, KnownValues> = {};
  if (flags.plan !== undefined) {
    const {plan} = parsePlanFile(await composition.readTextFile(flags.plan), flags.plan);
    known['plan'] = planValues(plan);
  }
  if (flags.flavor !== undefined) {
    const ports = await namingPorts(context);
    const named = await findFlavor(flavorReference(flags.flavor), ports, context.signal);
    known['flavor'] = flavorValues(named);
  }
  if (flags.fromCloud) {
    const {cloud, label} = await composition.cloud({
      cloud: context.common.cloud,
      notice: (text) => context.output.notice(`notice: ${text}`),
    });
    const services = await cloud.services(context.signal);
    const computes = services.filter(({binary}) => binary === 'nova-compute').map(({host}) => host);
    known['cloud'] = cloudValues(label, computes.toSorted());
  }
  const unused = Object.keys(known).filter(
    (word) => !template.values.some(({from}) => from.some((path) => path.startsWith(`${word}.`))),
  );
  for (const word of unused) {
    context.output.notice(`notice: template ${template.name} takes nothing from a ${word}`);
  }
  return known;
}
