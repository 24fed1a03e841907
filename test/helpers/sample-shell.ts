import type {ScreenEntry} from '../../source/ui/screen.js';
import {sampleScreen, type SampleOptions, type SampleState} from './sample-screen.js';
import {NO_OWN_KEYS, type OwnKeys} from '../../source/ui/own-keys.js';
import {createShell, type RunningShell} from '../../source/ui/shell.js';

/** Two screens: `sample` with these options, `other` without. */
export function sampleEntries(options: SampleOptions = {}): readonly ScreenEntry[] {
  return [
    {name: 'sample', description: 'a list', open: (shell) => sampleScreen(shell, 'sample', options)},
    {name: 'other', description: 'another list', open: (shell) => sampleScreen(shell, 'other')},
  ];
}

export type SampleShell = {
  readonly shell: RunningShell;
  readonly state: () => SampleState;
  /** Lets time go by. */
  readonly wait: (ms: number) => void;
  /** Each key in a chunk of its own, half a second apart. */
  readonly press: (...keys: readonly string[]) => void;
  readonly written: () => string;
  readonly ended: readonly (number | string)[];
  readonly asked: readonly string[];
  readonly bugs: readonly unknown[];
};

/** A shell without a terminal that shows `sample`. */
export function openSampleShell(
  options: SampleOptions = {},
  hasMotion = true,
  ownKeys: OwnKeys = NO_OWN_KEYS,
): SampleShell {
  let now = Date.UTC(2026, 10, 22, 3, 12, 47);
  let state: SampleState | undefined;
  let written = '';
  const ended: (number | string)[] = [];
  const asked: string[] = [];
  const bugs: unknown[] = [];
  const shell = createShell({
    entries: sampleEntries({...options, onState: (next) => (state = next)}),
    now: () => now,
    hasMotion,
    ownKeys,
    terminal: {
      redraw: () => void asked.push('redraw'),
      suspend: () => void asked.push('suspend'),
      write: (text) => (written += text),
    },
    onEnd: (code) => void ended.push(code),
    onEndNow: (code) => void ended.push(`now ${code}`),
    onBug: (error) => void bugs.push(error),
  });
  shell.open('sample');
  const wait = (ms: number): void => {
    now += ms;
  };
  return {
    shell,
    state: () => {
      if (state === undefined) throw new Error('the sample has no state yet');
      return state;
    },
    wait,
    press(...keys) {
      for (const key of keys) {
        wait(500);
        shell.keys([key]);
      }
    },
    written: () => written,
    ended,
    asked,
    bugs,
  };
}
