// What the templates of operations make: metrics of a list, units, a runbook.
import test from 'ava';
import {renderShipped, textOf} from '../helpers/shipped-templates.js';
import {runTextfile} from '../helpers/textfile-run.js';

/** Lines of metrics without their comments. */
function samples(text: string | undefined): readonly string[] {
  return (text ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('the exporter counts servers by state, and late ones by host', async (t) => {
  const {code, files, words} = await runTextfile(t, {values: {cloud: 'berlin', interval: '2h'}});
  t.is(code, 0);
  t.deepEqual(words, ['--cloud', 'berlin', '--json', 'watch', '--once', '--interval', '7200s']);
  t.deepEqual(Object.keys(files), ['reprieve-berlin.prom']);
  t.deepEqual(samples(files['reprieve-berlin.prom']).toSorted(), [
    'reprieve_late_servers{cloud="berlin",host="c2",state="overdue"} 2',
    'reprieve_late_servers{cloud="berlin",host="c3",state="stuck"} 1',
    'reprieve_soft_deleted_servers{cloud="berlin",state="destroying"} 0',
    'reprieve_soft_deleted_servers{cloud="berlin",state="due"} 0',
    'reprieve_soft_deleted_servers{cloud="berlin",state="overdue"} 2',
    'reprieve_soft_deleted_servers{cloud="berlin",state="restoring"} 0',
    'reprieve_soft_deleted_servers{cloud="berlin",state="stuck"} 1',
    'reprieve_soft_deleted_servers{cloud="berlin",state="unknown"} 0',
    'reprieve_soft_deleted_servers{cloud="berlin",state="waiting"} 4',
    'reprieve_watch_success{cloud="berlin"} 1',
  ]);
});

test('a cloud without soft-deleted servers has zeros, and no host', async (t) => {
  const values = {cloud: 'prague/south', inventory: '/etc/reprieve/inventory.yaml'};
  const {code, files, words} = await runTextfile(t, {values, lines: []});
  t.is(code, 0);
  t.deepEqual(words.slice(3, 5), ['--inventory', '/etc/reprieve/inventory.yaml']);
  const lines = samples(files['reprieve-prague_south.prom']);
  t.is(lines.length, 8);
  t.is(lines.filter((line) => line.endsWith(' 0')).length, 7);
});

test('a look that fails leaves no count behind, and the service fails', async (t) => {
  const {code, files} = await runTextfile(t, {values: {cloud: 'berlin'}, code: 4});
  t.is(code, 1);
  t.deepEqual(samples(files['reprieve-berlin.prom']), ['reprieve_watch_success{cloud="berlin"} 0']);
});

test('the runbook tells the interval in words, and its commands are quoted for a shell', async (t) => {
  const given = {cloud: "it's", interval: '1d'};
  const text = textOf(await renderShipped('runbook', given), 'delayed-delete.md');
  t.regex(text, /is kept for 1 day \(86400 s\)/);
  t.true(text.includes(String.raw`reprieve --cloud 'it'\''s' restore SERVER`));
  for (const [interval, words] of [
    [60, '1 min'],
    [5400, '1 h 30 min'],
    [183_600, '2 days 3 h'],
  ] as const) {
    const other = textOf(await renderShipped('runbook', {...given, interval}), 'delayed-delete.md');
    t.true(other.includes(`is kept for ${words} (${interval} s)`), other);
  }
});

test('doctor runs with the words that it was given, and starts another unit where it fails', async (t) => {
  const given = {
    cloud: 'berlin',
    inventory: '/etc/hosts.yaml',
    on_failure: 'mail@doctor.service',
    every: '15m',
  };
  const files = await renderShipped('doctor-timer', given);
  const service = textOf(files, 'reprieve-doctor.service');
  t.regex(
    service,
    /^ExecStart=\/usr\/local\/bin\/reprieve --json --cloud berlin --inventory \/etc\/hosts\.yaml doctor$/m,
  );
  t.regex(service, /^OnFailure=mail@doctor\.service$/m);
  t.regex(textOf(files, 'reprieve-doctor.timer'), /^OnUnitActiveSec=900$/m);
  await t.throwsAsync(renderShipped('doctor-timer', {on_failure: 'reboot'}), {message: /^value on_failure /});
});
