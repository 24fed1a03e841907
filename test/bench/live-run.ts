/** Runs that never touch a node: journals as a real run writes them, for the screens that read those. */
import {mkdir, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {createJournals, journalDirectory} from '../../source/adapters/journal/journals.js';
import {toLine} from '../../source/adapters/journal/entries.js';
import type {EventState, EventStep, NodeState} from '../../source/app/rollout/events.js';
import type {JournalEntry} from '../../source/app/rollout/journal.js';
import {begin, compute, plan} from '../fixtures/plans.js';
import {entriesOf} from '../helpers/run-summaries.js';

/** Nodes that begin in a second: more than Nova's two heartbeats let a real run do with 50 at a time. */
const NODES_PER_SECOND = 8;
/** Of so many nodes one does not come up and is put back. */
const FAILS_OF = 60;
const STEP_MS = 100;

/** What happens to one node: seconds after its beginning, as the engine tells it. */
const WAY: readonly (readonly [seconds: number, EventStep, EventState, string])[] = [
  [0, 'change', 'started', '/etc/nova/nova.conf: not set (off) -> 7200 s'],
  [0.3, 'change', 'done', '/etc/nova/nova.conf written, the old one is kept'],
  [0.3, 'restart', 'started', 'restarting nova-compute.service'],
  [1.2, 'restart', 'done', 'nova-compute.service runs anew, process 5405'],
  [1.3, 'gate', 'started', 'waiting for two heartbeats'],
];
const ENDS_AFTER = 6;

export type LiveRun = {
  readonly run: string;
  /** Settles when its last entry is written. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

type Due = {readonly at: number; readonly entry: (time: number) => JournalEntry};

function idOf(time: Date, name: string): string {
  const digits = time.toISOString().replaceAll(/[-:]/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(9, 15)}-${name}`;
}

function hostAt(index: number): string {
  return `fra1-cmp-${String(index + 1).padStart(3, '0')}`;
}

function scheduleOf(run: string, nodes: number): readonly Due[] {
  const due: Due[] = [];
  const ends: Record<string, NodeState> = {};
  for (let index = 0; index < nodes; index++) {
    const host = hostAt(index);
    const began = index / NODES_PER_SECOND;
    const tell = (after: number, step: EventStep, state: EventState, message: string) =>
      due.push({
        at: began + after,
        entry: (time) => ({type: 'event', event: {kind: 'step', time, run, host, step, state, message}}),
      });
    const target = `${host}/compute`;
    due.push({at: began, entry: (time) => ({type: 'intent', time, target, action: 'change'})});
    for (const [after, step, state, message] of WAY) tell(after, step, state, message);
    const isWell = index % FAILS_OF !== FAILS_OF - 1;
    const state = isWell ? 'done' : 'put-back';
    const message = isWell ? 'done' : 'active, but no heartbeat for 120 s: put back';
    if (isWell) tell(ENDS_AFTER, 'gate', 'done', 'nova-compute.service is up');
    else tell(ENDS_AFTER, 'put-back', 'done', 'the old file is back');
    due.push({at: began + ENDS_AFTER, entry: (time) => ({type: 'result', time, target, state, message})});
    tell(ENDS_AFTER, 'result', state, `nova-compute: ${message}`);
    ends[host] = state;
  }
  const next = [`back to before: reprieve rollback ${run}`];
  due.push({
    at: nodes / NODES_PER_SECOND + ENDS_AFTER,
    entry: (time) => ({
      type: 'event',
      event: {kind: 'end', time, run, outcome: 'partial', nodes: ends, next},
    }),
  });
  return due.toSorted((a, b) => a.at - b.at);
}

/** A run of this process on so many nodes that are not there, at the pace of a fast real one, until it has ended. */
export async function startLiveRun(env: Readonly<Record<string, string>>, nodes: number): Promise<LiveRun> {
  const run = idOf(new Date(), 'live');
  const targets = Array.from({length: nodes}, (_, index) => compute(hostAt(index)));
  const journal = await createJournals(journalDirectory(env, os.homedir())).create(run, {
    ...begin,
    run,
    time: Date.now(),
    wish: {kind: 'interval', intervalSeconds: 7200, hosts: undefined},
    settings: {
      ...begin.settings,
      batches: [
        {kind: 'count', count: 1},
        {kind: 'percent', percent: 10},
      ],
    },
  });
  const expectedSeconds = nodes / NODES_PER_SECOND + ENDS_AFTER;
  const made = plan({intervalSeconds: 7200, targets, expectedSeconds, createdAt: Date.now()});
  journal.append({type: 'plan', time: Date.now(), plan: made});
  journal.append({type: 'confirmed', time: Date.now(), destroy: 0, strand: 0});
  await journal.flush();
  const schedule = scheduleOf(run, nodes);
  const began = performance.now();
  const end = Promise.withResolvers<void>();
  let written = 0;
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    clearInterval(timer);
    await journal.close();
  };
  const write = (): void => {
    const passed = (performance.now() - began) / 1000;
    for (let due = schedule[written]; due !== undefined && due.at <= passed; due = schedule[written]) {
      journal.append(due.entry(Date.now()));
      written += 1;
    }
    if (written === schedule.length) close().then(end.resolve, end.reject);
  };
  const timer = setInterval(write, STEP_MS);
  return {
    run,
    ended: end.promise,
    async stop() {
      await close();
      end.resolve();
    },
  };
}

/** Journals of runs that have ended, one a day, the newest on `nodes` nodes and the others on a dozen. */
export async function writePastRuns(
  env: Readonly<Record<string, string>>,
  count: number,
  nodes: number,
): Promise<void> {
  const directory = journalDirectory(env, os.homedir());
  await mkdir(directory, {recursive: true, mode: 0o700});
  for (let days = 1; days <= count; days++) {
    const run = idOf(new Date(Date.now() - days * 86_400_000), 'past');
    const entries = entriesOf({run, seconds: 300, nodes: days === 1 ? nodes : 12});
    await writeFile(path.join(directory, `${run}.jsonl`), entries.map(toLine).join(''), {mode: 0o600});
  }
}
