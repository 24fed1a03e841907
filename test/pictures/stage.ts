/** An embedded cloud for a story: its time stands still, and its nodes wait until they are let. */
import {rmSync} from 'node:fs';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {createJournals, journalDirectory} from '../../source/adapters/journal/journals.js';
import type {EventState, EventStep, StepEvent} from '../../source/app/rollout/events.js';
import {type Demo, type DemoOptions, startDemo} from '../../source/demo/demo.js';
import type {NodeFiles} from '../../source/demo/node/node.js';
import {shellQuote} from '../../source/domain/shell-quote.js';
import {atExit} from '../helpers/at-exit.js';
import {waitUntil} from '../helpers/wait-until.js';
import {killProcessesIn} from './processes.js';
import {createStoryTime} from './time.js';

export type StageOptions = Partial<Pick<DemoOptions, 'nodes' | 'servers' | 'seed' | 'start' | 'failures'>> & {
  /** Seconds that the clocks of nodes are ahead. */
  readonly clocksAhead?: Readonly<Record<string, number>>;
};

export type Stage = {
  /** For programs that shall see this cloud, and this time. */
  readonly env: Readonly<Record<string, string>>;
  readonly computes: readonly string[];
  readonly controllers: readonly string[];
  /**
   * From now on nodes answer who looks at them. No time may pass until they have: a look asks for the time more
   * than once, and what passed between would make files younger than the process that reads them.
   */
  openLooks(): Promise<void>;
  /** From now on looks wait again. */
  closeLooks(): Promise<void>;
  /** From now on this compute may be changed. */
  openChange(host: string): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
  /** Lets so many seconds pass. */
  pass(seconds: number): void;
  /** Waits until a service of a node waits for time to pass. */
  untilRestarting(): Promise<void>;
  /** Waits until the newest run tells this of a node. */
  untilEvent(host: string, step: EventStep, state: EventState): Promise<void>;
  /** Waits until the newest run tells how a node ended. */
  untilResult(host: string): Promise<void>;
  /** Waits until Nova was asked for its services, and the answer was read, by everybody who waits for them now. */
  untilAsked(): Promise<void>;
  end(): Promise<void>;
};

const LOOKS = 'looks';
const LIMIT_SECONDS = 120;
const EVERY_SECONDS = 0.02;

/** Builds one, in a private folder below `place` that goes at its end. */
export async function openStage(options: StageOptions, place: string): Promise<Stage> {
  const {clocksAhead = {}, ...cloud} = options;
  const folder = await mkdtemp(path.join(place, 'reprieve-story-'));
  const forget = atExit(() => {
    killProcessesIn(folder);
    rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 200});
  });
  const clock = path.join(folder, 'clock');
  const time = createStoryTime(clock);
  let listings = 0;
  let demo: Demo;
  const env = {PATH: process.env['PATH'] ?? '', TMPDIR: folder};
  try {
    demo = await startDemo({
      ...cloud,
      // As in life: what it takes is the story's time.
      speed: 1,
      // What people do in it depends on the moment.
      hasTraffic: false,
      env,
      time,
      intercept: ({path: asked}) => {
        if (asked.endsWith('/os-services')) listings += 1;
        return undefined;
      },
    });
  } catch (error) {
    await rm(folder, {recursive: true, force: true});
    forget();
    throw error;
  }
  const gates = path.join(folder, 'gates');
  await mkdir(gates);
  const nodes = [...demo.nodes.values()].map(({files}) => files);
  await Promise.all(nodes.map(async (node) => direct(node, {clock, gates}, clocksAhead[node.name] ?? 0)));
  await writeProfile(demo, nodes);
  const {HOME = '', XDG_STATE_HOME = '', OS_CLIENT_CONFIG_FILE = '', OS_CLOUD = ''} = demo.operator.env;
  const own = {HOME, XDG_STATE_HOME, OS_CLIENT_CONFIG_FILE, OS_CLOUD};
  const journals = createJournals(journalDirectory(own, HOME));
  const namesOf = (role: NodeFiles['role']) =>
    nodes.filter((node) => node.role === role).map(({name}) => name);
  const open = async (gate: string) => writeFile(path.join(gates, gate), '');
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    await waitUntil(what, LIMIT_SECONDS, isSo, EVERY_SECONDS);
  };
  const untilTold = async (what: string, host: string, isIt: (event: StepEvent) => boolean) =>
    until(`${host}: ${what}`, async () =>
      (await eventsOf(journals)).some((event) => event.host === host && isIt(event)),
    );
  return {
    env: {...env, ...own, STORY_CLOCK: clock},
    computes: namesOf('compute'),
    controllers: namesOf('api'),
    openLooks: async () => open(LOOKS),
    closeLooks: async () => rm(path.join(gates, LOOKS)),
    openChange: async (host) => open(host),
    now: () => time.now(),
    pass: (seconds) => time.pass(seconds),
    async untilRestarting() {
      await until('a service that restarts', async () => Promise.resolve(time.isAwaited()));
    },
    untilEvent: async (host, step, state) =>
      untilTold(`${step} ${state}`, host, (event) => event.step === step && event.state === state),
    untilResult: async (host) => untilTold('a result', host, ({step}) => step === 'result'),
    async untilAsked() {
      // The first may have been under way before; that the third is asked for tells that the second was read.
      const enough = listings + 3;
      await until('Nova to be asked', async () => Promise.resolve(listings >= enough));
    },
    async end() {
      await demo.stop();
      await rm(folder, {recursive: true, force: true});
      forget();
    },
  };
}

