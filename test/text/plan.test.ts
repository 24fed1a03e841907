import {execFileSync} from 'node:child_process';
import test from 'ava';
import type {Plan, Problem} from '../../source/app/rollout/plan-types.js';
import {cellWidth} from '../../source/text/cells.js';
import {commandLine} from '../../source/text/command-line.js';
import {renderLine} from '../../source/text/line.js';
import {planLines} from '../../source/text/plan.js';
import {ASCII_SIGNS} from '../../source/text/signs.js';
import {api, compute, plan, STARTED} from '../fixtures/plans.js';

type Options = Partial<Parameters<typeof planLines>[1]>;

const linesOf = (value: Plan, options: Options = {}): string[] =>
  planLines(value, {planFile: undefined, flags: [], ...options}).map((line) => renderLine(line, false));
const ago = (seconds: number) => new Date(STARTED - seconds * 1000).toISOString();
const server = (name: string, changed: Partial<Plan['impact']['destroyed'][number]> = {}) => ({
  id: `id-${name}`,
  name,
  project_id: 'payments',
  host: 'compute-1',
  deleted_at: ago(7200),
  ...changed,
});
const withImpact = (changed: Partial<Plan['impact']>) => plan({impact: {...plan().impact, ...changed}});
const problem = (changed: Partial<Problem> = {}): Problem => ({
  severity: 'warning',
  code: 'no-cinder',
  message: 'no credentials',
  remedy: 'set auth_type',
  ...changed,
});

test('impact comes before the order, the order before the edits, the command last', (t) => {
  const lines = linesOf(plan());
  const places = ['IMPACT', 'ORDER', 'CHANGES'].map((title) => lines.indexOf(title));
  t.false(places.includes(-1));
  t.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  t.is(lines[0], 'Plan for cloud lab: reclaim_instance_interval becomes 2 min (120 s)');
  t.is(lines[1], '4 computes and 1 API node change. Nothing was written yet.');
  t.true(lines.includes('  ✓ No server is destroyed.'));
  t.is(lines.at(-1), '  reprieve apply --interval 2m');
});

test('servers that are destroyed are told by name, project, host and age, the oldest first', (t) => {
  const lines = linesOf(
    withImpact({
      destroyed: [
        server('young'),
        server('old', {project_id: 'shop', host: 'compute-2', deleted_at: ago(86_000)}),
        server('', {deleted_at: undefined}),
      ],
      harmlessInterval: 85_200,
    }),
  );
  t.true(lines.includes('  ✗ 3 soft-deleted servers are destroyed within about 2 min of the restarts:'));
  const rows = lines.filter((line) => line.startsWith('    ')).map((line) => line.trim().split(/ {2,}/));
  t.deepEqual(rows.slice(0, 4), [
    ['SERVER', 'PROJECT', 'HOST', 'DELETED'],
    ['id-', 'payments', 'compute-1', '?'],
    ['old', 'shop', 'compute-2', '23 h 53 min ago'],
    ['young', 'payments', 'compute-1', '2 h ago'],
  ]);
  t.true(lines.includes('    An interval of 23 h 40 min (85,200 s) or longer destroys none of them now.'));
  t.is(lines.at(-1), '  reprieve apply --interval 2m --destroy 3');
});

test('a long list of servers is shortened with the number of the rest and counts by project', (t) => {
  const destroyed = Array.from({length: 312}, (_, index) =>
    server(`web-${index}`, {project_id: `p${index % 3}`}),
  );
  const lines = linesOf(withImpact({destroyed}));
  t.true(lines.includes('    and 297 more; --json names them all'));
  t.true(lines.includes('    By project: p0 104, p1 104, p2 104'));
  t.true(lines.includes('    No interval below the present one spares all of them.'));
  t.true(lines.length < 60);
});

