import {Static, Text} from 'ink';
import {useSyncExternalStore, type ReactNode} from 'react';
import {useTerminal, type AppProps} from './app.js';
import type {Speaker} from './speaker.js';

export type ReaderAppProps = Pick<AppProps, 'shell' | 'onSuspendable'> & {readonly speaker: Speaker};

/** The form for screen readers: sentences below each other, never repainted. */
export function ReaderApp({shell, speaker, onSuspendable}: ReaderAppProps): ReactNode {
  useTerminal(shell, onSuspendable);
  const lines = useSyncExternalStore(speaker.subscribe, speaker.lines);
  return (
    <Static items={[...lines]}>
      {(line, index) => (
        <Text key={index} wrap="wrap">
          {line}
        </Text>
      )}
    </Static>
  );
}
