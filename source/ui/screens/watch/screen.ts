import {commandLine} from '../../../text/command-line.js';
import type {Screen, Shell} from '../../screen.js';
import {watchEffects, type WatchedCloud} from './effects.js';
import {watchBindings, watchText} from './keys.js';
import {startWatch, updateWatch, type WatchStart} from './model.js';
import {watchSentences} from './sentences.js';
import type {WatchAction, WatchEffect, WatchState} from './state.js';
import {WatchBody, watchFrame, watchLegend} from './view.js';

export type WatchScreen = Screen<WatchState, WatchAction, WatchEffect>;

/** What the screen is opened with. */
export type WatchScreenOptions = Omit<WatchStart, 'clouds'> & {
  /** What is watched, in the order in which it is told. */
  readonly clouds: readonly WatchedCloud[];
  /** Flags that find the same clouds and nodes. */
  readonly placeFlags: readonly string[];
};

/** The live list of soft-deleted servers. */
export function watchScreen(
  {clouds, placeFlags, ...start}: WatchScreenOptions,
  shell: Pick<Shell, 'copy'>,
): WatchScreen {
  return {
    name: 'watch',
    thing: 'server',
    program: {
      start: startWatch({...start, clouds: clouds.map(({name}) => name)}),
      update: updateWatch,
      run: watchEffects(clouds, shell),
    },
    tick: (now) => ({type: 'tick', now}),
    resize: (body) => ({type: 'resize', body}),
    bindings: watchBindings,
    text: watchText,
    frame: watchFrame,
    Body: WatchBody,
    sentences: watchSentences,
    announcements: ({log}) => log.map(({text}) => `${text}.`).toReversed(),
    command: ({filter}) => {
      const {text} = filter.field;
      return commandLine(['reprieve', 'watch', ...placeFlags, ...(text === '' ? [] : [text])]);
    },
    log: ({log}) => log.map(({at, meaning, text}) => ({at, meaning, line: [text]})),
    legend: watchLegend,
    isWaiting: ({clouds: all}) => all.some(({phase}) => phase === 'signing-in' || phase === 'listing'),
    commandsInstead: ['reprieve watch --once', 'reprieve watch --json'],
  };
}
