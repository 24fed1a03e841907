import type {Clock, Cloud} from '../ports.js';
import type {FlavorRow, ImageRow, OwnServers} from '../servers/server-ports.js';

/** Everything outside that a proof needs. */
export type ProofPorts = {
  readonly servers: OwnServers;
  readonly cloud: Pick<Cloud, 'services'>;
  readonly clock: Clock;
};

/** What happens to the test server, in this order. */
export const PROOF_STEPS = ['create', 'delete', 'soft-deleted', 'restore', 'remove'] as const;
export type ProofStep = (typeof PROOF_STEPS)[number];

/** The test server that somebody agreed to. */
export type ProofWish = {
  readonly name: string;
  readonly flavor: FlavorRow;
  readonly image: ImageRow;
  /** The run that is proved. */
  readonly run: string;
  /** Who makes it: `root@bastion`. */
  readonly by: string;
};

/** What was seen. `time` is epoch milliseconds. */
export type ProofEvent = {
  readonly time: number;
  readonly step: ProofStep;
  readonly state: 'started' | 'waiting' | 'done' | 'failed';
  readonly message: string;
  /** The test server's id, from when it is known. */
  readonly id: string | undefined;
};

/** A test server that is, or may be, still there. Without an id it is not known whether it was made. */
export type LeftServer = {
  readonly id: string | undefined;
  readonly name: string;
  /** Why it is still there. */
  readonly problem: string;
};

/**
 * What a proof came to. `disproved`: delayed delete does not do what it should. `open`: nothing is proved, since the
 * test itself did not come far enough. `stopped`: somebody wanted it to end.
 */
export type ProofEnd = {
  readonly outcome: 'proved' | 'disproved' | 'open' | 'stopped';
  /** A sentence. */
  readonly verdict: string;
  readonly remedy: string | undefined;
  readonly left: LeftServer | undefined;
  readonly time: number;
};

/** With this their names begin. */
export const NAME_PREFIX = 'reprieve-proof-';

/** The item of metadata that makes a server one of ours: its value is the name that it was made with. */
export const MARK = 'reprieve_proof';
/** Who made it, and for which run. */
export const MARK_BY = 'reprieve_by';
export const MARK_RUN = 'reprieve_run';

/** How long each step may take, in milliseconds; removing has its own time, also after a stop. */
export const LIMITS = {
  /** Until POST is answered. */
  answer: 60_000,
  create: 300_000,
  'soft-deleted': 120_000,
  /** Until lists show it. */
  listed: 20_000,
  restore: 120_000,
  remove: 120_000,
};
