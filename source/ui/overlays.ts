import type {Dialog} from './components/dialog.js';
import {typeKey, type Field} from './components/field.js';
import type {Binding, Key} from './keys.js';
import type {Press} from './opened-screen.js';
import type {Palette} from './palette.js';
import {wrap} from './spans.js';

/** What stands above the screen. */
export type Overlay =
  | {readonly kind: 'none'}
  | {readonly kind: 'help'; readonly filter: Field; readonly isFiltering: boolean}
  | {readonly kind: 'palette'; readonly palette: Palette}
  | {readonly kind: 'command'}
  /** `first`: how many entries are above the window. */
  | {readonly kind: 'log'; readonly first: number};

/** The keys of an overlay, as data like those of screens. */
export function overlayBindings(
  overlay: Overlay,
  show: (overlay: Overlay) => void,
  close: Press,
): readonly Binding<Press>[] {
  switch (overlay.kind) {
    case 'help':
      return overlay.isFiltering
        ? [
            binding(['enter'], 'keep', () => show({...overlay, isFiltering: false})),
            binding(['esc'], 'close', close),
          ]
        : [
            binding(['/'], 'find a key', () => show({...overlay, isFiltering: true})),
            binding(['esc', '?'], 'close', close),
          ];
    case 'log': {
      const move = (by: number): Press => {
        return () => show({...overlay, first: Math.max(0, overlay.first + by)});
      };
      return [
        {
          ...binding(['j', 'down'], 'older, newer', move(1)),
          shown: 'j k',
          also: [
            {keys: ['k', 'up'], action: move(-1)},
            {keys: ['ctrl-d', 'page-down', 'space'], action: move(10)},
            {keys: ['ctrl-u', 'page-up'], action: move(-10)},
            {keys: ['g', 'home'], action: move(-Infinity)},
          ],
        },
        binding(['esc', 'l'], 'close', close),
      ];
    }
    case 'palette':
      return [
        binding(['enter'], 'open', close),
        binding(['tab'], 'complete', close),
        binding(['esc'], 'close', close),
      ];
    case 'none':
    case 'command':
      return [];
  }
}

/** The overlay after a character was typed into its field; `undefined` where it has none that takes the key. */
export function typeInOverlay(overlay: Overlay, key: Key): Overlay | undefined {
  if (overlay.kind !== 'help' || !overlay.isFiltering) return undefined;
  const filter = typeKey(overlay.filter, key);
  return filter === undefined ? undefined : {...overlay, filter};
}

/** The command that does the same, to be read and copied. */
export function commandDialog(command: string, close: Press, copy: Press): Dialog<Press> {
  return {
    id: `command ${command}`,
    title: 'Equivalent command',
    isDangerous: false,
    isWide: true,
    lines: (cells) => [
      ...wrap([{text: command, isBold: true}], cells, 2),
      [],
      [
        {text: 'y', colour: 'accent', isBold: true},
        {text: ' copies it   ', colour: 'muted'},
        {text: 'esc', colour: 'accent', isBold: true},
        {text: ' closes', colour: 'muted'},
      ],
    ],
    sentences: [command],
    buttons: [],
    focused: 0,
    cancel: close,
    bindings: [binding(['y'], 'copy', copy), {keys: ['e'], help: 'close', group: 'this', action: close}],
  };
}

function binding(keys: readonly Key[], hint: string, action: Press): Binding<Press> {
  return {keys, hint, help: hint, group: 'this', action};
}
