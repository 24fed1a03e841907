import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {decodeChange} from '../../source/domain/fleet/decode-change.js';
import {decodeFacts} from '../../source/domain/fleet/decode-facts.js';
import {decodeService} from '../../source/domain/fleet/decode-service.js';
import type {NodeFacts} from '../../source/domain/fleet/node-facts.js';
import {changeVariables, factsVariables, serviceVariables} from '../../source/domain/fleet/node-requests.js';
import {allNodes, openLab, readOn, type Lab, type LabNode} from '../helpers/lab.js';
import {programText} from '../helpers/node-programs.js';

const UNITS = {
  compute: ['nova-compute.service', 'openstack-nova-compute.service', 'devstack@n-cpu.service'],
  api: ['nova-api.service', 'openstack-nova-api.service', 'apache2.service'],
};
const RUN = '20260101-000000-test';

const bytes = (text: string) => new TextEncoder().encode(text);

function factsText(): Promise<string> {
  return programText(
    'facts',
    factsVariables({
      sysroot: '',
      option: 'reclaim_instance_interval',
      units: UNITS,
      files: {compute: [], api: []},
      backupOf: undefined,
      wantsClock: true,
    }),
  );
}

async function lookAt(lab: Lab, node: LabNode): Promise<NodeFacts> {
  return decodeFacts(bytes(await readOn(lab, node.host, await factsText())));
}

const runningUnit = (facts: NodeFacts) => facts.units.find((unit) => unit.mainPid !== 0);

test('facts agree with what the service manager says of the unit and its process', async (t) => {
  const lab = await openLab();
  await Promise.all(
    allNodes(lab).map(async (node) => {
      const age = async () =>
        Number(
          await readOn(
            lab,
            node.host,
            `ps -o etimes= -p "$(systemctl show -p MainPID --value ${node.unit})"`,
          ),
        );
      const youngest = await age();
      const started = Date.now();
      const facts = await lookAt(lab, node);
      const ended = Date.now();
      const oldest = await age();
      t.is(facts.hostname, (await readOn(lab, node.host, 'hostname')).trim());
      t.is(facts.bootId, (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim());
      t.is(facts.osId, 'debian');
      // All nodes of the lab have the clock of this machine.
      t.true(facts.nowMs >= started - 1 && facts.nowMs <= ended + 1, `${started} ${facts.nowMs} ${ended}`);
      t.true(facts.isClockSynchronized, node.host);
      const unit = runningUnit(facts);
      t.is(unit?.unit, `${node.unit}.service`);
      t.is(unit?.role, node.driver === undefined ? 'api' : 'compute');
      const shown = await readOn(
        lab,
        node.host,
        `systemctl show -p MainPID -p ExecMainStartTimestampMonotonic -p NRestarts -p ActiveState ${node.unit}`,
      );
      const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1] ?? 'none';
      t.is(unit?.startId, `${value('MainPID')}:${value('ExecMainStartTimestampMonotonic')}`);
      t.is(String(unit?.restarts), value('NRestarts'));
      t.is(unit?.activeState, value('ActiveState'));
      // ps counts whole seconds.
      const seen = unit?.process?.ageSeconds ?? 0;
      t.true(seen >= youngest - 2 && seen <= oldest + 2, `${youngest} ${seen} ${oldest}`);
      t.is(unit?.process?.home, '/var/lib/nova');
      t.deepEqual(facts.unreadable, []);
    }),
  );
});

test('facts agree with the files of each node, down to owner, mode and digest', async (t) => {
  const lab = await openLab();
  await Promise.all(
    allNodes(lab).map(async (node) => {
      const facts = await lookAt(lab, node);
      t.true(facts.files.some((file) => file.path === '/etc/nova/nova.conf'));
      t.is(
        facts.files.some((file) => file.path === '/etc/nova/nova-compute.conf'),
        node.host !== 'compute-2',
        node.host,
      );
      for (const file of facts.files) {
        const seen = await readOn(
          lab,
          node.host,
          'stat -c "%s %a %U %G %h" "$1"; sha256sum <"$1" | cut -d " " -f 1; readlink -f "$1"',
          {args: [file.path]},
        );
        t.is(
          `${file.size} ${file.mode} ${file.owner} ${file.group} ${file.linkCount}\n${file.digest}\n${file.realPath}\n`,
          seen,
        );
        t.deepEqual([file.isMountPoint, file.isDirectoryWritable], [false, true]);
        t.true(file.condensed.length < 20_000 && file.condensed.length > 0);
      }
    }),
  );
});

