/** A row of os-services. Odd or missing fields show as `unknown`, they never drop the row. */
export type ComputeService = {
  readonly id: string;
  readonly binary: string;
  readonly host: string;
  readonly zone: string | undefined;
  readonly status: 'enabled' | 'disabled' | 'unknown';
  readonly state: 'up' | 'down' | 'unknown';
  readonly disabledReason: string | undefined;
  readonly isForcedDown: boolean;
  /** As Nova wrote it: compared for change, never with another clock. */
  readonly updatedAt: string | undefined;
};

/** A row of a server listing, reduced to what deciding about it needs. */
export type ServerRow = {
  readonly id: string;
  readonly name: string;
  readonly projectId: string | undefined;
  /** `OS-EXT-SRV-ATTR:host`; undefined where the server has no host or we may not see it. */
  readonly host: string | undefined;
  /** Nova's status, upper case, as it came; `UNKNOWN` where it was missing or odd. */
  readonly status: string;
  /** Undefined where Nova says that there is none; `unknown` where it does not say. */
  readonly taskState: string | undefined;
  /** Epoch milliseconds; undefined where the field was missing or odd. */
  readonly updatedAt: number | undefined;
  readonly isLocked: boolean | undefined;
};

/** A migration that has not ended. */
export type Migration = {
  readonly id: string;
  readonly status: string;
  readonly type: string | undefined;
  readonly sourceHost: string | undefined;
  readonly destinationHost: string | undefined;
  readonly serverId: string | undefined;
};

/** A row of os-hypervisors. Sizes are undefined where Nova does not tell them. */
export type Hypervisor = {
  readonly id: string;
  /** `service.host`: the name in os-services. */
  readonly host: string | undefined;
  /** The node's own name: often another string than `host`. */
  readonly hypervisorHostname: string | undefined;
  readonly vcpus: number | undefined;
  readonly memoryMib: number | undefined;
};
