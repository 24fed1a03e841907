/**
 * `npm run bench [-- --rounds N --hosts N --many-hosts N]`: measures what the project promises about speed and
 * memory, writes docs/benchmarks.md (not for a trial with less than 3 rounds, 50 or 500 hosts), and exits with 1
 * where a promise is not met or could not be measured.
 * Needs root, openssh-server, ansible, crudini and time (Debian's packages).
 */
import {mkdir, writeFile} from 'node:fs/promises';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {benchFleet} from './fleet-bench.js';
import {type Fleet, debianNovaConf, startFleet} from './fleet.js';
import {benchConfSet, benchStart} from './local-bench.js';
import {benchMemory} from './memory-bench.js';
import {type Figures, report, verdicts} from './report.js';

const {values} = parseArgs({
  options: {
    rounds: {type: 'string', default: '5'},
    hosts: {type: 'string', default: '50'},
    'many-hosts': {type: 'string', default: '500'},
  },
});

function countOf(option: keyof typeof values): number {
  const count = Number(values[option]);
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`--${option} takes a count, not ${values[option]}`);
  return count;
}
const [rounds, hosts, manyHosts] = [countOf('rounds'), countOf('hosts'), countOf('many-hosts')];

let current: Fleet | undefined;
async function withFleet<T>(count: number, novaConf: string, work: (fleet: Fleet) => Promise<T>): Promise<T> {
  const fleet = await startFleet(count, novaConf);
  current = fleet;
  try {
    return await work(fleet);
  } finally {
    await fleet.stop();
    current = undefined;
  }
}
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    void (current?.stop() ?? Promise.resolve()).finally(() => process.exit(code));
  });
}

const say = (line: string): void => console.error(line);
const novaConf = await debianNovaConf();
const start = await benchStart(rounds * 4);
const confSet = await benchConfSet(rounds * 2, novaConf);
const fleet = await withFleet(hosts, novaConf, async (on) => benchFleet(on, rounds, say));
const memoryMib = await withFleet(manyHosts, novaConf, benchMemory).catch((error: unknown) => {
  say(`memory was not measured: ${String(error)}`);
  return undefined;
});

const figures: Figures = {rounds, hosts, manyHosts, fleet, start, confSet, memoryMib};
const text = await report(figures);
console.log(text);
if (rounds >= 3 && hosts >= 50 && manyHosts >= 500) {
  const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
  await mkdir(docs, {recursive: true});
  await writeFile(`${docs}benchmarks.md`, text);
} else {
  say('docs/benchmarks.md is left as it is: this was too small a trial for it');
}
process.exitCode = verdicts(figures).every(({isMet}) => isMet) ? 0 : 1;
