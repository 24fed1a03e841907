import {readFile} from 'node:fs/promises';
import os from 'node:os';
import process from 'node:process';
import {ANSIBLE_SETUP} from './ansible.js';
import {median, run} from './command.js';
import type {DoctorFigures} from './doctor-bench.js';
import {doctorPromises, doctorSection} from './doctor-report.js';
import {type FleetFigures, medianOf} from './fleet-bench.js';
import type {FlavorFigures} from './flavor-bench.js';
import {flavorPromises, flavorSection} from './flavor-report.js';
import type {PairFigures} from './local-bench.js';
import type {ScreenFigures} from './screen-bench.js';
import {screenPromises, screenSection} from './screen-report.js';
import {spread, table} from './tables.js';
import type {WatchFigures} from './watch-bench.js';
import {watchPromises, watchSection} from './watch-report.js';

/** What can be measured alone. */
export const PARTS = ['fleet', 'local', 'memory', 'screens', 'watch', 'flavor', 'doctor'] as const;
export type Part = (typeof PARTS)[number];

/** What was measured; a part that was not is left out. */
export type Figures = {
  readonly rounds: number;
  readonly hosts: number;
  readonly manyHosts: number;
  readonly fleet?: readonly FleetFigures[];
  readonly local?: {
    readonly start: PairFigures;
    readonly confSet: PairFigures;
    readonly template: PairFigures;
    /** Seconds of each run over all of them. */
    readonly templates: readonly number[];
  };
  readonly memory?: {readonly mib: number | undefined};
  readonly screens?: ScreenFigures;
  readonly watch?: WatchFigures;
  readonly flavor?: FlavorFigures;
  readonly doctor?: DoctorFigures;
};

/** A promise about speed or memory: what was measured, what it may be, and whether it holds. */
export type Verdict = {
  readonly part: Part;
  readonly promise: string;
  readonly measured: string;
  readonly isMet: boolean;
};

const NOT_MEASURED = 'not measured';

function ratioOf(over: number | undefined, under: number | undefined): number | undefined {
  return over === undefined || under === undefined ? undefined : over / under;
}

type Promised = (
  promise: string,
  value: number | undefined,
  unit: string,
  isMet: (value: number) => boolean,
) => Verdict;

function promisedBy(part: Part): Promised {
  return (promise, value, unit, isMet) => {
    if (value === undefined) return {part, promise, measured: NOT_MEASURED, isMet: false};
    return {part, promise, measured: `${value.toFixed(value < 10 ? 2 : 0)}${unit}`, isMet: isMet(value)};
  };
}

function pairRatio(pair: PairFigures | undefined): number | undefined {
  if (pair === undefined) return undefined;
  const {ours, theirs} = pair;
  return ours === undefined ? undefined : median(ours) / median(theirs);
}

/** What the project promises, held against these figures. */
export function verdicts(figures: Figures): readonly Verdict[] {
  const {fleet = [], local, memory, screens, watch, flavor, doctor, manyHosts} = figures;
  const of = (tool: string, which: 'first' | 'second') => medianOf(fleet, tool, which);
  const ours = of('reprieve', 'first');
  const [ofFleet, ofLocal, ofMemory] = [promisedBy('fleet'), promisedBy('local'), promisedBy('memory')];
  return [
    ofFleet(
      'the edit: at least 4 times faster than Ansible',
      ratioOf(of('ansible', 'first'), ours),
      ' times',
      (value) => value >= 4,
    ),
    ofFleet(
      'nothing to do: at least 6 times faster than Ansible',
      ratioOf(of('ansible', 'second'), of('reprieve', 'second')),
      ' times',
      (value) => value >= 6,
    ),
    ofFleet(
      'the edit: at most 1.3 times plain ssh with the same programs',
      ratioOf(ours, of('ssh, node programs', 'first')),
      ' times',
      (value) => value <= 1.3,
    ),
    ofLocal(
      '`reprieve --version`: at most 2 times `node -e 0`',
      pairRatio(local?.start),
      ' times',
      (value) => value <= 2,
    ),
    ofLocal(
      '`reprieve conf set`: not slower than `crudini --set`',
      pairRatio(local?.confSet),
      ' times',
      (value) => value <= 1,
    ),
    ofLocal(
      '`reprieve template render`: at most 3 times `node -e 0`',
      pairRatio(local?.template),
      ' times',
      (value) => value <= 3,
    ),
    ofLocal(
      'all shipped templates with all examples, in one process: less than 1 s',
      local && median(local.templates),
      ' s',
      (value) => value < 1,
    ),
    ofMemory(
      `memory at ${manyHosts} nodes: below 200 MB`,
      memory?.mib,
      ' MiB',
      (value) => value * 1.048576 < 200,
    ),
    ...screenPromises(screens, manyHosts).map(({promise, value, unit, isMet}) =>
      promisedBy('screens')(promise, value, unit, isMet),
    ),
    ...watchPromises(watch).map(({promise, value, unit, isMet}) =>
      promisedBy('watch')(promise, value, unit, isMet),
    ),
    ...flavorPromises(flavor).map(({promise, value, unit, isMet}) =>
      promisedBy('flavor')(promise, value, unit, isMet),
    ),
    ...doctorPromises(doctor, manyHosts).map(({promise, value, unit, isMet}) =>
      promisedBy('doctor')(promise, value, unit, isMet),
    ),
  ];
}

async function firstLine(...words: string[]): Promise<string> {
  const {stdout, stderr} = await run({words});
  return (stdout || stderr).split('\n', 1)[0] ?? '';
}

