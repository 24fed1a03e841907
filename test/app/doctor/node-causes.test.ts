import test, {type ExecutionContext} from 'ava';
import {NODE_CAUSES} from '../../../source/app/doctor/causes/node-causes.js';
import type {Finding} from '../../../source/app/doctor/doctor-types.js';
import {
  conf,
  findingsOf,
  logged,
  NODE_NOW,
  NOVA_CONF,
  nodeChart,
  type NodeShape,
} from '../../helpers/node-charts.js';

const COMPUTE_CONF = '/etc/nova/nova-compute.conf';

/** The only finding of a node, which must be of this code. */
function only(t: ExecutionContext, shape: NodeShape, code: string): Finding {
  const findings = findingsOf(nodeChart(shape));
  t.deepEqual(
    findings.map((finding) => finding.code),
    [code],
  );
  const [finding] = findings;
  if (finding === undefined) throw new Error(`no ${code}`);
  t.like(finding.subject, {kind: 'node', host: 'cmp-1'});
  t.true(finding.evidence.length > 0);
  return finding;
}

function none(t: ExecutionContext, shape: NodeShape): void {
  t.deepEqual(
    findingsOf(nodeChart(shape)).map(({code, message}) => `${code} ${message}`),
    [],
  );
}

test('a healthy compute and a healthy API host have no findings', (t) => {
  none(t, {});
  none(t, {role: 'api'});
  none(t, {files: {[NOVA_CONF]: conf(undefined)}});
});

test('codes of node causes are there once each', (t) => {
  const codes = NODE_CAUSES.map(({code}) => code);
  t.is(new Set(codes).size, codes.length);
});

test('IntervalUnreadable: no number, a comment behind it, empty; with the log where it has the error', (t) => {
  for (const value of ['2h', '3600  # an hour', '0x10', '']) {
    const finding = only(t, {files: {[NOVA_CONF]: conf(value)}}, 'IntervalUnreadable');
    t.like(finding, {severity: 'error', certainty: 'certain'});
    t.is(finding.evidence[0]?.place, `${NOVA_CONF}:2`);
  }
  const line = 'ERROR Error during ComputeManager._reclaim_queued_deletes: ConfigFileValueError';
  const logs = logged('reclaim-error', line, 30, 609, 36_000);
  const finding = only(t, {files: {[NOVA_CONF]: conf('2h')}, signs: {logs}}, 'IntervalUnreadable');
  t.deepEqual(finding.evidence[1]?.lines, [line, '609 lines of this kind since 2026-11-21T17:12:10Z']);
  t.regex(only(t, {role: 'api', files: {[NOVA_CONF]: conf('2h')}}, 'IntervalUnreadable').cause, /500/);
});

test('a value that goes on in the next line shows no secret of it', (t) => {
  const value = '3600\n  memcache_secret_key = hidden\n  transport_url = rabbit://nova:hidden@mq';
  const finding = only(t, {files: {[NOVA_CONF]: conf(value)}}, 'IntervalUnreadable');
  t.deepEqual(finding.evidence[0]?.lines, ['reclaim_instance_interval = 3600', '    ***', '    ***']);
  t.false(JSON.stringify(finding).includes('hidden'));
  t.regex(finding.message, /the indented line below/);
  const referred = conf('$own_password', 'own_password = hidden');
  t.false(JSON.stringify(only(t, {files: {[NOVA_CONF]: referred}}, 'IntervalUnreadable')).includes('hidden'));
});

test('a log line of no possible time ends nothing', (t) => {
  const [log] = logged('reclaim-error', 'ERROR Error during ComputeManager._reclaim_queued_deletes');
  if (log === undefined) throw new Error('no log');
  const signs = log.signs.map((sign) => ({...sign, count: 2, first: {text: 'x', time: 1e20}}));
  const finding = only(
    t,
    {files: {[NOVA_CONF]: conf('2h')}, signs: {logs: [{...log, signs}]}},
    'IntervalUnreadable',
  );
  t.is(finding.evidence[1]?.lines[1], '2 lines of this kind since unknown');
});

test('IntervalNegative: on for nova-api, off for nova-compute', (t) => {
  const files = {[NOVA_CONF]: conf('-1')};
  t.regex(only(t, {files}, 'IntervalNegative').cause, /for ever/);
  t.regex(only(t, {role: 'api', files}, 'IntervalNegative').cause, /soft/);
});

