import test from 'ava';
import {listServer} from '../../source/app/watch/listed-server.js';
import type {ListedServer, Surroundings} from '../../source/app/watch/watch-types.js';
import type {ComputeService} from '../../source/domain/fleet/compute-api.js';
import {reasonDetail, reasonSentence, reasonWords} from '../../source/text/standing-words.js';
import {listedToJson} from '../../source/text/watch-json.js';
import {troublesOf, troubleWords} from '../../source/ui/screens/watch/troubles.js';
import {listed, NOW} from '../helpers/listed-servers.js';

const service = (host: string, state: ComputeService['state']): ComputeService => ({
  id: host,
  binary: 'nova-compute',
  host,
  zone: 'nova',
  status: 'enabled',
  state,
  disabledReason: undefined,
  isForcedDown: false,
  updatedAt: undefined,
});
const SEEN = new Map([['c1', {interval: {kind: 'value', seconds: 7200}, clockAheadMs: 0} as const]]);

/** One that is past its time, with an interval of two hours that its host told, or that was given. */
function late(services: Surroundings['services'], interval: 'seen' | 'given'): ListedServer {
  const {server, deleted} = listed('late', 9000);
  const hosts = interval === 'seen' ? SEEN : new Map();
  return listServer(server, deleted, {services, hosts, unseen: new Map(), assumedSeconds: 7200}, NOW);
}

const UP = [service('c1', 'up')];
/** Nova names no service of a cell that does not answer. */
const CELL_DOWN = [service('', 'unknown')];

test('that the periodic task is late is said where nova-compute is seen to be up, and nowhere else', (t) => {
  const sentences = ([UP, undefined, [service('c1', 'unknown')], CELL_DOWN] as const).map((services) =>
    reasonSentence(late(services, 'seen')),
  );
  const unseen = 'it is past its time; whether nova-compute on c1 is up cannot be seen';
  t.deepEqual(sentences, ['nova-compute on c1 is up, but its periodic task is late', unseen, unseen, unseen]);
  const one = late(undefined, 'seen');
  t.is(reasonWords(one), 'past its time');
  t.is(reasonDetail(one), 'nova-compute not seen');
  t.like(listedToJson('present', one, 'lab'), {state: 'overdue', reason: unseen, cause: 'late-unseen'});
});

test('who is late by an interval that was given may not be late', (t) => {
  t.is(
    reasonSentence(late(undefined, 'given')),
    "it is past its time, by the interval that was given, which may not be the host's; whether nova-compute on c1 is up cannot be seen",
  );
  t.is(
    reasonSentence(late(UP, 'given')),
    "nova-compute on c1 is up, but its periodic task is late, by the interval that was given, which may not be the host's",
  );
  t.is(reasonDetail(late(undefined, 'given')), 'by an assumed interval');
});

test('in the head of the list each is a trouble of its own', (t) => {
  const all = [late(undefined, 'seen'), late(UP, 'given'), late(UP, 'seen'), late(undefined, 'given')];
  t.deepEqual(
    troublesOf(all)
      .map((trouble) => troubleWords(trouble, 100))
      .toSorted(),
    [
      '1 overdue on c1: nova-compute is up, but its periodic task is late',
      '1 overdue on c1: nova-compute is up, but its periodic task is late, by an assumed interval',
      '1 overdue on c1: past its time by an assumed interval, and whether nova-compute is up cannot be seen',
      '1 overdue on c1: past its time, and whether nova-compute is up cannot be seen',
    ],
  );
});
