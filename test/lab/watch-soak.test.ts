// `watch --json` while people change servers all the time and everything around it breaks: in the end its lines come to
// what Nova lists, and none of them was wrong. Only in the full run; LAB_SOAK_MINUTES says how long, LAB_SOAK_SEED in
// which order.
import {createWriteStream} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {parse} from 'yaml';
import {z} from 'zod';
import {createRandom} from '../../source/demo/random.js';
import {type FaultyProxy, openFaultyProxy} from '../helpers/faulty-proxy.js';
import {fullTest, isFull} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labOperator} from '../helpers/lab-operator.js';
import {setIntervals} from '../helpers/lab-reclaim.js';
import {resetLab} from '../helpers/lab-reset.js';
import {followLab, type LabWatch} from '../helpers/lab-watch.js';
import {openLab, readOn} from '../helpers/lab.js';
import {bringUpKeystone, FaultBag, lineFaults, placeFaults} from '../helpers/soak-faults.js';
import {fold, judge, reclaimDelays, type SoakFacts} from '../helpers/soak-judge.js';
import {ProcessMeter} from '../helpers/soak-memory.js';
import {differences, NovaSamples} from '../helpers/soak-nova.js';
import {SoakPeople, WORKS} from '../helpers/soak-people.js';
import {waitUntil} from '../helpers/wait-until.js';

const MINUTES = Number(process.env['LAB_SOAK_MINUTES'] ?? 8);
const SEED = Number(process.env['LAB_SOAK_SEED'] ?? 4);

/** So often everybody rests until the lines and Nova agree. */
const ROUND_MINUTES = 6;
/** How long the tool waits for an answer: not as long as it would by itself, so that more happens in the time. */
const ANSWER_SECONDS = 30;
/**
 * Until then they must. A request that is never answered is given up after half a minute, then there is a pause of a
 * minute at most, and the whole list is read every two minutes.
 */
const AGREED_SECONDS = 300;
/** One that is soft-deleted for so long is told of whatever happens. */
const PATIENCE_MS = AGREED_SECONDS * 1000;
/** The program in all its parts, with a list of nearly nothing. */
const MOST_MIB = 180;
/** In this time everything happens at least once. */
const WHOLE_MINUTES = 8;

/** From what goes with the next look to what nearly stays. */
const INTERVALS = new Map([
  ['controller', 60],
  ['compute-1', 75],
  ['compute-2', 200],
  ['compute-3', 1500],
  ['compute-4', 400],
]);

const lab = await openLab();
const cloud = await openLabCloud(lab);

/** Small pages, so that lists break in the middle, and tokens that expire. */
const SMALL_PAGES = String.raw`printf '[api]\nmax_limit = 10\n' >>/etc/nova/nova.conf`;
const SHORT_TOKENS = String.raw`cp -a /etc/keystone/keystone.conf /root/keystone.conf.before-soak
  printf '[token]\nexpiration = 300\n' >>/etc/keystone/keystone.conf
  systemctl restart keystone`;
const LONG_TOKENS = `if [ -e /root/keystone.conf.before-soak ]; then
    mv /root/keystone.conf.before-soak /etc/keystone/keystone.conf
    systemctl restart keystone
  fi`;

test.before(async (t) => {
  if (!isFull) return;
  t.timeout(300_000, 'services restart');
  await resetLab(lab, cloud);
  // A run that was interrupted may have left them short.
  await readOn(lab, 'controller', `${LONG_TOKENS}; ${SHORT_TOKENS}; ${SMALL_PAGES}`);
  await bringUpKeystone(lab);
  await setIntervals(lab, cloud, INTERVALS);
});
test.after.always(async (t) => {
  if (!isFull) return;
  t.timeout(300_000, 'services restart');
  await readOn(lab, 'controller', LONG_TOKENS);
  await bringUpKeystone(lab);
  await resetLab(lab, cloud);
});

const file = z.object({clouds: z.object({lab: z.looseObject({})})});