test('ServiceOlderThanFile: the file is newer, and nobody knows what was there before', (t) => {
  const finding = only(t, {file: {ageSeconds: 60, statusAgeSeconds: 60}}, 'ServiceOlderThanFile');
  t.like(finding, {severity: 'warning', certainty: 'possible'});
  t.is(finding.remedies[0]?.command, 'reprieve apply --hosts cmp-1 --interval 2h');
  t.deepEqual(finding.evidence[1]?.lines, [
    'started 2026-11-22T02:12:40Z',
    `${NOVA_CONF} changed 2026-11-22T03:11:40Z`,
  ]);
  // A file that was touched, or moved into place with its old time, counts too.
  only(t, {file: {statusAgeSeconds: 60}}, 'ServiceOlderThanFile');
});

test('OptionMisplaced: another section, another case, another spelling, a file that is not read', (t) => {
  const wrong = (text: string) => ({files: {[NOVA_CONF]: `${conf(undefined)}${text}`}});
  for (const [text, message] of [
    ['[default]\nreclaim_instance_interval = 60\n', /in \[default\]/],
    ['[compute]\nreclaim_instance_interval = 60\n', /in \[compute\]/],
    ['[DEFAULT]\nReclaim_Instance_Interval = 60\n', /Reclaim_Instance_Interval is not its name/],
    ['[DEFAULT]\nreclaim-instance-interval = 60\n', /is not its name/],
    ['[DEFAULT]\nreclaim_instance_intervall = 60\n', /is not its name/],
    ['[DEFAULT]\nreclaim_instances_interval = 60\n', /is not its name/],
  ] as const) {
    const finding = only(t, wrong(text), 'OptionMisplaced');
    t.regex(finding.message, message);
    t.like(finding, {severity: 'warning', certainty: 'certain'});
    t.is(
      finding.remedies[0]?.command,
      'reprieve apply --hosts cmp-1 --interval 1m',
      'the number that is there',
    );
  }
  const unread = {
    others: {'/etc/nova/nova.conf.bak.conf': conf('60')},
    files: {[NOVA_CONF]: conf(undefined)},
  };
  t.regex(only(t, unread, 'OptionMisplaced').message, /is not read/);
  // The same number in a place that counts: nothing is missing.
  t.is(
    only(
      t,
      {files: {[NOVA_CONF]: `${conf('60')}[default]\nreclaim_instance_interval = 60\n`}},
      'OptionMisplaced',
    ).severity,
    'info',
  );
});

test('OptionMisplaced: other options, comments, packaged defaults and the file of the other service are none', (t) => {
  none(t, {
    files: {
      [NOVA_CONF]: conf(
        '60',
        '# Reclaim_Instance_Interval = 5\nrunning_deleted_instance_poll_interval = 5\nshelved_poll_interval = 3\n',
      ),
    },
    others: {'/usr/share/nova/nova-dist.conf': conf('5')},
  });
  none(t, {role: 'api', others: {[COMPUTE_CONF]: conf('60')}});
});

test('OptionOverridden: a later file, a later line, the environment; not where the number is the same', (t) => {
  const later = only(t, {files: {[NOVA_CONF]: conf('7200'), [COMPUTE_CONF]: conf('60')}}, 'OptionOverridden');
  t.is(later.message, 'nova-compute has 60 from nova-compute.conf:2, not 7200 from nova.conf:2');
  t.regex(
    only(t, {files: {[NOVA_CONF]: conf('7200', 'reclaim_instance_interval = 60')}}, 'OptionOverridden').cause,
    /twice/,
  );
  t.regex(
    only(t, {environment: {OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL: '60'}}, 'OptionOverridden').message,
    /60 from its environment, not 7200/,
  );
  none(t, {files: {[NOVA_CONF]: conf('60'), [COMPUTE_CONF]: conf(' 60')}});
  none(t, {files: {'/usr/share/nova/nova-dist.conf': conf('60'), [NOVA_CONF]: conf('7200')}});
});

test('ConfigRefused: a file that ends the next start', (t) => {
  const finding = only(t, {files: {[NOVA_CONF]: `${conf('60')}\n[broken\n`}}, 'ConfigRefused');
  t.regex(finding.message, /does not start with its files again/);
  t.regex(finding.evidence[0]?.place ?? '', /nova\.conf:\d+$/);
});

