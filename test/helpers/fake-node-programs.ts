import {createHash} from 'node:crypto';
import type {Role} from '../../source/domain/fleet/node-facts.js';
import {encode, type FakeNode, type FakeRecord, type Unit, type Values} from './fake-node.js';

const sha = (text: string) => createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex');

/** Runs the node program of this name as its values say, and gives what it prints. */
export async function runProgram(node: FakeNode, title: string, values: Values): Promise<string> {
  switch (title) {
    case 'facts':
    case 'examine':
      return facts(node, values);
    case 'change':
      return change(node, values);
    case 'lock':
      return lock(node, values);
    case 'service':
      return service(node, values);
    default:
      throw new Error(`no program ${title}`);
  }
}

/** Every line of a file, in the condensed form; nothing is left out, which a condensed file may do. */
export function condensed(text: string): Buffer {
  const lines = text.split('\n');
  let offset = 0;
  const rows = lines.map((line, index) => {
    const row = `${index + 1}:${offset}:${line}`;
    offset += line.length + 1;
    return row;
  });
  const shown = ['reprieve-condensed 2', `${rows.join('\n')}\u00ffend-of-file`, '+', `=${sha(text)}`];
  return Buffer.from(`${shown.join('\n')}\n`, 'latin1');
}

function facts(node: FakeNode, values: Values): string {
  const lines = [
    'begin\tfacts',
    `hostname\t${node.hostname}`,
    `fqdn\t${node.hostname}.example.org`,
    'boot\tboot-1',
    'os\tdebian',
    ...(values.get('want_modules') === '1' ? [`modules\t${node.modules > 0 ? 1 : 0}`] : []),
    ...clocks(node),
  ];
  const wanted = `${values.get('compute_units') ?? ''} ${values.get('api_units') ?? ''}`.split(/\s+/);
  for (const unit of node.units) {
    if (!wanted.includes(unit.name.replace('.service', ''))) continue;
    lines.push(show(node, unit.role, unit), ...listener(unit));
    if (unit.active === 'failed') continue;
    const files = node.filesOf(unit.role).map((path) => `--config-file=${path}`);
    const argv = ['/usr/bin/python3', `/usr/bin/nova-${unit.role}`, ...files];
    lines.push(
      [
        'process',
        unit.name,
        String(unit.pid),
        ticks(node, unit),
        encode(`${argv.join('\0')}\0`),
        encode(''),
        encode('/'),
      ].join('\t'),
    );
  }
  for (const [path, file] of node.files) {
    const at = ((file.changedAt + node.skewMs) / 1000).toFixed(3);
    lines.push(
      `file\t0\t1\t${encode(path)}\t${path}`,
      `content\t${path}\n${condensed(file.bytes).toString('latin1').trimEnd()}`,
      `stat\t${file.bytes.length}\t640\troot\tnova\t1\t${at}\t${at}\t.${path}`,
    );
  }
  lines.push(...lockLines(node));
  for (const record of node.records) {
    lines.push(`kept\t${record.run}\t${record.role}\t${record.backup === undefined ? 'none' : 'backup'}`);
    for (const [key, value] of Object.entries(record.values)) {
      lines.push(`record\t${record.run}\t${record.role}\t${key}\t${value}`);
    }
    lines.push(`state\t${record.run}\t${record.role}\t${record.state}\t1`);
    if (record.backup !== undefined && record.run === values.get('want_backup')) {
      lines.push(`backup\t${record.role}\n${condensed(record.backup).toString('latin1').trimEnd()}`);
    }
  }
  for (const run of node.working) lines.push(`working\t${run}`);
  return answer(lines, 'facts');
}

function lock(node: FakeNode, values: Values): string {
  const lines = ['begin\tlock'];
  let outcome = 'ok';
  if (values.get('action') === 'lock') outcome = node.takeLock(values) ? 'ok' : 'locked';
  else if (node.holder() === values.get('run')) node.lock = undefined;
  else outcome = 'not-held';
  lines.push(...lockLines(node), `result\t${outcome}\t`);
  return answer(lines, 'lock');
}