/** A clouds.yaml that leads through the proxy to Nova. */
async function throughProxy(t: ExecutionContext, proxy: FaultyProxy, home: string): Promise<string> {
  const {clouds} = file.parse(parse(await readFile(lab.cloudsFile, 'utf8')));
  const {pathname} = new URL(cloud.computeUrl);
  const cloudsFile = path.join(home, 'clouds.yaml');
  const through = {
    compute_endpoint_override: `${proxy.url}${pathname}`,
    api_timeout: ANSWER_SECONDS,
  };
  // JSON is YAML.
  await writeFile(cloudsFile, JSON.stringify({clouds: {lab: {...clouds.lab, ...through}}}));
  t.teardown(async () => proxy.close());
  return cloudsFile;
}

/**
 * By id, when the log of its host says that the periodic task took it. Of one that was destroyed without its host Nova
 * leaves a row, which the host tries to reclaim each minute for ever: that fails, and does not count.
 */
async function readReclaims(): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const program = `grep -hE 'Reclaiming deleted|Periodic reclaim failed.*could not be found' /var/log/nova/nova-compute.log || true`;
  for (const {host} of lab.computes) {
    for (const line of (await readOn(lab, host, program)).split('\n')) {
      const match = /^(\d{4}-\d\d-\d\d) ([\d:.]+) .*\[instance: ([0-9a-f-]{36})\] (Recl|Peri)/.exec(line);
      const [, day, time, id = '', word] = match ?? [];
      if (word === 'Recl') found.set(id, Date.parse(`${day}T${time}Z`));
      else found.delete(id);
    }
  }
  return found;
}

