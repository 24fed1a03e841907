/** The flavors of the embedded cloud: usual ones, special ones, and a few that somebody got wrong. */
import type {Flavor, Project} from './nova/model.js';
import type {Random} from './random.js';

type Special = Partial<Flavor> & Pick<Flavor, 'name' | 'vcpus' | 'ram' | 'disk' | 'extraSpecs'>;

/** What a flavor is where nothing else is said. */
export function plainFlavor(id: string, own: Special): Flavor {
  return {
    id,
    ephemeral: 0,
    swap: 0,
    rxtxFactor: 1,
    isPublic: true,
    description: undefined,
    access: [],
    ...own,
  };
}

/** Those that ask for something special; the private one is for the first of these projects. */
export function specialFlavors(random: Random, [tenant]: readonly Project[]): readonly Flavor[] {
  const special: readonly Special[] = [
    {
      name: 'win.desktop',
      vcpus: 8,
      ram: 16_384,
      disk: 120,
      description: 'desktop editions of Windows use two sockets',
      extraSpecs: {'hw:cpu_sockets': '2', 'hw:cpu_cores': '4', 'hw:cpu_threads': '1'},
    },
    {
      name: 'payments.db',
      vcpus: 8,
      ram: 32_768,
      disk: 100,
      isPublic: false,
      description: 'databases of payments: CPUs and memory of their own',
      extraSpecs: {'hw:cpu_policy': 'dedicated', 'hw:numa_nodes': '2', 'hw:mem_page_size': '1GB'},
      access: tenant === undefined ? [] : [tenant.id],
    },
    {
      name: 'rt.edge',
      vcpus: 4,
      ram: 8192,
      disk: 20,
      swap: 512,
      extraSpecs: {'hw:cpu_policy': 'dedicated', 'hw:cpu_realtime': 'yes', 'hw:cpu_realtime_mask': '^0'},
    },
    // Somebody who meant a misspelt name, a unit that boot refuses, nodes that do not divide the CPUs, a word that
    // libvirt has and Nova has not, and limits by the names that Nova's API once took by mistake.
    {name: 'm2.medium', vcpus: 2, ram: 4096, disk: 40, extraSpecs: {'hw:cpu_socket': '1'}},
    {name: 'cache.huge', vcpus: 4, ram: 16_384, disk: 20, extraSpecs: {'hw:mem_page_size': '2M'}},
    {name: 'etl.numa', vcpus: 6, ram: 24_576, disk: 80, extraSpecs: {'hw:numa_nodes': '4'}},
    {name: 'ha.guarded', vcpus: 2, ram: 4096, disk: 40, extraSpecs: {'hw:watchdog_action': 'shutdown'}},
    {name: 'lic.two', vcpus: 8, ram: 16_384, disk: 80, extraSpecs: {'hw:max_cpu_sockets': '2'}},
  ];
  return special.map((own) => plainFlavor(random.uuid(), own));
}
