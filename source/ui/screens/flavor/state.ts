import type {FlavorDraft} from '../../../app/flavor/draft.js';
import type {CloudFlavor, FlavorHost, FlavorImage, FlavorUse} from '../../../app/flavor/flavor-ports.js';
import type {Listing} from '../../../app/ports.js';
import type {ServerScope} from '../../../app/servers/server-ports.js';
import type {NovaRelease} from '../../../domain/flavor/nova-release.js';
import type {PresetName} from '../../../domain/flavor/presets.js';
import {EMPTY_FIELD, type Field} from '../../components/field.js';
import {openList, type ListState} from '../../components/list.js';
import type {OwnKeys} from '../../own-keys.js';
import type {Loadable, Trouble} from '../../trouble.js';
import {NO_ROOM, type Room} from './room.js';
import type {Saving} from './saving.js';

export const STEPS = ['size', 'watchdog', 'topology', 'NUMA', 'access', 'review'] as const;
export type StepName = (typeof STEPS)[number];

/** What the command line settled. */
export type FlavorOptions = {
  /** `--cloud`, for the commands that do the same. */
  readonly cloud: string | undefined;
  /** Undefined: that of the cloud, else the newest that is known. */
  readonly release: NovaRelease | undefined;
  /** No cloud is asked: flavors are judged, and the command is shown. */
  readonly isOffline: boolean;
  /** What no server could boot from may be saved, after its name was typed. */
  readonly isForced: boolean;
  readonly isReadOnly: boolean;
  readonly preset: PresetName | undefined;
  /** Name or id of a flavor to begin with. */
  readonly clone: string | undefined;
  /** Keys in place of the usual ones, for sentences that name a key. */
  readonly ownKeys?: OwnKeys | undefined;
};

/** What Nova tells, each part as it comes. `hosts`: undefined where only an administrator may look. */
export type CloudFacts = {
  readonly label: Loadable<string>;
  readonly release: Loadable<NovaRelease>;
  readonly flavors: Loadable<Listing<CloudFlavor>>;
  readonly hosts: Loadable<Listing<FlavorHost> | undefined>;
  readonly images: Loadable<Listing<FlavorImage>>;
  readonly uses: Loadable<Listing<FlavorUse> & {readonly scope: ServerScope}>;
  /** Names by id. */
  readonly projects: Loadable<ReadonlyMap<string, string>>;
};

/** The field that is typed in. */
type Typing = {
  readonly id: string;
  readonly field: Field;
  /** Nothing was typed yet: the first character takes the place of what is there. */
  readonly isFresh: boolean;
  /** Letters are typed too; `before` comes back with esc. */
  readonly isOpen: boolean;
  readonly before: string;
};

/** What stands in the place of the form. */
export type Panel = 'findings' | 'xml' | 'guest' | 'clone';

export type FlavorState = {
  /** Epoch milliseconds, moved by the shell's tick. */
  readonly now: number;
  readonly bodyRows: number;
  readonly options: FlavorOptions;
  readonly step: StepName;
  /** The field that the cursor stands on, by step. */
  readonly cursors: Readonly<Record<StepName, string>>;
  readonly typing: Typing | undefined;
  /** The nodes are written one by one, in the step of NUMA. */
  readonly isByNode: boolean;
  readonly draft: FlavorDraft;
  /** The draft with which nothing would be lost: as it was begun, or as the cloud has it. */
  readonly settled: FlavorDraft;
  /** Drafts as they were before something changed more than a field, newest last, with what that was. */
  readonly undo: readonly {readonly draft: FlavorDraft; readonly what: string}[];
  readonly panel: Panel | undefined;
  /** Where the cursor stands in the panel: a finding, a flavor, or the first row in sight. */
  readonly list: ListState;
  readonly filter: {readonly field: Field; readonly isTyping: boolean};
  readonly facts: CloudFacts;
  /** The guest half of the watchdog, as its template makes it. */
  readonly guest: Loadable<{readonly text: string}>;
  readonly room: Room;
  readonly saving: Saving;
  readonly notice: {readonly text: string; readonly isBad: boolean; readonly at: number} | undefined;
  /** What a screen reader is told without being asked, oldest first. */
  readonly news: readonly string[];
};

const NONE = {kind: 'none'} as const;

/** What is there again when the screen is opened again. */
export type KeptDraft = Pick<FlavorState, 'draft' | 'settled'>;

/** Nothing is known of a cloud. */
const NO_FACTS: CloudFacts = {
  label: NONE,
  release: NONE,
  flavors: NONE,
  hosts: NONE,
  images: NONE,
  uses: NONE,
  projects: NONE,
};

/** The wizard before anything was typed. */
export function openFlavor(options: FlavorOptions, {draft, settled}: KeptDraft, now: number): FlavorState {
  return {
    now,
    bodyRows: 20,
    options,
    step: 'size',
    cursors: {
      size: 'name',
      watchdog: '',
      topology: 'hw:cpu_sockets',
      NUMA: 'hw:numa_nodes',
      access: 'public',
      review: '',
    },
    typing: undefined,
    isByNode: false,
    draft,
    settled,
    undo: [],
    panel: undefined,
    list: openList([]),
    filter: {field: EMPTY_FIELD, isTyping: false},
    facts: NO_FACTS,
    guest: NONE,
    room: NO_ROOM,
    saving: {kind: 'none'},
    notice: undefined,
    news: [],
  };
}

export type {Loadable, Trouble};
