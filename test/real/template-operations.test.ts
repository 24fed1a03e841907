// The files of the templates of operations, read by Prometheus and systemd.
import {execFile, spawnSync} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {parse, stringify} from 'yaml';
import {z} from 'zod';
import {renderShipped, textOf, written, writtenExamples} from '../helpers/shipped-templates.js';
import {runTextfile} from '../helpers/textfile-run.js';

const run = promisify(execFile);

test('promtool takes the alert rules of each example', async (t) => {
  const {folder, files} = await writtenExamples(t, 'prometheus');
  const found = files.filter(({path: name}) => name.endsWith('.rules.yml'));
  t.is(found.length, 2);
  await t.notThrowsAsync(
    run('promtool', ['check', 'rules', ...found.map(({path: name}) => path.join(folder, name))]),
  );
});

/** A metric that is the same from the beginning on. */
const series = (text: string, value: number) => ({series: text, values: `${value}x60`});

const rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(z.object({alert: z.string(), annotations: z.object({description: z.string()})})),
    }),
  ),
});

type Alert = {readonly labels?: Readonly<Record<string, string>>; readonly summary: string};

test('Prometheus alerts of overdue and stuck servers after a while, and of a watch that fails or is gone', async (t) => {
  const files = await renderShipped('prometheus', {cloud: 'berlin', overdue_for: '15m'});
  const folder = await written(t, files);
  const [group] = rules.parse(parse(textOf(files, 'reprieve.rules.yml'))).groups;
  /** Whether it is there at this time, with the words for people. */
  const alert = (eval_time: string, alertname: string, fired?: Alert) => {
    const description = group?.rules.find((rule) => rule.alert === alertname)?.annotations.description;
    const exp_labels = {severity: 'warning', ...fired?.labels};
    const exp_annotations = {description, summary: fired?.summary};
    return {eval_time, alertname, exp_alerts: fired === undefined ? [] : [{exp_labels, exp_annotations}]};
  };
  const late = {cloud: 'berlin', host: 'c2'};
  const file = '/var/lib/prometheus/node-exporter/reprieve-berlin.prom';
  const cases = [
    {
      interval: '1m',
      input_series: [
        series('reprieve_late_servers{cloud="berlin",host="c2",state="overdue"}', 2),
        series('reprieve_late_servers{cloud="berlin",host="c3",state="stuck"}', 1),
        series('reprieve_soft_deleted_servers{cloud="berlin",state="unknown"}', 3),
        series('reprieve_watch_success{cloud="berlin"}', 1),
      ],
      alert_rule_test: [
        alert('14m', 'SoftDeletedServersOverdue'),
        alert('16m', 'SoftDeletedServersOverdue', {
          labels: late,
          summary: 'Deleted servers overdue on c2 of berlin: 2',
        }),
        alert('16m', 'SoftDeletedServersStuck', {
          labels: {...late, host: 'c3'},
          summary: 'Deleted servers stuck on c3 of berlin: 1',
        }),
        alert('59m', 'SoftDeletedServersUnknown'),
        alert('60m', 'SoftDeletedServersUnknown', {
          labels: {cloud: 'berlin'},
          summary: 'Deleted servers of berlin of which nobody knows when they go: 3',
        }),
        alert('60m', 'SoftDeletedServersUnseen'),
        alert('60m', 'SoftDeletedServersMetricsMissing'),
      ],
    },
    {
      interval: '1m',
      input_series: [
        series('reprieve_watch_success{cloud="berlin"}', 0),
        series(`node_textfile_mtime_seconds{file="${file}",instance="ops-1"}`, 0),
      ],
      alert_rule_test: [
        alert('16m', 'SoftDeletedServersUnseen', {
          labels: {cloud: 'berlin'},
          summary: 'The deleted servers of berlin cannot be looked at',
        }),
        alert('14m', 'SoftDeletedServersMetricsOld'),
        alert('16m', 'SoftDeletedServersMetricsOld', {
          labels: {file, instance: 'ops-1'},
          summary: `${file} on ops-1 is old`,
        }),
      ],
    },
    {
      interval: '1m',
      input_series: [],
      alert_rule_test: [
        alert('16m', 'SoftDeletedServersMetricsMissing', {
          summary: 'There are no metrics of deleted servers',
        }),
      ],
    },
  ];
  const tests = path.join(folder, 'tests.yml');
  await writeFile(
    tests,
    stringify({rule_files: ['reprieve.rules.yml'], evaluation_interval: '1m', tests: cases}),
  );
  await t.notThrowsAsync(run('promtool', ['test', 'rules', tests]));
});

test('promtool takes the metrics that the script writes', async (t) => {
  const {files} = await runTextfile(t, {values: {cloud: 'berlin', interval: '2h'}});
  const [text = ''] = Object.values(files);
  const {status, stderr, stdout} = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  t.is(status, 0, stdout + stderr);
});

test('the script of the exporter passes shellcheck, and dash understands it', async (t) => {
  const {folder, files} = await writtenExamples(t, 'prometheus');
  const scripts = files
    .filter(({isExecutable}) => isExecutable)
    .map(({path: name}) => path.join(folder, name));
  t.is(scripts.length, 2);
  await t.notThrowsAsync(run('shellcheck', scripts));
  for (const script of scripts) await t.notThrowsAsync(run('dash', ['-n', script]));
});

test('systemd-analyze verify takes services and timers, where their programs are installed', async (t) => {
  const given = {cloud: 'berlin', inventory: '/etc/reprieve/inventory.yaml', user: 'root'};
  const program = '/bin/true';
  const folder = await written(t, [
    ...(await renderShipped('prometheus', {...given, script: program})),
    ...(await renderShipped('doctor-timer', {...given, program, on_failure: 'rescue.service'})),
  ]);
  const units = [
    'reprieve-textfile.service',
    'reprieve-textfile.timer',
    'reprieve-doctor.service',
    'reprieve-doctor.timer',
  ];
  for (const unit of units) {
    const {stderr} = await run('systemd-analyze', ['verify', '--man=no', path.join(folder, unit)]);
    t.false(stderr.includes('reprieve-'), stderr);
  }
});
