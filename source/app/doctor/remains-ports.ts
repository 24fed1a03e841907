import type {ServerRow} from '../../domain/fleet/compute-api.js';
import type {Listing} from '../ports.js';

/** The row of a server that was destroyed, as long as Nova's database has it. Times are epoch milliseconds. */
export type GoneRow = Pick<ServerRow, 'id' | 'name' | 'projectId' | 'host' | 'updatedAt'> & {
  /** Nova's own word: `soft-delete` stays in a row that the API destroyed itself. */
  readonly vmState: string | undefined;
  /** Undefined where its guest never ran. */
  readonly launchedAt: number | undefined;
  readonly terminatedAt: number | undefined;
};

/** A soft-deleted server with its size; undefined where Nova does not say (below 2.47). */
export type SizedServer = Pick<ServerRow, 'id' | 'name' | 'projectId'> & {
  readonly vcpus: number | undefined;
  readonly memoryMib: number | undefined;
};

/** A volume that Cinder counts as attached to a server. */
export type VolumeAttachment = {
  readonly volumeId: string;
  /** Cinder's word: `attached`, `reserved`, `detaching`. */
  readonly status: string;
};

/** What deleted servers leave behind or hold. Rejects as `Cloud` does. Takes an administrator. */
export interface Remains {
  /** Destroyed servers with this id or exactly this name, the newest first. */
  gone(word: string, signal: AbortSignal): Promise<readonly GoneRow[]>;
  /** The soft-deleted servers of all projects. */
  held(signal: AbortSignal): Promise<Listing<SizedServer>>;
  /** What Cinder counts as attached to a server; rejects with reason `bad-request` where it is too old to be asked. */
  attachments(serverId: string, signal: AbortSignal): Promise<readonly VolumeAttachment[]>;
}
