import {readFile} from 'node:fs/promises';
import os from 'node:os';
import process from 'node:process';
import {ANSIBLE_SETUP} from './ansible.js';
import {median, mustRun, run} from './command.js';
import {type FleetFigures, medianOf} from './fleet-bench.js';
import type {PairFigures} from './local-bench.js';

export type Figures = {
  readonly rounds: number;
  readonly hosts: number;
  readonly manyHosts: number;
  readonly fleet: readonly FleetFigures[];
  readonly start: PairFigures;
  readonly confSet: PairFigures;
  readonly memoryMib: number | undefined;
};

/** A promise about speed or memory: what was measured, what it may be, and whether it holds. */
export type Verdict = {
  readonly promise: string;
  readonly measured: string;
  readonly isMet: boolean;
};

const NOT_MEASURED = 'not measured';

function ratioOf(over: number | undefined, under: number | undefined): number | undefined {
  return over === undefined || under === undefined ? undefined : over / under;
}

function verdict(
  promise: string,
  value: number | undefined,
  unit: string,
  isMet: (value: number) => boolean,
): Verdict {
  if (value === undefined) return {promise, measured: NOT_MEASURED, isMet: false};
  return {promise, measured: `${value.toFixed(value < 10 ? 2 : 0)}${unit}`, isMet: isMet(value)};
}

function pairRatio({ours, theirs}: PairFigures): number | undefined {
  return ours === undefined ? undefined : median(ours) / median(theirs);
}

/** What the project promises, held against these figures. */
export function verdicts(figures: Figures): readonly Verdict[] {
  const of = (tool: string, which: 'first' | 'second') => medianOf(figures.fleet, tool, which);
  const ours = of('reprieve', 'first');
  return [
    verdict(
      'the edit: at least 4 times faster than Ansible',
      ratioOf(of('ansible', 'first'), ours),
      ' times',
      (value) => value >= 4,
    ),
    verdict(
      'nothing to do: at least 6 times faster than Ansible',
      ratioOf(of('ansible', 'second'), of('reprieve', 'second')),
      ' times',
      (value) => value >= 6,
    ),
    verdict(
      'the edit: at most 1.3 times plain ssh with the same programs',
      ratioOf(ours, of('ssh, node programs', 'first')),
      ' times',
      (value) => value <= 1.3,
    ),
    verdict(
      '`reprieve --version`: at most 2 times `node -e 0`',
      pairRatio(figures.start),
      ' times',
      (value) => value <= 2,
    ),
    verdict(
      '`reprieve conf set`: not slower than `crudini --set`',
      pairRatio(figures.confSet),
      ' times',
      (value) => value <= 1,
    ),
    verdict(
      `memory at ${figures.manyHosts} nodes: below 200 MB`,
      figures.memoryMib,
      ' MiB',
      (value) => value * 1.048576 < 200,
    ),
  ];
}

async function firstLine(...words: string[]): Promise<string> {
  const {stdout, stderr} = await run({words});
  return (stdout || stderr).split('\n', 1)[0] ?? '';
}

