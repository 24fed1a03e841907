import type {Deployment} from '../deployment.js';

/** Everything else: service, files and restart come from the profile or the inventory. */
export const generic: Deployment = {
  name: 'generic',
  title: 'set by hand',
  units: {compute: [], api: []},
  defaultFiles: {compute: ['/etc/nova/nova.conf'], api: ['/etc/nova/nova.conf']},
  isOn: () => true,
  overwrittenBy: undefined,
};
