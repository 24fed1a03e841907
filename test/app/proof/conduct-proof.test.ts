// One server of one's own goes through delayed delete; whatever goes wrong, it is removed or named.
import test from 'ava';
import {conductProof} from '../../../source/app/proof/conduct-proof.js';
import {MARK, type ProofEnd, type ProofEvent} from '../../../source/app/proof/proof-types.js';
import type {ComputeService} from '../../../source/domain/fleet/compute-api.js';
import {type Behaviour, FakeServers, FLAVOR, IMAGE} from '../../helpers/fake-servers.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';

const NAME = 'reprieve-proof-abcd1234';
const WISH = {name: NAME, flavor: FLAVOR, image: IMAGE, run: '20261122-180000-abcd', by: 'root@bastion'};

type Conducted = {
  readonly end: ProofEnd;
  readonly events: readonly ProofEvent[];
  readonly servers: FakeServers;
  readonly seconds: number;
  /** `create done`, without the waiting. */
  readonly steps: readonly string[];
};

async function conduct(
  behaviour: Partial<Behaviour> = {},
  {
    onEvent = () => undefined,
    hostState = 'up',
  }: {
    readonly onEvent?: (event: ProofEvent, stop: () => void, servers: FakeServers) => void;
    readonly hostState?: ComputeService['state'];
  } = {},
): Promise<Conducted> {
  const clock = new VirtualClock();
  const servers = new FakeServers(clock, behaviour);
  // Somebody else's, which nothing may touch.
  servers.put({id: 'other', name: 'db-orders-01'});
  servers.put({id: 'namesake', name: `${NAME}-2`});
  const service: ComputeService = {
    id: '1',
    binary: 'nova-compute',
    host: 'compute-1',
    zone: 'nova',
    status: 'enabled',
    state: hostState,
    disabledReason: undefined,
    isForcedDown: false,
    updatedAt: undefined,
  };
  const stop = new AbortController();
  const events: ProofEvent[] = [];
  const end = await conductProof(
    {servers, clock, cloud: {services: async () => [service]}},
    WISH,
    (event) => {
      events.push(event);
      onEvent(event, () => stop.abort(new DOMException('stopped', 'AbortError')), servers);
    },
    stop.signal,
  );
  const steps = events
    .filter(({state}) => state === 'done' || state === 'failed')
    .map(({step, state}) => `${step} ${state}`);
  return {end, events, servers, seconds: clock.seconds(), steps};
}

/** Only the server that was made was acted on, and the others are there. */
function touchedOnlyItsOwn({servers}: Conducted): boolean {
  const ids = servers.calls.filter((call) => !call.startsWith('create ')).map((call) => call.split(' ')[1]);
  return (
    ids.every((id) => id === 'id-3') &&
    servers.names.includes('db-orders-01') &&
    servers.names.includes(`${NAME}-2`)
  );
}

test('a server is created, deleted, seen SOFT_DELETED, restored and removed', async (t) => {
  const done = await conduct();
  t.deepEqual(done.steps, ['create done', 'delete done', 'soft-deleted done', 'restore done', 'remove done']);
  t.deepEqual(done.servers.calls, [`create ${NAME}`, 'delete id-3', 'restore id-3', 'forceDelete id-3']);
  t.is(done.end.outcome, 'proved');
  t.is(done.end.left, undefined);
  t.deepEqual(done.servers.names, ['db-orders-01', `${NAME}-2`]);
  t.is(
    done.events.find(({step, state}) => step === 'create' && state === 'done')?.message,
    'ACTIVE on compute-1',
  );
  t.true(done.seconds < 20, String(done.seconds));
});

for (const [words, behaviour, outcome, verdict, remedy] of [
  [
    'it does not start',
    {create: 'error'},
    'open',
    /did not start: No valid host was found\.$/,
    /another flavor/,
  ],
  [
    'quota is used up',
    {create: 'quota'},
    'open',
    /^Nothing is proved: Nova refuses for lack of quota\.$/,
    undefined,
  ],
  [
    'it builds for ever',
    {create: 'builds-for-ever'},
    'open',
    /within 5 min; it is BUILD, spawning\.$/,
    /log/,
  ],
  [
    'nova-api fails at the delete',
    {delete: 'refused'},
    'disproved',
    /HTTP 500 to DELETE\)\.$/,
    /cannot read/,
  ],
  [
    'the delete is final',
    {delete: 'final'},
    'disproved',
    /was destroyed at once\.$/,
    /nova-api runs without the interval/,
  ],
  [
    'the delete comes to nothing',
    {delete: 'idle'},
    'disproved',
    /the deleted server is ACTIVE\.$/,
    /compute-1/,
  ],
  [
    'the delete ends in ERROR',
    {delete: 'error'},
    'disproved',
    /is ERROR: ConfigFileValueError\.$/,
    /compute-1/,
  ],
  ['the delete hangs', {delete: 'for-ever'}, 'open', /after 2 min it is ACTIVE, soft-deleting\.$/, undefined],
  [
    'the restore fails',
    {restore: 'fails'},
    'disproved',
    /was not restored: it is SOFT_DELETED\.$/,
    /compute-1/,
  ],
  [
    'the restore is refused',
    {restore: 'quota'},
    'disproved',
    /not restored: Nova refuses for lack of quota\.$/,
    /Free some/,
  ],
  [
    'it is reclaimed meanwhile',
    {restore: 'reclaimed'},
    'disproved',
    /Nova destroyed it meanwhile\.$/,
    /its time was over/,
  ],
  [
    'the restore hangs',
    {restore: 'for-ever'},
    'disproved',
    /after 2 min it is SOFT_DELETED, restoring\.$/,
    undefined,
  ],
] as const) {
  test(`${words}: said in a sentence, and the server is removed`, async (t) => {
    const done = await conduct(behaviour);
    t.is(done.end.outcome, outcome);
    t.regex(done.end.verdict, verdict);
    if (remedy === undefined) t.true(done.end.remedy === undefined || done.end.remedy !== '');
    else t.regex(done.end.remedy ?? '', remedy);
    t.is(done.end.left, undefined);
    t.true(touchedOnlyItsOwn(done), done.servers.calls.join());
    t.false(done.servers.names.includes(NAME));
  });
}

