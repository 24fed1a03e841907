import {EventEmitter} from 'node:events';
import {Box, useApp, useInput, usePaste, useStdin} from 'ink';
import {useEffect, useState, useSyncExternalStore, type ReactNode} from 'react';
import {DialogView, dialogLines} from './components/dialog-view.js';
import {Help} from './components/help.js';
import {KeyHints} from './components/key-hints.js';
import {LogStrip} from './components/log-strip.js';
import {Lines} from './components/row.js';
import {Steps} from './components/steps.js';
import {TitleBar} from './components/title-bar.js';
import {dialogHints} from './dialog-hints.js';
import {functionKeyOf, keysOf} from './keys.js';
import {createReplyFilter} from './late-reply.js';
import {signSpan} from './meaning.js';
import {logLines, paletteLines, promptLine} from './overlay-lines.js';
import type {Frame, Size, Title} from './screen.js';
import {bodySize, isTooSmall, type RunningShell} from './shell.js';
import {fit, plainText, type UiLine} from './spans.js';
import {useSpinner} from './spinner.js';
import type {Theme} from './theme.js';
import {tooSmallLines} from './too-small.js';

/** Hands the terminal back while something else has it, then draws everything again. */
export type Suspend = (meanwhile: () => Promise<void> | void) => Promise<void>;

export type AppProps = {
  readonly shell: RunningShell;
  readonly theme: Theme;
  /** What stands after the cloud: `read-only`, `demo`. */
  readonly marks: readonly string[];
  /** Called once, when there is a terminal to hand over. */
  onSuspendable(suspend: Suspend): void;
  /** Called when the terminal answers so late that the line to it must be slow. */
  onLateReply?(): void;
};

const LEAVING = 'Ends as soon as what is in hand is safe. ctrl-c ends at once.';

export type TerminalProps = Pick<AppProps, 'shell' | 'onSuspendable' | 'onLateReply'>;

/** Takes keys and pastes and hands them to the shell: the only place that does. Paints when the shell changes. */
export function useTerminal({shell, onSuspendable, onLateReply}: TerminalProps): void {
  const {suspendTerminal} = useApp();
  const [ownInput] = useState(() => createReplyFilter(onLateReply));
  useSyncExternalStore(shell.subscribe, shell.version);
  useInput((input, key) => {
    const own = ownInput(input, key.meta);
    if (own !== undefined) shell.keys(keysOf(own, key));
  });
  useFunctionKeys(shell);
  usePaste((text) => shell.paste(text));
  useEffect(() => onSuspendable(suspendTerminal), [onSuspendable, suspendTerminal]);
}

/** Ink knows function keys and hands over nothing of them: only what it read tells which one it was. */
function useFunctionKeys(shell: RunningShell): void {
  const stdin: object = useStdin();
  useEffect(() => {
    const emitter = 'internal_eventEmitter' in stdin ? stdin.internal_eventEmitter : undefined;
    if (!(emitter instanceof EventEmitter)) return;
    const listen = (sequence: unknown): void => {
      const key = typeof sequence === 'string' ? functionKeyOf(sequence) : undefined;
      if (key !== undefined) shell.keys([key]);
    };
    emitter.on('input', listen);
    return () => void emitter.off('input', listen);
  }, [shell, stdin]);
}

/** The frame of every screen: title, context, body, strip and keys, and what is above them. */
export function App(props: AppProps): ReactNode {
  const {shell, theme: still, marks} = props;
  useTerminal(props);
  const theme = useSpinner(still, isWaiting(shell));
  const size = shell.size();
  const {columns, rows} = size;
  if (isTooSmall(size)) {
    const screen = shell.screen();
    return (
      <Box width={columns} height={rows} flexDirection="column">
        <Lines theme={theme} lines={tooSmallLines(size, screen.commandsInstead, screen.meanwhile())} />
      </Box>
    );
  }
  const frame = shell.screen().frame(size, theme);
  return (
    <Box width={columns} height={rows} flexDirection="column">
      <TitleBar theme={theme} title={titleOf(shell, frame)} cells={columns} marks={marks} />
      <Context theme={theme} shell={shell} frame={frame} cells={columns} />
      <Body theme={theme} shell={shell} size={size} />
      <LogStrip theme={theme} {...stripOf(shell, frame, theme)} cells={columns} />
      <Keys theme={theme} shell={shell} cells={columns} />
    </Box>
  );
}

/** Only what is in sight is waited for: not what a dialog, help or a window that is too small covers. */
function isWaiting(shell: RunningShell): boolean {
  if (isTooSmall(shell.size())) return false;
  if (shell.isLeaving()) return true;
  const isCovered = shell.overlay().kind !== 'none' || shell.dialog() !== undefined;
  return !isCovered && shell.screen().isWaiting();
}