async function machine(): Promise<readonly string[]> {
  const release = /^PRETTY_NAME="(.*)"$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
  const packages = ['openssh-server', 'ansible-core', 'ansible', 'crudini'];
  const {stdout} = await mustRun({words: ['dpkg-query', '-W', '-f', '${Package} ${Version}\n', ...packages]});
  return [
    `${os.availableParallelism()} cores (${os.cpus()[0]?.model ?? 'unknown'}), ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    `${release ?? os.type()}, Linux ${os.release().split('-', 1)[0] ?? ''}`,
    `Node ${process.versions.node}, ${await firstLine('/usr/bin/python3', '--version')}`,
    stdout.trim().replaceAll('\n', ', '),
  ];
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function spread(values: readonly number[], digits: number): readonly string[] {
  const show = (value: number) => value.toFixed(digits);
  return [show(median(values)), `${show(Math.min(...values))} to ${show(Math.max(...values))}`];
}

function showRatio(values: readonly number[], to: number | undefined): string {
  return (ratioOf(median(values), to) ?? Number.NaN).toFixed(2);
}

function fleetRows(fleet: readonly FleetFigures[]): ReadonlyArray<readonly string[]> {
  const ours = {first: medianOf(fleet, 'reprieve', 'first'), second: medianOf(fleet, 'reprieve', 'second')};
  const base = {
    first: ours.first ?? medianOf(fleet, 'ansible', 'first'),
    second: ours.second ?? medianOf(fleet, 'ansible', 'second'),
  };
  return fleet.map(({tool, width, first, second}) => [
    tool,
    String(width),
    ...spread(first, 2),
    showRatio(first, base.first),
    ...spread(second, 2),
    showRatio(second, base.second),
  ]);
}

function pairRows(name: string, against: string, pair: PairFigures): ReadonlyArray<readonly string[]> {
  const theirs = median(pair.theirs);
  const row = (label: string, values: readonly number[]) => [
    label,
    ...spread(
      values.map((value) => value * 1000),
      1,
    ),
    (median(values) / theirs).toFixed(2),
  ];
  return [
    pair.ours === undefined ? [name, NOT_MEASURED, '', ''] : row(name, pair.ours),
    row(against, pair.theirs),
  ];
}

/** How far one could get: what the floor is to Ansible. Undefined where either was not measured. */
function floorWords(fleet: readonly FleetFigures[]): string | undefined {
  const [edit, unchanged] = (['first', 'second'] as const).map((which) =>
    ratioOf(medianOf(fleet, 'ansible', which), medianOf(fleet, 'ssh, hand-written', which)),
  );
  if (edit === undefined || unchanged === undefined) return undefined;
  return `How far it could go: the hand-written ssh below, which checks and keeps nothing, is ${edit.toFixed(2)} times faster than Ansible with the edit and ${unchanged.toFixed(2)} times where there is nothing to do. The daemons and their logins, which every tool pays for, run on the same cores.`;
}

/** The whole report as Markdown; names no host and no path. */
export async function report(figures: Figures): Promise<string> {
  const base = medianOf(figures.fleet, 'reprieve', 'first') === undefined ? 'ansible' : 'reprieve';
  return `# Benchmarks

Written by \`npm run bench\`. Everything ran on one machine, the hosts too, so read the figures as ratios.

${(await machine()).map((line) => `- ${line}`).join('\n')}

## What is promised

${table(
  ['promise', 'measured', ''],
  verdicts(figures).map(({promise, measured, isMet}) => [
    promise,
    measured,
    measured === NOT_MEASURED ? '' : isMet ? 'met' : 'not met',
  ]),
)}

${floorWords(figures.fleet) ?? ''}

## ${figures.hosts} hosts, one option

Each host is an address on loopback with Debian's nova.conf of its own; several sshd serve them, with \`MaxStartups\` raised to 300 so that none drops a connection. \`reclaim_instance_interval\` is set with a backup, a diff and a restart (a stand-in that returns at once); the second run finds nothing to do. After each run every host was looked at. Medians of ${figures.rounds} runs, the tools in turn, each at the number of hosts at a time that was fastest for it among 5, 10, 20 and 50.

${table(
  ['tool', 'at a time', 'edit (s)', 'from, to', `to ${base}`, 'unchanged (s)', 'from, to', `to ${base}`],
  fleetRows(figures.fleet),
)}

- ansible: ${ANSIBLE_SETUP}.
- ssh, hand-written: \`xargs -P\` and the system's \`ssh\`, one connection and one small program for each host: \`cp\`, \`sed\`, \`diff\`, \`mv\`; no locks, no checks, nothing to resume or roll back. The floor.
- ssh, node programs: the same with the programs that reprieve itself sends.

## On one machine

${table(
  ['', 'median (ms)', 'from, to', 'ratio'],
  [
    ...pairRows('`reprieve --version`', '`node -e 0`', figures.start),
    ...pairRows('`reprieve conf set`, 10,000 lines', '`crudini --set`, the same', figures.confSet),
  ],
)}

Most memory resident in one \`apply\` over ${figures.manyHosts} hosts: ${figures.memoryMib === undefined ? NOT_MEASURED : `${figures.memoryMib.toFixed(0)} MiB`}.
`;
}
