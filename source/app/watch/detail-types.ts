import type {PowerBefore} from '../../domain/reclaim/power-before.js';
import type {QuotaCheck} from '../../domain/reclaim/restore-checks.js';
import type {HostService} from '../../domain/reclaim/standing.js';
import type {ServerVolumes} from '../purge/losses.js';
import type {CloudAccount} from '../ports.js';
import type {NamedServers, ProjectQuota, ServerAction, ServerDetails} from '../servers/server-ports.js';
import type {ReadServices} from '../servers/read-services.js';

/** Everything outside that the details of a server need. */
export type DetailPorts = {
  readonly details: ServerDetails;
  readonly servers: Pick<NamedServers, 'quota'>;
  readonly account: Pick<CloudAccount, 'userNames'>;
  readonly readServices: ReadServices;
};

/** Fixed and floating addresses of one port; Nova's own memory knows addresses and no ports. */
export type PortAddresses = {readonly addresses: readonly string[]; readonly floating: readonly string[]};

/** What the details of a soft-deleted server consist of, by part. */
export type DetailValues = {
  readonly actions: {
    /** The newest first. */
    readonly actions: readonly ServerAction[];
    /** User id of the newest delete; undefined where there is none, or Nova does not say. */
    readonly deletedBy: string | undefined;
    /** Names of those who acted, by id, as far as they are known. */
    readonly users: ReadonlyMap<string, string>;
  };
  readonly flavor: {
    /** Undefined where Nova does not say. */
    readonly name: string | undefined;
    readonly vcpus: number | undefined;
    readonly memoryMib: number | undefined;
    readonly diskGib: number | undefined;
  };
  readonly volumes: ServerVolumes;
  readonly ports: {
    readonly ports: readonly PortAddresses[];
    /** Neutron's answer, or what Nova remembers where Neutron gave none. */
    readonly source: 'neutron' | 'nova';
    /** Why Neutron's part is missing; undefined where it is there. */
    readonly problem: string | undefined;
  };
  /** Before the delete; since then the guest is off. */
  readonly power: PowerBefore;
  /** Why it was in ERROR, in Nova's words; undefined where it was not. */
  readonly fault: string | undefined;
  readonly lock: {readonly isLocked: boolean | undefined; readonly reason: string | undefined};
  /** What its project has, against what restoring it takes. */
  readonly quota: {
    readonly check: QuotaCheck;
    readonly quota: ProjectQuota;
    readonly vcpus: number | undefined;
    readonly memoryMib: number | undefined;
  };
  readonly service: {
    readonly host: string | undefined;
    readonly service: HostService;
    /** When Nova last heard of it, epoch milliseconds. */
    readonly heardOfAt: number | undefined;
  };
};

export type DetailPart = keyof DetailValues;

/** A part as it came, or why it did not; a part that comes again is a better one. */
export type DetailNews =
  | {readonly [Part in DetailPart]: {readonly part: Part; readonly value: DetailValues[Part]}}[DetailPart]
  | {readonly part: DetailPart; readonly problem: string};

/** What is known of one part; it is missing while it is on its way. */
export type KnownPart<Part extends DetailPart> =
  {readonly value: DetailValues[Part]} | {readonly problem: string};

/** The parts that are there. */
export type Details = {readonly [Part in DetailPart]?: KnownPart<Part>};

/** Details with one part more, or anew. A part that was there stays where it cannot be read again. */
export function withNews(details: Details, news: DetailNews): Details {
  const before = details[news.part];
  if ('problem' in news && before !== undefined && 'value' in before) return details;
  return {...details, [news.part]: news};
}
