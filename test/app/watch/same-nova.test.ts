import test from 'ava';
import {CloudError, UserError} from '../../../source/app/errors.js';
import {type CloudBeside, refuseSameNova} from '../../../source/app/watch/same-nova.js';
import {fakeAccount} from '../../helpers/seen-fleet.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';

type Entry = {
  readonly name: string;
  readonly authUrl?: string;
  readonly region?: string;
  readonly computeUrl?: string;
  readonly projectId?: string;
  readonly roles?: readonly string[];
  /** Instead of signing in. */
  readonly identify?: (signal: AbortSignal) => Promise<never>;
};

/** Entries of clouds.yaml; those that say nothing else are one Nova, as members of one project. */
function entries(...some: readonly Entry[]) {
  const asked: string[] = [];
  const clouds = some.map((entry): CloudBeside => {
    const {name, authUrl = 'http://k:5000', region, computeUrl = 'http://n/v2.1', projectId = 'p'} = entry;
    return {
      name,
      async open() {
        const session = await fakeAccount().session(new AbortController().signal);
        return {
          label: {authUrl, region},
          account: {session: async () => ({...session, roles: entry.roles ?? ['member']})},
          cloud: {
            async identity(signal) {
              asked.push(name);
              await entry.identify?.(signal);
              return {cloud: name, authUrl, region, computeUrl, projectId};
            },
          },
        };
      },
    };
  });
  return {clouds, asked};
}

/** Which of the entries are refused, with whose servers they have. */
async function refused(...some: readonly Entry[]): Promise<readonly string[]> {
  const {clouds} = entries(...some);
  const found = await Promise.all(
    clouds.map(async ({name}, index) => {
      try {
        await refuseSameNova(clouds, index, new VirtualClock(), new AbortController().signal);
        return [];
      } catch (error) {
        if (!(error instanceof UserError) || error.kind !== 'usage') throw error;
        return [`${name}: ${/the same Nova as (\S+)/.exec(error.message)?.[1]}`];
      }
    }),
  );
  return found.flat();
}

const ADMIN = {roles: ['Admin']};

test('of entries with the same servers the first one stays', async (t) => {
  t.deepEqual(await refused({name: 'a'}, {name: 'b'}, {name: 'c'}), ['b: a', 'c: a']);
  const admins = [
    {name: 'a', ...ADMIN},
    {name: 'b', projectId: 'other', ...ADMIN},
  ];
  t.deepEqual(await refused(...admins), ['b: a']);
  t.deepEqual(await refused({name: 'a'}, {name: 'a/one', region: 'one'}), ['a/one: a']);
  t.deepEqual(await refused({name: 'a'}, {name: 'b', authUrl: 'http://k:5000/v3/'}), ['b: a']);
});

test('an entry with the servers of all projects stays, wherever it stands', async (t) => {
  t.deepEqual(await refused({name: 'member'}, {name: 'admin', ...ADMIN}), ['member: admin']);
  t.deepEqual(await refused({name: 'admin', ...ADMIN}, {name: 'm', projectId: 'other'}), ['m: admin']);
});

test('projects of one Nova, and other Novas, all stay', async (t) => {
  t.deepEqual(await refused({name: 'a'}, {name: 'b', projectId: 'other'}), []);
  t.deepEqual(await refused({name: 'a', ...ADMIN}, {name: 'b', computeUrl: 'http://m/v2.1', ...ADMIN}), []);
});

test('a catalogue with the project in its addresses tells the same Nova', async (t) => {
  const computeUrl = (project: string) => `http://n/v2.1/${project}`;
  const both = [
    {name: 'a', projectId: 'p', computeUrl: computeUrl('p'), ...ADMIN},
    {name: 'b', projectId: 'q', computeUrl: computeUrl('AUTH_q')},
  ];
  t.deepEqual(await refused(...both), ['b: a']);
});

test('another Keystone or region is not even asked', async (t) => {
  const {clouds, asked} = entries(
    {name: 'a', region: 'one'},
    {name: 'b', authUrl: 'http://j'},
    {name: 'c', region: 'two'},
  );
  await refuseSameNova(clouds, 0, new VirtualClock(), new AbortController().signal);
  t.deepEqual(asked, []);
});

test('one that refuses, or does not answer within seconds, holds nobody up', async (t) => {
  const clock = new VirtualClock();
  const {clouds} = entries(
    {
      name: 'refusing',
      identify: async () => Promise.reject(new CloudError('authentication', 'wrong password')),
    },
    {
      name: 'silent',
      identify: async (signal) => {
        await clock.sleep(86_400_000, signal);
        throw new Error('nobody waits so long');
      },
    },
    {name: 'own'},
  );
  await t.notThrowsAsync(refuseSameNova(clouds, 2, clock, new AbortController().signal));
  t.true(clock.seconds() <= 5);
});

test('one whose settings cannot be read is left to itself, but not the own one', async (t) => {
  const problem = new UserError('usage', 'There is no cloud "b".');
  const {clouds} = entries({name: 'a'});
  const broken = [...clouds, {name: 'b', open: async () => Promise.reject(problem)}];
  const look = async (own: number) =>
    refuseSameNova(broken, own, new VirtualClock(), new AbortController().signal);
  await t.notThrowsAsync(look(0));
  t.is(await t.throwsAsync(look(1)), problem);
});