test('ServiceStopped: with the last words of its log; starting counts as likely', (t) => {
  const stopped = {
    process: undefined,
    mainPid: 0,
    activeState: 'failed',
    subState: 'failed',
    result: 'exit-code',
  };
  const usual = {deployment: 'debian'};
  const logs = logged('critical', 'CRITICAL nova [-] Unhandled error', 9000);
  const finding = only(t, {unit: stopped, node: usual, signs: {logs}}, 'ServiceStopped');
  t.like(finding, {severity: 'error', certainty: 'certain'});
  t.deepEqual(finding.evidence[0]?.lines, ['ActiveState=failed SubState=failed Result=exit-code']);
  t.is(finding.evidence[1]?.lines[0], 'CRITICAL nova [-] Unhandled error');
  const starting = {...stopped, activeState: 'activating'};
  t.is(only(t, {unit: starting, node: usual}, 'ServiceStopped').certainty, 'likely');
  none(t, {unit: stopped, node: {...usual, overrides: {restart: 'restart-it'}}});
});

test('UnitMissing: nothing of that name, or no answer', (t) => {
  const usual = {deployment: 'debian'};
  t.regex(only(t, {unit: 'none', node: usual}, 'UnitMissing').message, /no unit of nova-compute/);
  const silent = only(t, {unit: 'none', node: usual, facts: {isServiceManagerSilent: true}}, 'UnitMissing');
  t.is(silent.certainty, 'possible');
});

test('PeriodicTasksOff', (t) => {
  const finding = only(t, {files: {[NOVA_CONF]: conf('60', 'periodic_enable = no')}}, 'PeriodicTasksOff');
  t.deepEqual(finding.evidence[0]?.lines, ['periodic_enable = no']);
  none(t, {files: {[NOVA_CONF]: conf('60', 'periodic_enable = true')}});
  none(t, {role: 'api', files: {[NOVA_CONF]: conf('60', 'periodic_enable = no')}});
});

test('LoopStuck: rounds were logged, and are no more; a log without them tells nothing', (t) => {
  const round = 'DEBUG Running periodic task ComputeManager._reclaim_queued_deletes';
  const since = (seconds: number, count = 20) => ({
    signs: {logs: logged('alive', round, seconds, count, 1200)},
  });
  t.like(only(t, since(900), 'LoopStuck'), {severity: 'error', certainty: 'likely'});
  none(t, since(60));
  none(t, since(900, 2));
  // Those are of the process before.
  none(t, since(7200));
});

test('ReclaimFails: in the last minutes, with the reason; not what is over', (t) => {
  const line = 'WARNING [instance: a] Periodic reclaim failed to delete instance: libvirt: device is busy';
  const finding = only(t, {signs: {logs: logged('reclaim-failed', line)}}, 'ReclaimFails');
  t.is(finding.message, 'Nova cannot destroy a server there: libvirt: device is busy');
  none(t, {signs: {logs: logged('reclaim-failed', line, 900)}});
  none(t, {
    signs: {logs: logged('reclaim-failed', line, 60)},
    unit: {process: undefined, mainPid: 0},
    node: {deployment: 'debian', overrides: {restart: 'x'}},
    facts: {nowMs: NODE_NOW + 900_000},
  });
  const error = 'ERROR Error during ComputeManager._reclaim_queued_deletes: MessagingTimeout';
  t.regex(only(t, {signs: {logs: logged('reclaim-error', error)}}, 'ReclaimFails').message, /itself fails/);
});

test('GhostRows explain lines, and are no harm', (t) => {
  const line = 'WARNING Periodic reclaim failed to delete instance: Instance a could not be found.';
  t.is(only(t, {signs: {logs: logged('ghost', line)}}, 'GhostRows').severity, 'info');
});