async function machine(): Promise<readonly string[]> {
  const release = /^PRETTY_NAME="(.*)"$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
  const packages = [
    'openssh-server',
    'ansible-core',
    'ansible',
    'crudini',
    'python3-openstackclient',
    'python3-nova',
  ];
  // It fails where one is missing, and tells of the others all the same.
  const {stdout} = await run({words: ['dpkg-query', '-W', '-f', '${Package} ${Version}\n', ...packages]});
  return [
    `${os.availableParallelism()} cores (${os.cpus()[0]?.model ?? 'unknown'}), ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    `${release ?? os.type()}, Linux ${os.release().split('-', 1)[0] ?? ''}`,
    `Node ${process.versions.node}, ${await firstLine('/usr/bin/python3', '--version')}`,
    stdout.trim().replaceAll('\n', ', '),
  ];
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
  return `How far it could go: the hand-written ssh, which checks and keeps nothing, is ${edit.toFixed(2)} times faster than Ansible with the edit and ${unchanged.toFixed(2)} times where there is nothing to do. The daemons and their logins, which every tool pays for, run on the same cores.`;
}

function fleetSection({rounds, hosts}: Figures, fleet: readonly FleetFigures[]): string {
  const base = medianOf(fleet, 'reprieve', 'first') === undefined ? 'ansible' : 'reprieve';
  return `## ${hosts} hosts, one option

Each host is an address on loopback with Debian's nova.conf of its own; several sshd serve them, with \`MaxStartups\` raised to 300 so that none drops a connection. \`reclaim_instance_interval\` is set with a backup, a diff and a restart (a stand-in that returns at once); the second run finds nothing to do. After each run every host was looked at. Medians of ${rounds} runs, the tools in turn, each at the number of hosts at a time that was fastest for it among 5, 10, 20 and 50.

${table(
  ['tool', 'at a time', 'edit (s)', 'from, to', `to ${base}`, 'unchanged (s)', 'from, to', `to ${base}`],
  fleetRows(fleet),
)}

- ansible: ${ANSIBLE_SETUP}.
- ssh, hand-written: \`xargs -P\` and the system's \`ssh\`, one connection and one small program for each host: \`cp\`, \`sed\`, \`diff\`, \`mv\`; no locks, no checks, nothing to resume or roll back. The floor.
- ssh, node programs: the same with the programs that reprieve itself sends.

${floorWords(fleet) ?? ''}`;
}

function localSection({start, confSet, template, templates}: Required<Figures>['local']): string {
  return `## On one machine

${table(
  ['', 'median (ms)', 'from, to', 'ratio'],
  [
    ...pairRows('`reprieve --version`', '`node -e 0`', start),
    ...pairRows('`reprieve conf set`, 10,000 lines', '`crudini --set`, the same', confSet),
    ...pairRows('`reprieve template render kolla`', '`node -e 0`', template),
    [
      '`reprieve template test`: all, each twice',
      ...spread(
        templates.map((value) => value * 1000),
        1,
      ),
      '',
    ],
  ],
)}`;
}

function memorySection({manyHosts}: Figures, mib: number | undefined): string {
  return `## Memory of one run

Most memory resident in one \`apply\` over ${manyHosts} hosts: ${mib === undefined ? NOT_MEASURED : `${mib.toFixed(0)} MiB`}.`;
}

function sectionOf(part: Part, figures: Figures): string | undefined {
  const {fleet, local, memory, screens, watch, flavor, doctor} = figures;
  switch (part) {
    case 'fleet':
      return fleet && fleetSection(figures, fleet);
    case 'local':
      return local && localSection(local);
    case 'memory':
      return memory && memorySection(figures, memory.mib);
    case 'screens':
      return screens && screenSection(screens);
    case 'watch':
      return watch && watchSection(watch);
    case 'flavor':
      return flavor && flavorSection(flavor);
    case 'doctor':
      return doctor && doctorSection(doctor);
  }
}

/** How the heading of each part begins. */
const HEADINGS: Readonly<Record<Part, RegExp>> = {
  fleet: /^## \d+ hosts, one option$/m,
  local: /^## On one machine$/m,
  memory: /^## Memory of one run$/m,
  screens: /^## Screens$/m,
  watch: /^## Watch$/m,
  flavor: /^## Flavors$/m,
  doctor: /^## Doctor$/m,
};

/** What an earlier report says of a part. */
function oldSection(part: Part, old: string): string {
  const heading = HEADINGS[part].exec(old);
  if (heading === null) return '';
  const rest = old.slice(heading.index + heading[0].length);
  const end = rest.search(/^## /m);
  return `${heading[0]}${end === -1 ? rest : rest.slice(0, end)}`.trim();
}

/** What an earlier report says of a promise. */
function oldRow({promise}: Verdict, old: string): readonly string[] {
  const row = old.split('\n').find((line) => line.startsWith(`| ${promise} |`));
  return row?.slice(2, -2).split(' | ') ?? [promise, NOT_MEASURED, ''];
}

/**
 * The whole report as Markdown; names no host and no path. What was not measured now is kept as `old` has it, the
 * report of an earlier run.
 */
export async function report(figures: Figures, old: string): Promise<string> {
  const rows = verdicts(figures).map((one) => {
    if (figures[one.part] === undefined) return oldRow(one, old);
    const {promise, measured, isMet} = one;
    return [promise, measured, measured === NOT_MEASURED ? '' : isMet ? 'met' : 'not met'];
  });
  const sections = PARTS.map((part) => sectionOf(part, figures) ?? oldSection(part, old));
  return `# Benchmarks

Written by \`npm run bench\`. Everything ran on one machine, the hosts too, so read the figures as ratios.

${(await machine()).map((line) => `- ${line}`).join('\n')}

## What is promised

${table(['promise', 'measured', ''], rows)}

${sections.filter((text) => text !== '').join('\n\n')}
`;
}
