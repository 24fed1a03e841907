import {formatInterval} from '../../domain/duration.js';
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import {isOn} from '../../domain/fleet/interval-change.js';
import type {Role} from '../../domain/fleet/node-facts.js';
import type {Well} from './diagnosis.js';
import type {Finding, NodeChart} from './doctor-types.js';

/** What was looked at and is well, as groups: nodes that no error and no warning names. */
export function wellsOf(nodes: readonly NodeChart[], findings: readonly Finding[]): readonly Well[] {
  const ill = new Set(
    findings.flatMap(({subject, severity}) => {
      if (severity === 'info' || subject.kind === 'server') return [];
      return subject.kind === 'node' ? [subject.host] : subject.hosts;
    }),
  );
  const groups = new Map<string, {readonly role: Role; readonly what: string; count: number}>();
  for (const {node, roles} of nodes) {
    if (ill.has(node.name)) continue;
    for (const {role, config} of roles) {
      const what = `${describe(role, config.running)}, process newer than its files, clock agrees`;
      const key = `${role} ${what}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, {role, what, count: 1});
      else group.count += 1;
    }
  }
  return [...groups.values()]
    .toSorted((one, other) => one.role.localeCompare(other.role) || other.count - one.count)
    .map(({role, what, count}) => ({who: `${count} ${plural(role, count)}`, what}));
}

function plural(role: Role, count: number): string {
  if (role === 'api') return count === 1 ? 'API node' : 'API nodes';
  return count === 1 ? 'compute' : 'computes';
}

/** nova-api asks only whether it is zero. */
function describe(role: Role, reading: IntervalReading): string {
  if (!isOn(role, reading)) return reading.kind === 'unknown' ? 'interval unknown' : 'off';
  if (role === 'api') return 'on';
  return reading.kind === 'value' ? formatInterval(reading.seconds) : 'on';
}
