import test from 'ava';
import {candidateUnits, deploymentNamed, detectDeployment} from '../../source/deployments/registry.js';
import {decodeFacts} from '../../source/domain/fleet/decode-facts.js';

/** Facts of a node that has these units. */
function factsWith(units: readonly (readonly [string, string])[]) {
  const lines = [
    'begin\tfacts',
    'hostname\th',
    'fqdn\th',
    'boot\tb',
    'os\tdebian',
    'now\t1',
    'uptime\t1',
    'ticks\t100',
  ];
  for (const [role, unit] of units) {
    lines.push(`show\t${role}\tId=${unit}\tLoadState=loaded`);
    if (/^(apache2|httpd)/.test(unit)) lines.push(`site\t${unit}\tnova\tnova-api.conf`);
  }
  return decodeFacts(Buffer.from(`${[...lines, 'end\tfacts'].join('\n')}\n`));
}

const CASES = [
  ['debian', 'compute', 'nova-compute.service'],
  ['debian', 'api', 'nova-api.service'],
  ['debian', 'api', 'apache2.service'],
  ['rdo', 'compute', 'openstack-nova-compute.service'],
  ['rdo', 'api', 'openstack-nova-api.service'],
  ['rdo', 'api', 'httpd.service'],
  ['devstack', 'compute', 'devstack@n-cpu.service'],
  ['devstack', 'api', 'devstack@n-api.service'],
  ['generic', 'compute', 'my-nova.service'],
] as const;

for (const [name, role, unit] of CASES) {
  test(`a node with ${unit} is ${name}`, (t) => {
    t.is(detectDeployment(factsWith([[role, unit]])).name, name);
    t.is(deploymentNamed(name)?.name, name);
    const short = unit.replace('.service', '');
    t.is(candidateUnits(role).includes(short), name !== 'generic');
  });
}

test('DevStack wins where packages lie beside it, and says what overwrites an edit', (t) => {
  const both = factsWith([
    ['compute', 'devstack@n-cpu.service'],
    ['compute', 'nova-compute.service'],
  ]);
  t.is(detectDeployment(both).name, 'devstack');
  t.regex(detectDeployment(both).overwrittenBy ?? '', /stack\.sh/);
});

test('an unknown deployment has no name', (t) => {
  t.is(deploymentNamed('kolla'), undefined);
});
