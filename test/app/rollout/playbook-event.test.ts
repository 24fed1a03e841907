import test from 'ava';
import {plainLine, readPlaybookLine} from '../../../source/app/rollout/ansible/playbook-event.js';

const line = (fields: object): string => `{"reprieve": 1, ${JSON.stringify(fields).slice(1)}`;

test('a line tells what happened to which host in which task', (t) => {
  t.deepEqual(
    readPlaybookLine(
      line({
        event: 'failed',
        host: 'a',
        task: 'nova : Restart',
        action: 'ansible.builtin.systemd',
        message: 'no',
      }),
    ),
    {kind: 'failed', host: 'a', task: 'Restart', action: 'systemd', message: 'no'},
  );
  t.deepEqual(readPlaybookLine(line({event: 'ok', host: 'a', task: '', action: 'command'})), {
    kind: 'ok',
    host: 'a',
    task: '',
    action: 'command',
    message: '',
  });
});

test('the last line names the hosts that failed and those that could not be reached', (t) => {
  const hosts = {
    a: {failures: 2, unreachable: 0},
    b: {failures: 0, unreachable: 1},
    c: {failures: 0, unreachable: 0},
  };
  t.deepEqual(readPlaybookLine(line({event: 'stats', hosts})), {
    kind: 'stats',
    hosts: Object.keys(hosts),
    failed: ['a'],
    unreachable: ['b'],
  });
});

test('everything else that is printed is none of ours', (t) => {
  for (const text of [
    '',
    'PLAY [all] ****',
    '{"event": "ok", "host": "a"}',
    '{"reprieve": 1, "event": "ok"',
    '{"reprieve": 1, "event": "ok"} trailing',
    line({event: 'play', name: 'one'}),
    line({event: 'later-invention'}),
    line({event: 7}),
    line({}),
    line({event: 'ok', host: 7, task: 'a', action: 'b'}),
    line({event: 'ok', host: 'a', task: null, action: 'b'}),
    line({event: 'stats', hosts: null}),
    line({event: 'stats', hosts: {a: {failures: 'many'}}}),
    line({event: 'stats', hosts: {a: 1}}),
  ]) {
    t.is(readPlaybookLine(text), undefined, text);
  }
});

test('of a message the first line stays, without what may be secret', (t) => {
  t.is(plainLine('first\nsecond'), 'first');
  t.is(plainLine('  MODULE FAILURE\r\nSee stdout  '), 'MODULE FAILURE');
  t.is(plainLine('cannot reach rabbit://nova:s3cret@mq:5672/ now'), 'cannot reach rabbit://***@mq:5672/ now');
  t.is(plainLine('bad option: admin_password = hunter2, and more'), 'bad option: admin_password = ***');
  t.is(plainLine('{"auth_token": "abc"}'), '{"auth_token": ***');
  t.is(plainLine('x'.repeat(1000)).length, 301);
  t.is(plainLine(''), '');
});
