import {bound, type ActionName} from './actions.js';
import type {Binding} from './keys.js';
import type {OpenedScreen, Press} from './opened-screen.js';
import type {Overlay} from './overlays.js';
import {EMPTY_FIELD} from './components/field.js';
import {EMPTY_PALETTE} from './palette.js';

/** What the shell needs of the terminal that it is shown on. */
export type ShellTerminal = {
  /** Draws everything again. */
  redraw(): void;
  /** Stops the program until the operator's shell takes it up again. */
  suspend(): void;
  /** Writes what is not drawn: the clipboard, the bell. */
  write(text: string): void;
};

/** What the shell's own keys act on. */
export type ShellActions = {
  readonly screen: OpenedScreen;
  /** Whether there is no screen to go back to. */
  readonly isFirst: boolean;
  readonly terminal: ShellTerminal;
  show(overlay: Overlay): void;
  readonly copyCommand: Press;
  readonly back: Press;
  readonly quit: Press;
};

/** The keys that work on every screen, where there is something for them to do. */
export function shellBindings(actions: ShellActions): readonly Binding<Press>[] {
  const {screen, isFirst, terminal, show} = actions;
  const hasCommand = screen.command() !== '';
  const ofCommand: readonly Binding<Press>[] = [
    {
      ...bound('command'),
      hint: 'command',
      help: 'as a command',
      group: 'this',
      action: () => show({kind: 'command'}),
    },
    {...bound('copy'), help: 'copy command', group: 'this', action: actions.copyCommand},
  ];
  const ofLog = everywhere('log', 'log', () => show({kind: 'log', first: 0}), 'log');
  const help: Overlay = {kind: 'help', filter: EMPTY_FIELD, isFiltering: false};
  return [
    ...(hasCommand ? ofCommand : []),
    ...(screen.log() === undefined ? [] : [ofLog]),
    everywhere('help', 'this help', () => show(help), 'help'),
    everywhere('go-to', 'go to', () => show({kind: 'palette', palette: EMPTY_PALETTE})),
    ...(isFirst ? [] : [everywhere('back', 'back', actions.back, 'back')]),
    everywhere('redraw', 'draw again', () => terminal.redraw()),
    everywhere('suspend', 'to the shell', () => terminal.suspend()),
    everywhere('quit', 'quit', actions.quit, isFirst ? 'quit' : undefined),
  ];
}

function everywhere(name: ActionName, help: string, action: Press, hint?: string): Binding<Press> {
  return {...bound(name), help, group: 'everywhere', action, ...(hint === undefined ? {} : {hint})};
}