test('a delete is final because the host is down: that is told instead', async (t) => {
  const {end} = await conduct({delete: 'final'}, {hostState: 'down'});
  t.is(end.outcome, 'disproved');
  t.regex(end.remedy ?? '', /nova-compute of compute-1 is down/);
});

test('a delete whose answer is lost is not sent again; what is seen counts', async (t) => {
  const done = await conduct({delete: 'no-answer'});
  t.is(done.end.outcome, 'proved');
  t.is(done.servers.calls.filter((call) => call.startsWith('delete')).length, 1);
  t.false(done.steps.includes('delete done'), 'what was only sent is not done');
});

test('a server whose creation was not answered is found by its name and goes on', async (t) => {
  const done = await conduct({create: 'no-answer', listedAfterMs: 6000});
  t.is(done.end.outcome, 'proved');
  t.true(touchedOnlyItsOwn(done));
});

test('a server that may or may not have been made is told as such, and nothing is touched', async (t) => {
  const done = await conduct({create: 'never-made'});
  t.is(done.end.outcome, 'open');
  t.like(done.end.left, {id: undefined, name: NAME});
  t.deepEqual(done.servers.calls, [`create ${NAME}`]);
});

test('lists that are late are a note, no failure', async (t) => {
  const done = await conduct({listedAfterMs: 60_000});
  t.is(done.end.outcome, 'proved');
  const seen = done.events.findLast(({step}) => step === 'soft-deleted');
  t.is(seen?.message, 'SOFT_DELETED, but lists of servers do not show it yet');
});

test('Nova that does not answer for a while uses up time only', async (t) => {
  const done = await conduct({silentAfter: 'create', silentTimes: 8});
  t.is(done.end.outcome, 'proved');
  t.true(done.events.some(({message}) => message.includes('the connection was refused')));
});

for (const step of ['delete', 'restore']) {
  test(`a ${step} that Nova neither answered nor took says nothing about delayed delete`, async (t) => {
    const done = await conduct({silentAfter: step, silentTimes: 3});
    t.is(done.end.outcome, 'open');
    t.regex(done.end.verdict, /^Nothing is proved: .*connection was refused, and nothing came of it\.$/);
    t.is(done.end.left, undefined);
  });
}

test('Nova that stops answering: nothing is proved, and the server that is left is named', async (t) => {
  const done = await conduct({silentAfter: 'restore'});
  t.is(done.end.outcome, 'open');
  t.regex(done.end.verdict, /was not restored: after 2 min .*connection was refused/);
  t.like(done.end.left, {id: 'id-3', name: NAME});
  t.regex(done.end.left?.problem ?? '', /connection was refused/);
  t.true(done.seconds < 600, 'bounded');
});

test('forceDelete that Nova takes and forgets is asked for again', async (t) => {
  const done = await conduct({forceDelete: 'forgotten-once'});
  t.is(done.servers.calls.filter((call) => call.startsWith('forceDelete')).length, 2);
  t.is(done.end.left, undefined);
});

for (const [words, behaviour, problem] of [
  ['is refused', {forceDelete: 'refused'}, /does not permit/],
  ['ends in ERROR', {forceDelete: 'error'}, /^it is ERROR/],
  ['hangs', {forceDelete: 'for-ever'}, /^it is ACTIVE, deleting/],
] as const) {
  test(`a removal that ${words}: the proof holds, and what is left is named`, async (t) => {
    const done = await conduct(behaviour);
    t.is(done.end.outcome, 'proved');
    t.like(done.end.left, {id: 'id-3', name: NAME});
    t.regex(done.end.left?.problem ?? '', problem);
    t.is(done.steps.at(-1), 'remove failed');
  });
}

for (const step of ['create', 'delete', 'soft-deleted', 'restore'] as const) {
  test(`stopped during ${step}: the server is removed`, async (t) => {
    const done = await conduct({}, {onEvent: (event, stop) => event.step === step && stop()});
    t.is(done.end.outcome, 'stopped');
    t.is(done.end.left, undefined);
    t.false(done.servers.names.includes(NAME));
    t.true(touchedOnlyItsOwn(done));
  });
}

test('stopped before Nova has answered to the creation: it is waited for, and removed', async (t) => {
  const isAsked = ({message}: ProofEvent) => message.includes('looks for it by its name');
  const done = await conduct(
    {create: 'no-answer', listedAfterMs: 4000},
    {onEvent: (event, stop) => isAsked(event) && stop()},
  );
  t.is(done.end.outcome, 'stopped');
  t.false(done.servers.names.includes(NAME));
  t.is(done.end.left, undefined);
});

test('a server with our id that does not carry our mark is not touched', async (t) => {
  const done = await conduct(
    {},
    {
      onEvent({step, state, id}, _stop, servers) {
        if (step === 'create' && state === 'waiting' && id !== undefined) {
          servers.put({id, name: 'db-orders-01', metadata: new Map([[MARK, 'another']])});
        }
      },
    },
  );
  t.is(done.end.outcome, 'open');
  t.deepEqual(done.servers.calls, [`create ${NAME}`]);
  t.regex(done.end.left?.problem ?? '', /does not carry the mark/);
});
