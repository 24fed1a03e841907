import {Static, Text} from 'ink';
import {useSyncExternalStore, type ReactNode} from 'react';
import {useTerminal, type AppProps} from './app.js';
import {plainText, wrap} from './spans.js';
import type {Speaker} from './speaker.js';

export type ReaderAppProps = Pick<AppProps, 'shell' | 'onSuspendable'> & {readonly speaker: Speaker};

/** The form for screen readers: sentences below each other, never repainted. */
export function ReaderApp({shell, speaker, onSuspendable}: ReaderAppProps): ReactNode {
  useTerminal({shell, onSuspendable});
  const lines = useSyncExternalStore(speaker.subscribe, speaker.lines);
  const {columns} = shell.size();
  return (
    <Static items={[...lines]}>
      {(line, index) => <Text key={index}>{wrappedText(line, columns)}</Text>}
    </Static>
  );
}

/** Broken between words: Ink and terminals break within them. */
function wrappedText(line: string, cells: number): string {
  return wrap([line], cells)
    .map((part) => plainText(part).trimEnd())
    .join('\n');
}
