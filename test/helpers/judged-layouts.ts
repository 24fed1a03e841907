import fc from 'fast-check';
import {guestLayout, layoutOf, type GuestLayout} from '../../source/domain/flavor/guest-layout.js';
import {judgeFlavor} from '../../source/domain/flavor/judge.js';
import type {NumaTopology} from '../../source/domain/flavor/numa.js';

/** Specs that ask for a topology such as `2:4:2`. */
export function topologySpecs(topology: string): Record<string, string> {
  const [sockets = '', cores = '', threads = ''] = topology.split(':');
  return {'hw:cpu_sockets': sockets, 'hw:cpu_cores': cores, 'hw:cpu_threads': threads};
}

/** What Nova makes of a flavor of this size and these specs; fails where it comes to no guest. */
export function judgedLayout(
  vcpus: number,
  memoryGib: number,
  extraSpecs: Readonly<Record<string, string>>,
): GuestLayout {
  const flavor = {name: 'drawn', vcpus, memoryMib: memoryGib * 1024, diskGib: 0, extraSpecs};
  const layout = layoutOf(judgeFlavor(flavor));
  if (layout === undefined) throw new Error(`no guest comes of ${JSON.stringify(flavor)}`);
  return layout;
}

/** A guest with these nodes, as lists of flavors or images can make them. */
export function layoutWithNodes(
  topology: readonly [number, number, number],
  cells: NumaTopology['cells'],
  more: Partial<NumaTopology> = {},
): GuestLayout {
  const vcpus = topology[0] * topology[1] * topology[2];
  const numa: NumaTopology = {
    cells,
    pageSizeKib: undefined,
    cpuPolicy: undefined,
    threadPolicy: undefined,
    emulatorPolicy: undefined,
    realtime: [],
    ...more,
  };
  return guestLayout({vcpus, memoryMib: 1024}, topology, numa);
}

/** Guests of all shapes: few and many sockets, cores, threads and nodes, with masks that cut them anywhere. */
export const randomLayout: fc.Arbitrary<GuestLayout> = fc
  .record({
    topology: fc.tuple(
      fc.integer({min: 1, max: 20}),
      fc.integer({min: 1, max: 24}),
      fc.integer({min: 1, max: 5}),
    ),
    nodes: fc.constantFrom(0, 0, 1, 2, 3, 4, 7, 16, 40),
    policy: fc.constantFrom('', 'shared', 'dedicated', 'mixed', 'realtime'),
    mask: fc.uniqueArray(fc.nat({max: 60}), {minLength: 1, maxLength: 6}),
    pages: fc.constantFrom('', '2MB', '1GB', 'large', '64KB'),
    memoryMib: fc.constantFrom(1024, 16_384, 3 * 7 * 1024, 1_048_576),
  })
  .map(({topology, nodes, policy, mask, pages, memoryMib}) => {
    const vcpus = topology[0] * topology[1] * topology[2];
    const cpus = `^${mask.join(',^')}`;
    const policies: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      shared: {'hw:cpu_policy': 'shared'},
      dedicated: {'hw:cpu_policy': 'dedicated'},
      mixed: {'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': cpus},
      realtime: {'hw:cpu_policy': 'dedicated', 'hw:cpu_realtime': 'yes', 'hw:cpu_realtime_mask': cpus},
    };
    const extraSpecs = {
      ...topologySpecs(topology.join(':')),
      ...(nodes === 0 ? {} : {'hw:numa_nodes': String(nodes)}),
      ...policies[policy],
      ...(pages === '' ? {} : {'hw:mem_page_size': pages}),
    };
    return layoutOf(judgeFlavor({name: 'random', vcpus, memoryMib, diskGib: 0, extraSpecs}));
  })
  .filter((layout) => layout !== undefined);
