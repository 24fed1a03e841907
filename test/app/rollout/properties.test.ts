import test from 'ava';
import fc from 'fast-check';
import {FakeFleet, type Fault} from '../../helpers/fake-fleet.js';
import type {Ended} from '../../helpers/fake-process.js';
import type {Health} from '../../helpers/fake-node.js';
import {watchInvariants} from '../../helpers/fleet-invariants.js';

const FAULTS: readonly Fault[] = ['refused', 'lost-before', 'lost-after', 'late', 'garbage', 'cut'];
const HEALTHS: readonly Health[] = ['fails', 'loops', 'mute'];

const plan = fc.record({
  computes: fc.integer({min: 1, max: 5}),
  apis: fc.integer({min: 0, max: 2}),
  mixed: fc.integer({min: 0, max: 1}),
  isShared: fc.boolean(),
  before: fc.constantFrom(undefined, '0', '60', '9000'),
  wanted: fc.constantFrom(0, 600, 7200),
  faultRate: fc.constantFrom(0, 0, 0.05, 0.2),
  faultSeed: fc.nat(),
  bad: fc.array(fc.record({node: fc.nat(7), health: fc.constantFrom(...HEALTHS), isAlways: fc.boolean()}), {
    maxLength: 2,
  }),
  killAfter: fc.option(fc.integer({min: 2, max: 60}), {nil: undefined}),
  losesUnflushed: fc.boolean(),
  outage: fc.option(fc.record({from: fc.integer({min: 0, max: 40}), seconds: fc.constantFrom(5, 100, 900)}), {
    nil: undefined,
  }),
  leaveAt: fc.option(fc.integer({min: 0, max: 60}), {nil: undefined}),
});

/** A number from 0 to 1 that depends on the words only. */
function chance(seed: number, ...words: readonly (string | number)[]): number {
  let hash = seed ^ 0x9e3779b9;
  for (const letter of words.join('|'))
    hash = (Math.imul(hash ^ letter.charCodeAt(0), 0x85ebca6b) >>> 7) ^ (hash << 5);
  return (Math.imul(hash, 0xc2b2ae35) >>> 0) / 2 ** 32;
}

test('whatever fails and whenever it is killed, no run breaks what it promises', async (t) => {
  t.timeout(240_000);
  await fc.assert(
    fc.asyncProperty(plan, async (one) => {
      const {before, wanted, outage} = one;
      const fleet = new FakeFleet({
        ...one,
        ...(before === undefined ? {} : {compute: before, api: before}),
      });
      const problems = watchInvariants(fleet);
      const contents = () =>
        JSON.stringify(fleet.nodes.map(({files}) => [...files].map(([path, {bytes}]) => [path, bytes])));
      const [bytesBefore, runningBefore] = [contents(), JSON.stringify(fleet.running())];
      const target = String(wanted);
      for (const {node, health, isAlways} of one.bad) {
        const sick = fleet.nodes[node % fleet.nodes.length];
        if (sick !== undefined) {
          sick.healthOf = (_role, value) => (isAlways || value === target ? health : 'up');
        }
      }
      let isRough = true;
      fleet.faultOf = ({node, title, count}) => {
        if (!isRough || chance(one.faultSeed, node, title, count) >= one.faultRate) return undefined;
        return FAULTS[Math.floor(chance(one.faultSeed, count, title, node) * FAULTS.length)];
      };
      fleet.isNovaDown = () =>
        isRough &&
        outage !== undefined &&
        fleet.clock.seconds() >= outage.from &&
        fleet.clock.seconds() < outage.from + outage.seconds;
      const settings = {computesOnly: one.apis + one.mixed === 0, skipUnreachable: false};
      const ends: Ended[] = [];
      const process = fleet.process({
        settings,
        losesUnflushed: one.losesUnflushed,
        ...(one.killAfter === undefined ? {} : {diesAfter: one.killAfter}),
      });
      if (one.leaveAt !== undefined) {
        void fleet.clock.sleep(one.leaveAt * 1000).then(() => process.stop.abort(new Error('leave')));
      }
      ends.push(await process.apply(wanted));
      isRough = false;
      // What runs late on nodes ends, and what hung in between comes to rest.
      await fleet.clock.sleep(1_000_000);
      const run = ends[0]?.run ?? '';
      for (let turn = 0; turn < 6 && (fleet.journals.get(run)?.length ?? 0) > 0; turn += 1) {
        const states = Object.values(ends.at(-1)?.end?.nodes ?? {pending: 'pending'});
        const isOpen = states.some((state) =>
          ['pending', 'unknown', 'not-touched', 'waiting'].includes(state),
        );
        if (!isOpen && ends.at(-1)?.end?.outcome !== 'interrupted' && fleet.locks().length === 0) break;
        ends.push(await fleet.process({settings}).resume(run));
        await fleet.clock.sleep(60_000);
      }

      const said = ends.flatMap(({events}) =>
        events.flatMap((event) => (event.kind === 'step' ? [event] : [])),
      );
      const story = () =>
        JSON.stringify(
          {
            ends: ends.map(({end, error, isDead}) => end ?? error?.message ?? {isDead}),
            running: fleet.running(),
            said: said.map(({time, host, step, state, message}) =>
              [(time - fleet.clock.start) / 1000, host, step, state, message].join(' '),
            ),
          },
          null,
          1,
        );
      const must = (isTrue: boolean, what: string) => {
        if (!isTrue) throw new Error(`${what}\n${story()}`);
      };
      must(problems.length === 0, problems.join('; '));
      for (const node of fleet.nodes) {
        for (const {role} of node.units) {
          const isJournalled = fleet.journals
            .get(run)
            ?.some(
              (entry) =>
                entry.type === 'result' &&
                entry.target === `${node.name}/${role}` &&
                entry.state === 'failed',
            );
          const isTold =
            isJournalled === true ||
            said.some(
              (event) =>
                event.host === node.name &&
                event.step === 'result' &&
                ['failed', 'unknown'].includes(event.state),
            );
          const [file, process_] = [node.valueIn(role), node.runs(role)];
          // Where both roles read one file, the one whose turn has not come is as it was until then.
          const isShared =
            one.isShared && node.units.some((unit) => unit.role !== role && unit.value === file);
          must(
            file === process_ || isTold || isShared,
            `${node.name}/${role} is half-set: file ${file}, process ${process_}`,
          );
          must([before, target].includes(file), `${node.name}/${role} has ${file}`);
        }
        if (node.lock === undefined) continue;
        const isNamed =
          said.some((event) => event.host === node.name && event.step === 'unlock') ||
          // A run that is not over, since Nova cannot be asked at all or it was refused, keeps its locks.
          ends.at(-1)?.error !== undefined ||
          ends.every(({isDead}) => isDead);
        must(isNamed, `the lock of ${node.name} stays and nobody said so`);
      }
      if (ends.at(-1)?.end?.outcome !== 'done' || bytesBefore === contents()) return;
      for (const node of fleet.nodes) node.healthOf = () => 'up';
      const back = await fleet.process({settings}).rollback(run);
      ends.push(back);
      must(back.end?.outcome === 'rolled-back', `rollback: ${back.error?.message}`);
      must(contents() === bytesBefore, 'rollback left other bytes');
      must(JSON.stringify(fleet.running()) === runningBefore, 'rollback left other processes');
      must(problems.length === 0, problems.join('; '));
      must(fleet.locks().length === 0, 'rollback left locks');
    }),
    {numRuns: 150, endOnFailure: false, verbose: 0},
  );
  t.pass();
});
