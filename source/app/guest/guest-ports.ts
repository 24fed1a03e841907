import type {FlavorCopy, Flavors} from '../flavor/flavor-ports.js';
import type {Clock, Cloud, Shell} from '../ports.js';
import type {LoadFleet} from '../rollout/plan.js';
import type {GuestServer, GuestServers} from '../servers/server-ports.js';
import type {Judgement} from '../../domain/flavor/judge.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import type {TraitComparison} from '../../domain/guest/compare-guest.js';
import type {GuestDomain} from '../../domain/guest/guest-domain.js';
import type {GuestTraits} from '../../domain/guest/guest-traits.js';
import type {Refusal} from '../../domain/flavor/refusal.js';

/** The texts of the programs that look at guests on nodes (source/node), each complete. */
export type GuestPrograms = Readonly<Record<'domains' | 'guest', string>>;

/** Everything outside that looking at guests needs. Nothing of it is changed. */
export type GuestPorts = {
  readonly cloud: Pick<Cloud, 'services'>;
  readonly guestServers: GuestServers;
  readonly flavors: Flavors;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly programs: GuestPrograms;
};

export type GuestOptions = {
  readonly loadFleet: LoadFleet;
  /** Nodes that are talked to at the same time. */
  readonly parallel: number;
};

/** The image that a server was made of, as far as it is known. */
export type KnownImage = {
  readonly name: string | undefined;
  readonly properties: Readonly<Record<string, string>> | undefined;
  /**
   * `server`: as the server keeps them; `image`: as the image has them today; `volume`: as its volume has them today,
   * where it was asked; else why they are not known.
   */
  readonly from: 'server' | 'image' | 'volume' | 'gone' | 'untold';
};

/** What a server's guest is to be, by whoever says so. */
export type GuestWish = {
  /** Undefined where Nova tells no copy, or not its extra specs. */
  readonly asked: Judgement | undefined;
  /** Undefined where no flavor has that name today, or where nobody may read its specs. */
  readonly today: Judgement | undefined;
  readonly image: KnownImage;
  readonly copy: FlavorCopy | undefined;
  /** Why there is no `today`. */
  readonly flavorState: 'there' | 'gone' | 'replaced' | 'untold';
};

/** What one server was found to be. */
export type Verified =
  | {
      readonly kind: 'compared';
      readonly server: GuestServer;
      /** The node's name. */
      readonly host: string;
      readonly node: InventoryHost;
      readonly domain: GuestDomain;
      /** virsh's words. */
      readonly state: string;
      readonly wish: GuestWish;
      readonly asked: GuestTraits | Refusal | undefined;
      readonly today: GuestTraits | Refusal | undefined;
      readonly traits: readonly TraitComparison[];
    }
  /** Why it could not be looked at, and what to do. */
  | {
      readonly kind: 'unseen';
      readonly server: GuestServer;
      readonly host: string | undefined;
      /** Whether its host could not be reached or logged in to. */
      readonly isUnreachable: boolean;
      readonly problem: string;
      readonly remedy: string | undefined;
    };

/** Whether a server has a guest on a host: one that was shelved and taken off its host has none. */
export function hasGuest({status}: GuestServer): boolean {
  return status !== 'SHELVED_OFFLOADED';
}

/** Whether the guest is what was asked for, and what its flavor says today. */
export function isAsAsked(verified: Verified): boolean {
  return verified.kind === 'compared' && verified.traits.every(({verdict}) => verdict === 'same');
}

/** Whether nothing was looked at at all, because no host could be reached. */
export function isOutOfReach(all: readonly Verified[]): boolean {
  return all.length > 0 && all.every((one) => one.kind === 'unseen' && one.isUnreachable);
}

/** A node that has the guest of a server. */
export type GuestNode =
  | {readonly kind: 'node'; readonly node: InventoryHost}
  | {readonly kind: 'none'; readonly problem: string; readonly remedy: string};
