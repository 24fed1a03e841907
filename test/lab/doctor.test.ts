// Causes that are made on purpose are named, each on its node; a healthy lab has none.
import test, {type ExecutionContext} from 'ava';
import type {Diagnosis} from '../../source/app/doctor/diagnosis.js';
import {fullTest} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {complaints, diagnoseLab, emptyLogs, findingOn, waitForFinding} from '../helpers/lab-doctor.js';
import {allNodes, labNode, openLab, readOn} from '../helpers/lab.js';
import {labOperator} from '../helpers/lab-operator.js';
import {setIntervals} from '../helpers/lab-reclaim.js';
import {resetLab} from '../helpers/lab-reset.js';
import {waitUntil} from '../helpers/wait-until.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);

/** As after a reset, but with an hour everywhere, logs that begin now, and every service up. */
async function makeHealthy(): Promise<void> {
  await Promise.all(lab.computes.map(async ({host}) => readOn(lab, host, UNDO)));
  await resetLab(lab, cloud);
  await emptyLogs(lab);
  await setIntervals(lab, cloud, new Map(allNodes(lab).map(({host}) => [host, 3600])));
}

/** What a reset of a node does not undo. */
const UNDO = `
  ip route flush type unreachable
  rm -rf /usr/local/sbin/date
  chmod 750 /etc/nova
  systemctl start chrony
  [ "$(hostname)" != compute-4 ] || systemctl start libvirtd
`;

test.before(makeHealthy);
test.after.always(async () => {
  await Promise.all(lab.computes.map(async ({host}) => readOn(lab, host, UNDO)));
  await resetLab(lab, cloud);
  await operator.remove();
});

/** Takes the interval out of nova.conf and puts these lines at its end. */
const rewrite = (lines: string): string => `set -e
  sed -i '/^reclaim_instance_interval/d' /etc/nova/nova.conf
  printf '%s\\n' ${lines} >>/etc/nova/nova.conf
`;
const restart = (host: string): string => `systemctl restart ${labNode(lab, host).unit}`;

/** Runs a program on each node, all at the same time. */
async function plant(programs: Readonly<Record<string, string>>): Promise<void> {
  await Promise.all(
    Object.entries(programs).map(async ([host, program]) => readOn(lab, host, `${program}\n`)),
  );
}

/** Each code is found on its node, and the evidence is quoted. */
function isFound(
  t: ExecutionContext,
  diagnosis: Diagnosis,
  expected: Readonly<Record<string, readonly [code: string, message: RegExp]>>,
): void {
  for (const [host, [code, message]] of Object.entries(expected)) {
    const finding = findingOn(diagnosis, code, host);
    t.regex(finding?.message ?? '', message, `${code} ${host}: ${complaints(diagnosis).join('\n')}`);
    t.true((finding?.evidence.length ?? 0) > 0, code);
  }
}

test.serial('a healthy lab has neither an error nor a warning', async (t) => {
  const diagnosis = await diagnoseLab(operator);
  t.deepEqual(complaints(diagnosis), []);
  t.deepEqual(diagnosis.unseen, []);
  t.deepEqual(diagnosis.blind, []);
  t.deepEqual(
    diagnosis.wells.map(({who}) => who),
    ['1 API node', '4 computes'],
  );
});

test.serial(
  'a wrong section, an unreadable value, a restart that is missing, a stopped service',
  async (t) => {
    await plant({
      'compute-1': rewrite(`'[default]' 'reclaim_instance_interval = 3600'`) + restart('compute-1'),
      'compute-2': rewrite(`'[DEFAULT]' 'reclaim_instance_interval = 2h'`) + restart('compute-2'),
      'compute-3': rewrite(`'[DEFAULT]' 'reclaim_instance_interval = 7200'`),
      'compute-4': 'systemctl stop nova-compute',
    });
    isFound(t, await diagnoseLab(operator), {
      'compute-1': ['OptionMisplaced', /does not see: it stands in \[default\]/],
      'compute-2': ['IntervalUnreadable', /its interval is/],
      'compute-3': ['ServiceOlderThanFile', /file says 7200 s/],
      'compute-4': ['ServiceStopped', /nova-compute\.service does not run/],
    });
  },
);

test.serial('an interval of 0 on one compute while nova-api is on', async (t) => {
  await plant({
    'compute-1': rewrite(`'[DEFAULT]' 'reclaim_instance_interval = 0'`) + restart('compute-1'),
  });
  const diagnosis = await diagnoseLab(operator);
  const finding = diagnosis.findings.find(({code}) => code === 'Incoherent');
  t.regex(finding?.message ?? '', /nova-api is on, and .*compute-1/, complaints(diagnosis).join('\n'));
});

fullTest('a name in capitals, an inline comment, an empty value, a negative one', async (t) => {
  await makeHealthy();
  await plant({
    'compute-1': rewrite(`'[DEFAULT]' 'Reclaim_Instance_Interval = 3600'`) + restart('compute-1'),
    'compute-2': rewrite(`'[DEFAULT]' 'reclaim_instance_interval = 3600  # an hour'`) + restart('compute-2'),
    'compute-3': rewrite(`'[DEFAULT]' 'reclaim_instance_interval ='`) + restart('compute-3'),
    'compute-4': rewrite(`'[DEFAULT]' 'reclaim_instance_interval = -1'`) + restart('compute-4'),
  });
  isFound(t, await diagnoseLab(operator), {
    'compute-1': ['OptionMisplaced', /Reclaim_Instance_Interval is not its name/],
    'compute-2': ['IntervalUnreadable', /its interval is/],
    'compute-3': ['IntervalUnreadable', /its interval is empty/],
    'compute-4': ['IntervalNegative', /its interval is -1/],
  });
});

