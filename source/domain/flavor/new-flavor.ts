/** Everything of a flavor that no extra spec says, in the units that the names say. */
export type FlavorSize = {
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly diskGib: number;
  readonly ephemeralGib: number;
  readonly swapMib: number;
  readonly rxtxFactor: number;
};

/** A flavor to make. Nova gives the id where there is none. */
export type NewFlavor = FlavorSize & {
  readonly id: string | undefined;
  readonly name: string;
  readonly isPublic: boolean;
  readonly description: string | undefined;
};

/** What `POST /flavors` is sent. What has its usual value is left to Nova, also what newer ones do not know any more. */
export function newFlavorBody(flavor: NewFlavor): {readonly flavor: Readonly<Record<string, unknown>>} {
  const {id, name, vcpus, memoryMib, diskGib, ephemeralGib, swapMib, rxtxFactor, description} = flavor;
  return {
    flavor: {
      ...(id === undefined ? {} : {id}),
      name,
      vcpus,
      ram: memoryMib,
      disk: diskGib,
      'OS-FLV-EXT-DATA:ephemeral': ephemeralGib,
      swap: swapMib,
      ...(rxtxFactor === 1 ? {} : {rxtx_factor: rxtxFactor}),
      'os-flavor-access:is_public': flavor.isPublic,
      ...(description === undefined ? {} : {description}),
    },
  };
}