test('facts of the controller name the port that nova-api listens on, those of a compute none', async (t) => {
  const lab = await openLab();
  const controller = runningUnit(await lookAt(lab, lab.controller));
  const listening = await readOn(lab, lab.controller.host, 'cat /proc/net/tcp');
  t.regex(listening, /: 00000000:2246 00000000:0000 0A/);
  t.deepEqual(controller?.listeners, [{host: '0.0.0.0', port: 8774}]);
  for (const node of lab.computes) t.deepEqual(runningUnit(await lookAt(lab, node))?.listeners, []);
});

test('one look at a node uses less than 150 ms of a processor', async (t) => {
  const lab = await openLab();
  const program = await factsText();
  for (const node of [lab.controller, ...lab.computes.slice(0, 1)]) {
    const answer = await readOn(
      lab,
      node.host,
      `program=$(cat <<'END_OF_PROGRAM'\n${program}END_OF_PROGRAM\n)
       TIMEFORMAT='%R %U %S'
       { time for i in 1 2 3 4 5; do printf '%s' "$program" | sh >/dev/null; done; } 2>&1`,
    );
    const [wall = 0, user = 0, system = 0] = answer.trim().split(' ').map(Number);
    t.log(
      `${node.host}: ${Math.round((user + system) * 200)} ms of processor, ${Math.round(wall * 200)} ms by the clock`,
    );
    t.true(user + system > 0 && (user + system) / 5 < 0.15);
  }
});

test('looking at a service gives the same start as facts, and ends at once where it runs anew', async (t) => {
  const lab = await openLab();
  for (const node of [lab.controller, ...lab.computes.slice(0, 1)]) {
    const unit = runningUnit(await lookAt(lab, node));
    const look = async (startIdBefore: string | undefined, limitSeconds: number) => {
      const variables = serviceVariables({
        sysroot: '',
        unit: unit?.unit ?? '',
        startIdBefore,
        limitSeconds,
      });
      return decodeService(bytes(await readOn(lab, node.host, await programText('service', variables))));
    };
    t.truthy(unit?.startId);
    const same = await look(unit?.startId, 0);
    t.is(same.verdict, 'waiting');
    t.is(unit?.startId, same.unit.startId);
    t.true((same.processAgeSeconds ?? 0) >= (unit?.process?.ageSeconds ?? 0));
    t.is((await look('1:1', 20)).verdict, 'started');
  }
});

test('a copy of the node’s own nova.conf is changed and put back below /tmp', async (t) => {
  const lab = await openLab();
  await Promise.all(
    lab.computes.map(async (node) => {
      const sysroot = `/tmp/reprieve-test-${node.host}`;
      await readOn(
        lab,
        node.host,
        `rm -rf "$1"; mkdir -p "$1/etc/nova" && cp -p /etc/nova/nova.conf "$1/etc/nova/"`,
        {args: [sysroot]},
      );
      try {
        const file = path.posix.join(sysroot, 'etc/nova/nova.conf');
        const before = Buffer.from(await readOn(lab, node.host, 'base64 "$1"', {args: [file]}), 'base64');
        const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
        const offset = before.indexOf('[DEFAULT]\n') + 10;
        const line = 'reclaim_instance_interval = 90\n';
        const after = Buffer.concat([before.subarray(0, offset), Buffer.from(line), before.subarray(offset)]);
        const owner = {
          sysroot,
          run: RUN,
          operator: 'test',
          bastion: 'test',
          pid: 1,
          bootId: 'x',
          steal: undefined,
          role: 'compute' as const,
          restart: undefined,
          keepsLock: false,
        };
        const run = async (variables: Parameters<typeof programText>[1]) =>
          decodeChange(bytes(await readOn(lab, node.host, await programText('change', variables))));
        const edited = await run(
          changeVariables({
            ...owner,
            action: {
              kind: 'edit',
              file: '/etc/nova/nova.conf',
              digestBefore: sha256(before),
              digestAfter: sha256(after),
              offset,
              length: 0,
              replacement: line,
              valueBefore: '',
              valueAfter: '90',
            },
          }),
        );
        t.like(edited, {outcome: 'ok', isWritten: true, digest: sha256(after), warnings: []});
        t.is(
          await readOn(lab, node.host, 'stat -c "%a %U:%G" "$1"', {args: [file]}),
          '640 root:nova\n',
          node.host,
        );
        const back = await run(
          changeVariables({
            ...owner,
            action: {
              kind: 'restore',
              file: '/etc/nova/nova.conf',
              digestBefore: sha256(after),
              digestAfter: sha256(before),
              sourceRun: RUN,
              valueBefore: '90',
              valueAfter: '',
            },
          }),
        );
        t.like(back, {outcome: 'ok', isWritten: true, digest: sha256(before)});
        await readOn(lab, node.host, 'cmp /etc/nova/nova.conf "$1"', {args: [file]});
      } finally {
        await readOn(lab, node.host, 'rm -rf "$1"', {args: [sysroot]});
      }
    }),
  );
});
