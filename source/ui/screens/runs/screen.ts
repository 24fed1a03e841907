import {UserError} from '../../../app/errors.js';
import type {Clock} from '../../../app/ports.js';
import type {NodeRecords} from '../../../app/rollout/node-records.js';
import type {FollowableJournals} from '../../../app/rollout/journal.js';
import {followRun, readOwnRuns, type RunUpdate} from '../../../app/rollout/own-runs.js';
import {userErrorLine} from '../../../text/errors.js';
import type {Screen} from '../../screen.js';
import type {How} from '../../store.js';
import {runsCommand} from './command.js';
import {runsBindings} from './keys.js';
import {startRuns, updateRuns, type RunsAction, type RunsEffect, type RunsState} from './model.js';
import {runsSentences} from './sentences.js';
import {RunsBody, runsFrame, runsLegend} from './view.js';

export type RunsScreen = Screen<RunsState, RunsAction, RunsEffect>;

/** What the screen reads. */
export type RunsPorts = {
  readonly journals: FollowableJournals;
  readonly clock: Clock;
  /** Asks the nodes what runs left there; absent where no cloud is named. Rejects with `UserError`. */
  readonly nodeRecords?: (signal: AbortSignal) => Promise<NodeRecords>;
  /** Opens the set-up with the offer to go on with a run. */
  readonly resume?: (run: string) => void;
};

/** Past runs and live ones, read from this operator's journals. `wanted`: the one to begin with. */
export function runsScreen(
  ports: RunsPorts,
  {placeFlags, wanted}: {readonly placeFlags: readonly string[]; readonly wanted: string | undefined},
): RunsScreen {
  return {
    name: 'runs',
    thing: 'run',
    program: {
      start: startRuns(placeFlags, wanted, {
        canAskNodes: ports.nodeRecords !== undefined,
        canResume: ports.resume !== undefined,
      }),
      update: updateRuns,
      async run(effect, dispatch, signal) {
        try {
          if (effect.kind === 'resume') {
            ports.resume?.(effect.run);
            return;
          }
          if (effect.kind === 'ask-nodes') {
            const records = await ports.nodeRecords?.(signal);
            if (records !== undefined) dispatch({type: 'records', records});
            return;
          }
          if (effect.kind === 'read') {
            dispatch({type: 'read', ...(await readOwnRuns(ports.journals, effect.known))});
            return;
          }
          const {run} = effect;
          let how: How = 'now';
          const emit = (update: RunUpdate) => {
            dispatch({type: 'updated', run, update}, update.isOver ? 'now' : how);
            how = 'quiet';
          };
          await followRun(ports, run, emit, signal);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          const problem = userErrorLine(error);
          dispatch(problemOf(effect, problem));
        }
      },
    },
    tick: (now) => ({type: 'tick', now}),
    resize: (body) => ({type: 'resize', body}),
    bindings: runsBindings,
    frame: runsFrame,
    Body: RunsBody,
    sentences: runsSentences,
    announcements: ({news}) => news,
    legend: runsLegend,
    isWaiting: ({runs, problem}) => runs === undefined && problem === undefined,
    command: runsCommand,
    commandsInstead: ['reprieve runs', 'reprieve runs RUN'],
  };
}

function problemOf(effect: RunsEffect, problem: string): RunsAction {
  switch (effect.kind) {
    case 'read':
      return {type: 'unreadable', problem};
    case 'ask-nodes':
      return {type: 'records-failed', problem};
    case 'follow':
    case 'resume':
      return {type: 'lost', run: effect.run, problem};
  }
}
