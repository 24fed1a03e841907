import {readFileSync} from 'node:fs';
import test from 'ava';
import {wouldReclaim} from '../../../source/domain/reclaim/periodic-task.js';

type Case = {
  readonly id: string;
  readonly input: {
    readonly compute_host: string;
    readonly instance_host: string;
    readonly deleted_at: string | null;
    readonly now: string;
    readonly interval: number;
    readonly task_state: string | null;
    readonly vm_state: string;
  };
  readonly expect: {readonly reclaim_attempted: boolean};
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Our own file.
const {cases} = JSON.parse(readFileSync('test/fixtures/conformance/reclaim.json', 'utf8')) as {
  readonly cases: readonly Case[];
};

/** `2026-03-01T12:00:00.000001`, UTC, as epoch microseconds. */
function microseconds(text: string): number {
  const [whole = '', fraction = ''] = text.split('.');
  return Date.parse(`${whole}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
}

for (const {id, input, expect} of cases) {
  test(`${id} is what Nova answered`, (t) => {
    const row = {
      vmState: input.vm_state,
      taskState: input.task_state ?? undefined,
      host: input.instance_host,
      deletedAt: input.deleted_at === null ? undefined : microseconds(input.deleted_at),
    };
    const interval = {kind: 'value', seconds: input.interval} as const;
    t.is(wouldReclaim(row, input.compute_host, microseconds(input.now), interval), expect.reclaim_attempted);
  });
}

test('a service that cannot read its value reclaims nothing', (t) => {
  const row = {vmState: 'soft-delete', taskState: undefined, host: 'c1', deletedAt: undefined};
  for (const interval of [
    {kind: 'unset'},
    {kind: 'empty'},
    {kind: 'invalid', problem: 'no number'},
    {kind: 'unknown', problem: 'not looked at'},
  ] as const) {
    t.false(wouldReclaim(row, 'c1', 1e15, interval), interval.kind);
  }
});
