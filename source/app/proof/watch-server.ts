import type {Clock} from '../ports.js';
import type {OwnServer, OwnServers} from '../servers/server-ports.js';
import {followServer, type Sighting, type Watched} from '../servers/follow-server.js';
import {MARK} from './proof-types.js';

/** Thrown where the server with our id is not the one that was made: nothing is done to it. */
export class NotOurs extends Error {
  override readonly name: string = 'NotOurs';
}

/** Which server is watched. `name` is what it was made with. */
export type Target = {readonly id: string; readonly name: string};

/** As `followServer`, of a test server. Throws `NotOurs` where the server does not carry our mark. */
export async function watchServer<Verdict>(
  {servers, clock}: {readonly servers: OwnServers; readonly clock: Clock},
  {id, name}: Target,
  limitMs: number,
  judge: (seen: Sighting<OwnServer>, looks: number) => Verdict | undefined,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<Watched<OwnServer, Verdict>> {
  const show = async (one: AbortSignal): Promise<OwnServer | undefined> => {
    const seen = await servers.show(id, one);
    if (seen !== undefined) refuseOthers(seen, name);
    return seen;
  };
  return followServer(show, clock, limitMs, judge, tell, signal);
}

/** Throws `NotOurs` for every server but the one that was made under this name. */
function refuseOthers({id, metadata}: OwnServer, name: string): void {
  if (metadata.get(MARK) === name) return;
  throw new NotOurs(`the server ${id} does not carry the mark of ${name}: nothing is done to it`);
}
