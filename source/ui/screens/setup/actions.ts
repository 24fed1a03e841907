import type {CloudList} from '../../../app/ports.js';
import type {SetupAnswers} from '../../../app/setup/answers.js';
import type {DeleteRate} from '../../../app/setup/interval.js';
import type {NodeRow} from '../../../app/setup/nodes.js';
import type {RunView} from '../../../app/setup/run-view.js';
import type {SignedIn} from '../../../app/setup/sign-in.js';
import type {EndEvent, RunEvent} from '../../../app/rollout/events.js';
import type {JournalEntry} from '../../../app/rollout/journal.js';
import type {Plan} from '../../../app/rollout/plan-types.js';
import type {RunSettings} from '../../../app/rollout/wish.js';
import type {ServerRow} from '../../../domain/fleet/compute-api.js';
import type {Field} from '../../components/field.js';
import type {ListMove} from '../../components/list.js';
import type {Key} from '../../keys.js';
import type {ProofAction, ProofEffect} from './proof/state.js';
import type {Proposed, RunKind} from './state.js';
import type {Trouble} from '../../trouble.js';

/** What somebody did, or what came of an effect. */
export type SetupAction =
  | ProofAction
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'resize'; readonly rows: number}
  | {readonly type: 'move'; readonly move: ListMove}
  | {readonly type: 'next' | 'back' | 'close' | 'open' | 'leave'}
  | {readonly type: 'leave-out' | 'leave-out-all' | 'begin-filter' | 'end-filter' | 'clear-filter'}
  | {readonly type: 'filter' | 'interval'; readonly field: Field}
  | {readonly type: 'other-interval'; readonly step: 1 | -1}
  | {readonly type: 'sign-in-again' | 'look-again'}
  | {readonly type: 'form-key'; readonly key: Key}
  | {readonly type: 'form-word'; readonly field: Field}
  | {readonly type: 'form-paste'}
  | {readonly type: 'panel'; readonly panel: 'impact' | 'victims' | 'diff'}
  | {readonly type: 'harmless' | 'save-plan' | 'export' | 'apply' | 'plan-again'}
  | {readonly type: 'pause' | 'end-after-batch' | 'failed-panel'}
  | {readonly type: 'ask-quit' | 'ask-put-back' | 'stop-and-put-back' | 'put-back' | 'close-dialog' | 'quit'}
  | {readonly type: 'plan-rest' | 'resume' | 'keep-as-template'}
  | {readonly type: 'clouds'; readonly list: CloudList; readonly answers: SetupAnswers | undefined}
  | {readonly type: 'clouds-failed'; readonly trouble: Trouble}
  | {readonly type: 'signed-in'; readonly cloud: string; readonly value: SignedIn}
  | {readonly type: 'sign-in-failed'; readonly cloud: string; readonly trouble: Trouble}
  | {
      readonly type: 'looking';
      readonly cloud: string;
      readonly selected: readonly string[];
      readonly total: number;
      readonly apiOffsetMs: number;
    }
  | {readonly type: 'listed'; readonly cloud: string; readonly softDeleted: readonly ServerRow[]}
  | {
      readonly type: 'looked';
      readonly cloud: string;
      readonly host: string;
      readonly rows: readonly NodeRow[];
    }
  | {
      readonly type: 'seen';
      readonly cloud: string;
      readonly onlyNova: readonly string[];
      readonly seconds: number;
    }
  | {readonly type: 'look-failed'; readonly cloud: string; readonly trouble: Trouble}
  | {readonly type: 'rate'; readonly cloud: string; readonly rate: DeleteRate}
  | {readonly type: 'proposed'; readonly value: Proposed}
  | {readonly type: 'propose-failed'; readonly trouble: Trouble}
  | {readonly type: 'run-begins'; readonly plan: Plan; readonly settings: RunSettings}
  | {readonly type: 'run-event'; readonly event: RunEvent}
  | {readonly type: 'run-ended'; readonly end: EndEvent}
  | {readonly type: 'run-refused'; readonly trouble: Trouble; readonly hasBegun: boolean}
  | {readonly type: 'journal'; readonly entry: JournalEntry; readonly settings: RunSettings}
  | {
      readonly type: 'run-found';
      readonly run: string;
      readonly isLive: boolean;
      readonly view: RunView;
      readonly plan: Plan;
      readonly settings: RunSettings;
      /** How many entries of its journal the view is made of. */
      readonly known: number;
    }
  | {readonly type: 'follow-failed'; readonly trouble: Trouble}
  | {readonly type: 'put-back-planned'; readonly run: string; readonly value: Proposed}
  | {readonly type: 'put-back-failed'; readonly trouble: Trouble}
  | {readonly type: 'saved'; readonly file: string}
  | {readonly type: 'save-failed'; readonly trouble: Trouble};

/** Work on runs. */
export type RunEffect =
  | {readonly type: 'find-run'}
  | {readonly type: 'conduct'; readonly kind: Exclude<RunKind, 'follow' | 'resume'>; readonly value: Proposed}
  | {readonly type: 'conduct-resume'; readonly run: string}
  | {readonly type: 'follow'; readonly run: string; readonly known: number}
  | {readonly type: 'pause' | 'go-on' | 'end-after-batch' | 'stop'}
  | {readonly type: 'plan-put-back'; readonly run: string};

/** Work that is done elsewhere. */
export type SetupEffect =
  | ProofEffect
  | RunEffect
  | {readonly type: 'list-clouds'}
  | {readonly type: 'sign-in'; readonly cloud: string}
  | {readonly type: 'look'; readonly cloud: string}
  | {readonly type: 'read-rate'; readonly cloud: string}
  | {readonly type: 'remember'; readonly answers: Omit<SetupAnswers, 'savedAt'>}
  | {
      readonly type: 'propose';
      readonly cloud: string;
      readonly intervalSeconds: number;
      readonly leftOut: readonly string[];
      /** What was seen of the nodes is not so any more. */
      readonly looksAgain: boolean;
    }
  | {readonly type: 'save'; readonly file: string; readonly text: string}
  | {readonly type: 'leave'; readonly code: number}
  /** Opens the templates with what the run set up. */
  | {readonly type: 'keep-as-template'; readonly run: string}
  | {readonly type: 'go-back'};
