import type {InventoryHost} from '../../../domain/fleet/inventory.js';
import {pathProblem, unitNameProblem} from '../../../domain/fleet/names.js';
import type {Role} from '../../../domain/fleet/node-facts.js';
import {isExpression} from '../../../domain/template/formats/yaml.js';
import {UserError} from '../../errors.js';
import type {Planned} from '../plan.js';
import type {RunSettings} from '../wish.js';
import type {AnsiblePorts} from './ansible-ports.js';
import {plainLine} from './playbook-event.js';
import {connectionOf, isToldOf, playFor} from './playbook-files.js';

/** The oldest ansible-core that the playbook and what follows it are tested with. */
const OLDEST = [2, 14] as const;
const WITHOUT = 'or say --engine builtin, which does the same';

/** Rejects with `UserError` (usage) where no ansible-playbook can be started here that is new enough. */
export async function checkAnsible(
  {playbook}: Pick<AnsiblePorts, 'playbook'>,
  signal: AbortSignal,
): Promise<void> {
  const end = await playbook.version(signal);
  const install = `install ansible-core ${OLDEST.join('.')} or newer, ${WITHOUT}`;
  switch (end.kind) {
    case 'not-started':
      throw new UserError('usage', `ansible-playbook cannot be started: ${end.problem}`, {remedy: install});
    case 'killed':
      throw new UserError('usage', `ansible-playbook --version was ended by ${end.signal}`, {
        remedy: `try it by hand, ${WITHOUT}`,
      });
    case 'exited': {
      if (end.code !== 0) {
        throw new UserError(
          'usage',
          `ansible-playbook --version ended with ${end.code}: ${plainLine(end.complaint)}`,
          {remedy: `try it by hand, ${WITHOUT}`},
        );
      }
      const [, major, minor] = /^ansible-playbook \[?(?:core )?(\d+)\.(\d+)/.exec(end.line) ?? [];
      if (major === undefined || minor === undefined) {
        throw new UserError(
          'usage',
          `ansible-playbook --version printed no version: ${JSON.stringify(plainLine(end.line))}`,
          {remedy: `is it Ansible's? ${install}`},
        );
      }
      const isOld = Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]);
      if (isOld) {
        throw new UserError('usage', `ansible-playbook here is of ansible-core ${major}.${minor}`, {
          remedy: install,
        });
      }
    }
  }
}

/**
 * Why Ansible cannot carry a plan out that the built-in engine could: what a profile says of a node, names that it
 * would misread, a template that cannot be rendered. Undefined where it can.
 */
export async function ansibleRefusal(
  ports: AnsiblePorts,
  {plan, looks}: Planned,
  settings: RunSettings,
): Promise<UserError | undefined> {
  const due = plan.targets.filter(({step}) => step !== undefined);
  const nodes = new Map([...looks].map(([name, {node}]) => [name, node]));
  for (const target of due) {
    const node = nodes.get(target.host);
    const {restart, sysroot} = node?.overrides ?? {};
    const own = restart !== undefined ? 'restart' : sysroot !== undefined ? 'sysroot' : undefined;
    if (own !== undefined) {
      return new UserError(
        'refused',
        `${target.host}: the profile sets ${own}, which the playbook does not know`,
        {
          remedy: `take that out, ${WITHOUT}`,
        },
      );
    }
    const file = target.write.kind === 'none' ? undefined : target.write.file;
    const problem =
      unitNameProblem(target.unit) ??
      (file === undefined ? undefined : pathProblem(file)) ??
      (isExpression(file ?? '') ? `${JSON.stringify(file)} is an expression to Ansible` : undefined);
    if (problem !== undefined) {
      return new UserError('refused', `${target.host}: ${problem}`, {
        remedy: `leave that host out, ${WITHOUT}`,
      });
    }
    const isTold = node !== undefined && isToldOf(ports.playbook, node);
    const expression = isTold ? expressionIn(node) : undefined;
    if (expression !== undefined) {
      return new UserError('refused', `${target.host}: ${expression} is an expression to Ansible`, {
        remedy: `give it as an inventory that Ansible reads, ${WITHOUT}`,
      });
    }
  }
  // Whatever is wrong with the template shall be known before anything is locked.
  for (const role of ROLES) {
    const targets = due.filter((target) => target.role === role);
    if (targets.length > 0) await playFor(ports, plan, role, targets, nodes, settings);
  }
  return undefined;
}

const ROLES: readonly Role[] = ['compute', 'api'];

/** A value of how a node is reached that Ansible would fill in, where it shall be taken as it is. */
function expressionIn(node: InventoryHost): string | undefined {
  const found = Object.entries(connectionOf(node)).find(([, value]) => isExpression(String(value)));
  return found === undefined ? undefined : `${found[0]}, ${JSON.stringify(found[1])},`;
}
