import type {FakeFleet} from './fake-fleet.js';

/** What must be true at every moment of a run, whatever goes wrong. The list that comes back fills as it runs. */
export function watchInvariants(fleet: FakeFleet, accepted: readonly string[] = []): readonly string[] {
  const problems: string[] = [];
  const say = (text: string) => problems.push(`${fleet.clock.seconds()} s: ${text}`);
  for (const node of fleet.nodes) {
    node.onTurn = (event, {role, value}) => {
      if (role !== 'api') return;
      if (event === 'stopping') {
        const others = fleet.roleNodes('api').filter((one) => one !== node);
        const away = others.filter((one) => one.unit('api').startsAt !== undefined);
        if (away.length > 0) say(`${node.name} goes down while ${away[0]?.name} is`);
        return;
      }
      if (value === undefined || value === '0') return;
      const stuck = fleet
        .roleNodes('compute')
        .filter((one) => !accepted.includes(one.name))
        .filter((one) => !(Number(one.unit('compute').value ?? 0) > 0));
      if (stuck.length > 0)
        say(`${node.name} goes on while ${stuck.map(({name}) => name).join(', ')} is off`);
    };
  }
  return problems;
}
