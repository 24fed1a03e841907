import {bound} from './actions.js';
import type {Dialog} from './components/dialog.js';
import {typeKey, type Field} from './components/field.js';
import type {Binding, Key} from './keys.js';
import type {LeavingTo} from './leaving.js';
import type {Press} from './opened-screen.js';
import {keyOf, type OwnKeys} from './own-keys.js';
import type {Palette} from './palette.js';
import {wrap} from './spans.js';

/** What stands above the screen. */
export type Overlay =
  | {readonly kind: 'none'}
  | {readonly kind: 'help'; readonly filter: Field; readonly isFiltering: boolean}
  | {readonly kind: 'palette'; readonly palette: Palette}
  | {readonly kind: 'command'}
  /** The question before what goes on is left. */
  | {readonly kind: 'leaving'; readonly to: LeavingTo}
  /** `first`: how many entries are above the window. */
  | {readonly kind: 'log'; readonly first: number};

/** The keys of an overlay, as data like those of screens. `quit`: as on the screen below. */
export function overlayBindings(
  overlay: Overlay,
  show: (overlay: Overlay) => void,
  close: Press,
  quit: Press,
): readonly Binding<Press>[] {
  const quitting: Binding<Press> = {...bound('quit'), help: 'quit', group: 'everywhere', action: quit};
  switch (overlay.kind) {
    case 'help':
      return overlay.isFiltering
        ? [
            binding(['enter'], 'keep', () => show({...overlay, isFiltering: false})),
            binding(['esc'], 'close', close),
          ]
        : [
            {
              ...bound('filter'),
              ...told('find a key'),
              action: () => show({...overlay, isFiltering: true}),
            },
            {...bound('back'), ...told('close'), action: close, also: [{...bound('help'), action: close}]},
            quitting,
          ];
    case 'log': {
      const move = (by: number): Press => {
        return () => show({...overlay, first: Math.max(0, overlay.first + by)});
      };
      return [
        {
          ...bound('move.down'),
          ...told('older, newer'),
          shown: 'j k',
          action: move(1),
          also: [
            {...bound('move.up'), action: move(-1)},
            {...bound('move.half-page-down'), action: move(10)},
            {keys: ['space'], action: move(10)},
            {...bound('move.half-page-up'), action: move(-10)},
            {...bound('move.first'), action: move(-Infinity)},
          ],
        },
        {...bound('back'), ...told('close'), action: close, also: [{...bound('log'), action: close}]},
        quitting,
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
    case 'leaving':
      return [];
  }
}

/** The overlay after a character was typed into its field; `undefined` where it has none that takes the key. */
export function typeInOverlay(overlay: Overlay, key: Key): Overlay | undefined {
  if (overlay.kind !== 'help' || !overlay.isFiltering) return undefined;
  const filter = typeKey(overlay.filter, key);
  return filter === undefined ? undefined : {...overlay, filter};
}

/** A dialog with the key that shows the command of what it would do; where letters are typed there is none. */
export function withCommand(dialog: Dialog<Press>, show: Press): Dialog<Press> {
  if (dialog.word !== undefined || dialog.secret !== undefined || dialog.text !== undefined) return dialog;
  const command = {...bound('command'), ...told('command'), action: show};
  return {...dialog, bindings: [...(dialog.bindings ?? []), command]};
}

/** The command that does the same, to be read and copied. */
export function commandDialog(command: string, close: Press, copy: Press, own: OwnKeys): Dialog<Press> {
  return {
    id: `command ${command}`,
    title: 'Equivalent command',
    isDangerous: false,
    isWide: true,
    lines: (cells) => [
      ...wrap([{text: command, isBold: true}], cells, 2),
      [],
      [
        {text: keyOf('copy', own), colour: 'accent', isBold: true},
        {text: ' copies it   ', colour: 'muted'},
        {text: 'esc', colour: 'accent', isBold: true},
        {text: ' closes', colour: 'muted'},
      ],
    ],
    sentences: [command],
    buttons: [],
    focused: 0,
    cancel: close,
    bindings: [
      {...bound('copy'), ...told('copy'), action: copy},
      {...bound('command'), help: 'close', group: 'this', action: close},
    ],
  };
}

function binding(keys: readonly Key[], hint: string, action: Press): Binding<Press> {
  return {keys, ...told(hint), action};
}

function told(hint: string): Pick<Binding<Press>, 'hint' | 'help' | 'group'> {
  return {hint, help: hint, group: 'this'};
}
