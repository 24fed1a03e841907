import {type Deployment, hasUnit} from '../deployment.js';

/** DevStack: computes read nova-cpu.conf (openstack/devstack lib/nova, NOVA_CPU_CONF), the API nova.conf. */
export const devstack: Deployment = {
  name: 'devstack',
  title: 'DevStack',
  units: {compute: ['devstack@n-cpu'], api: ['devstack@n-api']},
  defaultFiles: {compute: ['/etc/nova/nova-cpu.conf'], api: ['/etc/nova/nova.conf']},
  isOn: (facts) => hasUnit(facts, 'devstack@n-cpu', 'devstack@n-api'),
  virsh: ['virsh'],
  overwrittenBy: 'the next stack.sh writes its configuration anew: set it in local.conf too',
};
