import type {LookHome} from '../../../app/home/look-home.js';
import {commandLine} from '../../../text/command-line.js';
import type {Screen, Shell} from '../../screen.js';
import {homeBindings} from './keys.js';
import {
  startHome,
  updateHome,
  type HomeAction,
  type HomeEffect,
  type HomeOptions,
  type HomeState,
} from './model.js';
import {homeSentences, spokenEvent} from './sentences.js';
import {verdictWords} from './verdict-words.js';
import {HomeBody, homeFrame, homeLegend} from './view.js';

export type HomeScreen = Screen<HomeState, HomeAction, HomeEffect>;

/** Home: is delayed delete on, what is wrong, where to go. `look` asks the cloud; see `createHomeLook`. */
export function homeScreen(look: LookHome, options: HomeOptions, shell: Pick<Shell, 'open'>): HomeScreen {
  return {
    name: 'home',
    thing: 'cloud',
    program: {
      start: startHome(options),
      update: updateHome,
      async run(effect, dispatch, signal) {
        switch (effect.kind) {
          case 'open':
            shell.open(effect.name);
            return;
          case 'look':
            // Of hundreds of nodes each tells its part: those are painted with the next tick.
            await look(
              effect.source,
              (finding) => dispatch({type: 'found', finding}, finding.kind === 'part' ? 'quiet' : 'now'),
              signal,
            );
        }
      },
    },
    tick: (now) => ({type: 'tick', now}),
    bindings: homeBindings,
    frame: homeFrame,
    Body: HomeBody,
    sentences: homeSentences,
    command: () => commandLine(['reprieve', 'status', ...options.placeFlags]),
    announcements: ({log}) => log.map(({text}) => spokenEvent(text)).toReversed(),
    log: ({log}) => log.map(({at, meaning, text}) => ({at, meaning, line: [text]})),
    legend: homeLegend,
    isWaiting: (state) => verdictWords(state).meaning === 'not-begun',
    commandsInstead: ['reprieve status', 'reprieve runs'],
  };
}
