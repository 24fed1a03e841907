import type {Role} from './node-facts.js';

/** Variables of a program that runs on a node: every one that it reads, so that nothing comes from elsewhere. */
export type NodeVariables = Readonly<Record<string, string>>;

export type FactsRequest = {
  /** Prefix of every path; empty on real nodes. */
  readonly sysroot: string;
  /** The option whose commented defaults are kept in condensed files. */
  readonly option: string;
  /** Candidate unit names by role; those that the service manager does not know are left out of the facts. */
  readonly units: Readonly<Record<Role, readonly string[]>>;
  /** Files that a profile names, by role; a name that ends in a slash is a folder of `*.conf` files. */
  readonly files: Readonly<Record<Role, readonly string[]>>;
  /** The run whose backups are wanted. */
  readonly backupOf: string | undefined;
  /** Ask whether the clock is synchronized; takes a few milliseconds more. */
  readonly wantsClock: boolean;
  /** Ask whether something that Ansible started still works there. */
  readonly wantsModules?: boolean;
};

/** Who wants to change something. */
export type LockRequest = {
  readonly sysroot: string;
  readonly run: string;
  readonly operator: string;
  /** Host name, process and boot id of the machine that the run was started on. */
  readonly bastion: string;
  readonly pid: number;
  readonly bootId: string;
  /** A run whose lock may be taken over; undefined where none may. */
  readonly steal: string | undefined;
};

export type RestartRequest = {
  /** Empty only together with `command`. */
  readonly unit: string;
  /** Instead of `systemctl restart --no-block UNIT`; run by `sh -c`. */
  readonly command: string | undefined;
};

/** What a change does to a file. Digests are SHA-256, lower-case hex. */
export type FileAction =
  | {
      readonly kind: 'edit';
      readonly file: string;
      readonly digestBefore: string;
      /** Undefined where only the node can tell; the program then checks its writing against a second reading. */
      readonly digestAfter: string | undefined;
      /** Bytes that are replaced. */
      readonly offset: number;
      readonly length: number;
      readonly replacement: string;
      /** Raw values for the record. */
      readonly valueBefore: string;
      readonly valueAfter: string;
    }
  | {
      readonly kind: 'restore';
      readonly file: string;
      /** What the file must be now. */
      readonly digestBefore: string;
      /** What the backup must be, and the file is then. */
      readonly digestAfter: string;
      /** Whose backup; the run's own means to put back after a failure. */
      readonly sourceRun: string;
      /** Which role's backup of that run; absent: that of the role which is changed. */
      readonly sourceRole?: Role;
      readonly valueBefore: string;
      readonly valueAfter: string;
    }
  | {readonly kind: 'restart'}
  /**
   * Records what somebody else made of the file after it was handed over. `changed` where that is neither the file of
   * before nor the planned one.
   */
  | {
      readonly kind: 'take-back';
      readonly file: string;
      /**
       * A file with these bytes reads as planned too: it is taken where nothing but lines of the option differs from
       * the file of before.
       */
      readonly digestRight: string | undefined;
      readonly option: string;
    };

export type ChangeRequest = LockRequest & {
  readonly role: Role;
  readonly action: FileAction;
  /** Undefined: the service is left alone. */
  readonly restart: RestartRequest | undefined;
  /** Somebody else writes the file and restarts: only the backup and the record are kept, and the unit is told of. */
  readonly isHandedOver?: boolean;
  /** Keep the node's lock after the change. */
  readonly keepsLock: boolean;
};

export function factsVariables(request: FactsRequest): NodeVariables {
  return {
    sysroot: request.sysroot,
    option: request.option,
    compute_units: request.units.compute.join(' '),
    api_units: request.units.api.join(' '),
    compute_files: request.files.compute.join('\n'),
    api_files: request.files.api.join('\n'),
    want_backup: request.backupOf ?? '',
    want_clock: request.wantsClock ? '1' : '',
    want_modules: request.wantsModules === true ? '1' : '',
  };
}

export function lockVariables(request: LockRequest, action: 'lock' | 'unlock'): NodeVariables {
  return {...owner(request), action};
}

export function changeVariables(request: ChangeRequest): NodeVariables {
  const {action, restart, isHandedOver = false} = request;
  const isFile = action.kind === 'edit' || action.kind === 'restore';
  const isEdit = action.kind === 'edit';
  return {
    ...owner(request),
    role: request.role,
    keep_lock: request.keepsLock ? '1' : '',
    action: action.kind,
    hand_over: isHandedOver ? '1' : '',
    file: action.kind === 'restart' ? '' : action.file,
    digest_before: isFile ? action.digestBefore : '',
    option: action.kind === 'take-back' ? action.option : '',
    digest_after: digestAfter(action) ?? '',
    offset: isEdit ? String(action.offset) : '',
    length: isEdit ? String(action.length) : '',
    replacement: isEdit ? action.replacement : '',
    source_run: action.kind === 'restore' ? action.sourceRun : '',
    source_role: action.kind === 'restore' ? (action.sourceRole ?? request.role) : '',
    value_before: isFile ? action.valueBefore : '',
    value_after: isFile ? action.valueAfter : '',
    unit: restart?.unit ?? '',
    restart: restart === undefined || isHandedOver ? '' : '1',
    restart_command: restart?.command ?? '',
  };
}

function digestAfter(action: FileAction): string | undefined {
  switch (action.kind) {
    case 'edit':
    case 'restore':
      return action.digestAfter;
    case 'take-back':
      return action.digestRight;
    case 'restart':
      return undefined;
  }
}

/**
 * `startIdBefore` undefined: any running main process will do. `limitSeconds` 0: one reading. `unlock`: where the
 * unit is active with that start id, that run's lock is released in the same go; it is for one reading.
 */
export function serviceVariables(request: {
  readonly sysroot: string;
  readonly unit: string;
  readonly startIdBefore: string | undefined;
  readonly limitSeconds: number;
  readonly unlock?: {readonly run: string; readonly startIdExpected: string} | undefined;
}): NodeVariables {
  return {
    sysroot: request.sysroot,
    unit: request.unit,
    start_id_before: request.startIdBefore ?? '',
    limit_seconds: String(Math.ceil(request.limitSeconds)),
    unlock: request.unlock?.run ?? '',
    start_id_expected: request.unlock?.startIdExpected ?? '',
  };
}

export function forgetVariables(request: {readonly sysroot: string; readonly run: string}): NodeVariables {
  return {sysroot: request.sysroot, run: request.run};
}

function owner(request: LockRequest): NodeVariables {
  return {
    sysroot: request.sysroot,
    run: request.run,
    operator: request.operator,
    bastion: request.bastion,
    pid: String(request.pid),
    boot_id: request.bootId,
    steal: request.steal ?? '',
  };
}

/** `tools`: how virsh is called there, the likeliest first. */
export function domainsVariables(request: {
  readonly sysroot: string;
  readonly tools: readonly string[];
  readonly ids: readonly string[];
}): NodeVariables {
  return {sysroot: request.sysroot, tools: request.tools.join('\n'), ids: request.ids.join(' ')};
}

export function guestVariables(request: {
  readonly sysroot: string;
  readonly tools: readonly string[];
  readonly id: string;
  readonly limitSeconds: number;
}): NodeVariables {
  return {
    sysroot: request.sysroot,
    tools: request.tools.join('\n'),
    id: request.id,
    limit_seconds: String(Math.ceil(request.limitSeconds)),
  };
}
