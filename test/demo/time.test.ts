// An embedded cloud has the time that it is given, and none of this machine's.
import process from 'node:process';
import test from 'ava';
import {startDemo} from '../../source/demo/demo.js';

const NOON = Date.UTC(2030, 0, 1, 12);

async function start(t: {teardown(end: () => Promise<void>): void}) {
  let now = NOON;
  const waiting: {readonly at: number; readonly work: () => void}[] = [];
  const time = {
    now: () => now,
    after(milliseconds: number, work: () => void) {
      const timer = {at: now + milliseconds, work};
      waiting.push(timer);
      return () => void waiting.splice(waiting.indexOf(timer), 1);
    },
  };
  const env = {PATH: process.env['PATH']};
  const demo = await startDemo({nodes: 2, servers: 4, speed: 1, hasTraffic: false, time, env});
  t.teardown(async () => demo.stop());
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    for (const {work} of waiting.filter(({at}) => at <= now)) work();
  };
  const url = /auth_url: "([^"]+)"/.exec(demo.operator.cloudsYaml())?.[1] ?? '';
  return {demo, pass, url};
}

test('its APIs tell the time that it has, and tokens end by it', async (t) => {
  const {demo, pass, url} = await start(t);
  const compute = url.replace('/identity/v3', '/compute/v2.1');
  const password = /password: "([^"]+)"/.exec(demo.operator.cloudsYaml())?.[1] ?? '';
  const user = {name: 'admin', domain: {id: 'default'}, password};
  const answer = await fetch(`${url}/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({auth: {identity: {methods: ['password'], password: {user}}}}),
  });
  t.is(answer.status, 201);
  t.is(answer.headers.get('date'), new Date(NOON).toUTCString());
  t.regex(await answer.text(), /"expires_at":"2030-01-01T13:00:00\.000Z"/);
  const token = answer.headers.get('x-subject-token') ?? '';
  const ask = async () => fetch(`${compute}/os-services`, {headers: {'X-Auth-Token': token}});
  t.is((await ask()).status, 200);
  pass(3_600_000);
  const later = await ask();
  t.is(later.status, 401);
  t.is(later.headers.get('date'), new Date(NOON + 3_600_000).toUTCString());
});

test('a service restarts only when its time has come', async (t) => {
  const {demo, pass} = await start(t);
  const node = demo.nodes.get('compute-01');
  const active = async () =>
    /^ActiveState=(.*)$/m.exec((await node?.files.read('manager/nova-compute.service')) ?? '')?.[1];
  t.is(await active(), 'active');
  node?.unit.act('restart');
  t.is(await active(), 'deactivating');
  pass(499);
  t.is(await active(), 'deactivating');
  pass(1);
  t.is(await active(), 'inactive');
  pass(100);
  t.is(await active(), 'active');
});