fullTest(
  'overridden by nova-compute.conf, by nova.conf, by the environment; periodic tasks off',
  async (t) => {
    await makeHealthy();
    await plant({
      'compute-1': `printf '[DEFAULT]\\nreclaim_instance_interval = 60\\n' >>/etc/nova/nova-compute.conf; ${restart('compute-1')}`,
      // What a command line names is read after the folder: nova.conf wins there.
      'compute-2': `mkdir /etc/nova/nova.conf.d; chmod 755 /etc/nova/nova.conf.d
      printf '[DEFAULT]\\nreclaim_instance_interval = 60\\n' >/etc/nova/nova.conf.d/50-mine.conf
      chmod 644 /etc/nova/nova.conf.d/50-mine.conf; ${restart('compute-2')}`,
      'compute-3': `mkdir -p /etc/systemd/system/nova-compute.service.d
      printf '[Service]\\nEnvironment=OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL=60\\n' >/etc/systemd/system/nova-compute.service.d/own.conf
      systemctl daemon-reload; ${restart('compute-3')}`,
      'compute-4': `printf '[DEFAULT]\\nperiodic_enable = false\\n' >>/etc/nova/nova.conf; ${restart('compute-4')}`,
    });
    isFound(t, await diagnoseLab(operator), {
      'compute-1': ['OptionOverridden', /60 from nova-compute\.conf:\d+, not 3600/],
      'compute-2': ['OptionOverridden', /3600 from nova\.conf:\d+, not 60 from 50-mine/],
      'compute-3': ['OptionOverridden', /60 from its environment/],
      'compute-4': ['PeriodicTasksOff', /periodic_enable = false/],
    });
  },
);

fullTest('a clock ahead, one that nothing keeps, files that too many or too few may read', async (t) => {
  await makeHealthy();
  await plant({
    // All nodes have the machine's clock: what the program asks for the time is moved instead.
    'compute-1': `printf '#!/bin/sh\\nexec /usr/bin/date -d "+14 seconds" "$@"\\n' >/usr/local/sbin/date; chmod 755 /usr/local/sbin/date`,
    'compute-2': 'systemctl stop chrony',
    'compute-3': 'chmod 755 /etc/nova; chmod 644 /etc/nova/nova.conf',
    'compute-4': 'chown root:root /etc/nova/nova.conf',
  });
  isFound(t, await diagnoseLab(operator), {
    'compute-1': ['ClockAhead', /its clock is 1[345] s ahead/],
    'compute-2': ['ClockFree', /not synchronised/],
    'compute-3': ['FileRights', /anybody on it can read the passwords in \/etc\/nova\/nova\.conf/],
    'compute-4': ['FileRights', /nova-compute cannot read \/etc\/nova\/nova\.conf/],
  });
});

fullTest(
  'a file that is refused, a tool that owns it, restarts without end, a bus that is gone',
  async (t) => {
    await makeHealthy();
    await plant({
      'compute-1': `ip route add unreachable ${lab.controller.ip}`,
      'compute-2': `printf '[DEFAULT\\n' >>/etc/nova/nova.conf`,
      'compute-3': `sed -i '1i # Ansible managed' /etc/nova/nova.conf; ${restart('compute-3')}`,
      'compute-4': Array.from({length: 5}, () => restart('compute-4')).join('\n'),
    });
    isFound(t, await diagnoseLab(operator), {
      'compute-2': ['ConfigRefused', /does not start with its files again/],
      'compute-3': ['DeploymentOverwrites', /belongs to a tool/],
      'compute-4': ['RestartsOften', /started \d+ times within minutes/],
    });
    const bus = await waitForFinding(operator, 'MessageBusUnreachable', 'compute-1', 180);
    t.regex(bus.evidence[0]?.lines[0] ?? '', /oslo\.messaging|MessagingTimeout/);
  },
);

fullTest('libvirt refuses: each try is told with the reason in Nova’s words', async (t) => {
  await makeHealthy();
  // A nova-compute that has just started gives up servers that are being made.
  const now = Date.now();
  await waitUntil('a heartbeat of the nova-compute that has started', 60, async () =>
    (await cloud.services()).some(
      ({binary, host, updated_at: beat}) =>
        binary === 'nova-compute' && host === 'compute-4' && Date.parse(`${beat ?? ''}Z`) > now,
    ),
  );
  const server = await cloud.createServer({name: 'doctor-stuck', host: 'compute-4'});
  await setIntervals(lab, cloud, new Map([['compute-4', 10]]));
  await cloud.deleteServer(server.id);
  await cloud.waitForStatus(server.id, 'SOFT_DELETED');
  await plant({
    'compute-4': 'systemctl stop libvirtd libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket',
  });
  const finding = await waitForFinding(operator, 'ReclaimFails', 'compute-4', 240);
  t.regex(finding.evidence[0]?.lines[0] ?? '', /Periodic reclaim failed|_reclaim_queued_deletes/);
});
