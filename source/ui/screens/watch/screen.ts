import type {Screen, Shell} from '../../screen.js';
import type {AlertWish} from './alerts.js';
import {watchCommand} from './command.js';
import {watchDialog} from './dialogs.js';
import {watchEffects} from './effects.js';
import type {WatchFiles} from './effects-files.js';
import type {WatchedCloud} from './follow-cloud.js';
import {watchBindings, watchText} from './keys.js';
import {startWatch, updateWatch, type WatchStart} from './model.js';
import {watchMeanwhile} from './left-undone.js';
import {watchSentences} from './sentences.js';
import {isFirstLook} from './rows.js';
import type {WatchAction, WatchEffect, WatchState} from './state.js';
import {eventWords} from './words.js';
import {WatchBody} from './view.js';
import {watchFrame, watchLegend} from './view-frame.js';

export type WatchScreen = Screen<WatchState, WatchAction, WatchEffect>;

/** What the screen is opened with. */
export type WatchScreenOptions = Omit<WatchStart, 'clouds' | 'alertSeconds'> & {
  /** What is watched, in the order in which it is told. */
  readonly clouds: readonly WatchedCloud[];
  /** Flags that find the same clouds and nodes. */
  readonly placeFlags: readonly string[];
  /** Other flags that the list was asked for with. */
  readonly listFlags: readonly string[];
  readonly files: WatchFiles;
  /** Of what there is an alert, and the flags that say so; absent: of nothing. */
  readonly alert?: (Omit<AlertWish, 'text'> & {readonly flags: readonly string[]}) | undefined;
};

/** The live list of soft-deleted servers. */
export function watchScreen(
  {clouds, placeFlags, listFlags, files, alert, ...start}: WatchScreenOptions,
  shell: Pick<Shell, 'copy' | 'ring' | 'afterwards'>,
): WatchScreen {
  return {
    name: 'watch',
    thing: 'server',
    program: {
      start: startWatch({...start, alertSeconds: alert?.seconds, clouds: clouds.map(({name}) => name)}),
      update: updateWatch,
      run: watchEffects(clouds, shell, files, {
        isReadOnly: start.isReadOnly,
        placeFlags,
        alert: alert === undefined ? undefined : {...alert, text: start.text ?? start.view?.filter ?? ''},
      }),
    },
    tick: (now) => ({type: 'tick', now}),
    resize: (body) => ({type: 'resize', body}),
    bindings: watchBindings,
    text: watchText,
    dialog: watchDialog,
    // When all is known that the first look tells, the list is sorted anew, and read aloud.
    spokenPlace: (state) => (isReady(state) ? 'list' : ''),
    frame: (state, size, theme) => watchFrame(state, size, theme, placeFlags),
    Body: WatchBody,
    sentences: watchSentences,
    announcements: (state) => state.log.map((event) => `${eventWords(state, event)}.`).toReversed(),
    command: (state) => watchCommand(state, placeFlags, [...listFlags, ...(alert?.flags ?? [])]),
    log: (state) =>
      state.log.map((event) => ({at: event.at, meaning: event.meaning, line: [eventWords(state, event)]})),
    legend: watchLegend,
    meanwhile: watchMeanwhile,
    isWaiting: ({clouds: all}) => all.some(({phase}) => phase === 'signing-in' || phase === 'listing'),
    commandsInstead: ['reprieve watch --once', 'reprieve watch --json'],
  };
}

function isReady(state: WatchState): boolean {
  const {clouds, rows} = state;
  if (!clouds.some(({phase}) => phase === 'listed')) return false;
  return !isFirstLook(state) || rows.every(({listed}) => listed.standing.cause !== 'interval-unknown');
}
