import type {Duplex} from 'node:stream';
import type {NodeAddress} from '../domain/fleet/node-address.js';
import type {ComputeService, Hypervisor, Migration, ServerRow} from '../domain/fleet/compute-api.js';

/** A POSIX sh program and the values it works on. Values reach the node as quoted assignments on stdin. */
export type Script = {
  /** Short word for logs and journals, for example `facts`. Never contains values. */
  readonly title: string;
  /** The whole text that `sh` reads from stdin, made by `renderScript`. */
  readonly text: string;
};

export type RunOptions = {
  readonly signal: AbortSignal;
  /** How long the whole script may take on the node, in milliseconds. */
  readonly timeoutMs: number;
  /** Called when the script is sent: connecting, logging in and asking for passwords are over. */
  readonly onSent?: () => void;
  /** Told what it prints on stdout as it comes; it is in the result all the same. */
  readonly onOutput?: (bytes: Uint8Array) => void;
};

/**
 * What became of a script. `lost`: the line broke, or the channel closed without an exit code, after the
 * script may have started; what it did is unknown and must be asked for.
 */
export type RunResult =
  | {readonly kind: 'exited'; readonly code: number; readonly stdout: Uint8Array; readonly stderr: string}
  | {
      readonly kind: 'lost';
      readonly reason: string;
      readonly stdout: Uint8Array;
      readonly stderr: string;
    };

/**
 * Runs programs on nodes, as root. One connection per node is opened when first needed, reused, and opened
 * again after it broke. Sessions on it are queued below the server's limit.
 *
 * Rejects with `NodeError` where the script was never started, and with the signal's reason when aborted.
 */
export interface Shell {
  run(node: NodeAddress, script: Script, options: RunOptions): Promise<RunResult>;
  /** A byte stream to an address as the node sees it. Used to ask a node's own listener. */
  dial(node: NodeAddress, host: string, port: number, signal: AbortSignal): Promise<Duplex>;
  /** Closes this node's connection; the next use opens another. */
  release(node: NodeAddress): Promise<void>;
  close(): Promise<void>;
}

/** Which cloud this is: two runs are of the same cloud where all of it is equal. No secret in it. */
export type CloudIdentity = {
  readonly cloud: string;
  readonly authUrl: string;
  readonly region: string | undefined;
  readonly computeUrl: string;
  readonly projectId: string | undefined;
};

/** Rows of a listing. `isComplete` is false where it broke off or the API dropped filters. */
export type Listing<Row> = {
  readonly rows: readonly Row[];
  readonly isComplete: boolean;
  /** Why it is not complete, in words for people. */
  readonly problem: string | undefined;
};

/** Opens a byte stream to a listener, through whatever tunnel the caller has. */
export type Dial = (host: string, port: number, signal: AbortSignal) => Promise<Duplex>;

/** The answer of one nova-api listener that was asked directly. */
export type ListenerAnswer = {
  /** Whether the version document there is the compute API's. */
  readonly isComputeApi: boolean;
  /** `id` and `host` of every service it lists; undefined where it refused, with the reason in `problem`. */
  readonly services: readonly ComputeService[] | undefined;
  readonly problem: string | undefined;
};

/**
 * Nova as this tool needs it. Every method rejects with `CloudError` where the API cannot be asked or refuses,
 * and with the signal's reason when aborted. Reads are retried inside.
 */
export interface Cloud {
  identity(signal: AbortSignal): Promise<CloudIdentity>;
  /** Every row of os-services, all binaries. */
  services(signal: AbortSignal): Promise<readonly ComputeService[]>;
  /** Every hypervisor with its size. */
  hypervisors(signal: AbortSignal): Promise<Listing<Hypervisor>>;
  /**
   * Soft-deleted servers of all projects. Not complete, with the reason, where Nova dropped the filters for lack
   * of rights; rejects with reason `forbidden` where it says so itself.
   */
  softDeletedServers(signal: AbortSignal): Promise<Listing<ServerRow>>;
  /**
   * Whether Nova honours the filters that impact depends on: asks for servers of a host that cannot exist.
   * `false` means that rights are missing and every filtered answer is worth nothing.
   */
  honoursFilters(signal: AbortSignal): Promise<boolean>;
  /** Servers of a host that have a task state, in any status, soft-deleted ones included. */
  serversInFlight(host: string, signal: AbortSignal): Promise<Listing<ServerRow>>;
  /** Migrations of a host, as source or destination, that have not ended. */
  migrationsInFlight(host: string, signal: AbortSignal): Promise<Listing<Migration>>;
  /**
   * Start of the newest `delete` action of a server, epoch milliseconds; undefined where there is none or where
   * a `restore` came after it (that one cleared the time, and a server whose restore failed is destroyed next).
   * Rejects with reason `not-found` where the server is gone.
   */
  deletedAt(serverId: string, signal: AbortSignal): Promise<number | undefined>;
  /**
   * Epoch milliseconds of the API's clock now, from the HTTP `Date` header (seconds); where Nova sends none, from
   * the time at which Keystone issues a new token, which takes a login.
   */
  apiTime(signal: AbortSignal): Promise<number>;
  /** Asks one listener with this cloud's token, over a stream of the caller's: never through the catalogue. */
  askListener(
    listener: {readonly host: string; readonly port: number},
    dial: Dial,
    signal: AbortSignal,
  ): Promise<ListenerAnswer>;
}