fullTest('after all faults the lines come to what Nova lists, and none of them was wrong', async (t) => {
  t.timeout((MINUTES * 2 + 20) * 60_000, 'it is a soak');
  const journal = createWriteStream(path.join(lab.dir, 'log', 'watch-soak.jsonl'));
  t.teardown(() => void journal.end());
  const note = (what: Record<string, unknown>) => void journal.write(`${JSON.stringify(what)}\n`);
  const random = createRandom(SEED);
  t.log(`seed ${SEED}, ${MINUTES} min`);

  const proxy = await openFaultyProxy(new URL(cloud.computeUrl).origin, random.fork('line'));
  const operator = await labOperator(lab);
  t.teardown(async () => operator.remove());
  const env = {...operator.env, OS_CLIENT_CONFIG_FILE: await throughProxy(t, proxy, operator.home)};
  // Where the first list cannot be had it ends: faults come after that.
  const first = await cloud.createServer({name: 'first', host: 'compute-3'});
  await cloud.deleteServer(first.id);
  await cloud.waitForStatus(first.id, 'SOFT_DELETED');
  const watch: LabWatch = followLab({...operator, env});
  t.teardown(() => watch.signal('SIGKILL'));
  await watch.see(first.id, {event: 'present'});
  const nova = new NovaSamples(lab);
  await nova.read();
  const meter = new ProcessMeter(watch.pid);
  const unwell = new Set<string>();
  const people = new SoakPeople({
    ...{cloud, random: random.fork('people'), note, unwell},
    hosts: lab.computes.map(({host}) => host),
    rows: () => nova.rows,
  });
  const longestSleep = Math.min(240, MINUTES * 10);
  const forcedDown: SoakFacts['forcedDown'][number][] = [];
  const options = {lab, cloud, proxy, watch, unwell, forcedDown, longestSleep};
  const place = random.fork('faults');
  const line = random.fork('line faults');
  const bags = [
    new FaultBag(placeFaults({...options, random: place}), place, 10, note),
    new FaultBag(lineFaults({proxy, random: line}), line, 20, note),
  ];

  const stop = new AbortController();
  const watching = Promise.all([nova.follow(stop.signal), meter.follow(stop.signal)]);
  const began = Date.now();
  const end = began + MINUTES * 60_000;
  const agreed: number[] = [];
  const readFacts = async (): Promise<SoakFacts> => ({
    ...{lines: watch.lines, deeds: people.deeds, samples: nova.samples, forcedDown},
    reclaims: await readReclaims(),
  });
  try {
    while (Date.now() < end) {
      const until = Math.min(end, Date.now() + ROUND_MINUTES * 60_000);
      const round = Promise.allSettled([
        people.work(until),
        ...bags.map(async (bag) => bag.injectUntil(until)),
      ]);
      await Promise.race([round, watching]);
      for (const one of await round) if (one.status === 'rejected') throw one.reason;
      agreed.push(await agree(watch, note));
      note({agreed, servers: fold(watch.lines).size, wrong: judge(await readFacts(), PATIENCE_MS)});
    }
  } finally {
    stop.abort();
    await watching;
    for (const seen of watch.lines) note({...seen});
    for (const notice of watch.notices) note({notice});
  }
  const there = fold(watch.lines);
  const {code} = await watch.end();
  const facts = await readFacts();
  note({reclaims: [...facts.reclaims]});

  const counted = (words: Iterable<string>) =>
    [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${all.length} ${word}`).join(', ');
  t.log(`done: ${pairs(people.done)}; ${people.refused} refused or unanswered`);
  t.log(`faults: ${bags.map(({counts}) => pairs(counts)).join('; ')}`);
  t.log(`${proxy.requests()} requests, spoilt: ${pairs(proxy.counts)}`);
  t.log(`lines: ${counted(watch.lines.map(({event}) => event))}; in the end ${there.size} servers`);
  t.log(`notices: ${counted(watch.notices.map((words) => words.replaceAll(/\d+/g, 'N')))}`);
  t.log(`agreed after ${agreed.map((seconds) => seconds.toFixed(0)).join(', ')} s`);
  const delays = reclaimDelays(facts).toSorted((one, other) => one - other);
  const delay = (part: number) => `${((delays[Math.floor(delays.length * part)] ?? 0) / 1000).toFixed(1)} s`;
  t.log(
    `a reclaim is told ${delay(0.5)} (median), ${delay(0.9)} (p90), ${delay(0.999)} (most) after its host's log`,
  );
  const curve = meter.curve(Math.max(4, Math.round(MINUTES)));
  t.log(
    `memory in MiB: ${curve.map((mib) => mib.toFixed(0)).join(' ')}; ${meter.cpuSeconds.toFixed(1)} s of processor time`,
  );

  t.is(code, 130);
  t.deepEqual(judge(facts, PATIENCE_MS), []);
  t.deepEqual(
    watch.notices.filter((words) => !words.startsWith('notice: ')),
    ['reprieve: interrupted'],
  );
  t.true(Math.max(...curve) < MOST_MIB, `${Math.max(...curve)} MiB`);
  t.true(there.size > 0);
  if (MINUTES < WHOLE_MINUTES) return;
  t.deepEqual(
    WORKS.filter((work) => !people.done.has(work)),
    [],
  );
  const injected = new Set(bags.flatMap(({counts}) => [...counts.keys()]));
  const all = [...placeFaults({...options, random}), ...lineFaults({proxy, random})];
  t.deepEqual(
    all.map(({name}) => name).filter((name) => !injected.has(name)),
    [],
  );
  for (const event of ['added', 'changed', 'restored', 'reclaimed', 'purged'] as const) {
    t.true(
      watch.lines.some((seen) => seen.event === event),
      event,
    );
  }
});

/** Waits until the lines come to what Nova lists; gives the seconds. */
async function agree(watch: LabWatch, note: (what: Record<string, unknown>) => void): Promise<number> {
  const began = Date.now();
  let last: readonly string[] = [];
  await waitUntil('the lines to come to what Nova lists', AGREED_SECONDS, async () => {
    try {
      last = await differences(cloud, fold(watch.lines), INTERVALS);
    } catch (error) {
      last = [String(error)];
    }
    if (last.length > 0) note({differences: last, at: Date.now()});
    return last.length === 0;
  }).catch((error: unknown) => {
    throw new Error(`they do not:\n${last.join('\n')}`, {cause: error});
  });
  return (Date.now() - began) / 1000;
}

function pairs(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
}
