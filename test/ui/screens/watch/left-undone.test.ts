import test from 'ava';
import type {KnownServer} from '../../../../source/app/servers/server-ports.js';
import type {RestoreEnd} from '../../../../source/app/restore/restore-types.js';
import type {Outcome} from '../../../../source/ui/screens/watch/acting.js';
import {LeftUndone, watchMeanwhile} from '../../../../source/ui/screens/watch/left-undone.js';
import {listed} from '../../../helpers/listed-servers.js';
import {after, watchWith} from '../../../helpers/watch-states.js';

const [WEB, DB] = [listed('web', 3600), listed('db', 60)];
const rowOf = (one: typeof WEB) => ({id: one.server.id, cloud: 0, listed: one});
const STOP = {kind: 'restore', rows: [rowOf(WEB), rowOf(DB)], stop: true} as const;
const server: KnownServer = {
  ...WEB.server,
  lockedReason: undefined,
  fault: undefined,
  vcpus: 1,
  memoryMib: 512,
};
const restored = (end: RestoreEnd): Outcome => ({kind: 'restore', end, server});

function undone() {
  const last = new Map<string, string>();
  const afterwards = (key: string, text: string | undefined): void => {
    if (text === undefined) last.delete(key);
    else last.set(key, text);
  };
  const open = () => new LeftUndone({afterwards}, ['--cloud', 'fra1']);
  return {kept: open(), open, told: () => [...last.values()]};
}

test('what goes on is told of one by name, of several by their number', (t) => {
  t.is(watchMeanwhile(watchWith([WEB])), undefined);
  const passed = {
    kind: 'checked',
    checks: [{check: 'state', verdict: 'ok', status: 'SOFT_DELETED', taskState: undefined}],
  } as const;
  const asked = after(
    watchWith([WEB, DB]),
    {type: 'restore', stop: true},
    {type: 'checked', id: WEB.server.id, checked: passed},
    {type: 'press-restore', stop: true},
  ).state;
  t.is(watchMeanwhile(asked), 'web is being restored and stopped.');
  const more = new Map([...asked.pending, ['a', 'destroying'], ['b', 'destroying']] as const);
  const two = {...asked, pending: more};
  t.is(watchMeanwhile(two), 'web is being restored and stopped, 2 servers are being destroyed.');
});

test('what has no result is told with commands, whoever ends the program', (t) => {
  const {kept, told} = undone();
  kept.begin(STOP, 'fra1');
  t.is(told().length, 2);
  t.regex(
    told()[0] ?? '',
    /^web: nobody waited until it was restored and stopped; look at it with: openstack /,
  );
  t.regex(told()[0] ?? '', /reprieve restore id-of-web --stop --cloud fra1/);
  t.regex(told()[0] ?? '', /openstack --os-cloud fra1 server stop id-of-web/);
});

test('a result that was seen is told by the list; what was cut short is told afterwards', (t) => {
  const {kept, told} = undone();
  kept.begin(STOP, 'fra1');
  kept.end(STOP, DB.server.id, restored({kind: 'locked'}), 'fra1', false);
  t.is(told().length, 1);
  const asked = {kind: 'interrupted', wasAsked: true, left: [{step: 'stop'}]} as const;
  kept.end(STOP, WEB.server.id, restored(asked), 'fra1', true);
  t.regex(told()[0] ?? '', /^web: interrupted: Nova was asked to restore it, and goes on, NOT stopped;/);
  t.regex(told()[0] ?? '', /openstack --os-cloud fra1 server stop id-of-web/);
  const short = {kind: 'restored', server, done: [], short: [{step: 'stop', problem: 'cut'}]} as const;
  kept.end(STOP, WEB.server.id, restored(short), 'fra1', true);
  t.regex(
    told()[0] ?? '',
    /NOT stopped, its guest runs: cut; do it with: openstack .* server stop id-of-web/,
  );
  const nothing = {kind: 'interrupted', wasAsked: false, left: []} as const;
  kept.end(STOP, WEB.server.id, restored(nothing), 'fra1', true);
  t.regex(
    told()[0] ?? '',
    /nothing was done with it; do it with: reprieve restore id-of-web --stop --cloud fra1/,
  );
  const whole = {kind: 'restored', server, done: ['stop'], short: []} as const;
  kept.end(STOP, WEB.server.id, restored(whole), 'fra1', true);
  t.deepEqual(told(), []);
});

test('another DELETE is never advised: where it is soft has to be seen just before', (t) => {
  const {kept, told} = undone();
  const effect = {kind: 'delete-again', row: rowOf(WEB)} as const;
  kept.begin(effect, 'fra1');
  kept.end(effect, WEB.server.id, {kind: 'again', end: {kind: 'interrupted', wasAsked: false}}, 'fra1', true);
  t.deepEqual(told(), ['web: interrupted: nothing was done with it']);
});

test('the list that is opened anew takes back only what it is asked itself', (t) => {
  const {kept, open, told} = undone();
  kept.begin(STOP, 'fra1');
  const asked = {kind: 'interrupted', wasAsked: true, left: [{step: 'stop'}]} as const;
  for (const {id} of STOP.rows) kept.end(STOP, id, restored(asked), 'fra1', true);
  const later = open();
  const one = {kind: 'restore', rows: [rowOf(DB)], stop: false} as const;
  later.begin(one, 'fra1');
  t.is(told().length, 2);
  later.end(one, DB.server.id, restored({kind: 'restored', server, done: [], short: []}), 'fra1', false);
  t.is(told().length, 1);
  t.regex(told()[0] ?? '', /^web: interrupted/);
});

test('no name writes to the terminal', (t) => {
  const {kept, told} = undone();
  const rows = [rowOf(listed('a\u001B[2J\nb', 60))];
  kept.begin({kind: 'purge', rows, plan: {servers: [], downHosts: new Set(), isAdmin: true}}, 'fra1');
  t.notRegex(told().join(''), /[\u001B\n]/);
});
