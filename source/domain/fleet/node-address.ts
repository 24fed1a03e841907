/** How root's rights are had on a node. `none`: the account that logs in is used as it is. */
export type Become = {readonly kind: 'none'} | {readonly kind: 'sudo'; readonly user: string};

/**
 * How a node is reached. Absent fields are left to `ssh_config` and its defaults; present ones win over it.
 */
export type NodeAddress = {
  /** The name in the inventory: what people call it and what `ssh_config` is asked for. */
  readonly name: string;
  readonly hostName?: string;
  readonly port?: number;
  readonly user?: string;
  readonly identityFile?: string;
  /** As in `ssh -J`: `[user@]host[:port]`, several separated by commas. */
  readonly proxyJump?: string;
  /** Absent: sudo, except for root. */
  readonly become?: Become;
};
