import {type Deployment, hasUnit} from '../deployment.js';

/** RDO's and SUSE's packages: the program's default search, packaged defaults in nova-dist.conf. */
export const rdo: Deployment = {
  name: 'rdo',
  title: 'RDO or SUSE packages',
  units: {compute: ['openstack-nova-compute'], api: ['openstack-nova-api', 'httpd']},
  defaultFiles: {
    compute: ['/usr/share/nova/nova-dist.conf', '/etc/nova/nova.conf'],
    api: ['/usr/share/nova/nova-dist.conf', '/etc/nova/nova.conf'],
  },
  isOn: (facts) => hasUnit(facts, 'openstack-nova-compute', 'openstack-nova-api', 'httpd'),
  virsh: ['virsh'],
  overwrittenBy: undefined,
};
