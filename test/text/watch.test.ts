import test from 'ava';
import type {WaitingList} from '../../source/app/watch/watch-types.js';
import {cellWidth} from '../../source/text/cells.js';
import {renderLine} from '../../source/text/line.js';
import {shownNames, waitingLines} from '../../source/text/watch.js';
import {listedToJson} from '../../source/text/watch-json.js';
import {listed, NAMES, NOW} from '../helpers/listed-servers.js';

function listOf(servers: WaitingList['servers'], more: Partial<WaitingList> = {}): WaitingList {
  return {
    cloud: 'lab',
    scope: 'all-projects',
    servers,
    others: 0,
    now: NOW,
    problem: undefined,
    timesProblem: undefined,
    names: NAMES,
    unseen: [],
    hasNodes: true,
    ...more,
  };
}

const show = (list: WaitingList, width?: number, text?: string) =>
  waitingLines([list], width, text).map((line) => renderLine(line, false));

test('the counts come first, then what is wrong, then each by time left', (t) => {
  const lines = show(
    listOf([
      listed('stuck-1', 60, {host: 'c3'}),
      listed('late', 7380.5, {host: 'c2'}),
      listed('calm', 80),
      listed('soon', 6900, {}, 'estimate'),
      listed('next', 7205, {isLocked: true}),
    ]),
    80,
  );
  t.deepEqual(lines.slice(0, 6), [
    '5 soft-deleted in all projects: 1 due, 1 in 10 min, 1 later, 1 overdue, 1 stuck.',
    '▲ 1 overdue: nova-compute on c2 is down, and nothing is reclaimed there until it',
    '  is up',
    '◆ 1 stuck: the interval on c3 is 0 (off): nothing there is ever reclaimed',
    'Interval: off, 2 h (7,200 s) as the hosts themselves run with it.',
    "~: counted from the server's last change, which is its delete or later, so that",
  ]);
  t.deepEqual(
    lines.slice(-5).map((line) => line.trim().split(/ {2,}/).join('|')),
    [
      '●|next|shop|c1|due|next tick, locked',
      '◔|soon|shop|c1|~5 min',
      '○|calm|shop|c1|1 h 58 min',
      '▲|late|shop|c2|overdue 3 min 01 s|host down',
      '◆|stuck-1|shop|c3|stuck|no interval',
    ],
  );
});

test('users are shown by name where there is room, and by id where the name is unknown', (t) => {
  const list = listOf([listed('web', 60), listed('db', 90, {userId: 'u9'})]);
  const rows = (width: number | undefined) =>
    show(list, width)
      .slice(-2)
      .map((line) => line.trim().split(/ {2,}/).slice(1, 4).join('|'));
  t.deepEqual(rows(119), ['db|shop|c1', 'web|shop|c1']);
  t.deepEqual(rows(120), ['db|shop|u9', 'web|shop|svc-terraform']);
  t.deepEqual(shownNames(119), ['projects']);
  t.deepEqual(shownNames(120), ['projects', 'users']);
  t.true(show(list).at(-1)?.includes('svc-terraform'));
});

test('several clouds are one table by time left, each by the clock of its own API', (t) => {
  const soon = listed('soon', 7000);
  const slow = 3_600_000;
  const behind = {
    ...listed('behind', 7100),
    standing: {...listed('behind', 7100).standing, dueAt: NOW - slow + 100_000},
  };
  const lists = [
    listOf([soon, listed('late', 7400, {host: 'c2'})], {cloud: 'berlin'}),
    listOf([behind], {
      cloud: 'prague',
      scope: 'own-project',
      now: NOW - slow,
      names: {projects: new Map(), users: new Map()},
    }),
  ];
  const lines = waitingLines(lists, 119, undefined).map((line) => renderLine(line, false));
  t.is(
    lines.slice(0, 2).join(' '),
    '3 soft-deleted in berlin (all projects), prague (own project): 2 in 10 min, 1 overdue.',
  );
  t.regex(lines[2] ?? '', /^▲ 1 overdue in berlin: nova-compute on c2 is down/);
  t.deepEqual(
    lines.slice(-4).map((line) => line.trim().split(/ {2,}/).slice(0, 4).join('|')),
    ['CLOUD|NAME|PROJECT|HOST', '◔|prague|behind|p1', '◔|berlin|soon|shop', '▲|berlin|late|shop'],
  );
  const none = waitingLines([listOf([], {cloud: 'a'}), listOf([], {cloud: 'b'})], 80, undefined);
  t.is(
    none.map((line) => renderLine(line, false)).join(' '),
    'No server is waiting in a (all projects), b (all projects): nothing is soft-deleted.',
  );
});

