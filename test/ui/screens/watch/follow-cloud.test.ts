import test from 'ava';
import {CloudError} from '../../../../source/app/errors.js';
import {Nudge} from '../../../../source/app/watch/nudge.js';
import {
  type FollowedCloud,
  followCloud,
  type WatchedCloud,
} from '../../../../source/ui/screens/watch/follow-cloud.js';
import type {WatchAction} from '../../../../source/ui/screens/watch/state.js';
import {FakeFleet} from '../../../helpers/fake-fleet.js';
import {FakeWaiting} from '../../../helpers/fake-waiting.js';

/** A cloud with one server, followed until `isDone` of what was told. */
async function follow(
  waiting: FakeWaiting,
  isDone: (told: readonly WatchAction[]) => boolean,
  onAction: (action: WatchAction, nudge: Nudge) => void = () => {},
) {
  const told: WatchAction[] = [];
  const stop = new AbortController();
  const nudge = new Nudge();
  let opened = 0;
  const {ports, options} = waiting.watch({areHostsAwaited: false});
  const account = {
    projectNames: async () => new Map([['p', 'shop']]),
    userNames: async (ids: Iterable<string>) => new Map([...ids].map((id) => [id, `name of ${id}`])),
  };
  const cloud: WatchedCloud<FollowedCloud> = {
    name: 'lab',
    clock: ports.clock,
    async open() {
      opened += 1;
      return {name: 'lab', ports: {...ports, account}, options};
    },
  };
  const dispatch = (action: WatchAction) => {
    told.push(action);
    onAction(action, nudge);
    if (isDone(told)) stop.abort(new Error('left'));
  };
  const error: unknown = await followCloud(cloud, 0, nudge, () => {}, dispatch, stop.signal).catch(
    (reason: unknown) => reason,
  );
  return {told, opened, error};
}

test('names are told after the rows that they are of', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet({computes: 1, compute: '3600', apis: 1, api: '3600'}));
  waiting.delete('a', 120);
  const {told, error} = await follow(waiting, (actions) => actions.some(({type}) => type === 'names'));
  t.like(error, {message: 'left'});
  const names = told.find((action) => action.type === 'names');
  t.deepEqual(names?.names, {
    projects: new Map([['p', 'shop']]),
    users: new Map([['u', 'name of u']]),
  });
  t.true(told.findIndex(({type}) => type === 'news') < told.findIndex(({type}) => type === 'names'));
});

test('a cloud that does not answer is asked again as it was opened', async (t) => {
  const fleet = new FakeFleet({computes: 1, compute: '3600', apis: 1, api: '3600'});
  const waiting = new FakeWaiting(fleet);
  waiting.trouble = new CloudError('unreachable', 'no answer', {});
  const {told, opened} = await follow(
    waiting,
    (actions) => actions.some((action) => action.type === 'news' && action.news.kind === 'list'),
    ({type}) => {
      if (type === 'failed') waiting.trouble = undefined;
    },
  );
  const failed = told.find((action) => action.type === 'failed');
  t.is(typeof failed?.retryAt, 'number');
  t.is(opened, 1);
});

test('one that refuses is asked again only when somebody wants it, with its settings as they are then', async (t) => {
  const fleet = new FakeFleet({computes: 1, compute: '3600', apis: 1, api: '3600'});
  const waiting = new FakeWaiting(fleet);
  waiting.trouble = new CloudError('authentication', 'refused', {});
  const {told, opened} = await follow(
    waiting,
    (actions) => actions.some((action) => action.type === 'news' && action.news.kind === 'list'),
    ({type}, nudge) => {
      if (type !== 'failed') return;
      waiting.trouble = undefined;
      // It pauses only after it told.
      queueMicrotask(() => nudge.nudge());
    },
  );
  const failed = told.find((action) => action.type === 'failed');
  t.is(failed?.retryAt, undefined);
  t.is(opened, 2);
});
