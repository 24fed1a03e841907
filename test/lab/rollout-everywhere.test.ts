// A run on two computes and the API is killed at every boundary, the tool and then the line, and resumed: each
// time the nodes end whole and set. An hour for each release, so only for test:lab:full; LAB_PART=tool or
// LAB_PART=line does half of it.
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {isFull} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {cutNow, cutWhenState} from '../helpers/lab-cut.js';
import {labNode, openLab} from '../helpers/lab.js';
import {lookAtNodes} from '../helpers/lab-node-state.js';
import {labOperator} from '../helpers/lab-operator.js';
import {resetLab} from '../helpers/lab-reset.js';
import {fits, type ProgramEvent} from '../helpers/program.js';

/** An event by which a run can be told how far it is. */
type Boundary = {readonly host: string; readonly step: string; readonly state: string};

const HOSTS = ['compute-1', 'compute-2', 'controller'];
const PER_NODE: readonly Omit<Boundary, 'host'>[] = [
  {step: 'change', state: 'started'},
  {step: 'change', state: 'done'},
  {step: 'restart', state: 'started'},
  {step: 'restart', state: 'done'},
  {step: 'gate', state: 'started'},
  {step: 'gate', state: 'done'},
  {step: 'result', state: 'done'},
];
const BOUNDARIES: readonly Boundary[] = [
  ...HOSTS.map((host) => ({host, step: 'facts', state: 'done'})),
  {host: 'controller', step: 'lock', state: 'done'},
  ...HOSTS.flatMap((host) => PER_NODE.map((each) => ({host, ...each}))),
];
/** What the change program writes into its state file on the node, one after the other. */
const STATES = ['begun', 'backing-up', 'writing', 'written', 'restarting', 'restart-asked'];

const part = process.env['LAB_PART'];
const toolTest = isFull && part !== 'line' ? test.serial : test.serial.skip;
const lineTest = isFull && part !== 'tool' ? test.serial : test.serial.skip;

if (isFull) {
  const lab = await openLab();
  const cloud = await openLabCloud(lab);
  const operator = await labOperator(lab);
  const nodes = HOSTS.map((host) => labNode(lab, host));
  const flags = ['--yes', '--batch', '1'];
  let interval = 3600;

  test.before(async () => {
    await resetLab(lab, cloud);
    const all = lab.computes.map(({host}) => host).filter((host) => !HOSTS.includes(host));
    const first = await operator.run([
      ...['apply', '--interval', String(interval), ...flags, '--batch', '100%'],
      ...['--hosts', HOSTS.join(','), '--accept-stuck', all.join(',')],
    ]);
    if (first.code !== 0) throw new Error(`the first run failed: ${first.stdout}${first.stderr}`);
  });
  test.after.always(async () => {
    await operator.remove();
    await resetLab(lab, cloud);
  });

  /** Longer and shorter in turn, so that each case changes every node. */
  const apply = () => {
    interval = interval === 3600 ? 7200 : 3600;
    return ['apply', '--interval', String(interval), ...flags, '--hosts', HOSTS.join(',')];
  };

  const isWholeAndSet = async (t: ExecutionContext, began: number) => {
    for (const [host, seen] of await lookAtNodes(lab, nodes)) {
      t.like(seen, {interval, isFresh: true, active: 'active', leftovers: []}, host);
    }
    t.log(`${Math.round((performance.now() - began) / 1000)} s`);
  };

  const resume = async (t: ExecutionContext, run: string) => {
    const resumed = await operator.run(['resume', run, ...flags]);
    t.is(resumed.code, 0, resumed.stdout + resumed.stderr);
    t.is(resumed.end?.outcome, 'done', resumed.stdout);
  };

  toolTest('a run that nobody disturbs passes these boundaries and no others', async (t) => {
    const began = performance.now();
    const {code, stdout, events} = await operator.run(apply());
    t.is(code, 0, stdout);
    const isKnown = (event: ProgramEvent) =>
      event.outcome !== undefined ||
      event.step === 'impact' ||
      // The other computes are looked at too: the API may only go on when all of them reclaim.
      event.step === 'facts' ||
      BOUNDARIES.some((boundary) => fits(boundary, event));
    t.deepEqual(
      events.filter((event) => !isKnown(event)),
      [],
    );
    for (const boundary of BOUNDARIES) {
      t.true(
        events.some((event) => fits(boundary, event)),
        name(boundary),
      );
    }
    await isWholeAndSet(t, began);
  });

  for (const boundary of BOUNDARIES) {
    toolTest(`the tool is killed at ${name(boundary)}`, async (t) => {
      const began = performance.now();
      const killed = await operator.run(apply(), (event, program) => {
        if (fits(boundary, event)) program.signal('SIGKILL');
      });
      t.is(killed.signal, 'SIGKILL');
      await resume(t, killed.events[0]?.run ?? '');
      await isWholeAndSet(t, began);
    });

    lineTest(`the line is cut at ${name(boundary)}`, async (t) => {
      const began = performance.now();
      const cuts: Promise<void>[] = [];
      const ended = await operator.run(apply(), (event) => {
        if (cuts.length === 0 && fits(boundary, event)) cuts.push(cutNow(lab, boundary.host));
      });
      await Promise.all(cuts);
      t.is(cuts.length, 1);
      if (ended.end?.outcome !== 'done') {
        t.log(ended.end?.outcome ?? ended.stderr);
        await resume(t, ended.events[0]?.run ?? '');
      }
      await isWholeAndSet(t, began);
    });
  }

  for (const host of ['compute-1', 'controller']) {
    for (const state of STATES) {
      lineTest(`the line is cut while the program on ${host} says ${state}`, async (t) => {
        const began = performance.now();
        await cutWhenState(lab, host, state);
        const ended = await operator.run(apply());
        if (ended.end?.outcome !== 'done') {
          t.log(ended.end?.outcome ?? ended.stderr);
          await resume(t, ended.events[0]?.run ?? '');
        }
        await isWholeAndSet(t, began);
      });
    }
  }
} else {
  toolTest('the tool is killed at every boundary (only in test:lab:full)', (t) => t.pass());
  lineTest('the line is cut at every boundary (only in test:lab:full)', (t) => t.pass());
}

function name({host, step, state}: Boundary): string {
  return `${host} ${step} ${state}`;
}