async function service(node: FakeNode, values: Values): Promise<string> {
  const unit = node.units.find((one) => one.name === values.get('unit'));
  const limit = Number(values.get('limit_seconds'));
  const deadline = node.clock.now() + limit * 1000;
  let verdict = 'waiting';
  let seen = '';
  for (;;) {
    if (unit === undefined) break;
    node.settle(unit);
    const cycles = node.cycles(unit);
    const started = Math.round((unit.startedAt + cycles * 3000 - node.clock.start + 1e9) * 1000);
    const id = `${unit.pid + cycles * 100_000}:${started}`;
    seen = unit.active === 'active' ? id : '';
    if (unit.active === 'active' && id !== values.get('start_id_before')) verdict = 'started';
    if (unit.active === 'failed' && unit.startsAt === undefined) verdict = 'stopped';
    if (verdict !== 'waiting' || node.clock.now() >= deadline) break;
    await node.clock.sleep(300);
  }
  const lines = ['begin\tservice', ...clocks(node)];
  if (unit === undefined) lines.push('problem\tunit');
  else {
    lines.push(show(node, 'any', unit), ...listener(unit));
    if (unit.active !== 'failed') lines.push(`started\t${unit.pid}\t${ticks(node, unit)}`);
  }
  const unlock = values.get('unlock') ?? '';
  if (unlock !== '') {
    const isReleased = seen === values.get('start_id_expected') && node.lock?.get('run') === unlock;
    if (isReleased) node.lock = undefined;
    lines.push(`unlocked\t${isReleased ? 1 : 0}`);
  }
  lines.push(`verdict\t${verdict}`);
  return answer(lines, 'service');
}

/** The change program: the same steps in the same order, each recorded before it is done. */
async function change(node: FakeNode, values: Values): Promise<string> {
  const value = (key: string) => values.get(key) ?? '';
  const run = value('run');
  for (let turns = 0; node.working.has(run); turns += 1) {
    if (turns > 150) return changeEnd(['result\tbusy\t'], false, 'none');
    await node.clock.sleep(200);
  }
  node.working.add(run);
  try {
    return await changeInTurn(node, values, value);
  } finally {
    node.working.delete(run);
  }
}

