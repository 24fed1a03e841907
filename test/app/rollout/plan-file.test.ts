import test from 'ava';
import type {Plan} from '../../../source/app/rollout/plan-types.js';
import {formatPlanFile, MAX_PLAN_LENGTH, parsePlanFile} from '../../../source/app/rollout/plan-file.js';
import {comparePlans} from '../../../source/app/rollout/plan-compare.js';
import {planToJson} from '../../../source/app/rollout/plan-json.js';
import {api, compute, plan} from '../../fixtures/plans.js';

const server = (id: string) => ({
  id,
  name: `web-${id}`,
  project_id: undefined,
  host: 'compute-1',
  deleted_at: '2026-11-22T10:00:00Z',
});
const targetsWith = (changed: Parameters<typeof compute>[1]) =>
  plan({targets: [compute('compute-3', changed)]});
const withImpact = (changed: Partial<Plan['impact']>) => plan({impact: {...plan().impact, ...changed}});

test('a plan comes back from its file as it was', (t) => {
  const full = plan({
    hosts: 'compute*',
    leftOut: [{host: 'x', problem: {severity: 'error', code: 'unreachable', message: 'm', remedy: 'r'}}],
    targets: [
      compute('compute-1', {
        before: {kind: 'invalid', problem: '"1h" is not a number'},
        running: {kind: 'unknown', problem: 'changed since'},
        clockOffset: undefined,
        write: {
          kind: 'edit',
          file: '/etc/nova/nova.conf',
          edit: {offset: 3, length: 3, before: '\u00ff\r\n', after: 'é = 1\n'},
          digestBefore: 'b'.repeat(64),
        },
      }),
      api('controller', {step: undefined, write: {kind: 'none'}, file: undefined, before: {kind: 'empty'}}),
    ],
    impact: {
      ...plan().impact,
      isKnown: false,
      problem: 'p',
      destroyed: [server('1')],
      stranded: [server('2')],
      harmlessInterval: 85_200,
    },
  });
  const {plan: read, unknownFields} = parsePlanFile(formatPlanFile(full), 'plan.json');
  t.deepEqual(read, full);
  t.deepEqual(unknownFields, []);
  const rollback = plan({
    intervalSeconds: undefined,
    sourceRun: '20261121-100000-bbbb',
    targets: [
      compute('compute-1', {
        write: {
          kind: 'restore',
          file: '/etc/nova/nova.conf',
          sourceRun: '20261121-100000-bbbb',
          digestBefore: 'b'.repeat(64),
          digestAfter: 'a'.repeat(64),
        },
      }),
    ],
  });
  t.deepEqual(parsePlanFile(formatPlanFile(rollback), 'plan.json').plan, rollback);
});

test('what is not a plan is a usage error that names the file and the reason', (t) => {
  for (const [text, reason] of [
    ['', 'it is not JSON'],
    ['{"format":', 'it is not JSON'],
    ['[]', 'it is not an object'],
    ['null', 'it is not an object'],
    ['{}', 'it has no "format": "reprieve-plan"'],
    ['{"format":"reprieve-plan"}', 'version is not a whole number'],
    ['{"format":"reprieve-plan","version":2}', 'it is of version 2, and this program knows version 1'],
    ['x'.repeat(MAX_PLAN_LENGTH + 1), 'it is longer than'],
  ] as const) {
    const error = t.throws(() => parsePlanFile(text, 'old.json'), {name: 'UserError'});
    t.like(error, {kind: 'usage', remedy: 'Make a new one with: reprieve plan --interval 2h -o old.json'});
    t.true(error?.message.startsWith(`old.json is not a plan that can be used: ${reason}`), error?.message);
  }
});

/** The plan file with one place changed by hand. */
function edited(path: readonly (string | number)[], value: unknown): string {
  return JSON.stringify(replaceAt(JSON.parse(formatPlanFile(plan())), path, value));
}