test('MessageBusUnreachable: until it is back; a time-out alone is likely', (t) => {
  const lost = logged('bus-lost', 'ERROR AMQP server on 10.0.0.1:5672 is unreachable', 20);
  t.like(only(t, {signs: {logs: lost}}, 'MessageBusUnreachable'), {severity: 'error', certainty: 'likely'});
  const down = only(t, {signs: {logs: lost}, service: {state: 'down'}}, 'MessageBusUnreachable');
  t.is(down.certainty, 'certain');
  const api = only(
    t,
    {role: 'api', signs: {logs: lost.map((one) => ({...one, unit: 'nova-api.service'}))}},
    'MessageBusUnreachable',
  );
  t.like(api, {severity: 'warning', certainty: 'likely'}, 'a connection of a web server may have been idle');
  t.regex(api.cause, /nova-api has no way to the computes/);
  const [log] = lost;
  const back = logged('bus-back', 'INFO Reconnected to AMQP server', 10);
  const both = log === undefined ? [] : [{...log, signs: [...log.signs, ...(back[0]?.signs ?? [])]}];
  none(t, {signs: {logs: both}});
  none(t, {signs: {logs: logged('bus-lost', 'x', 120)}});
  only(t, {signs: {logs: logged('bus-lost', 'x', 120)}, service: {state: 'down'}}, 'MessageBusUnreachable');
  const timeout = only(
    t,
    {signs: {logs: logged('bus-timeout', 'MessagingTimeout')}},
    'MessageBusUnreachable',
  );
  t.like(timeout, {severity: 'warning', certainty: 'likely'});
});

test('DatabaseUnreachable', (t) => {
  only(t, {signs: {logs: logged('database', 'DBConnectionError', 20)}}, 'DatabaseUnreachable');
  none(t, {signs: {logs: logged('database', 'DBConnectionError', 600)}});
});

test('CinderCredentialsMissing and ServiceUserMissing: harm is known only by the log', (t) => {
  const bare = '[DEFAULT]\nreclaim_instance_interval = 60\n';
  const cinder = `${bare}[cinder]\nauth_type = password\n`;
  t.is(only(t, {files: {[NOVA_CONF]: bare}}, 'CinderCredentialsMissing').severity, 'info');
  const logs = logged(
    'cinder',
    'The [cinder] section of your nova configuration file must be configured',
    9000,
  );
  t.like(only(t, {files: {[NOVA_CONF]: bare}, signs: {logs}}, 'CinderCredentialsMissing'), {
    severity: 'warning',
    certainty: 'certain',
  });
  t.is(only(t, {files: {[NOVA_CONF]: cinder}}, 'ServiceUserMissing').severity, 'info');
  const unsent = `${cinder}[service_user]\nauth_type = password\nsend_service_user_token = false\n`;
  t.regex(only(t, {files: {[NOVA_CONF]: unsent}}, 'ServiceUserMissing').message, /not sent/);
  const warned = logged('service-user', 'Unable to load auth from [service_user]', 9000);
  t.is(
    only(t, {files: {[NOVA_CONF]: cinder}, signs: {logs: warned}}, 'ServiceUserMissing').severity,
    'warning',
  );
  none(t, {files: {[NOVA_CONF]: '[DEFAULT]\nreclaim_instance_interval = 0\n'}});
});

test('StopLimitShort: against what Nova was given', (t) => {
  const version = (text: string) => ({
    signs: {logs: logged('start', `INFO nova.service [-] Starting compute node (version ${text})`, 3600)},
  });
  t.regex(only(t, version('33.0.0'), 'StopLimitShort').message, /90 s .* 180 s/);
  none(t, version('26.2.2'));
  t.regex(only(t, {unit: {stopTimeoutSeconds: 15}}, 'StopLimitShort').message, /15 s .* 60 s/);
  none(t, {
    unit: {stopTimeoutSeconds: 15},
    files: {[NOVA_CONF]: conf('60', 'graceful_shutdown_timeout = 10')},
  });
  none(t, {unit: {stopTimeoutSeconds: undefined}});
});

test('ClockAhead and ClockBehind: beyond two seconds and the error of reading them', (t) => {
  const clock = (aheadMs: number, errorMs = 600) => ({clock: {aheadMs, errorMs}});
  t.is(only(t, clock(14_000), 'ClockAhead').message, 'its clock is 14 s ahead');
  t.is(only(t, clock(-4200), 'ClockBehind').message, 'its clock is 4.2 s behind');
  t.is(only(t, clock(14_000), 'ClockAhead').severity, 'warning');
  t.is(only(t, clock(7_300_000), 'ClockAhead').severity, 'error', 'a deleted server goes at once');
  none(t, clock(2500));
  none(t, clock(-2500));
  none(t, clock(14_000, 13_000));
});

