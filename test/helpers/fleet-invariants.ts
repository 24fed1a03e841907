import type {FakeFleet} from './fake-fleet.js';

const isOn = (value: string | undefined) => value !== undefined && Number(value) > 0;

/**
 * What must be true at every moment of a run, whatever goes wrong: API nodes go down one at a time, none goes on
 * while a compute is off, and no compute goes off while one is on. The list that comes back fills as it runs.
 */
export function watchInvariants(fleet: FakeFleet): readonly string[] {
  const problems: string[] = [];
  const say = (text: string) => problems.push(`${fleet.clock.seconds()} s: ${text}`);
  const computesOff = () => fleet.roleNodes('compute').filter((node) => !isOn(node.unit('compute').value));
  const apisOn = () => fleet.roleNodes('api').filter((node) => isOn(node.unit('api').value));
  const names = (nodes: readonly {readonly name: string}[]) => nodes.map(({name}) => name).join(', ');
  for (const node of fleet.nodes) {
    const before = new Map(node.units.map(({role, value}) => [role, value]));
    node.onTurn = (event, {role, value}) => {
      if (event === 'stopping') {
        const others = fleet.roleNodes('api').filter((one) => one !== node);
        const away = others.filter((one) => one.unit('api').startsAt !== undefined);
        if (role === 'api' && away.length > 0) say(`${node.name} goes down while ${names(away)} is`);
        return;
      }
      const was = before.get(role);
      before.set(role, value);
      if (isOn(value) === isOn(was)) return;
      if (role === 'api' && isOn(value) && computesOff().length > 0) {
        say(`${node.name} goes on while ${names(computesOff())} is off`);
      }
      if (role === 'compute' && !isOn(value) && apisOn().length > 0) {
        say(`${node.name} goes off while the API on ${names(apisOn())} is on`);
      }
    };
  }
  return problems;
}
