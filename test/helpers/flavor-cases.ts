import {readFileSync} from 'node:fs';
import type {Flavor, ImageProperties} from '../../source/domain/flavor/flavor.js';

/** What every conformance case of a flavor begins with. */
export type FlavorInput = {
  readonly vcpus?: number;
  readonly memory_mb?: number;
  readonly extra_specs?: Readonly<Record<string, string>>;
  readonly image_props?: ImageProperties;
  readonly allow_threads?: boolean;
};

export type Case<Input, Expect> = {readonly id: string; readonly input: Input; readonly expect: Expect};

/** The recorded cases of an area, as they are in the shared file. */
export function conformanceCases<Input, Expect>(area: string): readonly Case<Input, Expect>[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Our own file.
  const file = JSON.parse(readFileSync(`test/fixtures/conformance/${area}.json`, 'utf8')) as {
    readonly cases: readonly Case<Input, Expect>[];
  };
  return file.cases;
}

export function flavorOf({
  vcpus = 1,
  memory_mb: memoryMib = 512,
  extra_specs: extraSpecs = {},
}: FlavorInput): Flavor {
  return {name: 'case', vcpus, memoryMib, diskGib: 0, extraSpecs};
}
