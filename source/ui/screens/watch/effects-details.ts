import {type ReadServices, serviceReader} from '../../../app/servers/read-services.js';
import {readDetails} from '../../../app/watch/read-details.js';
import type {Dispatch} from '../../store.js';
import type {OpenedCloud} from './effects-acting.js';
import type {WatchAction, WatchRow} from './state.js';

/** Somebody who moves through the list stays on a row for less. */
const DWELL_MS = 150;

/** Reads what there is to know of one server after the other; the next one ends the reading of the last. */
export class DetailReader {
  readonly #services = new Map<OpenedCloud, ReadServices>();
  #reading = new AbortController();

  async read(
    cloud: OpenedCloud,
    {id, listed}: WatchRow,
    dispatch: Dispatch<WatchAction>,
    signal: AbortSignal,
  ): Promise<void> {
    this.#reading.abort();
    this.#reading = new AbortController();
    const own = this.#reading.signal;
    const {serverDetails: details, namedServers: servers, account, clock} = cloud.ports;
    const readServices = this.#services.get(cloud) ?? serviceReader(cloud.ports);
    this.#services.set(cloud, readServices);
    const either = AbortSignal.any([signal, own]);
    try {
      await clock.sleep(DWELL_MS, either);
      await readDetails(
        {details, servers, account, readServices},
        listed,
        (news) => dispatch({type: 'detail', id, news}),
        either,
      );
    } catch (error) {
      if (signal.aborted || !own.aborted) throw error;
    }
  }
}
