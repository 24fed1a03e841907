import type {CloudList} from '../../../app/ports.js';
import type {Changes} from '../../../app/setup/changes.js';
import type {DeleteRate} from '../../../app/setup/interval.js';
import type {NodeRow} from '../../../app/setup/nodes.js';
import type {RunView} from '../../../app/setup/run-view.js';
import type {Proposal} from '../../../app/setup/session.js';
import type {SignedIn} from '../../../app/setup/sign-in.js';
import type {Plan} from '../../../app/rollout/plan-types.js';
import type {RunSettings} from '../../../app/rollout/wish.js';
import type {ServerRow} from '../../../domain/fleet/compute-api.js';
import {openDialog, type DialogState} from '../../components/dialog.js';
import {EMPTY_FIELD, fieldOf, type Field} from '../../components/field.js';
import {openList, type ListState} from '../../components/list.js';
import type {Signs} from '../../../text/signs.js';
import type {OwnKeys} from '../../own-keys.js';
import type {EndedProof, ProofDialog, ProofState} from './proof/state.js';
import type {Loadable, Trouble} from '../../trouble.js';

export const STEPS = ['cloud', 'nodes', 'interval', 'changes', 'run', 'result'] as const;
export type StepName = (typeof STEPS)[number];

/** What the command line settled; nothing here is asked. */
export type SetupOptions = {
  readonly cloud: string | undefined;
  readonly interval: string | undefined;
  /** `--hosts`. */
  readonly hosts: string | undefined;
  /** Hosts and interval come from another screen: answers of an earlier start say nothing about them, and stay. */
  readonly isGiven?: boolean;
  /** A run to go on with; else the newest is, where it did not come to its end. */
  readonly run?: string | undefined;
  readonly settings: RunSettings;
  readonly isReadOnly: boolean;
  /** Flags other than `--cloud`, `--interval` and `--hosts`, as words, for the command that does the same. */
  readonly flags: readonly string[];
  /** Those of them that name the nodes: `--inventory` and the like. */
  readonly placeFlags: readonly string[];
  /** Keys in place of the usual ones, for sentences that name a key. */
  readonly ownKeys?: OwnKeys;
  /** Of what is told on the terminal in the end. */
  readonly signs?: Signs;
};

/** What is known of the nodes of the chosen cloud. */
export type NodesState = {
  readonly kind: 'none' | 'looking' | 'seen' | 'failed';
  readonly since: number;
  readonly trouble: Trouble | undefined;
  /** Rows by host. */
  readonly rows: ReadonlyMap<string, readonly NodeRow[]>;
  /** Hosts that are part of it, by `--hosts`. */
  readonly selected: readonly string[];
  readonly total: number;
  readonly tookSeconds: number | undefined;
  readonly onlyNova: readonly string[];
  /** Undefined until Nova has listed them. */
  readonly softDeleted: readonly ServerRow[] | undefined;
  /** Milliseconds that the API's clock is ahead. */
  readonly apiOffsetMs: number;
  readonly list: ListState;
  /** Whether the cursor was moved: before that it stays on the first row, whatever comes. */
  readonly hasMoved: boolean;
  readonly leftOut: ReadonlySet<string>;
  /** A group whose members are listed, or a node whose details are. */
  readonly opened: string | undefined;
  readonly filter: Field;
  readonly isFiltering: boolean;
};

/** A plan and what it says. */
export type Proposed = {readonly proposal: Proposal; readonly changes: Changes};

export type ChangesState = {
  readonly proposed: Loadable<Proposed>;
  /** What stands above it: the count grew, or something else is not as it was. */
  readonly notice: string | undefined;
  readonly list: ListState;
  readonly victims: ListState;
  readonly panel: 'impact' | 'victims' | 'diff';
  readonly form: DialogState;
};

/** How a run came about: begun here, gone on with, put back, or only watched. */
export type RunKind = 'apply' | 'resume' | 'rollback' | 'follow';

