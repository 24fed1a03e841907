import {type Deployment, hasUnit} from '../deployment.js';

/** Debian's and Ubuntu's packages: nova-compute is started with nova.conf and nova-compute.conf, the second wins. */
export const debian: Deployment = {
  name: 'debian',
  title: 'Debian or Ubuntu packages',
  units: {compute: ['nova-compute'], api: ['nova-api', 'apache2']},
  defaultFiles: {
    compute: ['/etc/nova/nova.conf', '/etc/nova/nova-compute.conf'],
    api: ['/etc/nova/nova.conf'],
  },
  isOn: (facts) => hasUnit(facts, 'nova-compute', 'nova-api', 'apache2'),
  virsh: ['virsh'],
  overwrittenBy: undefined,
};