function replaceAt(place: unknown, [name, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (name === undefined) return value;
  if (Array.isArray(place)) {
    return place.map((item: unknown, index) => (index === name ? replaceAt(item, rest, value) : item));
  }
  if (typeof place !== 'object' || place === null) throw new Error(`there is no ${name}`);
  return {...place, [name]: replaceAt(Reflect.get(place, name), rest, value)};
}

test('each field edited into nonsense is named', (t) => {
  for (const [path, value, message] of [
    [['intervalSeconds'], -1, 'intervalSeconds is not a whole number from 0 to 315360000'],
    [['intervalSeconds'], '120', 'intervalSeconds is not a whole number'],
    [['intervalSeconds'], undefined, 'intervalSeconds or sourceRun must be given, not both'],
    [['sourceRun'], '20261121-100000-bbbb', 'intervalSeconds or sourceRun must be given, not both'],
    [['createdAt'], 1e300, 'createdAt is not a whole number'],
    [['computesOnly'], 'no', 'computesOnly is neither true nor false'],
    [['targets'], {}, 'targets is not a list'],
    [['targets', 1], 7, 'targets[1] is not an object'],
    [['targets', 1, 'id'], 'compute-1/compute', 'targets[1].id is not compute-2/compute'],
    [['targets', 1, 'host'], '', 'targets[1].host is not the name of a host'],
    [['targets', 1, 'role'], 'root', 'targets[1].role is none of compute, api'],
    [['targets', 1, 'step'], 'now', 'targets[1].step is none of api-off'],
    [['targets', 1, 'before'], 60, 'targets[1].before is not an object'],
    [['targets', 1, 'before', 'kind'], 'value', 'targets[1].before.seconds is not a number'],
    [['targets', 1, 'write', 'kind'], 'exec', 'targets[1].write.kind is none of edit, restore, none'],
    [['targets', 1, 'write', 'file'], 'nova.conf', 'targets[1].write.file is not an absolute path'],
    [
      ['targets', 1, 'write', 'digestBefore'],
      'A'.repeat(64),
      'targets[1].write.digestBefore is not a SHA-256',
    ],
    [['targets', 1, 'write', 'edit', 'offset'], 1.5, 'targets[1].write.edit.offset is not a whole number'],
    [['targets', 1, 'write', 'edit', 'length'], 5, 'targets[1].write.edit.length does not fit'],
    [['targets', 1, 'write', 'edit', 'after'], '\u2028', 'targets[1].write.edit.after has characters'],
    [['targets', 0, 'problems'], [{severity: 'fatal'}], 'targets[0].problems[0].severity is none of'],
    [['impact', 'isKnown'], 1, 'impact.isKnown is neither true nor false'],
    [['impact', 'destroyed'], ['web'], 'impact.destroyed[0] is not an object'],
    [['impact', 'harmlessInterval'], -5, 'impact.harmlessInterval is not a whole number'],
    [['cloud'], null, 'cloud is not an object'],
    [['cloud', 'authUrl'], 5, 'cloud.authUrl is not a text'],
  ] as const) {
    const error = t.throws(() => parsePlanFile(edited(path, value), 'plan.json'), {name: 'UserError'});
    t.true(error?.message.includes(`: ${message}`), `${path.join('.')}: ${error?.message}`);
  }
});

test('a target named twice is refused', (t) => {
  const text = formatPlanFile(plan({targets: [compute('compute-1'), compute('compute-1')]}));
  t.throws(() => parsePlanFile(text, 'plan.json'), {message: /targets names compute-1\/compute twice/});
});

test('unknown fields are ignored and named', (t) => {
  t.deepEqual(parsePlanFile(edited(['note'], 'by alice'), 'plan.json').unknownFields, ['note']);
});

test('equal plans have no differences, whatever their age', (t) => {
  const later = plan({
    createdAt: 9,
    expectedSeconds: 1,
    impact: {...plan().impact, busyHosts: ['compute-1']},
  });
  t.deepEqual(comparePlans(plan(), later), []);
  t.deepEqual(comparePlans(parsePlanFile(formatPlanFile(plan()), 'plan.json').plan, plan()), []);
});

test('every kind of difference is a sentence', (t) => {
  const edit = compute('compute-3').write;
  if (edit.kind !== 'edit') throw new Error('an edit was expected');
  const before = targetsWith({});
  for (const [fresh, sentence, saved = before] of [
    [
      targetsWith({write: {...edit, digestBefore: 'c'.repeat(64)}}),
      'compute-3: /etc/nova/nova.conf changed since the plan',
    ],
    [
      targetsWith({write: {...edit, file: '/etc/nova/x.conf'}}),
      'compute-3: the file to change was /etc/nova/nova.conf, now it is /etc/nova/x.conf',
    ],
    [
      targetsWith({write: {...edit, edit: {...edit.edit, after: 'x'}}}),
      'compute-3: the change of /etc/nova/nova.conf in the plan is not the one that is needed',
    ],
    [
      targetsWith({write: {kind: 'none'}}),
      'compute-3: /etc/nova/nova.conf was to be changed and needs no change any more',
    ],
    [
      before,
      'compute-3: /etc/nova/nova.conf was right and has to be changed now',
      targetsWith({write: {kind: 'none'}}),
    ],
    [
      targetsWith({before: {kind: 'value', seconds: 60}}),
      'compute-3: its interval was not set (off), now it is 60 s',
    ],
    [
      targetsWith({after: {kind: 'value', seconds: 60}}),
      'compute-3: its interval would become 60 s, not 120 s',
    ],
    [
      targetsWith({unit: 'openstack-nova-compute.service'}),
      'compute-3: its unit was nova-compute.service, now it is openstack-nova-compute.service',
    ],
    [targetsWith({needsRestart: false}), 'compute-3: nova-compute.service does not need a restart now'],
    [
      targetsWith({step: 'computes-shorter', change: 'shorter'}),
      'compute-3: its place in the order was computes-on (on), now it is computes-shorter (shorter)',
    ],
    [targetsWith({novaHost: 'c3'}), "compute-3: Nova's name for it was compute-3, now it is c3"],
    [
      targetsWith({
        problems: [
          {severity: 'error', code: 'hard-link', message: 'compute-3: two links', remedy: undefined},
        ],
      }),
      'new since the plan: compute-3: two links',
    ],
    [plan({targets: []}), 'compute-3: its nova-compute was planned for and is not found any more'],
    [before, 'compute-3: its nova-compute is not in the plan', plan({targets: []})],
    [plan({isApiUnseen: true}), 'the API hosts were seen when the plan was made', plan()],
    [plan({unseenComputes: ['compute-8']}), 'Nova lists computes that nobody looked at: compute-8', plan()],
    [
      plan({
        leftOut: [
          {
            host: 'c9',
            problem: {severity: 'error', code: 'unreachable', message: 'timed out', remedy: undefined},
          },
        ],
      }),
      'c9: it cannot be used any more: timed out',
      plan(),
    ],
    [
      plan({cloud: {...plan().cloud, region: 'RegionTwo'}}),
      'the plan is for the region RegionOne, this is RegionTwo',
      plan(),
    ],
    [plan({cloud: {...plan().cloud, cloud: 'prod'}}), 'the plan is for the cloud lab, this is prod', plan()],
    [plan({intervalSeconds: 60}), 'the plan is for the interval 120, not 60', plan()],
    [plan({hosts: 'a*'}), 'the plan is for the hosts all, not a*', plan()],
    [plan({computesOnly: true}), 'the plan was made without --computes-only', plan()],
    [
      withImpact({destroyed: [server('1'), server('2')]}),
      '2 servers would be destroyed that the plan does not name: web-1, web-2',
      plan(),
    ],
    [
      withImpact({destroyed: [server('2')]}),
      '1 server would be destroyed that the plan does not name: web-2',
      withImpact({destroyed: [server('1'), server('3')]}),
    ],
    [
      withImpact({stranded: [server('1')]}),
      '1 server would be left soft-deleted for ever that the plan does not name: web-1',
      plan(),
    ],
    [
      withImpact({isKnown: false, problem: 'a cell is down'}),
      'what happens to servers is not known any more: a cell is down',
      plan(),
    ],
  ] as const) {
    t.deepEqual(comparePlans(saved, fresh), [sentence]);
  }
});

test('servers that would not be destroyed or stranded any more are no difference', (t) => {
  const agreed = withImpact({destroyed: [server('1'), server('2')], stranded: [server('3')]});
  t.deepEqual(comparePlans(agreed, withImpact({destroyed: [server('2')]})), []);
  t.deepEqual(comparePlans(agreed, plan()), []);
});

test('a long list of servers in a sentence ends with a number', (t) => {
  const destroyed = Array.from({length: 12}, (_, index) => server(String(index)));
  const [sentence] = comparePlans(plan(), withImpact({destroyed}));
  t.true(sentence?.endsWith('web-0, web-1, web-2, web-3, web-4 and 7 more'));
});

test('the JSON of a plan has the promised fields, one entry a host and role', (t) => {
  const {
    plan: whole,
    nodes,
    impact,
  } = planToJson(
    plan({
      targets: [
        compute('node-1', {before: {kind: 'value', seconds: 60}}),
        api('node-1', {needsRestart: false}),
      ],
      impact: {...plan().impact, destroyed: [server('1')], harmlessInterval: 85_200},
    }),
  );
  t.like(whole, {interval: 120, rollback_of: null, api_seen: true, created_at: '2026-11-22T18:45:00.000Z'});
  t.deepEqual(whole['order'], [
    {step: 'computes-on', hosts: ['node-1']},
    {step: 'api-on', hosts: ['node-1']},
  ]);
  t.is(nodes.length, 2);
  t.like(nodes[0], {
    host: 'node-1',
    roles: ['compute'],
    file: '/etc/nova/nova.conf',
    before: 60,
    after: 120,
    restart: ['nova-compute.service'],
    problems: [],
  });
  t.like(nodes[1], {roles: ['api'], before: null, before_state: 'unset', restart: []});
  t.deepEqual(impact, {
    known: true,
    problem: null,
    destroyed: [
      {id: '1', name: 'web-1', project_id: null, host: 'compute-1', deleted_at: '2026-11-22T10:00:00Z'},
    ],
    stranded: [],
    harmless_interval: 85_200,
    busy_hosts: [],
    down_hosts: [],
  });
  t.false(JSON.stringify({whole, nodes, impact}).includes('undefined'));
});