type PartProps = {readonly theme: Theme; readonly shell: RunningShell};

function Context(props: PartProps & {readonly frame: Frame; readonly cells: number}): ReactNode {
  const {theme, shell, frame, cells} = props;
  const overlay = shell.overlay();
  if (overlay.kind === 'palette')
    return <Lines theme={theme} lines={[promptLine(theme, overlay.palette, cells)]} />;
  if (overlay.kind === 'help' && (overlay.isFiltering || overlay.filter.text !== '')) {
    return <Lines theme={theme} lines={[promptLine(theme, {field: overlay.filter}, cells, '/')]} />;
  }
  if (overlay.kind === 'help' || overlay.kind === 'log') return <Lines theme={theme} lines={[[' ']]} />;
  const {context} = frame;
  if (context.kind === 'steps') return <Steps theme={theme} steps={context.steps} cells={cells} />;
  return <Lines theme={theme} lines={[fit([' ', ...context.line], cells, 'left', theme.signs.cut)]} />;
}

function Body({theme, shell, size}: PartProps & {readonly size: Size}): ReactNode {
  const {columns, rows} = bodySize(size);
  const overlay = shell.overlay();
  const screen = shell.screen();
  if (overlay.kind === 'help') {
    return (
      <Region rows={rows} cells={columns}>
        <Help
          theme={theme}
          bindings={shell.allBindings()}
          thing={screen.thing}
          signs={screen.legend(theme)}
          filter={overlay.filter.text}
          cells={columns}
          rows={rows}
        />
      </Region>
    );
  }
  if (overlay.kind === 'log') {
    return (
      <Region rows={rows} cells={columns}>
        <Lines theme={theme} lines={logLines(theme, screen.log() ?? [], overlay.first, {columns, rows})} />
      </Region>
    );
  }
  const above =
    overlay.kind === 'palette' ? paletteLines(theme, overlay.palette, shell.entries, columns) : [];
  const open = shell.dialog();
  const height = open === undefined ? 0 : dialogLines(theme, open.dialog, open.state, columns, rows).length;
  // One row between what the dialog is about and its sheet, where there is one left.
  const gap = height > 0 && height < rows ? 1 : 0;
  const left = Math.max(0, rows - above.length - height - gap);
  return (
    <>
      <Lines theme={theme} lines={above} />
      <Region rows={left + gap} cells={columns}>
        {left === 0 ? null : screen.body({columns, rows: left}, bodySize(size), theme, open?.dialog.id)}
      </Region>
      {open === undefined ? null : (
        <DialogView theme={theme} dialog={open.dialog} state={open.state} cells={columns} rows={rows} />
      )}
    </>
  );
}

/** Cuts what is too high. Lines are cut by their width already, and to cut them here again costs as much as to draw them. */
function Region(props: {
  readonly rows: number;
  readonly cells: number;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Box height={props.rows} width={props.cells} flexDirection="column" overflowY="hidden" flexShrink={0}>
      {props.children}
    </Box>
  );
}

function Keys({theme, shell, cells}: PartProps & {readonly cells: number}): ReactNode {
  const open = shell.dialog();
  const bindings = open === undefined ? shell.bindings() : dialogHints(open.dialog, open.state);
  return <KeyHints theme={theme} bindings={bindings} cells={cells} />;
}

function titleOf(shell: RunningShell, {title}: Frame): Title {
  const {kind} = shell.overlay();
  if (kind === 'help')
    return {
      screen: title.screen,
      object: 'help',
      right: [`${shell.keyOf('help')} or ${shell.keyOf('back')} closes`],
    };
  if (kind === 'log') return {...title, object: 'log'};
  return title;
}

function stripOf(
  shell: RunningShell,
  frame: Frame,
  theme: Theme,
): {line: UiLine; position: string | undefined} {
  const {position} = frame;
  if (shell.isLeaving()) {
    const line: UiLine = [signSpan(theme, 'working'), {text: ` ${LEAVING}`, colour: 'overdue', isBold: true}];
    return {line, position};
  }
  const notice = shell.notice();
  if (notice !== undefined) return {line: [{text: notice, colour: 'text'}], position};
  const overlay = shell.overlay();
  if (overlay.kind === 'help') {
    const hasDanger = shell.allBindings().some(({isDangerous}) => isDangerous === true);
    return {
      line: hasDanger ? ['Keys in red ask first. --read-only takes them away.'] : [],
      position: undefined,
    };
  }
  if (overlay.kind === 'log') {
    const count = shell.screen().log()?.length ?? 0;
    return {
      line: [],
      position: count === 0 ? undefined : `${Math.min(overlay.first + 1, count)} of ${count}`,
    };
  }
  return {line: plainText(frame.strip) === '' ? [] : frame.strip, position};
}
