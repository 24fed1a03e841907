import {
  CpuSpecError,
  countCpus,
  type CpuSet,
  intersection,
  listCpus,
  NO_CPUS,
  parseCpuSpec,
  union,
} from '../flavor/cpu-set.js';
import {PAGES_LARGE} from '../flavor/memory.js';
import type {Triple} from '../flavor/topology.js';
import type {GuestTraits, NumaTrait, PinningTrait, WatchdogTrait} from './guest-traits.js';
import {childrenNamed, elementAt, readXml, type XmlElement, XmlProblem} from './xml.js';

/** A libvirt domain, as far as flavors decide about it. */
export type GuestDomain = {
  readonly uuid: string;
  /** `instance-0000000b`. */
  readonly name: string;
  readonly vcpus: number;
  /** `pc-q35-7.2`; empty where the domain does not say. */
  readonly machine: string;
  readonly arch: string;
  /** The flavor that Nova wrote into it when it made it. */
  readonly flavor: string | undefined;
  readonly traits: GuestTraits;
};

/** Reads what `virsh dumpxml` printed. Throws `XmlProblem` where that is no domain. */
export function readDomain(document: string): GuestDomain {
  const domain = readXml(document);
  const uuid = elementAt(domain, 'uuid')?.text.trim();
  if (domain.name !== 'domain' || uuid === undefined) throw new XmlProblem('it is no domain with a UUID');
  const type = elementAt(domain, 'os', 'type');
  const machine = type?.attributes.get('machine') ?? '';
  const metadata = elementAt(domain, 'metadata', 'nova:instance', 'nova:flavor');
  return {
    uuid,
    name: elementAt(domain, 'name')?.text.trim() ?? '',
    vcpus: whole(elementAt(domain, 'vcpu')?.text.trim(), 'vcpu'),
    machine,
    arch: type?.attributes.get('arch') ?? '',
    flavor: metadata?.attributes.get('name'),
    traits: {
      watchdog: watchdogOf(domain, machine),
      topology: topologyOf(domain),
      numa: childrenNamed(elementAt(domain, 'cpu', 'numa'), 'cell').map(numaNode),
      pinning: pinningOf(elementAt(domain, 'cputune')),
      memory: {
        pagesKib: pagesOf(elementAt(domain, 'memoryBacking', 'hugepages')),
        isLocked: elementAt(domain, 'memoryBacking', 'locked') !== undefined,
        isUnshared: elementAt(domain, 'memoryBacking', 'nosharepages') !== undefined,
      },
    },
  };
}

/**
 * The device of the flavor, else the one that is part of the machine: libvirt 9.1 and newer writes `itco` into every
 * q35 domain (libvirt: src/qemu/qemu_domain.c, `qemuDomainDefAddDefaultDevices`).
 */
function watchdogOf(domain: XmlElement, machine: string): WatchdogTrait | undefined {
  const all = childrenNamed(elementAt(domain, 'devices'), 'watchdog').map((element) => {
    const model = element.attributes.get('model') ?? '';
    const isOfMachine = model === 'itco' && machine.includes('q35');
    return {model, action: element.attributes.get('action') ?? 'reset', isOfMachine};
  });
  return all.find(({isOfMachine}) => !isOfMachine) ?? all[0];
}

function topologyOf(domain: XmlElement): Triple | undefined {
  const element = elementAt(domain, 'cpu', 'topology');
  if (element === undefined) return undefined;
  const part = (name: string): number => whole(element.attributes.get(name) ?? '1', `topology ${name}`);
  // Dies and clusters are always one each in a guest of Nova's; others are cores to the guest's scheduler.
  return [part('sockets'), part('dies') * part('clusters') * part('cores'), part('threads')];
}

function numaNode(cell: XmlElement, index: number): NumaTrait {
  const {attributes} = cell;
  return {
    id: whole(attributes.get('id') ?? String(index), 'cell id'),
    cpus: cpusOf(attributes.get('cpus') ?? ''),
    memoryKib: kibOf(attributes.get('memory'), attributes.get('unit') ?? 'KiB'),
  };
}

function pinningOf(tune: XmlElement | undefined): PinningTrait {
  const pins = childrenNamed(tune, 'vcpupin').map(({attributes}) => ({
    vcpu: whole(attributes.get('vcpu'), 'vcpupin'),
    on: cpusOf(attributes.get('cpuset') ?? ''),
  }));
  const own = pins.filter(({on}) => countCpus(on) === 1).toSorted((one, other) => one.vcpu - other.vcpu);
  const guest = (some: typeof pins): CpuSet => union(some.map(({vcpu}) => [{first: vcpu, last: vcpu}]));
  const emulator = elementAt(tune ?? NOTHING, 'emulatorpin')?.attributes.get('cpuset');
  const used = union(pins.map(({on}) => on));
  return {
    pinned: guest(own),
    bound: guest(pins.filter(({on}) => countCpus(on) > 1)),
    realtime: union(
      childrenNamed(tune, 'vcpusched').map(({attributes}) => cpusOf(attributes.get('vcpus') ?? '')),
    ),
    isEmulatorApart: emulator !== undefined && intersection(cpusOf(emulator), used).length === 0,
    hostCpus: own.flatMap(({on}) => listCpus(on, 1)),
  };
}

const NOTHING: XmlElement = {name: '', attributes: new Map(), children: [], text: ''};

function pagesOf(hugepages: XmlElement | undefined): readonly number[] {
  if (hugepages !== undefined && childrenNamed(hugepages, 'page').length === 0) return [PAGES_LARGE];
  const sizes = childrenNamed(hugepages, 'page').map(({attributes}) =>
    kibOf(attributes.get('size'), attributes.get('unit') ?? 'KiB'),
  );
  return [...new Set(sizes)].toSorted((one, other) => one - other);
}

const UNITS: Readonly<Record<string, number>> = {
  b: 1 / 1024,
  bytes: 1 / 1024,
  KiB: 1,
  k: 1,
  MiB: 1024,
  M: 1024,
  GiB: 1024 ** 2,
  G: 1024 ** 2,
  TiB: 1024 ** 3,
  T: 1024 ** 3,
};

function kibOf(text: string | undefined, unit: string): number {
  const factor = UNITS[unit];
  if (factor === undefined) throw new XmlProblem('it has a size in an unknown unit');
  return whole(text, 'size') * factor;
}

function whole(text: string | undefined, what: string): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw new XmlProblem(`its ${what} is no number`);
  return Number(text);
}

function cpusOf(text: string): CpuSet {
  if (text === '') return NO_CPUS;
  const set = parseCpuSpec(text);
  if (set instanceof CpuSpecError) throw new XmlProblem('it has a set of CPUs that is none');
  return set;
}