test('ClockFree: with what runs and what it says', (t) => {
  const facts = {isClockSynchronized: false};
  const tracking = ['Reference ID    : 00000000 ()', 'Stratum : 0', 'Leap status     : Not synchronised'];
  const finding = only(t, {facts, signs: {daemons: ['chronyd'], tracking}}, 'ClockFree');
  t.is(finding.message, 'its clock is not synchronised, although chronyd runs');
  t.deepEqual(finding.evidence[0]?.lines, [tracking[0], tracking[2]]);
  t.regex(only(t, {facts}, 'ClockFree').remedies[0]?.command ?? '', /timedatectl/);
  for (const [keeper, command] of [
    ['ntpd', 'ntpq -p'],
    ['phc2sys', undefined],
  ] as const) {
    const kept = only(t, {facts, signs: {daemons: [keeper]}}, 'ClockFree');
    t.like(kept, {severity: 'info', certainty: 'possible'}, `${keeper} may keep it all the same`);
    t.is(kept.remedies[0]?.command, command);
  }
  none(t, {facts: {isClockSynchronized: undefined}});
});

test('FileRights: unreadable for the service, readable for everybody', (t) => {
  const denied = [{unit: 'nova-compute.service', path: NOVA_CONF}];
  t.is(only(t, {signs: {denied}}, 'FileRights').severity, 'error');
  none(t, {signs: {denied: [{unit: 'nova-compute.service', path: '/etc/nova/other.conf'}]}});
  const secret = {[NOVA_CONF]: conf('60', 'transport_url = rabbit://nova:hunter2@10.0.0.1')};
  const finding = only(t, {files: secret, file: {mode: '644'}, signs: {open: [NOVA_CONF]}}, 'FileRights');
  t.is(finding.severity, 'warning');
  t.false(JSON.stringify(finding).includes('hunter2'));
  none(t, {signs: {open: [NOVA_CONF]}});
});

test('DeploymentOverwrites: a warning only where reprieve wrote the file', (t) => {
  const marks = [{path: NOVA_CONF, line: '# Ansible managed'}];
  t.like(only(t, {signs: {marks}}, 'DeploymentOverwrites'), {severity: 'info', certainty: 'possible'});
  t.is(only(t, {signs: {marks, daemons: ['puppet']}}, 'DeploymentOverwrites').certainty, 'likely');
  const record = {
    run: '20260101-000000-abcd',
    role: 'compute',
    operator: 'ada',
    bastion: 'b',
    since: 1,
    file: NOVA_CONF,
    unit: 'nova-compute.service',
    digestBefore: 'x',
    digestAfter: `digest of ${NOVA_CONF}`,
    valueBefore: '',
    valueAfter: '7200',
    state: 'written',
    isRunning: false,
    hasBackup: true,
  } as const;
  t.is(only(t, {signs: {marks}, facts: {records: [record]}}, 'DeploymentOverwrites').severity, 'warning');
  t.regex(only(t, {node: {deployment: 'devstack'}}, 'DeploymentOverwrites').cause, /stack\.sh/);
});

test('RestartsOften: systemd counts, or the log has them', (t) => {
  const looping = only(t, {unit: {restarts: 12}, processSeconds: 5}, 'RestartsOften');
  t.like(looping, {severity: 'error', certainty: 'likely'}, 'these may be of months');
  const logs = logged('start', 'INFO nova.service [-] Starting compute node (version 26.2.2)', 10, 6, 120);
  t.is(only(t, {signs: {logs}}, 'RestartsOften').severity, 'warning');
  const both = {unit: {restarts: 12}, processSeconds: 5, signs: {logs}};
  t.is(only(t, both, 'RestartsOften').certainty, 'certain');
  none(t, {signs: {logs: logged('start', 'x', 10, 6, 36_000)}});
  none(t, {unit: {restarts: 12}});
});

test('NotInNova: only where services are seen', (t) => {
  const finding = only(t, {service: 'none'}, 'NotInNova');
  t.regex(finding.message, /calls itself cmp-1/);
  t.deepEqual(findingsOf(nodeChart({service: 'none'}), {services: undefined}), []);
  const {service} = nodeChart();
  const services = service === undefined ? [] : [{...service, host: 'cmp-1.example.org'}];
  t.is(findingsOf(nodeChart({service: 'none'}), {services})[0]?.certainty, 'likely');
  const silent = services.map((one) => ({...one, host: 'other', state: 'unknown' as const}));
  t.deepEqual(findingsOf(nodeChart({service: 'none'}), {services: silent}), []);
  const codes = findingsOf(nodeChart({service: 'none', unit: 'none'})).map(({code}) => code);
  t.deepEqual(codes, ['UnitMissing'], 'what it calls itself is not known');
});