export type RunState = {
  readonly kind: RunKind;
  readonly plan: Plan | undefined;
  readonly settings: RunSettings;
  readonly view: RunView;
  readonly isPaused: boolean;
  /** Why no more nodes begin. */
  readonly ending: 'after-batch' | 'leaving' | 'put-back' | undefined;
  /** Why it ended without having begun, or broke off; after its end, why it is not put back. */
  readonly trouble: Trouble | undefined;
  readonly panel: 'grid' | 'failed';
  readonly list: ListState;
};

export type DialogName =
  | ProofDialog
  | {readonly kind: 'quit'}
  | {readonly kind: 'stop-and-put-back'}
  | {readonly kind: 'put-back'; readonly run: string; readonly proposed: Proposed}
  | {
      readonly kind: 'interrupted';
      readonly run: string;
      readonly done: number;
      readonly total: number;
      readonly isOpen: boolean;
    };

export type SetupState = {
  /** Epoch milliseconds, moved by the shell's tick. */
  readonly now: number;
  readonly bodyRows: number;
  readonly options: SetupOptions;
  readonly step: StepName;
  readonly clouds: Loadable<CloudList>;
  readonly cloudList: ListState;
  /** The cloud that was signed in to last. */
  readonly cloud: string | undefined;
  readonly signedIn: Loadable<SignedIn>;
  readonly nodes: NodesState;
  readonly interval: {readonly field: Field; readonly rate: Loadable<DeleteRate>};
  readonly changes: ChangesState;
  readonly run: RunState | undefined;
  readonly result: {readonly list: ListState; readonly isOpened: boolean};
  /** The proof that is prepared or goes on. */
  readonly proof: ProofState | undefined;
  /** The newest one that ended. */
  readonly proved: EndedProof | undefined;
  readonly dialog: DialogName | undefined;
  /** What is prepared for a dialog: the impact of putting back. */
  readonly preparing: string | undefined;
  /** The newest word about an own action. */
  readonly notice: {readonly text: string; readonly isBad: boolean; readonly at: number} | undefined;
  /** When answers of an earlier start were taken over. */
  readonly remembered: number | undefined;
  /** What a screen reader is told without being asked, oldest first. */
  readonly news: readonly string[];
};

const NO_NODES: NodesState = {
  kind: 'none',
  since: 0,
  trouble: undefined,
  rows: new Map(),
  selected: [],
  total: 0,
  tookSeconds: undefined,
  onlyNova: [],
  softDeleted: undefined,
  apiOffsetMs: 0,
  list: openList([]),
  hasMoved: false,
  leftOut: new Set(),
  opened: undefined,
  filter: EMPTY_FIELD,
  isFiltering: false,
};

/** Nodes of a cloud that nobody looked at yet. */
export function noNodes(leftOut: Iterable<string> = []): NodesState {
  return {...NO_NODES, leftOut: new Set(leftOut)};
}

export const NO_CHANGES: ChangesState = {
  proposed: {kind: 'none'},
  notice: undefined,
  list: openList([]),
  victims: openList([]),
  panel: 'impact',
  form: openDialog({focused: 0}),
};

/** The wizard before anything was asked. */
export function openSetup(options: SetupOptions, now: number): SetupState {
  return {
    now,
    bodyRows: 20,
    options,
    step: 'cloud',
    clouds: {kind: 'loading', since: now},
    cloudList: openList([]),
    cloud: undefined,
    signedIn: {kind: 'none'},
    nodes: noNodes(),
    interval: {field: fieldOf(options.interval ?? ''), rate: {kind: 'none'}},
    changes: NO_CHANGES,
    run: undefined,
    result: {list: openList([]), isOpened: false},
    proof: undefined,
    proved: undefined,
    dialog: undefined,
    preparing: undefined,
    notice: undefined,
    remembered: undefined,
    news: [],
  };
}
