import test from 'ava';
import * as fc from 'fast-check';
import {
  decodeHypervisor,
  decodeMigration,
  decodeServer,
  decodeService,
  hasEnded,
  newestDelete,
} from '../../../source/adapters/openstack/decode.js';
import {asList, asRecord, decodeTime} from '../../../source/adapters/openstack/json.js';
import {recorded} from '../../helpers/http-openstack.js';

type Row = Readonly<Record<string, unknown>>;
type Rows = readonly Row[];

/** A recorded row with any of its fields taken out or replaced by anything. */
function spoilt(row: Row): fc.Arbitrary<Row> {
  const field = fc.constantFrom(...Object.keys(row));
  const change = fc.tuple(field, fc.option(fc.anything(), {nil: undefined}));
  return fc.array(change, {maxLength: 6}).map((changes) => {
    const result: Record<string, unknown> = {...row};
    for (const [name, value] of changes) {
      if (value === undefined) delete result[name];
      else result[name] = value;
    }
    return result;
  });
}

async function rowsOf(name: string, collection: string): Promise<Rows> {
  const rows = asList(asRecord((await recorded(name)).body)?.[collection]) ?? [];
  return rows.map((row) => asRecord(row) ?? {});
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isTextOrAbsent = (value: unknown): boolean => value === undefined || isText(value);

test('whatever a server row holds, it is a row', async (t) => {
  const [row] = await rowsOf('zed/servers-soft-deleted', 'servers');
  fc.assert(
    fc.property(fc.oneof(spoilt(row ?? {}), fc.anything()), (value) => {
      const server = decodeServer(value);
      t.true([server.id, server.name, server.status].every(isText));
      t.true([server.projectId, server.host, server.taskState].every(isTextOrAbsent));
      t.true(server.updatedAt === undefined || Number.isFinite(server.updatedAt));
      t.true(server.isLocked === undefined || typeof server.isLocked === 'boolean');
    }),
    {numRuns: 300},
  );
});

test('whatever a service row holds, it is a row', async (t) => {
  const [row] = await rowsOf('zed/os-services', 'services');
  fc.assert(
    fc.property(fc.oneof(spoilt(row ?? {}), fc.anything()), (value) => {
      const service = decodeService(value);
      t.true([service.id, service.binary, service.host].every(isText));
      t.true(['enabled', 'disabled', 'unknown'].includes(service.status));
      t.true(['up', 'down', 'unknown'].includes(service.state));
      t.is(typeof service.isForcedDown, 'boolean');
      t.true([service.zone, service.disabledReason, service.updatedAt].every(isTextOrAbsent));
    }),
    {numRuns: 300},
  );
});

test('whatever hypervisors, migrations and actions hold, they are rows', async (t) => {
  const [row] = await rowsOf('epoxy/os-hypervisors-detail-2.53', 'hypervisors');
  fc.assert(
    fc.property(fc.oneof(spoilt(row ?? {}), fc.anything()), fc.array(fc.anything()), (value, actions) => {
      const {id, vcpus, memoryMib} = decodeHypervisor(value);
      t.true(isText(id));
      t.true(
        [vcpus, memoryMib].every((size) => size === undefined || (Number.isSafeInteger(size) && size >= 0)),
      );
      const migration = decodeMigration(value);
      t.true([migration.id, migration.status].every(isText));
      t.is(typeof hasEnded(migration), 'boolean');
      t.is(newestDelete(actions), undefined);
    }),
    {numRuns: 300},
  );
});

test('times of Nova are UTC, with and without a zone', (t) => {
  const expected = Date.UTC(2026, 10, 22, 18, 5, 6);
  for (const text of [
    '2026-11-22T18:05:06Z',
    '2026-11-22T18:05:06',
    '2026-11-22T18:05:06.000000',
    '2026-11-22 18:05:06',
    '2026-11-22T19:05:06+01:00',
  ]) {
    t.is(decodeTime(text), expected, text);
  }
  for (const odd of ['', 'now', '2026-13-45T99:00:00Z', 5, null, undefined, {}, '2026-11-22']) {
    t.is(decodeTime(odd), undefined, JSON.stringify(odd));
  }
});

const at = (action: string, second: number): object => ({
  action,
  start_time: `2026-01-01T00:00:0${second}.5`,
});

test('the newest delete counts, unless a restore came after it', (t) => {
  const base = Date.UTC(2026, 0, 1) + 500;
  t.is(newestDelete([at('delete', 5), at('restore', 4), at('delete', 2), at('create', 1)]), base + 5000);
  t.is(newestDelete([at('delete', 2), at('delete', 5)]), base + 5000);
  t.is(newestDelete([at('restore', 6), at('delete', 5)]), undefined);
  t.is(newestDelete([at('restore', 5), at('delete', 5)]), undefined, 'newest first within a second');
  t.is(newestDelete([at('delete', 5), at('restore', 5)]), base + 5000);
  t.is(newestDelete([at('create', 1)]), undefined);
});

test('a task state that is not told is unknown, one that is null is none', (t) => {
  t.is(decodeServer({'OS-EXT-STS:task_state': null}).taskState, undefined);
  t.is(decodeServer({}).taskState, 'unknown');
  t.is(decodeServer({'OS-EXT-STS:task_state': 'deleting'}).taskState, 'deleting');
});
