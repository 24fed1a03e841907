/** Extra specs as Nova keeps them: texts by name, in the order in which they were given. */
export type ExtraSpecs = Readonly<Record<string, string>>;

/** Properties of an image as Glance keeps them; only those of Nova matter here. */
export type ImageProperties = Readonly<Record<string, string>>;

/** A flavor as far as its servers depend on it. Sizes are those of Nova's API, in the units that the names say. */
export type Flavor = {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly diskGib: number;
  readonly extraSpecs: ExtraSpecs;
};

export const NO_IMAGE: ImageProperties = {};

/** What Nova's database holds at most in a number of a flavor (nova/db/constants.py, MAX_INT). */
export const MAX_FLAVOR_NUMBER = 0x7fffffff;