test('on a terminal nothing is wider than it; elsewhere nothing is cut', (t) => {
  const name = 'a-name-'.repeat(20);
  const list = listOf([listed(name, 60, {id: 'c'.repeat(36), projectId: 'f'.repeat(32)})]);
  for (const width of [80, 120, 200]) {
    for (const line of show(list, width)) t.true(cellWidth(line) < width || !line.startsWith(' '), line);
  }
  const row = show(list).at(-1) ?? '';
  t.true(row.includes(name) && row.includes('f'.repeat(32)) && row.includes('c'.repeat(36)), row);
  t.true(row.includes('2026-11-22 11:59:00'));
});

test('text of tenants does nothing to the terminal', (t) => {
  const evil = '\u001B]0;owned\u0007\nx\u202E';
  const [server] = listOf([listed(evil, 60, {host: evil, flavor: evil})]).servers;
  if (server === undefined) throw new Error('no server');
  for (const width of [undefined, 80, 200]) {
    const list = listOf([server], {
      names: {projects: new Map([['p1', evil]]), users: new Map([['u1', evil]])},
    });
    for (const line of show(list, width)) t.notRegex(line, /[\p{Cc}\p{Cf}]/u);
  }
  t.is(listedToJson('present', server, 'lab')['name'], evil);
});

test('none at all, and none that was asked for', (t) => {
  t.deepEqual(show(listOf([])), ['No server is waiting: nothing is soft-deleted.']);
  t.deepEqual(show(listOf([], {scope: 'own-project'})), [
    'No server of this project is waiting: nothing is soft-deleted.',
  ]);
  t.deepEqual(show(listOf([], {others: 41}), 80, 'web'), [
    'No soft-deleted server has "web" in its name or id; there are 41 others.',
  ]);
  t.is(
    show(listOf([listed('web-1', 60)], {others: 40}), 200, 'web')[0],
    '1 of 41 soft-deleted in all projects with "web" in name or id: 1 later.',
  );
});

test('where no interval is known it is said how to tell it', (t) => {
  const list = listOf([listed('a', 60, {host: 'c9'})], {hasNodes: false});
  t.true(show(list).includes('Interval: not known: name nodes with --inventory, or give --interval.'));
});

test('the JSON is what is promised', (t) => {
  t.deepEqual(listedToJson('present', listed('late', 7400, {host: 'c2'}, 'estimate'), 'lab'), {
    event: 'present',
    cloud: 'lab',
    id: 'id-of-late',
    name: 'late',
    project_id: 'p1',
    user_id: 'u1',
    host: 'c2',
    deleted_at: '2026-11-22T09:56:40.000Z',
    deleted_at_source: 'updated',
    interval: 7200,
    interval_source: 'host',
    due_at: '2026-11-22T11:56:40.000Z',
    state: 'overdue',
    reason: 'nova-compute on c2 is down, and nothing is reclaimed there until it is up',
    cause: 'host-down',
    status: 'SOFT_DELETED',
    task_state: null,
    flavor: 'm1.tiny',
    locked: false,
    by: null,
  });
  t.like(listedToJson('present', listed('a', 60, {host: undefined, flavor: undefined}), 'lab'), {
    host: null,
    interval: null,
    due_at: null,
    state: 'stuck',
    flavor: null,
    interval_source: null,
  });
});

test('the JSON has who deleted, restored or purged it, as far as Nova tells', (t) => {
  const one = listed('a', 60);
  const known = {...one, deleted: {kind: 'action', time: NOW - 60_000, by: 'u9'} as const};
  t.is(listedToJson('present', known, 'lab')['by'], 'u9');
  t.is(listedToJson('added', known, 'lab', 'u9')['by'], 'u9');
  t.is(listedToJson('restored', known, 'lab', 'u2')['by'], 'u2');
  t.is(listedToJson('purged', known, 'lab')['by'], null, 'whoever deleted it did not purge it');
  t.is(listedToJson('reclaimed', known, 'lab')['by'], null);
});