async function changeInTurn(node: FakeNode, values: Values, value: (key: string) => string): Promise<string> {
  const [run, action, path] = [value('run'), value('action'), value('file')];
  const role: Role = value('role') === 'api' ? 'api' : 'compute';
  if (!node.takeLock(values)) {
    return changeEnd([...lockLines(node), 'result\tlocked\t'], false, 'none');
  }
  const refusal = node.refusal?.(values);
  if (refusal !== undefined) return changeEnd([`result\t${refusal}\t${encode('as told')}`], false, 'none');
  const step = async (word: string, record: FakeRecord | undefined) => {
    node.onStep(word, values);
    if (record !== undefined) record.state = word;
    await node.clock.sleep(node.stepMs);
  };
  const find = () => node.records.find((one) => one.run === run && one.role === role);
  const open = (before: string, after: string): FakeRecord => {
    const record: FakeRecord = {
      run,
      role,
      values: {
        operator: encode(value('operator')),
        bastion: encode(value('bastion')),
        since: '1',
        file: encode(path),
        unit: encode(value('unit')),
        before,
        after,
        'value-before': encode(value('value_before')),
        'value-after': encode(value('value_after')),
      },
      state: 'begun',
      backup: find()?.backup,
    };
    const old = find();
    if (old !== undefined) node.records.splice(node.records.indexOf(old), 1);
    node.records.push(record);
    return record;
  };
  const isPuttingBack = action === 'restore' && value('source_run') === run;
  let isWritten = false;
  let outcome = 'ok';
  let record = find();
  const isHandedOver = value('hand_over') === '1';
  const unitLine = (): string => show(node, role, node.unit(role));
  if (action === 'take-back') {
    const file = node.files.get(path);
    const isOurs = record !== undefined && record.values['file'] === encode(path);
    if (file === undefined) return changeEnd(['result\tmissing\t'], false, 'none');
    if (record === undefined || !isOurs || record.values['before'] === '')
      return changeEnd(['result\tok\t'], false, 'none');
    const digest = sha(file.bytes);
    const hasChanged = digest !== record.values['before'];
    if (hasChanged && digest !== record.values['after']) {
      const others = (text: string): string =>
        text.replaceAll(/^[#;]?[ \t]*reclaim_instance_interval *[=:].*\n/gm, '');
      const isRight = digest === value('digest_after') && others(file.bytes) === others(record.backup ?? '');
      if (!isRight) return changeEnd([`result\tchanged\t${encode('neither')}`], false, 'none');
      record.values['after'] = digest;
    }
    await step(hasChanged ? 'written' : 'not-changed', record);
    return changeEnd(['result\tok\t'], hasChanged, 'none');
  }
  if (action === 'restart') record ??= open('', '');
  else {
    const file = node.files.get(path);
    if (file === undefined) return changeEnd(['result\tmissing\t'], false, 'none');
    const recordedAfter = record?.values['before'] === value('digest_before') ? record.values['after'] : '';
    let after = value('digest_after') || (recordedAfter ?? '');
    const digest = sha(file.bytes);
    if (after !== '' && digest === after) outcome = 'already';
    else if (digest !== value('digest_before')) return changeEnd(['result\tchanged\t'], false, 'none');
    else {
      let content: string;
      if (action === 'edit') {
        const start = Number(value('offset'));
        content =
          file.bytes.slice(0, start) +
          value('replacement') +
          file.bytes.slice(start + Number(value('length')));
      } else {
        const role2: Role = (value('source_role') || role) === 'api' ? 'api' : 'compute';
        const source = node.records.find((one) => one.run === value('source_run') && one.role === role2);
        if (source?.backup === undefined) return changeEnd(['result\tbackup-bad\t'], false, 'none');
        content = source.backup;
      }
      after ||= sha(content);
      if (sha(content) !== after) return changeEnd(['result\tbackup-bad\t'], false, 'none');
      if (!isPuttingBack || record === undefined) record = open(digest, after);
      await step('begun', record);
      if (!isPuttingBack) {
        await step('backing-up', record);
        record.backup = file.bytes;
      }
      if (isHandedOver) {
        await step('handed-over', record);
        return changeEnd([unitLine(), 'result\tok\t'], false, 'none');
      }
      await step(isPuttingBack ? 'putting-back' : 'writing', record);
      node.write(path, content);
      node.writes.push(`${isPuttingBack ? 'put-back' : action} ${path}`);
      isWritten = true;
    }
    record ??= open(value('digest_before'), after);
    await step(isPuttingBack ? 'put-back' : 'written', record);
  }
  const lines: string[] = isHandedOver ? [unitLine()] : [];
  let restarted = 'none';
  if (value('restart') === '1') {
    const unit = node.unit(role);
    lines.push(show(node, role, unit));
    await step('restarting', record);
    const refused = node.restartRefusal?.(values);
    if (refused === undefined) {
      node.restart(role);
      restarted = 'asked';
      await step('restart-asked', record);
    } else {
      restarted = 'failed';
      outcome = 'restart-failed';
      await step('restart-failed', record);
    }
  }
  return changeEnd([...lines, `result\t${outcome}\t`], isWritten, restarted);
}

function show(node: FakeNode, role: string, unit: Unit): string {
  node.settle(unit);
  const cycles = node.cycles(unit);
  const runs = unit.active !== 'failed';
  const pid = runs ? unit.pid + cycles * 100_000 : 0;
  const started = Math.round((unit.startedAt + cycles * 3000 - node.clock.start + 1e9) * 1000);
  return [
    'show',
    role,
    `Id=${unit.name}`,
    'LoadState=loaded',
    `ActiveState=${unit.active}`,
    'SubState=x',
    `Result=${unit.active === 'failed' ? 'exit-code' : 'success'}`,
    `MainPID=${pid}`,
    `NRestarts=${cycles}`,
    `ExecMainStartTimestampMonotonic=${started}`,
    'TimeoutStopUSec=15s',
    'UnitFileState=enabled',
    `Job=${unit.startsAt === undefined ? '' : '7'}`,
  ].join('\t');
}

function upSeconds(node: FakeNode, at: number): number {
  return (at - node.clock.start) / 1000 + 1e6;
}

function clocks(node: FakeNode): string[] {
  return [
    `now\t${((node.clock.now() + node.skewMs) / 1000).toFixed(3)}`,
    `uptime\t${upSeconds(node, node.clock.now()).toFixed(2)}`,
    'ticks\t100',
  ];
}

function ticks(node: FakeNode, unit: Unit): string {
  return String(Math.round(upSeconds(node, unit.startedAt + node.cycles(unit) * 3000) * 100));
}

function lockLines(node: FakeNode): string[] {
  if (node.lock === undefined) return [];
  return ['locked\t1', ...[...node.lock].map(([key, value]) => `lock\t${key}\t${value}`)];
}

function listener(unit: Unit): string[] {
  return unit.role === 'api' && unit.active === 'active' ? [`listener\t${unit.name}\t0100007F:2276`] : [];
}

function changeEnd(lines: readonly string[], isWritten: boolean, restart: string): string {
  return answer(
    ['begin\tchange', `written\t${isWritten ? 1 : 0}`, `restart\t${restart}`, ...lines],
    'change',
  );
}

function answer(lines: readonly string[], program: string): string {
  return `${[...lines, `end\t${program}`].join('\n')}\n`;
}