/** Who is signed in to a cloud, and which Nova answers. No secret in it. */
export type CloudSession = {
  readonly user: string | undefined;
  readonly userDomain: string | undefined;
  readonly project: string | undefined;
  readonly scope: 'project' | 'domain' | 'system' | 'none';
  readonly roles: readonly string[];
  /** Epoch milliseconds by this machine's clock; undefined where Keystone does not say. */
  readonly tokenEndsAt: number | undefined;
  /** False for a token that was given to us: nobody can renew it. */
  readonly isRenewed: boolean;
  /** Microversions that Nova speaks, N of 2.N, and the highest that is used of them. */
  readonly lowest: number;
  readonly highest: number;
  readonly used: number;
};

/** A server that was deleted, softly or for good. */
export type Deletion = {
  readonly id: string;
  readonly projectId: string | undefined;
  /** Epoch milliseconds: the latest that it can have been; undefined where Nova does not say. */
  readonly time: number | undefined;
  readonly vcpus: number | undefined;
  readonly memoryMib: number | undefined;
};

/** What a person who sets a cloud up wants to know besides. Rejects as `Cloud` does. */
export interface CloudAccount {
  session(signal: AbortSignal): Promise<CloudSession>;
  /**
   * Servers of all projects that were deleted since, as far as Nova's database still has them: rows that were
   * archived or purged are not told of.
   *
   * @param since epoch milliseconds by the API's clock
   */
  deletions(since: number, signal: AbortSignal): Promise<Listing<Deletion>>;
  /**
   * Names of projects by id, as they were in the last ten minutes: of all where Keystone lets us list them, else the
   * own one's. Rejects only where the login fails.
   */
  projectNames(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /**
   * Names of these users by id, as far as Keystone tells them: each is asked for once, and none any more from when
   * Keystone forbids it. Rejects only where the login fails.
   */
  userNames(ids: Iterable<string>, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

/** One cloud that can be chosen. */
export type CloudEntry = {
  readonly name: string;
  /** How it is logged in to, in words for people: `admin@Default`, `application credential`. */
  readonly login: string;
  /** Why it cannot be used, a sentence; undefined where nothing speaks against it. */
  readonly problem: string | undefined;
};

export type CloudList = {
  /** The file that the clouds come from; undefined where there is none. */
  readonly file: string | undefined;
  readonly entries: readonly CloudEntry[];
  /** Whether the `OS_*` variables describe a cloud of their own. */
  readonly hasEnvironment: boolean;
  readonly warnings: readonly string[];
};

/** Time, so that tests can move it by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after the time, rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Commands of the operator's own, on this machine. */
export interface Commands {
  /**
   * Runs a command as `sh -c` does, with a text on its standard input. What it prints goes nowhere, but for the last
   * line of its stderr. When aborted it is ended, with all that it started and that did not leave its process group.
   */
  run(command: string, input: string, signal: AbortSignal): Promise<CommandEnd>;
}

/** How a command ended. `complaint`: the last line of its stderr, as it is; empty where there was none. */
export type CommandEnd =
  | {readonly kind: 'exited'; readonly code: number; readonly complaint: string}
  /** By a signal, such as `SIGTERM`. */
  | {readonly kind: 'killed'; readonly signal: string; readonly complaint: string}
  | {readonly kind: 'not-started'; readonly problem: string};

/** What a program is surrounded by, besides files and network: time, chance, and who runs it where. */
export type World = {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** So many bytes that nobody can guess. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** Names of the user and of the machine, as journals and locks tell them. */
  readonly user: string;
  readonly machine: string;
};

/** What happened, for whoever reads the log later. Entries never hold secrets; the adapter makes them safe to print. */
export interface Log {
  write(level: 'error' | 'warning' | 'info' | 'debug', message: string): void;
}

/** A small text that outlives the program: what was seen last time. Losing it loses nothing that counts. */
export interface Memory {
  /** Undefined where nothing was written yet. Rejects with `UserError` where it cannot be read. */
  read(): Promise<string | undefined>;
  /** Replaces it, whole or not at all. Rejects with `UserError` where that cannot be done. */
  write(text: string): Promise<void>;
}

/** What became of reading a file. `missing` also stands for a symbolic link to nothing. */
export type FileRead =
  | {readonly kind: 'file'; readonly bytes: Uint8Array}
  | {readonly kind: 'missing'}
  | {readonly kind: 'denied'}
  | {readonly kind: 'failed'; readonly reason: string};

/** What became of listing a directory. `entries` are names, in no order; empty where listing is not allowed. */
export type DirectoryRead =
  | {readonly kind: 'directory'; readonly entries: readonly string[]}
  | {readonly kind: 'missing'}
  | {readonly kind: 'not-a-directory'};

/** Configuration files on this machine. */
export interface Files {
  read(path: string): Promise<FileRead>;
  list(path: string): Promise<DirectoryRead>;
  /**
   * Puts `content` in the place of a file at once, or not at all, if the file still holds `expected`: `changed`
   * if not. Owner, group, mode, SELinux label and extended attributes stay; a symbolic link is
   * followed. Rejects with `UserError` where that cannot be done; the file is untouched then.
   */
  replace(path: string, expected: Uint8Array, content: Uint8Array): Promise<'written' | 'changed'>;
}

/** What became of reading a text that was handed over. */
export type InputRead =
  | {readonly kind: 'bytes'; readonly bytes: Uint8Array}
  | {readonly kind: 'too-large'}
  /** Why, as the end of a sentence. */
  | {readonly kind: 'failed'; readonly reason: string};

/** Texts that somebody hands over. */
export interface Inputs {
  /** A file, a pipe, or stdin for `-`. Rejects only when aborted. `limit`: the most bytes that are read. */
  read(name: string, limit: number): Promise<InputRead>;
}
