import test from 'ava';
import type {FleetStatus, NodeStatus} from '../../source/app/rollout/status-types.js';
import {delayedDeleteOf, isCoherent} from '../../source/app/rollout/status-types.js';
import {cellWidth} from '../../source/text/cells.js';
import {renderLine} from '../../source/text/line.js';
import {statusToJson} from '../../source/text/status-json.js';
import {statusLines} from '../../source/text/status.js';
import {plan} from '../fixtures/plans.js';

function node(host: string, changed: Partial<NodeStatus> = {}): NodeStatus {
  return {
    host,
    roles: ['compute'],
    value: {kind: 'value', seconds: 7200},
    source: {kind: 'file', file: '/etc/nova/nova.conf', line: 14},
    runningValue: {kind: 'value', seconds: 7200},
    runningValueSource: 'file',
    isRestartNeeded: false,
    service: {unit: 'nova-compute.service', active: 'active', apiState: 'up'},
    clockOffset: 0.2,
    problems: [],
    ...changed,
  };
}

const apiNode = (changed: Partial<NodeStatus> = {}) =>
  node('controller', {
    roles: ['api'],
    service: {unit: 'nova-api.service', active: 'active', apiState: undefined},
    ...changed,
  });
const off = {value: {kind: 'unset'}, runningValue: {kind: 'unset'}, source: undefined} as const;
const runningWith = (seconds: number) => ({runningValue: {kind: 'value', seconds}}) as const;

function status(changed: Partial<FleetStatus> = {}): FleetStatus {
  return {
    cloud: plan().cloud,
    nodes: [node('compute-1'), node('compute-2'), apiNode()],
    unseen: [],
    unseenComputes: [],
    isApiSeen: true,
    problems: [],
    ...changed,
  };
}

const unreachable = {
  host: 'compute-9',
  roles: ['compute'],
  problem: {severity: 'error', code: 'unreachable', message: 'compute-9: refused', remedy: 'start sshd'},
} as const;

const linesOf = (value: FleetStatus, width?: number) =>
  statusLines(value, width).map((line) => renderLine(line, false));

test('delayed delete is on, off, partly or unknown by what the processes run with', (t) => {
  const unknown = {runningValue: {kind: 'unknown', problem: 'older'}} as const;
  for (const [value, answer, coherent] of [
    [status(), 'on', true],
    [status({nodes: [node('a', off), apiNode(off)]}), 'off', true],
    [status({nodes: [node('a'), apiNode(off)]}), 'partly', false],
    [status({nodes: [node('a'), node('b', off), apiNode()]}), 'partly', false],
    [status({nodes: [node('a', unknown), apiNode()]}), 'unknown', false],
    [status({nodes: [node('a', off), apiNode({runningValue: {kind: 'empty'}})]}), 'unknown', false],
    [status({nodes: [node('a')], isApiSeen: false}), 'unknown', false],
    [status({unseen: [unreachable]}), 'unknown', false],
    [status({unseenComputes: ['c']}), 'unknown', false],
    [status({nodes: []}), 'unknown', false],
    [status({nodes: [node('a'), node('b', runningWith(60)), apiNode()]}), 'on', false],
    [status({nodes: [node('a'), apiNode(runningWith(1))]}), 'on', true],
    [status({nodes: [node('a', {isRestartNeeded: true}), apiNode()]}), 'on', false],
    [status({nodes: [node('a', {value: {kind: 'empty'}}), apiNode()]}), 'on', false],
    [status({nodes: [node('a', runningWith(-1)), apiNode(runningWith(-1))]}), 'partly', false],
  ] as const) {
    t.is(delayedDeleteOf(value), answer);
    t.is(isCoherent(value), coherent);
  }
});

