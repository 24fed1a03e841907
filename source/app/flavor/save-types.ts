import type {ExtraSpecs, Flavor, ImageProperties} from '../../domain/flavor/flavor.js';
import type {Judgement} from '../../domain/flavor/judge.js';
import type {GuessedRelease} from '../../domain/flavor/microversion-release.js';
import type {NovaRelease} from '../../domain/flavor/nova-release.js';
import type {StoreProblem} from '../../domain/flavor/store-verdict.js';
import type {FlavorSettings} from '../../domain/flavor-file/decode-settings.js';
import type {Clock, CloudAccount, Listing} from '../ports.js';
import type {ServerScope} from '../servers/server-ports.js';
import type {CloudFlavor, FlavorChanges, Flavors, FlavorUse, NewFlavor} from './flavor-ports.js';

/** Everything outside that saving a flavor needs. */
export type SavePorts = {
  readonly flavors: Flavors;
  readonly changes: FlavorChanges;
  readonly account: Pick<CloudAccount, 'projectNames'>;
  readonly clock: Clock;
};

/** A flavor as somebody wants to have it in the cloud: made if there is none of that name, changed if there is. */
export type SaveWish = {
  readonly flavor: Flavor;
  readonly settings: FlavorSettings;
  /** What it is judged with. */
  readonly image: ImageProperties;
  /** Whether extra specs, and access, that the cloud has and the wish has not are taken away; they are kept else. */
  readonly isExact: boolean;
  /** Whose rules count; undefined: those of the release that the cloud's newest microversion tells. */
  readonly release: NovaRelease | undefined;
};

export type ProjectRef = {readonly id: string; readonly name: string | undefined};

/** One call that changes the cloud. */
export type SaveStep =
  | {readonly kind: 'create'; readonly flavor: NewFlavor}
  /**
   * All of them in one call, all or none. `areLimits`: Nova reads them, though most releases refuse to store them from
   * 2.86 on (bug 2120862); where it does, it is asked at 2.85, and nobody has to agree to that.
   */
  | {readonly kind: 'set-specs'; readonly specs: ExtraSpecs; readonly areLimits?: true}
  | {readonly kind: 'remove-spec'; readonly name: string}
  | {readonly kind: 'describe'; readonly description: string | undefined}
  | {readonly kind: 'add-access' | 'remove-access'; readonly project: ProjectRef};

/** What cannot be done, whatever somebody agrees to. */
export type SaveRefusal =
  /** A field of a flavor that exists never changes in Nova. Values are shown as they are. */
  | {
      readonly kind: 'immutable';
      readonly field: ImmutableField;
      readonly has: string | number | boolean;
      readonly wanted: string | number | boolean;
    }
  /** Another flavor has the id that is wanted. */
  | {readonly kind: 'id-taken'; readonly id: string; readonly by: CloudFlavor}
  /** Nova takes no such value at any microversion. `path` as in its API; the detail is the end of a sentence. */
  | {readonly kind: 'form'; readonly path: string; readonly detail: string}
  /** Everybody may use a public flavor. */
  | {readonly kind: 'public-access'}
  | {readonly kind: 'no-project'; readonly word: string}
  | {readonly kind: 'several-projects'; readonly word: string; readonly ids: readonly string[]}
  /** Its extra specs may not be read, so nobody knows what would come of it. */
  | {readonly kind: 'unreadable'};

export type ImmutableField =
  'id' | 'name' | 'vcpus' | 'ram' | 'disk' | 'ephemeral' | 'swap' | 'rxtx_factor' | 'is_public';

/** An extra spec that Nova's API refuses from 2.86 on, and takes below. `isLimit`: as it should; the others need `--force`. */
export type UncheckedSpec = {
  readonly name: string;
  readonly problem: StoreProblem;
  readonly isLimit: boolean;
};

/** The servers that have a flavor which would change. */
export type SaveUses = Listing<FlavorUse> & {readonly scope: ServerScope};

