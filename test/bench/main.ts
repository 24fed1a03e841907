/**
 * `npm run bench [-- --rounds N --hosts N --many-hosts N --only PARTS]`: measures what the project promises about
 * speed and memory, writes docs/benchmarks.md (not for a trial with less than 3 rounds, 50 or 500 hosts), and exits
 * with 1 where a promise is not met or could not be measured. With `--only fleet,local,memory,screens,watch,flavor,doctor` or
 * some of them the rest is neither measured nor judged, and stays in docs/benchmarks.md as it was.
 * Needs root, openssh-server, ansible, crudini and time (Debian's packages); the screens need python3 alone, watch
 * curl too, and both python3-openstackclient to be held against; flavors python3-nova; doctor a lab that is up.
 */
import {readFile, writeFile} from 'node:fs/promises';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {exitOnSignals} from '../helpers/at-exit.js';
import {benchDoctor} from './doctor-bench.js';
import {benchFlavors} from './flavor-bench.js';
import {benchFleet} from './fleet-bench.js';
import {type Fleet, debianNovaConf, startFleet} from './fleet.js';
import {benchConfSet, benchStart, benchTemplate, benchTemplates} from './local-bench.js';
import {benchMemory} from './memory-bench.js';
import {type Figures, PARTS, type Part, report, verdicts} from './report.js';
import {benchScreens} from './screen-bench.js';
import {benchWatch} from './watch-bench.js';

const {values} = parseArgs({
  options: {
    rounds: {type: 'string', default: '5'},
    hosts: {type: 'string', default: '50'},
    'many-hosts': {type: 'string', default: '500'},
    only: {type: 'string', default: PARTS.join(',')},
  },
});

function countOf(option: 'rounds' | 'hosts' | 'many-hosts'): number {
  const count = Number(values[option]);
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`--${option} takes a count, not ${values[option]}`);
  return count;
}
function isPart(name: string): name is Part {
  return PARTS.some((part) => part === name);
}
const parts = new Set(
  values.only.split(',').map((name) => {
    if (!isPart(name)) throw new RangeError(`--only takes ${PARTS.join(', ')}, not ${name}`);
    return name;
  }),
);
const [rounds, hosts, manyHosts] = [countOf('rounds'), countOf('hosts'), countOf('many-hosts')];

exitOnSignals();
async function withFleet<T>(count: number, novaConf: string, work: (fleet: Fleet) => Promise<T>): Promise<T> {
  const fleet = await startFleet(count, novaConf);
  try {
    return await work(fleet);
  } finally {
    await fleet.stop();
  }
}

const say = (line: string): void => console.error(line);
async function local(): Promise<NonNullable<Figures['local']>> {
  return {
    start: await benchStart(rounds * 4),
    confSet: await benchConfSet(rounds * 2, await debianNovaConf()),
    template: await benchTemplate(rounds * 4),
    templates: await benchTemplates(rounds),
  };
}
async function memory(): Promise<NonNullable<Figures['memory']>> {
  try {
    return {mib: await withFleet(manyHosts, await debianNovaConf(), benchMemory)};
  } catch (error) {
    say(`memory was not measured: ${String(error)}`);
    return {mib: undefined};
  }
}
async function overFleet(): Promise<NonNullable<Figures['fleet']>> {
  return withFleet(hosts, await debianNovaConf(), async (on) => benchFleet(on, rounds, say));
}

async function doctor(): Promise<NonNullable<Figures['doctor']>> {
  return withFleet(manyHosts, await debianNovaConf(), async (on) => benchDoctor(on, rounds, say));
}

const figures: Figures = {
  rounds,
  hosts,
  manyHosts,
  ...(parts.has('local') ? {local: await local()} : {}),
  ...(parts.has('fleet') ? {fleet: await overFleet()} : {}),
  ...(parts.has('memory') ? {memory: await memory()} : {}),
  ...(parts.has('watch') ? {watch: await benchWatch(rounds, say)} : {}),
  ...(parts.has('flavor') ? {flavor: await benchFlavors(rounds, say)} : {}),
  ...(parts.has('doctor') ? {doctor: await doctor()} : {}),
  ...(parts.has('screens') ? {screens: await benchScreens(rounds, manyHosts, say)} : {}),
};
const file = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));
const old = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT') return '';
  throw error;
});
const text = await report(figures, old);
console.log(text);
if (rounds >= 3 && hosts >= 50 && manyHosts >= 500) await writeFile(file, text);
else say('docs/benchmarks.md is left as it is: this was too small a trial for it');
process.exitCode = verdicts(figures).every(({part, isMet}) => isMet || !parts.has(part)) ? 0 : 1;
