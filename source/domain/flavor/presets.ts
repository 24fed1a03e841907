import type {ExtraSpecs} from './flavor.js';

/** What a flavor is meant for, as a start: every one is stored and boots, whatever the size is. */
export type PresetName = 'general' | 'watchdog' | 'windows' | 'database' | 'realtime' | 'network';

export type PresetSize = {readonly vcpus: number; readonly memoryMib: number};

export type Preset = {
  readonly name: PresetName;
  readonly title: string;
  /** Why somebody would take it. */
  readonly meaning: string;
  readonly specsFor: (size: PresetSize) => ExtraSpecs;
};

/** The largest huge page that divides the memory of every node; small ones where none does. */
function pagesFor(memoryMib: number, nodes: number): string {
  const share = memoryMib / nodes;
  if (share % 1024 === 0) return '1GB';
  return share % 2 === 0 ? '2MB' : 'small';
}

/** Two nodes where they divide CPUs and memory, else none. */
function nodesFor({vcpus, memoryMib}: PresetSize): number {
  return vcpus % 2 === 0 && memoryMib % 2 === 0 ? 2 : 1;
}

function windowsTopology({vcpus}: PresetSize): ExtraSpecs {
  const sockets = vcpus % 2 === 0 ? 2 : 1;
  return {
    'hw:cpu_sockets': String(sockets),
    'hw:cpu_cores': String(vcpus / sockets),
    'hw:cpu_threads': '1',
  };
}

/** The first CPU is left for QEMU; a guest of one CPU needs another host CPU for that. */
function realtime({vcpus, memoryMib}: PresetSize): ExtraSpecs {
  return {
    'hw:cpu_policy': 'dedicated',
    'hw:cpu_realtime': 'yes',
    ...(vcpus > 1 ? {'hw:cpu_realtime_mask': '^0'} : {'hw:emulator_threads_policy': 'isolate'}),
    'hw:mem_page_size': pagesFor(memoryMib, 1),
  };
}

export const PRESETS: readonly Preset[] = [
  {name: 'general', title: 'blank', meaning: 'as Nova does alone', specsFor: () => ({})},
  {
    name: 'watchdog',
    title: 'watchdog',
    meaning: 'a guest that hangs is reset',
    specsFor: () => ({'hw:watchdog_action': 'reset'}),
  },
  {
    name: 'windows',
    title: 'desktop Windows, 2 sockets',
    meaning: 'desktop editions of Windows use at most 2 sockets',
    specsFor: windowsTopology,
  },
  {
    name: 'database',
    title: 'database, huge pages, 2 nodes',
    meaning: 'memory in huge pages, near the CPUs that use it',
    specsFor: (size) => ({
      'hw:numa_nodes': String(nodesFor(size)),
      'hw:mem_page_size': pagesFor(size.memoryMib, nodesFor(size)),
    }),
  },
  {
    name: 'realtime',
    title: 'realtime',
    meaning: 'host CPUs of its own, with a realtime scheduler',
    specsFor: realtime,
  },
  {
    name: 'network',
    title: 'network function, isolated threads',
    meaning: 'host CPUs of its own whose siblings stay free, and memory in huge pages',
    specsFor: ({memoryMib}) => ({
      'hw:cpu_policy': 'dedicated',
      'hw:cpu_thread_policy': 'isolate',
      'hw:emulator_threads_policy': 'isolate',
      'hw:mem_page_size': pagesFor(memoryMib, 1),
    }),
  },
];