test('an unknown impact says why and what is refused, and never that nothing is destroyed', (t) => {
  const lines = linesOf(
    withImpact({isKnown: false, problem: 'Nova drops our filters', destroyed: [server('a')]}),
  );
  t.regex(lines.join(' '), /\? What happens to servers is unknown: Nova drops our filters\./);
  t.regex(lines.join(' '), /At least 1 soft-deleted server is destroyed/);
  t.false(
    linesOf(withImpact({isKnown: false}))
      .join('\n')
      .includes('No server is destroyed'),
  );
});

test('stranded servers, busy hosts and hosts that are down are named', (t) => {
  const text = linesOf(
    withImpact({stranded: [server('a'), server('b')], busyHosts: ['compute-1'], downHosts: ['compute-4']}),
  ).join(' ');
  t.regex(text, /◆ 2 soft-deleted servers would stay for ever/);
  t.regex(text, /Without --strand 2/);
  t.regex(text, /○ 1 host has servers with a task .* compute-1/);
  t.regex(text, /▲ nova-compute is down on compute-4/);
});

test('nodes that are treated alike share a line of the order and one diff', (t) => {
  const targets = [
    ...Array.from({length: 487}, (_, index) => compute(`cmp-${index}`)),
    compute('odd', {
      file: '/etc/nova/nova-compute.conf',
      diff: '--- /etc/nova/nova-compute.conf\n+other\n',
    }),
    api('ctl'),
  ];
  const lines = linesOf(plan({targets}));
  t.true(lines.includes('  1. computes on: 488 nodes'));
  t.true(lines.includes('  2. API nodes on, one by one: 1 node'));
  t.true(lines.includes('  488 nodes: cmp-0, cmp-1, cmp-2, cmp-3 and 484 more'));
  t.is(lines.filter((line) => line.includes('+++ /etc/nova/nova.conf')).length, 1);
  t.true(lines.includes('  1 node: odd'));
  t.true(lines.includes('    +reclaim_instance_interval = 120'));
});

test('a restart alone and a file that is put back are told as what they are', (t) => {
  const lines = linesOf(
    plan({
      intervalSeconds: undefined,
      sourceRun: '20261121-100000-bbbb',
      targets: [
        compute('a', {write: {kind: 'none'}, diff: '', running: {kind: 'value', seconds: 60}}),
        compute('b', {
          write: {
            kind: 'restore',
            file: '/etc/nova/nova.conf',
            sourceRun: '20261121-100000-bbbb',
            digestBefore: 'a',
            digestAfter: 'b',
          },
        }),
      ],
    }),
  );
  const text = lines.join(' ').replaceAll(/ +/g, ' ');
  t.is(lines[0], 'Plan for cloud lab: put back what run 20261121-100000-bbbb changed');
  t.regex(text, /restart nova-compute\.service: it runs with 60 s, the file has 120 s by then/);
  t.regex(text, /\/etc\/nova\/nova\.conf: byte for byte as before run 20261121-100000-bbbb/);
  t.is(lines.at(-1), '  reprieve rollback 20261121-100000-bbbb');
});

test('the same problem of many nodes is told once with its remedy, errors first', (t) => {
  const targets = Array.from({length: 40}, (_, index) =>
    compute(`cmp-${index}`, {problems: [problem({message: `cmp-${index}: no credentials`})]}),
  );
  const error = problem({
    severity: 'error',
    code: 'hard-link',
    message: 'cmp-40: two links',
    remedy: undefined,
  });
  const lines = linesOf(plan({targets: [...targets, compute('cmp-40', {problems: [error]})]}));
  const start = lines.indexOf('PROBLEMS');
  t.deepEqual(lines.slice(start + 1, start + 4), [
    '  ✗ cmp-40: two links',
    '  ▲ cmp-0, cmp-1, cmp-2, cmp-3 and 36 more: no credentials',
    '    What to do: set auth_type',
  ]);
});

test('problems of one kind that differ in detail become the first of them and a number', (t) => {
  const targets = Array.from({length: 20}, (_, index) =>
    compute(`cmp-${index}`, {problems: [problem({code: 'clock-off', message: `${index + 6} s ahead`})]}),
  );
  const lines = linesOf(plan({targets}));
  t.true(lines.includes('  ▲ cmp-3: 9 s ahead'));
  t.false(lines.includes('  ▲ cmp-4: 10 s ahead'));
  t.true(lines.includes('    and 16 more of this kind; --json names them all'));
});

