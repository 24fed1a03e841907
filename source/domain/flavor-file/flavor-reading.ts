import type {Flavor, ImageProperties} from '../flavor/flavor.js';

/** A flavor of a file, with the image that it is to be judged with. */
export type FlavorInput = {readonly flavor: Flavor; readonly image: ImageProperties};

/** What became of reading a flavor; problems and what is ignored are ends of sentences. */
export type FlavorReading = {
  /** Undefined where a problem leaves nothing to judge. */
  readonly input: FlavorInput | undefined;
  /** The name, if it is a text. */
  readonly name: string | undefined;
  readonly problems: readonly string[];
  /** Names of fields that no flavor has. */
  readonly unknown: readonly string[];
  /** The program that printed it left the extra specs out. */
  readonly lacksSpecs: boolean;
};