/** What would be done, before anybody agreed to it. Nothing is changed by making one. */
export type SavePlan = {
  readonly wish: SaveWish;
  readonly release: NovaRelease;
  /** Where nobody named the release. */
  readonly guessed: GuessedRelease | undefined;
  /** Undefined where it is a new flavor. */
  readonly existing: CloudFlavor | undefined;
  /** The flavor as it would be then: what is judged. */
  readonly after: Flavor;
  readonly judgement: Judgement;
  /** In the order in which they are carried out; none where the cloud has it so already. */
  readonly steps: readonly SaveStep[];
  readonly refusals: readonly SaveRefusal[];
  /** Those of the specs to set that need microversion 2.85, by the release's rules. */
  readonly unchecked: readonly UncheckedSpec[];
  /** Extra specs that the cloud has, the wish has not, and that stay. */
  readonly kept: ExtraSpecs;
  /** Its servers keep the copy that they have; undefined where no extra spec of it changes. */
  readonly uses: SaveUses | undefined;
  /** What is left out as this Nova is too old for it. */
  readonly leftOut: readonly 'description'[];
  /** Why what its hosts could hold is not known, though this account may look. */
  readonly hostsProblem: string | undefined;
  /** By id, as far as Keystone tells them. */
  readonly projectNames: ReadonlyMap<string, string>;
  /** A private flavor that no project may use. */
  readonly isForNobody: boolean;
};

/** What somebody agreed to. */
export type SaveAgreement = {
  /** It is saved although no server boots from it. */
  readonly unbootable: boolean;
  /** What Nova refuses at 2.86 is asked for at 2.85. Limits of the topology need no agreement. */
  readonly unchecked: boolean;
};

/** What is told while it happens. */
export type SaveEvent =
  | {readonly kind: 'started'; readonly step: SaveStep}
  | {readonly kind: 'done'; readonly step: SaveStep}
  /** Nova refused the specs at 2.86, and is asked at 2.85. */
  | {readonly kind: 'unchecked'; readonly step: SaveStep; readonly problem: string}
  /** No answer came: what became of it is looked at. */
  | {readonly kind: 'unanswered'; readonly step: SaveStep; readonly problem: string}
  /** A new flavor is removed again, as the rest of it failed. */
  | {readonly kind: 'undoing'; readonly flavor: CloudFlavor};

/**
 * What became of it. Of `failed` and `interrupted` the steps before were done; `step` is the one that failed, undefined
 * where it was stopped between two.
 */
export type SaveEnd =
  /** `flavor` as Nova shows it now; undefined where it could not be looked at. */
  | {
      readonly kind: 'saved';
      readonly id: string;
      readonly flavor: CloudFlavor | undefined;
      readonly wasUnchecked: boolean;
    }
  | {readonly kind: 'unchanged'; readonly flavor: CloudFlavor}
  /** `isRefused`: Nova said no to the values, rather than failing. `remedy`: what to do about the problem, if known. */
  | (Broken & {
      readonly kind: 'failed';
      readonly problem: string;
      readonly isRefused: boolean;
      readonly remedy?: string;
    })
  | (Broken & {readonly kind: 'interrupted'});

type Broken = {
  readonly done: readonly SaveStep[];
  readonly step: SaveStep | undefined;
  /** Steps that were not begun. */
  readonly rest: readonly SaveStep[];
  readonly remains: Remains;
};

/** What is in the cloud after a save that was not finished. */
export type Remains =
  /** As before. */
  | {readonly kind: 'nothing'}
  /** A flavor that existed, with the steps that were done. */
  | {readonly kind: 'partly'; readonly id: string}
  /** The new flavor was removed again. */
  | {readonly kind: 'removed'}
  /** The new flavor is still there, as far as it was made. */
  | {readonly kind: 'left'; readonly id: string; readonly problem: string}
  /** Whether the step that failed was done is not known: the flavor may have been made, or changed. */
  | {readonly kind: 'unknown'; readonly problem: string};
