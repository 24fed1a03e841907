import type {BatchSize} from '../../domain/fleet/batches.js';

/** What a run shall bring about. Everything else follows from what is found. */
export type Wish =
  | {
      readonly kind: 'interval';
      /** 0 turns delayed delete off. */
      readonly intervalSeconds: number;
      /** As in `--hosts`; undefined: every node. */
      readonly hosts: string | undefined;
    }
  | {readonly kind: 'rollback'; readonly run: string; readonly hosts: string | undefined};

/** What carries the steps of a run out: this program itself, or the operator's own Ansible. */
export type Engine = 'builtin' | 'ansible';

/** How a run goes about it. Durations are seconds. */
export type RunSettings = {
  /** Absent where nobody says which, and in journals of versions that had the built-in one only: that one. */
  readonly engine?: Engine;
  readonly batches: readonly BatchSize[];
  /** How many nodes are talked to at the same time. */
  readonly parallel: number;
  readonly maxFailures: number;
  /** How long to wait for an API that cannot be asked. */
  readonly apiWaitSeconds: number;
  /** How long a service may take from its new process to a new heartbeat or its second answer; 120 if absent. */
  readonly upWithinSeconds?: number;
  /** False: files are written, no service is restarted. */
  readonly restart: boolean;
  readonly computesOnly: boolean;
  readonly skipUnreachable: boolean;
  /** Computes that are known not to reclaim and that nova-api is switched on over all the same. */
  readonly acceptStuck: readonly string[];
  /** How many servers may be left soft-deleted for ever by switching computes off. */
  readonly strand: number | undefined;
  /** How many servers may be destroyed. */
  readonly destroy: number | undefined;
  /** A run whose lock is taken over whoever holds it. */
  readonly breakLock: string | undefined;
};

/** Who runs it, for records and locks on nodes. */
export type Operator = {
  readonly name: string;
  readonly bastion: string;
  readonly pid: number;
  readonly bootId: string;
};
