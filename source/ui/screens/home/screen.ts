import type {LookHome} from '../../../app/home/look-home.js';
import {commandLine} from '../../../text/command-line.js';
import type {Screen, Shell} from '../../screen.js';
import type {ServerFollower} from './follow-servers.js';
import type {Asked} from './asked.js';
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
import {eventWords, homeForm, verdictWords} from './verdict-words.js';
import {isAwaited} from './view-lists.js';
import {HomeBody, homeFrame, homeLegend} from './view.js';

export type HomeScreen = Screen<HomeState, HomeAction, HomeEffect>;

/** What home needs besides its options. */
export type HomeParts = {
  /** Asks the cloud; see `createHomeLook`. */
  readonly look: LookHome;
  /** Follows the servers that wait, once the cloud was looked at. */
  readonly follower: ServerFollower;
  readonly shell: Pick<Shell, 'open'>;
};

/** Home: is delayed delete on, which servers wait, what is wrong, where to go. */
export function homeScreen({look, follower, shell}: HomeParts, options: HomeOptions): HomeScreen {
  let shown: readonly string[] = [];
  return {
    name: 'home',
    thing: 'cloud',
    program: {
      start: startHome(options),
      update: updateHome,
      async run(effect, dispatch, signal) {
        switch (effect.kind) {
          case 'open':
            shell.open(effect.name, effect.object);
            return;
          case 'show':
            shown = effect.ids;
            // Their times are not waited for until the next round.
            follower.askNow();
            return;
          case 'ask-servers':
            follower.askNow();
            return;
          case 'follow':
            return follower.follow(
              effect.isAgain,
              () => shown,
              (told, how) => dispatch({type: 'waiting', told}, how),
              signal,
            );
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
    resize: (body) => ({type: 'resize', body}),
    bindings: homeBindings,
    // When all is known that the first looks tell, it is read aloud anew.
    spokenPlace: (state) => (isSettled(state) ? homeForm(state) : ''),
    frame: homeFrame,
    Body: HomeBody,
    sentences: homeSentences,
    command: () => commandLine(['reprieve', 'status', ...options.placeFlags]),
    announcements: (state) => state.log.map((event) => spokenEvent(eventWords(state, event))).toReversed(),
    log: (state) =>
      state.log.map((event) => ({at: event.at, meaning: event.meaning, line: [eventWords(state, event)]})),
    legend: homeLegend,
    isWaiting: (state) => verdictWords(state).meaning === 'not-begun',
    commandsInstead: ['reprieve status', 'reprieve runs'],
  };
}

/** Whether set-up and servers were looked at, be it in vain. */
function isSettled(state: HomeState): boolean {
  const isTold = ({value, problem}: Asked<unknown>) => value !== undefined || problem !== undefined;
  const {setup, servers, waiting} = state;
  const [first] = waiting.rows;
  return isTold(setup) && isTold(servers) && (first === undefined || !isAwaited(state, first.listed));
}
