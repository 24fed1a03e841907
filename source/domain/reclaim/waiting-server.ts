import type {ServerRow} from '../fleet/compute-api.js';

/** A server that waits to be reclaimed, with what people know it by. */
export type WaitingServer = ServerRow & {
  readonly userId: string | undefined;
  /** The flavor's name; its id where Nova tells only that (below 2.47). */
  readonly flavor: string | undefined;
  /** Whether we may see hosts: without that a host that is missing says nothing. */
  readonly isHostShown: boolean;
};

/** Whether the text is a part of its name or its id, in capitals or not. */
export function matchesText({name, id}: Pick<ServerRow, 'name' | 'id'>, text: string | undefined): boolean {
  if (text === undefined) return true;
  const wanted = text.toLowerCase();
  return name.toLowerCase().includes(wanted) || id.toLowerCase().includes(wanted);
}
