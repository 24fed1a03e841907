import type {DrillSubject} from '../../../app/guest/drill.js';
import type {DrillEvent} from '../../../app/guest/watch-drill.js';
import type {Clock} from '../../../app/ports.js';
import type {GuestServer} from '../../../app/servers/server-ports.js';
import {verdictSentence} from '../../../text/drill-verdict.js';
import type {Screen, Shell} from '../../screen.js';
import {attempt} from '../../trouble.js';
import {drillDialog} from './dialog.js';
import {drillBindings} from './keys.js';
import {type DrillAction, type DrillEffect, type DrillState, startDrill, updateDrill} from './model.js';
import {DrillBody, drillCommand, drillFrame, drillMeanwhile, drillSentences} from './view.js';

/** What the screen asks for. */
export type DrillPorts = {
  readonly clock: Clock;
  /** How long a guest is watched at most. */
  readonly withinSeconds: number;
  /** Rejects with `UserError` where no drill can be held. */
  look(signal: AbortSignal): Promise<DrillSubject>;
  /** Watches until there is a verdict, which is told too. */
  watch(subject: DrillSubject, tell: (event: DrillEvent) => void, signal: AbortSignal): Promise<unknown>;
};

/** A drill step by step: look, prepare, crash, watch, verdict. */
export function drillScreen(
  ports: DrillPorts,
  word: string,
  shell: Pick<Shell, 'afterwards'>,
): Screen<DrillState, DrillAction, DrillEffect> {
  return {
    name: 'drill',
    program: {
      start: startDrill(word, ports.withinSeconds, ports.clock.now()),
      update: updateDrill,
      async run(effect, dispatch, signal) {
        await attempt(
          async () => {
            if (effect.type === 'look') {
              dispatch({type: 'looked', subject: await ports.look(signal)});
              return;
            }
            const {server, action} = effect.subject;
            shell.afterwards('drill', unendedWords(server));
            const tell = (event: DrillEvent): void => {
              if (event.kind === 'end') {
                shell.afterwards('drill', `${server.name}: ${verdictSentence(event.verdict, action)}.`);
              }
              dispatch({type: 'seen', event});
            };
            await ports.watch(effect.subject, tell, signal);
          },
          (trouble) => dispatch({type: 'failed', trouble}),
        );
      },
    },
    tick: (now) => ({type: 'tick', now}),
    bindings: drillBindings,
    dialog: drillDialog,
    stage: ({stage}) => stage.kind,
    frame: drillFrame,
    Body: DrillBody,
    sentences: drillSentences,
    announcements: ({news}) => news,
    command: drillCommand,
    isWaiting: ({stage}) => stage.kind === 'looking',
    meanwhile: drillMeanwhile,
    commandsInstead: ['reprieve drill SERVER --confirm NAME'],
  };
}

/** What is told where somebody leaves before there is a verdict. */
function unendedWords({id, name}: GuestServer): string {
  return `${name}: the drill ended without a verdict; see how the guest is: openstack server show ${id}`;
}
