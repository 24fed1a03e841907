import {decodeFlavor} from '../../domain/flavor-file/decode-flavor.js';
import {decodeSettings} from '../../domain/flavor-file/decode-settings.js';
import {readInputs, type InputEvent, type InputPorts} from './read-inputs.js';
import type {SaveWish} from './save-types.js';

/** What is found in a file of flavors to save. */
export type WishEvent =
  Exclude<InputEvent, {kind: 'flavor'}> | {readonly kind: 'wish'; readonly wish: SaveWish};

/** Reads flavors that are to be in a cloud, with everything that a file says about them. */
export async function* readWishes(
  file: string,
  ports: InputPorts,
  how: Pick<SaveWish, 'isExact' | 'release'>,
): AsyncGenerator<WishEvent> {
  for await (const event of readInputs([file], ports)) {
    if (event.kind !== 'flavor') {
      yield event;
      continue;
    }
    const {source, place, input, value} = event;
    const {settings, problems} = decodeSettings(value);
    const all = [
      ...(input.flavor.name === '' ? ['it has no name, and a flavor of a cloud needs one'] : []),
      ...(how.isExact && decodeFlavor(value).lacksSpecs
        ? ['it comes without its extra specs, and --prune would take all of them away']
        : []),
      ...problems,
    ];
    for (const detail of all) yield {kind: 'problem', source, place, detail};
    if (all.length === 0) yield {kind: 'wish', wish: {...input, settings, ...how}};
  }
}
