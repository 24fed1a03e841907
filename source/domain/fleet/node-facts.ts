/** What runs on a node: nova-compute, nova-api. A node may have both. */
export type Role = 'compute' | 'api';

export type Listener = {readonly host: string; readonly port: number};

/** One unit of the service manager, as `systemctl show` tells of it. */
export type UnitState = {
  /** The unit's real name, `nova-compute.service`, also where it was asked for by an alias. */
  readonly unit: string;
  /** `loaded`, `not-found`, `masked`. */
  readonly loadState: string;
  readonly activeState: string;
  readonly subState: string;
  readonly result: string;
  /** `enabled`, `disabled`, `static`; empty where there is no unit file. */
  readonly unitFileState: string;
  /** 0 where no main process runs. */
  readonly mainPid: number;
  /** Tells one start of the main process from another: PID and monotonic start time. */
  readonly startId: string;
  /** How often the service manager restarted it by itself; undefined before systemd 235. */
  readonly restarts: number | undefined;
  /** Whether a start, stop or restart is queued. */
  readonly hasJob: boolean;
  /** `TimeoutStopSec`; undefined where it is `infinity`. */
  readonly stopTimeoutSeconds: number | undefined;
};

/** A unit that the node has. */
export type UnitFacts = UnitState & {
  readonly role: Role;
  /** The main process, where one runs and could be read. */
  readonly process: ProcessFacts | undefined;
  /** The unit's own command, words separated by blanks; only where no process could be read. */
  readonly command: string | undefined;
  /** TCP listeners of all processes of the unit. `0.0.0.0` and `::` are given as they are. */
  readonly listeners: readonly Listener[];
  /** Other sites that the same web server serves, and that a restart interrupts. */
  readonly sharedWith: readonly string[];
};

export type ProcessFacts = {
  readonly pid: number;
  /** Seconds since it started, by the node's monotonic clock. */
  readonly ageSeconds: number;
  readonly argv: readonly string[];
  /** Only `OS_DEFAULT__*` and `OS_NOVA_CONFIG_*`: nothing else of an environment leaves a node. */
  readonly environment: Readonly<Record<string, string>>;
  readonly home: string | undefined;
  /** What relative names on its command line are relative to. */
  readonly workingDirectory: string;
};

/** A configuration file on a node. Paths are the node's own, without the sysroot. */
export type FileFacts = {
  readonly path: string;
  /** The path behind symbolic links. */
  readonly realPath: string;
  /** SHA-256, lower-case hex. */
  readonly digest: string;
  readonly size: number;
  /** Octal permission bits, `640`. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly linkCount: number;
  readonly isMountPoint: boolean;
  /** Whether its directory can be written: false on a read-only file system. */
  readonly isDirectoryWritable: boolean;
  /** Seconds since its content last changed (mtime), by the node's own clock. */
  readonly ageSeconds: number;
  /** Seconds since anything of it changed (ctime): a file that was moved into place keeps its mtime. */
  readonly statusAgeSeconds: number;
  /** The condensed content (domain/oslo/condensed.ts). */
  readonly condensed: Uint8Array;
};

/** A file that was named and cannot be sent. A service whose named file is missing does not start. */
export type UnreadableFile = {
  readonly path: string;
  readonly reason: 'missing' | 'unreadable' | 'not-a-file' | 'odd-name';
};

/** Who holds the lock of a node. */
export type LockOwner = {
  readonly run: string;
  readonly operator: string;
  /** Host name of the machine that the run was started on. */
  readonly bastion: string;
  readonly pid: number;
  readonly bootId: string;
  /** Epoch seconds by the node's clock. */
  readonly since: number;
};

/** What a run left on a node, without secrets. One for each role that it changed there. */
export type NodeRecord = {
  readonly run: string;
  readonly role: Role;
  readonly operator: string;
  readonly bastion: string;
  /** Epoch seconds by the node's clock. */
  readonly since: number;
  readonly file: string;
  readonly unit: string;
  readonly digestBefore: string;
  readonly digestAfter: string;
  /** Raw value of the option in that place before and after; empty where it was not set. */
  readonly valueBefore: string;
  readonly valueAfter: string;
  /** Newest first word of the state file: `begun`, `backing-up`, `writing`, `written`, `restarting`, … */
  readonly state: string;
  /** Whether a program of that run still works on the node. */
  readonly isRunning: boolean;
  readonly hasBackup: boolean;
};

/** Everything that one look at a node tells. */
export type NodeFacts = {
  readonly hostname: string;
  readonly fqdn: string;
  readonly bootId: string;
  /** Epoch milliseconds of the node's clock while the program ran. */
  readonly nowMs: number;
  readonly osId: string;
  /** Undefined where it was not asked for, or nothing there could tell. */
  readonly isClockSynchronized: boolean | undefined;
  /** Whether something that Ansible started still works there; undefined where that was not asked for. */
  readonly isModuleRunning: boolean | undefined;
  /** The service manager gave no answer, so `units` says nothing. */
  readonly isServiceManagerSilent: boolean;
  readonly units: readonly UnitFacts[];
  /** Every file that a unit's process may have read, and those of the profile, each once. */
  readonly files: readonly FileFacts[];
  readonly unreadable: readonly UnreadableFile[];
  /** Directories that were looked for and exist, `/etc/nova/nova.conf.d`. */
  readonly directories: readonly string[];
  readonly lock: LockOwner | undefined;
  readonly records: readonly NodeRecord[];
  /** The backup of the run that was asked for, by role. */
  readonly backups: readonly {readonly role: Role; readonly digest: string; readonly condensed: Uint8Array}[];
};
