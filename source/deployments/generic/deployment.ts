import type {Deployment} from '../deployment.js';

/**
 * Everything else: service, files and restart come from the profile or the inventory. Libvirt may be in a container, as
 * Kolla-Ansible and TripleO name it.
 */
export const generic: Deployment = {
  name: 'generic',
  title: 'set by hand',
  units: {compute: [], api: []},
  defaultFiles: {compute: ['/etc/nova/nova.conf'], api: ['/etc/nova/nova.conf']},
  isOn: () => true,
  virsh: [
    'virsh',
    'docker exec -i nova_libvirt virsh',
    'podman exec -i nova_libvirt virsh',
    'podman exec -i nova_virtqemud virsh',
  ],
  overwrittenBy: undefined,
};
