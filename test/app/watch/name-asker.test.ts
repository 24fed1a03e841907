import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {NameAsker} from '../../../source/app/watch/name-asker.js';
import type {Names} from '../../../source/app/watch/watch-types.js';
import {listed} from '../../helpers/listed-servers.js';

/** A Keystone that answers at once, and a clock that is set by hand. */
function scene() {
  const state = {now: 1_000_000, trouble: undefined as Error | undefined};
  const users = new Map([
    ['u1', 'ann'],
    ['u2', 'bob'],
  ]);
  const projects = new Map([['p1', 'shop']]);
  const asked: string[] = [];
  const told: Names[] = [];
  const account = {
    async projectNames() {
      asked.push('projects');
      if (state.trouble !== undefined) throw state.trouble;
      return new Map(projects);
    },
    async userNames(ids: Iterable<string>) {
      const wanted = [...ids];
      asked.push(wanted.join(' '));
      if (state.trouble !== undefined) throw state.trouble;
      return new Map(
        wanted.flatMap((id) => {
          const name = users.get(id);
          return name === undefined ? [] : [[id, name] as const];
        }),
      );
    },
  };
  const asker = new NameAsker(
    {account, clock: {now: () => state.now}},
    (names) => told.push(names),
    new AbortController().signal,
  );
  return {state, users, projects, asked, told, asker};
}

const server = (name: string, userId: string | undefined, projectId: string | undefined = 'p1') =>
  listed(name, 60, {userId, projectId});

test('each project and user is asked for when its first server comes, and told', async (t) => {
  const {asker, asked, told} = scene();
  asker.see([server('a', 'u1'), server('b', 'u1')]);
  await asker.settled();
  t.deepEqual(asked, ['projects', 'u1']);
  t.deepEqual(told, [{projects: new Map([['p1', 'shop']]), users: new Map([['u1', 'ann']])}]);
  asker.see([server('c', 'u1'), server('d', undefined)]);
  await asker.settled();
  t.is(asked.length, 2);
  asker.see([server('e', 'u2')]);
  await asker.settled();
  t.deepEqual(asked.slice(2), ['u2']);
  t.deepEqual(
    told.at(-1)?.users,
    new Map([
      ['u1', 'ann'],
      ['u2', 'bob'],
    ]),
  );
});

test('many users are asked for in parts, and what came meanwhile goes with them', async (t) => {
  const {asker, asked, told, users, state} = scene();
  const ids = Array.from({length: 100}, (_, index) => `user-${index}`);
  for (const id of ids) users.set(id, `name of ${id}`);
  asker.see(ids.map((id) => server(id, id)));
  asker.see([server('late', 'u2')]);
  state.now += 10;
  await asker.settled();
  t.deepEqual(
    asked.slice(1).map((words) => words.split(' ').length),
    [40, 40, 21],
  );
  // The first part at once; the others came within a second.
  t.deepEqual(
    told.map((names) => names.users.size),
    [40, 101],
  );
});

test('what has no name is asked for again after a minute, renamed projects after ten', async (t) => {
  const {asker, asked, told, users, projects, state} = scene();
  asker.see([server('a', 'u1'), server('b', 'nobody')]);
  await asker.settled();
  state.now += 59_000;
  asker.tick();
  t.is(asked.length, 2);
  state.now += 1000;
  users.set('nobody', 'new');
  asker.tick();
  await asker.settled();
  t.deepEqual(asked.slice(2), ['nobody']);
  t.is(told.at(-1)?.users.get('nobody'), 'new');
  projects.set('p1', 'renamed');
  state.now += 600_000;
  asker.tick();
  await asker.settled();
  t.deepEqual(asked.slice(3), ['projects']);
  t.is(told.at(-1)?.projects.get('p1'), 'renamed');
});

test('nothing is told where nothing is new', async (t) => {
  const {asker, told, asked, state} = scene();
  asker.see([server('a', 'nobody')]);
  await asker.settled();
  t.is(told.length, 1);
  state.now += 600_000;
  asker.tick();
  await asker.settled();
  t.is(asked.length, 4);
  t.is(told.length, 1);
});

test('a login that fails is left to the list; names come when it works again', async (t) => {
  const {asker, asked, told, state} = scene();
  state.trouble = new CloudError('unreachable', 'no answer', {});
  asker.see([server('a', 'u1')]);
  await asker.settled();
  t.deepEqual(told, []);
  state.trouble = undefined;
  asker.tick();
  t.is(asked.length, 2);
  state.now += 60_000;
  asker.tick();
  await asker.settled();
  t.is(told.at(-1)?.users.get('u1'), 'ann');
  t.is(told.at(-1)?.projects.get('p1'), 'shop');
});

test('a bug is not taken for trouble of the cloud', async (t) => {
  const {asker, state} = scene();
  state.trouble = new TypeError('a bug');
  asker.see([server('a', 'u1')]);
  await asker.settled();
  t.throws(() => asker.see([]), {message: 'a bug'});
});

test('a user who did something is asked for too, once', async (t) => {
  const {asker, asked, told} = scene();
  asker.see([server('a', 'u1')], ['u2', 'u1']);
  await asker.settled();
  asker.see([], ['u2']);
  await asker.settled();
  t.deepEqual(asked, ['projects', 'u2 u1']);
  t.deepEqual([...(told.at(-1)?.users.values() ?? [])].toSorted(), ['ann', 'bob']);
});