test('a plan with an error has no command but says that it cannot be carried out', (t) => {
  const text = linesOf(plan({problems: [problem({severity: 'error'})]})).join(' ');
  t.regex(text, /✗ This plan cannot be carried out before the 1 error above is solved/);
  t.notRegex(text, /reprieve apply/);
});

test('what is left out and what nobody looked at is said, and that the API half is unseen', (t) => {
  const leftOut = problem({severity: 'error', message: 'c9: timed out', remedy: undefined});
  const lines = linesOf(
    plan({leftOut: [{host: 'c9', problem: leftOut}], unseenComputes: ['c8'], isApiUnseen: true}),
  );
  const start = lines.indexOf('LEFT OUT');
  t.is(lines[start + 1], '  ✗ c9: timed out');
  t.is(lines[start + 2], '  ▲ Nova lists 1 compute that nobody looked at: c8');
  t.regex(lines[start + 3] ?? '', /The API half is unseen/);
});

test('nothing to do is said in words', (t) => {
  const lines = linesOf(plan({targets: [compute('a', {step: undefined, needsRestart: false})]}));
  t.is(lines[1], 'Nothing changes; 1 service is right already. Nothing was written yet.');
  t.is(lines.at(-1), '✓ There is nothing to carry out.');
});

test('names of tenants and lines of files cannot move the cursor or colour the terminal', (t) => {
  const evil = 'x\u001b]0;owned\u0007\n\u202eevil\u009b2J';
  const servers = [server(evil, {project_id: evil, host: evil}), server(evil, {project_id: 'other'})];
  const lines = [
    ...linesOf(withImpact({destroyed: servers, isKnown: false, problem: evil}), {flags: ['--cloud', evil]}),
    ...linesOf(
      plan({
        targets: [
          compute(evil, {diff: `+${evil}\n`, problems: [problem({message: evil, remedy: evil})], unit: evil}),
        ],
        leftOut: [{host: evil, problem: problem({message: evil})}],
        unseenComputes: [evil],
      }),
    ),
  ];
  t.true(lines.some((line) => line.includes('x␛]0;owned␇␊')));
  for (const line of lines) t.notRegex(line, /[\p{Cc}\p{Cf}]/u);
});

test('text fits 80 columns', (t) => {
  const targets = Array.from({length: 30}, (_, index) =>
    compute(`fra1-compute-node-${index}`, {
      problems: [problem({message: 'a long sentence '.repeat(12).trim()})],
    }),
  );
  const destroyed = Array.from({length: 30}, (_, index) =>
    server(`a-server-with-a-long-name-${'漢'.repeat(index)}`, {project_id: 'a'.repeat(32)}),
  );
  const impact = {...plan().impact, destroyed, busyHosts: targets.map(({host}) => host)};
  for (const line of linesOf(plan({targets, impact}))) {
    t.true(cellWidth(line) <= 80, `${cellWidth(line)}: ${line}`);
  }
});

test('signs can be ASCII', (t) => {
  t.true(linesOf(plan(), {signs: ASCII_SIGNS}).includes('  + No server is destroyed.'));
});

test('the command is quoted for a shell, and a plan file takes the place of the wish', (t) => {
  const quoted = linesOf(plan({hosts: 'compute*'}), {flags: ['--cloud', "o'brien $(id)"]}).at(-1);
  t.is(quoted, String.raw`  reprieve apply --interval 2m --hosts 'compute*' --cloud 'o'\''brien $(id)'`);
  t.is(linesOf(plan({hosts: 'compute*'}), {planFile: 'plan.json'}).at(-1), '  reprieve apply plan.json');
  const words = ["a'b", '$(id)', '', 'plain', '-x y'];
  const printed = execFileSync('sh', ['-c', `printf '%s|' ${commandLine(words)}`], {encoding: 'utf8'});
  t.is(printed, `${words.join('|')}|`);
});
