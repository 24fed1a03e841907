import type {Dialog} from './components/dialog.js';
import type {OpenedScreen, Press} from './opened-screen.js';
import {wrap} from './spans.js';

/** To the screen below, or out of the program. */
export type LeavingTo = 'back' | 'quit';

/** What leaving would end, and what would be lost by it, in sentences. */
export type LeftBehind = {readonly goesOn: string | undefined; readonly unsaved: string | undefined};

/** What is left behind with the uppermost of these screens, or with all of them. */
export function leftBehind(screens: readonly OpenedScreen[], to: LeavingTo): LeftBehind {
  const told = (sentences: readonly string[]): string | undefined =>
    sentences.length === 0 ? undefined : sentences.join(' ');
  const left = to === 'back' ? screens.slice(-1) : screens;
  return {
    goesOn: told(left.flatMap((screen) => screen.meanwhile() ?? [])),
    // A screen that is opened again has what was typed still.
    unsaved: to === 'back' ? undefined : told(left.flatMap((screen) => screen.unsaved() ?? [])),
  };
}

/** Whether somebody is asked before. */
export function isAsked({goesOn, unsaved}: LeftBehind): boolean {
  return goesOn !== undefined || unsaved !== undefined;
}

/** The exit code of a program that is left so. */
export function leavingCode({goesOn}: LeftBehind): number {
  return goesOn === undefined ? 0 : 130;
}

/** Asks before a screen is left that does something, or with which something is lost. */
export function leavingDialog(
  to: LeavingTo,
  {goesOn, unsaved}: LeftBehind,
  stay: Press,
  leave: Press,
): Dialog<Press> {
  const sentences =
    goesOn !== undefined
      ? [
          goesOn,
          'Whoever leaves ends that: what was asked for goes on by itself, nothing more is asked for, and the terminal says in the end what is not done.',
        ]
      : [unsaved ?? 'All is done meanwhile.'];
  return {
    id: `leaving ${to}`,
    title: 'Leave',
    isDangerous: false,
    sentences,
    lines: (cells) => sentences.flatMap((text) => wrap([text], cells)),
    buttons: [
      {label: 'Stay', action: stay},
      {label: 'Leave', action: leave},
    ],
    focused: 0,
    cancel: stay,
  };
}