test('the answer comes first, then a row for each node', (t) => {
  const lines = linesOf(status());
  t.is(lines[0], '✓ Cloud lab: delayed delete is on, 2 h (7,200 s) on every compute.');
  t.deepEqual(
    lines.slice(2).map((line) => line.trim().split(/ {2,}/)),
    [
      ['HOST', 'ROLE', 'VALUE', 'FROM', 'RUNNING', 'SERVICE', 'CLOCK'],
      ['✓', 'compute-1', 'compute', '7,200 s', '/etc/nova/nova.conf:14', '7,200 s', 'active, up', 'right'],
      ['✓', 'compute-2', 'compute', '7,200 s', '/etc/nova/nova.conf:14', '7,200 s', 'active, up', 'right'],
      ['✓', 'controller', 'api', '7,200 s', '/etc/nova/nova.conf:14', '7,200 s', 'active', 'right'],
    ],
  );
});

test('what is wrong is on top and told with its remedy', (t) => {
  const lines = linesOf(
    status({
      nodes: [
        node('compute-1', {isRestartNeeded: true, clockOffset: -14.2}),
        node('compute-2', {
          value: {kind: 'invalid', problem: '"1h"'},
          service: undefined,
          clockOffset: undefined,
        }),
        apiNode(off),
      ],
      unseen: [unreachable],
    }),
  );
  const text = lines.join('\n');
  t.true(lines[0]?.startsWith('✗ Cloud lab: delayed delete is on in some services and off in others'));
  t.regex(text, /▲ 1 service is older than the file and must be restarted for it to count:\n +compute-1/);
  t.regex(text, /✗ {2}compute-9 .*not seen/);
  t.regex(text, /▲ {2}compute-1 .*7,200 s, restart .*-14 s/);
  t.regex(text, /✗ {2}compute-2 .*unreadable .*no unit .*\?/);
  t.regex(text, /PROBLEMS\n {2}✗ compute-9: refused\n {4}What to do: start sshd/);
});

test('an unseen API half is said, and nothing is called on', (t) => {
  const lines = linesOf(status({nodes: [node('compute-1')], isApiSeen: false}));
  t.is(lines[0], '? Cloud lab: whether delayed delete is on is unknown: not everything was seen.');
  t.regex(lines[1] ?? '', /The API half is unseen/);
});

test('a value that a service cannot read is worse than unknown', (t) => {
  const broken = {kind: 'invalid', problem: '"1h"'} as const;
  const [first, second] = linesOf(
    status({nodes: [node('a', off), apiNode({value: broken, runningValue: broken})]}),
  );
  t.is(first, '✗ Cloud lab: a service runs with an interval that it cannot read, and fails at');
  t.is(second, '  deletes.');
});

test('80 columns are enough, and names of hosts stay whole', (t) => {
  const lines = linesOf(status({nodes: [node('fra1-cmp-118'), apiNode()]}), 80);
  for (const line of lines) t.true(cellWidth(line) <= 80, line);
  t.true(lines.some((line) => line.includes('fra1-cmp-118') && line.includes('…/nova.conf:14')));
});

test('the JSON has the promised fields', (t) => {
  const nodes = [node('compute-1', {runningValueSource: 'journal'})];
  const json = statusToJson(status({nodes, unseen: [unreachable]}));
  t.like(json, {
    coherent: false,
    api_seen: true,
    delayed_delete: 'unknown',
    nodes: [{host: 'compute-1'}, {host: 'compute-9', value: null, problems: [{code: 'unreachable'}]}],
  });
  t.deepEqual(statusToJson(status({nodes}))['nodes'], [
    {
      host: 'compute-1',
      roles: ['compute'],
      value: 7200,
      value_state: 'value',
      source: {file: '/etc/nova/nova.conf', line: 14},
      running_value: 7200,
      running_state: 'value',
      running_value_source: 'journal',
      restart_needed: false,
      service: {unit: 'nova-compute.service', active: 'active', api_state: 'up'},
      clock_offset: 0.2,
      problems: [],
    },
  ]);
});

test('a value from the environment is told as such', (t) => {
  const name = 'OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL';
  const nodes = [node('compute-1', {source: {kind: 'environment', name}})];
  t.like(statusToJson(status({nodes})), {nodes: [{source: {environment: name}}]});
  t.true(linesOf(status({nodes})).some((line) => line.includes(`environment ${name}`)));
});
