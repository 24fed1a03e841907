import type {ListedServer} from '../app/watch/watch-types.js';
import {safeJson} from './json.js';
import {reasonSentence} from './standing-words.js';

/** A purge failed on its host, or somebody set it to ERROR: it left the list without being restored. */
const BROKEN = 'it was not restored: it is ERROR, where nothing reclaims it';

/** What happened to a server, as the lines of `watch --json` call it; `alert` is what commands are told. */
export type WatchWord = 'present' | 'added' | 'changed' | 'restored' | 'reclaimed' | 'purged' | 'alert';

/**
 * What a command that runs for an alert is given: the server as a line of `watch --json` has it, with the event
 * `alert` and the alert time in seconds.
 */
export function alertInput(listed: ListedServer, alertSeconds: number, cloud: string): string {
  return `${safeJson({...listedToJson('alert', listed, cloud), alert: alertSeconds})}\n`;
}

/**
 * A line of `watch --json`. A promise to scripts (cli.md).
 *
 * @param cloud as it was asked for, else as it calls itself
 * @param by the id of the user who restored or purged it; else the one who deleted it is told, where that is known
 */
export function listedToJson(
  event: WatchWord,
  listed: ListedServer,
  cloud: string,
  by?: string,
): Record<string, unknown> {
  const {server, deleted, interval, intervalSource, standing} = listed;
  const isTimed = deleted.kind === 'action' || deleted.kind === 'estimate';
  const isGone = event === 'restored' || event === 'reclaimed' || event === 'purged';
  const deleter = deleted.kind === 'action' && !isGone ? deleted.by : undefined;
  return {
    event,
    cloud,
    id: server.id,
    name: server.name,
    project_id: server.projectId ?? null,
    user_id: server.userId ?? null,
    host: server.host ?? null,
    deleted_at: isTimed ? new Date(deleted.time).toISOString() : null,
    deleted_at_source: deleted.kind === 'action' ? 'action' : deleted.kind === 'estimate' ? 'updated' : null,
    interval: interval.kind === 'value' ? interval.seconds : null,
    interval_source: intervalSource === 'none' ? null : intervalSource,
    due_at: standing.dueAt === undefined ? null : new Date(standing.dueAt).toISOString(),
    state: standing.state,
    reason: (event === 'restored' && server.status === 'ERROR' ? BROKEN : reasonSentence(listed)) ?? null,
    cause: standing.cause ?? null,
    status: server.status,
    task_state: server.taskState ?? null,
    flavor: server.flavor ?? null,
    locked: server.isLocked ?? null,
    by: by ?? deleter ?? null,
  };
}
