/** What a text holds in the place of a flavor, or why it holds none; lines count from 1. */
export type RawValue =
  | {
      readonly kind: 'value';
      readonly line: number;
      readonly value: unknown;
      /** A name that one of its objects has twice: the last value is the one that counts. */
      readonly repeated: string | undefined;
    }
  | {
      readonly kind: 'problem';
      readonly line: number;
      readonly detail: string;
      /** Whether it is about one flavor, and not about what is between them. */
      readonly isFlavor: boolean;
    }
  /** Fields beside the list of flavors. */
  | {readonly kind: 'beside'; readonly line: number; readonly names: readonly string[]};

/** Reads the flavors of a YAML text. */
export type YamlValues = (bytes: Uint8Array) => Iterable<RawValue>;