/** What the newest run has told so far. */
async function eventsOf(journals: ReturnType<typeof createJournals>): Promise<readonly StepEvent[]> {
  const [run] = await journals.list();
  if (run === undefined) return [];
  return (await journals.read(run)).flatMap((entry) =>
    entry.type === 'event' && entry.event.kind === 'step' ? [entry.event] : [],
  );
}

type Place = {readonly clock: string; readonly gates: string};

/**
 * Puts a node into the story: its clock is the story's, files are as old by it as they really are, nothing is told
 * of this machine's time service, and what would answer or change waits for its gate.
 */
async function direct(node: NodeFiles, {clock, gates}: Place, ahead: number): Promise<void> {
  const waitFor = (gate: string): string => {
    const file = shellQuote(path.join(gates, gate));
    return `while [ ! -e ${file} ]; do\n[ -d ${shellQuote(gates)} ] || exit 1\nsleep 0.05\ndone`;
  };
  const readClock = `read -r now <${shellQuote(clock)}\nnow=$((now + ${ahead * 1000}))`;
  await node.replaceCommand(
    'date',
    [
      waitFor(LOOKS),
      readClock,
      'case $1 in',
      '+%s) echo "$((now / 1000))" ;;',
      '+%s.%N) echo "${now%???}.${now#??????????}000000" ;;',
      '*) exec "$REAL" "$@" ;;',
      'esac',
    ].join('\n'),
  );
  await node.replaceCommand(
    'stat',
    [
      'case " $* " in *" --printf=stat"*) ;; *) exec "$REAL" "$@" ;; esac',
      readClock,
      'real=/usr/bin/date; [ -x "$real" ] || real=/bin/date',
      'real=$("$real" +%s.%N)',
      String.raw`"$REAL" "$@" | awk -F '\t' -v OFS='\t' -v now="$now" -v real="$real" '{`,
      '$7 = sprintf("%.6f", $7 + now / 1000 - real); $8 = sprintf("%.6f", $8 + now / 1000 - real); print',
      "}'",
    ].join('\n'),
  );
  await node.replaceCommand('chronyc', "echo 'Leap status     : Normal'");
  // The first program that makes a folder on a node is the lock.
  if (node.role === 'compute') {
    await node.replaceCommand('mkdir', `${waitFor(node.name)}\nexec "$REAL" "$@"`);
  }
}

/** Nodes as a profile has them: no path of a temporary folder, and no port, is in the picture. */
async function writeProfile({operator}: Demo, nodes: readonly NodeFiles[]): Promise<void> {
  const hosts = (role: NodeFiles['role']) =>
    nodes.filter((node) => node.role === role).map(({name}) => `      ${name}:`);
  const profile = [
    'inventory:',
    ...['  compute:', '    hosts:', ...hosts('compute')],
    ...['  controller:', '    hosts:', ...hosts('api')],
    'nodes:',
    ...nodes.map(({name, root}) => `  ${name}: {sysroot: ${JSON.stringify(root)}}`),
    '',
  ];
  await operator.write('.config/reprieve/config.yaml', profile.join('\n'));
}
