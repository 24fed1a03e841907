import type {Dialog, DialogState} from './components/dialog.js';
import {isButtonOn} from './components/dialog.js';
import type {Binding, Key} from './keys.js';
import type {Press} from './opened-screen.js';

/** The keys of a dialog, for the line of keys: what enter presses now, how to get to the next button, the way out. */
export function dialogHints(dialog: Dialog<Press>, state: DialogState): readonly Binding<Press>[] {
  const focused = dialog.buttons[state.focus];
  const others = dialog.buttons.filter(
    (_, index) => index !== state.focus && isButtonOn(dialog, state, index),
  );
  const press = focused === undefined ? [] : [told('enter', focused.label.toLowerCase(), focused.action)];
  const next = others[0] === undefined ? [] : [told('tab', 'next', others[0].action)];
  return [
    ...press,
    ...next,
    ...(dialog.bindings ?? []),
    told('esc', dialog.buttons.length === 0 ? 'close' : 'cancel', dialog.cancel),
  ];
}

function told(key: Key, hint: string, action: Press): Binding<Press> {
  return {keys: [key], hint, help: hint, group: 'this', action};
}
