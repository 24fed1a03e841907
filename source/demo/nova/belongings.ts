/** What belongs to a server outside Nova: volumes in Cinder, ports in Neutron. */
import type {Random} from '../random.js';

export type Volume = {
  readonly id: string;
  readonly name: string;
  readonly sizeGib: number;
  readonly device: string;
  readonly isDeletedWithServer: boolean;
};

export type Port = {
  readonly id: string;
  readonly mac: string;
  readonly address: string;
  readonly floating: {readonly id: string; readonly address: string} | undefined;
};

/** Where servers have their root disk. */
export const ROOT_DEVICE = '/dev/vda';

/** A port on the one network that there is; one in five can be reached from outside. */
export function makePort(random: Random): Port {
  const byte = () => random.hex(2);
  return {
    id: random.uuid(),
    mac: `fa:16:3e:${byte()}:${byte()}:${byte()}`,
    address: `10.20.${random.below(256)}.${2 + random.below(250)}`,
    floating:
      random.below(5) === 0 ? {id: random.uuid(), address: `203.0.113.${2 + random.below(250)}`} : undefined,
  };
}

/** Volumes of a server: one in four boots from one that goes with it, one in three has data that stays. */
export function makeVolumes(random: Random, name: string, diskGib: number): readonly Volume[] {
  const boot = {name: `${name}-boot`, sizeGib: diskGib, device: ROOT_DEVICE, isDeletedWithServer: true};
  const data = {
    name: `${name}-data`,
    sizeGib: 100 * (1 + random.below(8)),
    device: '/dev/vdb',
    isDeletedWithServer: false,
  };
  return [
    ...(random.below(4) === 0 ? [{id: random.uuid(), ...boot}] : []),
    ...(random.below(3) === 0 ? [{id: random.uuid(), ...data}] : []),
  ];
}
