import {judgeFlavor, type Judgement} from '../../domain/flavor/judge.js';
import type {NovaRelease} from '../../domain/flavor/nova-release.js';
import type {Place} from '../../domain/flavor-file/read-flavors.js';
import {readInputs, type InputEvent, type InputPorts} from './read-inputs.js';

/** What there is to tell about inputs, in their order. */
export type CheckEvent =
  | Exclude<InputEvent, {kind: 'flavor'}>
  | {
      readonly kind: 'judged';
      readonly source: string;
      readonly place: Place;
      readonly judgement: Judgement;
    };

/** Judges every flavor of these inputs as a release of Nova would. */
export async function* checkFlavors(
  names: readonly string[],
  ports: InputPorts,
  release: NovaRelease,
): AsyncGenerator<CheckEvent> {
  for await (const event of readInputs(names, ports)) {
    if (event.kind === 'flavor') {
      const {source, place, input} = event;
      yield {
        kind: 'judged',
        source,
        place,
        judgement: judgeFlavor(input.flavor, {image: input.image, release}),
      };
    } else yield event;
  }
}
