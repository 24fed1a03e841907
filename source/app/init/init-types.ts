import type {InventoryReference} from '../../domain/fleet/inventory.js';
import type {Fleet, NodeRule} from '../inventory.js';
import type {Clock, Cloud, CloudEntry, Shell} from '../ports.js';
import type {RolloutPorts} from '../rollout/rollout-ports.js';
import type {Asker} from './ask.js';

/** A way to talk to nodes. */
export type Transport = 'ssh2' | 'openssh';

/** A cloud that is configured somewhere. Names may hold anything that YAML can. */
export type NamedCloud = CloudEntry & {
  /** Whether the `OS_*` variables describe it: a profile cannot name such a cloud. */
  readonly isOfEnvironment: boolean;
};

/** Every cloud that there is to choose from. */
export type CloudsFound = {
  readonly clouds: readonly NamedCloud[];
  /** The file that they are from, for people; undefined where there is none. */
  readonly file: string | undefined;
};

/** What a flag, or a variable in its place, answers. Absent: it is asked. */
export type Given = {
  readonly cloud?: string | undefined;
  /** As it was given: a path from the present folder. */
  readonly inventory?: string | undefined;
  readonly apiHosts?: readonly string[] | undefined;
  /** `--hosts`: of which nodes one is looked at. */
  readonly hosts?: string | undefined;
  readonly transport?: Transport | undefined;
  readonly user?: string | undefined;
  readonly asksSudoPassword?: boolean | undefined;
  /** The unit that runs nova-compute where its name is none that is known. */
  readonly service?: string | undefined;
};

/** A profile that is there already. */
export type PresentProfile = {
  readonly text: string;
  /** What its reader says against it; undefined where it is valid. Then nothing of it is taken over. */
  readonly problem: string | undefined;
  /** Values by flag name, as YAML has them; files are absolute. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly rules: readonly NodeRule[];
  /** Where it holds the nodes itself. */
  readonly inventory: InventoryReference | undefined;
};

/** One setting of a profile: where it is, and its value; undefined takes it out. */
export type ProfileChange = {
  readonly keys: readonly string[];
  readonly value: string | boolean | readonly string[] | undefined;
};

/** The file that answers are written to. */
export interface ProfileStore {
  /** Its name, absolute. */
  readonly file: string;
  /** The profile as it is now; undefined where there is none. Throws `UserError` where it cannot be written. */
  read(): Promise<PresentProfile | undefined>;
  /** The text of a profile with these settings; everything else in `before`, comments too, stays. */
  render(before: string | undefined, changes: readonly ProfileChange[]): Promise<string>;
  /**
   * Writes it whole or not at all, for this user only (0600). What was there is kept beside it; gives the name of
   * that copy. Throws `UserError` where it cannot be written or no longer holds `before`.
   */
  write(text: string, before: string | undefined): Promise<string | undefined>;
}

/** Everything outside that a first profile needs. */
export type InitPorts = {
  readonly asker: Asker;
  readonly profile: ProfileStore;
  readonly clock: Clock;
  readonly programs: RolloutPorts['programs'];
  /** Throws `CloudError` for a clouds.yaml that cannot be read. */
  clouds(): Promise<CloudsFound>;
  /** The cloud with this name; undefined: the one that is meant without a name. Throws `CloudError`; asks nothing. */
  openCloud(name: string | undefined): Promise<Cloud>;
  openShell(options: {readonly transport: Transport; readonly asksSudoPassword: boolean}): Promise<Shell>;
  /** Throws `UserError` for an inventory that cannot be used. */
  fleet(request: {
    readonly inventory: InventoryReference | undefined;
    readonly pattern: string | undefined;
    readonly apiHosts: readonly string[];
    readonly novaComputes: readonly string[];
    readonly rules: readonly NodeRule[];
  }): Promise<Fleet>;
  /** A path as it is from anywhere; `~/` is the home folder. */
  absolutePath(path: string): string;
};

/** What is told on the way. Texts may hold anything that a cloud, a node or a file says. */
export type InitEvent =
  /** Something that takes time begins. */
  | {readonly type: 'trying'; readonly message: string}
  /** What was found out; `remedy` says what to do where it is not as it should be. */
  | {
      readonly type: 'found';
      readonly about: 'cloud' | 'nodes' | 'node' | 'profile';
      readonly state: 'ok' | 'warning' | 'failed';
      readonly message: string;
      readonly remedy?: string | undefined;
    }
  /** What will be written where. `before`: the profile that it replaces, where that may be shown. */
  | {
      readonly type: 'profile';
      readonly file: string;
      readonly text: string;
      readonly before: string | undefined;
    }
  | {readonly type: 'written'; readonly file: string; readonly backup: string | undefined};

export type Tell = (event: InitEvent) => void;

/** How it ended. */
export type InitResult = {
  readonly file: string;
  /** `same`: the profile was there already, word for word. */
  readonly outcome: 'written' | 'same' | 'declined';
  readonly backup: string | undefined;
  readonly cloud: string | undefined;
  /** Whether Nova and a node were seen to answer. */
  readonly isCloudProved: boolean;
  readonly isNodeProved: boolean;
};
