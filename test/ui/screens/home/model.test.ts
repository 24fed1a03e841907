import test from 'ava';
import type {HomeFinding, HomeSource} from '../../../../source/app/home/look-home.js';
import {
  startHome,
  updateHome,
  type HomeAction,
  type HomeState,
} from '../../../../source/ui/screens/home/model.js';
import {homeRows, type RowId} from '../../../../source/ui/screens/home/rows.js';
import {verdictWords} from '../../../../source/ui/screens/home/verdict-words.js';
import {
  figures,
  homeWith,
  NAMED,
  NOW,
  OPTIONS,
  type Said,
  servers,
  services,
  setup,
  SIGNED_IN,
  trouble,
} from '../../../helpers/home-states.js';
import {RUNS, summaryOf} from '../../../helpers/run-summaries.js';

const silence = (source: HomeSource, at = NOW, message = 'Nova does not answer.'): HomeFinding => ({
  source,
  kind: 'failed',
  at,
  problem: {message, remedy: undefined, isSilence: true},
});

/** Acts one after the other; gives the state and what is looked at after the last one. */
function after(
  state: HomeState,
  ...actions: readonly HomeAction[]
): {state: HomeState; looks: readonly string[]} {
  let looks: readonly string[] = [];
  let now = state;
  for (const action of actions) {
    const next = updateHome(now, action);
    now = next.state;
    looks = next.effects.map((effect) =>
      effect.kind === 'look' ? effect.source : effect.kind === 'open' ? `open ${effect.name}` : effect.kind,
    );
  }
  return {state: now, looks};
}

const found = (finding: HomeFinding): HomeAction => ({type: 'found', finding});
const tick = (now: number): HomeAction => ({type: 'tick', now});
const row = (state: HomeState, id: RowId) => homeRows(state).find((one) => one.id === id);

test('it begins with the cloud and the last run, the rest follows the sign-in', (t) => {
  const start = startHome(OPTIONS);
  t.deepEqual(start.effects, [
    {kind: 'look', source: 'cloud'},
    {kind: 'look', source: 'runs'},
  ]);
  const named = after(start.state, tick(NOW), found(NAMED));
  t.deepEqual(named.looks, ['memory']);
  t.deepEqual(after(named.state, found(SIGNED_IN)).looks, ['services', 'setup', 'follow']);
});

test('sources are asked again after their time, and never twice at once', (t) => {
  const state = homeWith([NAMED, SIGNED_IN, services(), setup(), servers(3)]);
  const looksAt = (from: HomeState, ...actions: readonly HomeAction[]) =>
    after(from, ...actions).looks.filter((look) => look !== 'ask-servers');
  t.deepEqual(looksAt(state, tick(NOW + 8000)), []);
  t.deepEqual(looksAt(state, tick(NOW + 9000)), ['services']);
  const next = after(state, tick(NOW + 9000)).state;
  t.deepEqual(looksAt(next, tick(NOW + 30_000)), []);
  t.deepEqual(looksAt(next, found(services()), tick(NOW + 60_000)), ['services']);
  t.deepEqual(looksAt(state, tick(NOW + 599_000)), ['services', 'setup']);
});

test('who comes back from another screen has the servers asked for at once', (t) => {
  const state = homeWith([NAMED, SIGNED_IN, services(), setup(), servers(3)]);
  t.deepEqual(after(state, tick(NOW + 1000)).looks, []);
  const away = after(state, {type: 'open', name: 'runs'}).state;
  t.deepEqual(after(away, tick(NOW + 1000)).looks, ['ask-servers']);
  t.deepEqual(after(away, tick(NOW + 1000), tick(NOW + 2000)).looks, []);
  // The palette opens screens too, and tells nobody.
  t.deepEqual(after(state, tick(NOW + 5000)).looks, ['ask-servers']);
});

test('ctrl-r asks for everything that is not being asked, nodes included', (t) => {
  const state = homeWith([NAMED, SIGNED_IN, services(), setup(), servers(3)]);
  t.deepEqual(after(state, {type: 'look-again'}).looks, ['services', 'setup', 'follow']);
});

test('a cloud that is silent is tried again, one that refuses only by ctrl-r', (t) => {
  const silent = homeWith([silence('cloud')]);
  t.deepEqual(after(silent, tick(NOW + 20_000)).looks, ['cloud']);
  const refusal: HomeFinding = {
    source: 'cloud',
    kind: 'failed',
    at: NOW,
    problem: {message: 'Keystone refuses user "admin".', remedy: 'Check the password.', isSilence: false},
  };
  const refused = homeWith([NAMED, refusal]);
  t.deepEqual(after(refused, tick(NOW + 3_600_000)).looks, []);
  t.deepEqual(after(refused, {type: 'look-again'}).looks, ['cloud']);
  t.like(verdictWords(refused), {
    meaning: 'failed',
    sentence: 'fra1 does not let us in.',
    more: ['Keystone refuses user "admin".', 'Check the password.'],
  });
});

test('a source that fails keeps what it said, and the log has each cause once', (t) => {
  const state = homeWith([NAMED, SIGNED_IN, services(), setup()]);
  const failed = after(
    state,
    found(silence('services', NOW + 10_000)),
    found(silence('services', NOW + 20_000)),
  );
  t.like(row(failed.state, 'services'), {value: '496 of 496 up', meaning: 'ok'});
  t.is(failed.state.services.answeredAt, NOW);
  t.is(failed.state.log.filter(({text}) => text === 'Nova does not answer.').length, 1);
  const back = after(failed.state, found(services([], NOW + 30_000)));
  t.is(back.state.log[0]?.text, 'Nova answers again');
  t.is(back.state.services.answeredAt, NOW + 30_000);
});

test('where it cannot be asked at all, it is unknown and says why', (t) => {
  const state = homeWith([NAMED, SIGNED_IN, silence('setup'), silence('services')]);
  t.like(verdictWords(state), {
    sentence: 'Whether delayed delete is on is unknown.',
    more: ['Nova does not answer.'],
  });
  t.like(row(state, 'compute'), {meaning: 'failed', value: 'no answer'});
});

const VERDICTS: readonly (readonly [string, readonly Said[], string])[] = [
  ['on', [services(), setup()], 'Delayed delete is on. 2 h.'],
  [
    'wrong on nodes, and on a compute that is down',
    [
      services(['down-1']),
      setup({
        verdict: {kind: 'wrong', intervalSeconds: 7200, wrong: 1, unseen: 1},
        troubles: [trouble('compute', 'off', 'cmp-1'), trouble('compute', 'unseen', 'cmp-2')],
      }),
    ],
    'Delayed delete is on, but wrong on 2 nodes and unknown on 1 other. 2 h.',
  ],
  [
    'on, though a compute is down: wrong there',
    [services(['down-1']), setup()],
    'Delayed delete is on, but wrong on 1 node. 2 h.',
  ],
  [
    'a compute that is down and out of reach counts once',
    [
      services(['cmp-2.example.org']),
      setup({
        verdict: {kind: 'wrong', intervalSeconds: 7200, wrong: 0, unseen: 1},
        troubles: [trouble('compute', 'unseen', 'cmp-2')],
      }),
    ],
    'Delayed delete is on, but wrong on 1 node. 2 h.',
  ],
  [
    'unseen only',
    [
      services(),
      setup({
        verdict: {kind: 'wrong', intervalSeconds: 7200, wrong: 0, unseen: 2},
        troubles: [trouble('compute', 'unseen', 'cmp-1'), trouble('compute', 'not-listed', 'cmp-2')],
      }),
    ],
    'Delayed delete is on where it was seen, and unknown on 2 nodes. 2 h.',
  ],
  [
    'off',
    [services(['down-1']), setup({verdict: {kind: 'off'}})],
    'Delayed delete is off. A deleted server is gone at once.',
  ],
  [
    'unknown',
    [setup({verdict: {kind: 'unknown', why: 'no API node is known', remedy: undefined}})],
    'Whether delayed delete is on is unknown.',
  ],
];

for (const [title, findings, words] of VERDICTS) {
  test(`verdict: ${title}`, (t) => {
    const {sentence, aside} = verdictWords(homeWith([NAMED, SIGNED_IN, ...findings]));
    t.is([sentence, aside].filter((part) => part !== '').join(' '), words);
  });
}

test('while it looks, what was seen last time stands with its time', (t) => {
  const state = homeWith([
    NAMED,
    {
      source: 'memory',
      kind: 'found',
      at: NOW,
      setup: {
        at: Date.parse('2026-11-22T02:40:00Z'),
        verdict: 'on',
        api: {good: 3, of: 3},
        computes: {good: 493, of: 496},
        intervalSeconds: 7200,
      },
    },
  ]);
  t.like(verdictWords(state), {sentence: 'Looking at fra1.', aside: '1 s   at 02:40 it was on, 2 h'});
  t.like(row(state, 'compute'), {
    meaning: 'not-begun',
    value: undefined,
    detail: {long: 'needs SSH; at 02:40 it was 493 of 496 at 2 h'},
  });
});

test('figures grow while nodes are looked at, and the verdict waits for them', (t) => {
  const part: HomeFinding = {
    source: 'setup',
    kind: 'part',
    at: NOW,
    figures: figures({
      verdict: {kind: 'looking'},
      computes: {good: 120, on: 120, of: 496, awaited: 376},
    }),
  };
  const state = homeWith([NAMED, SIGNED_IN, part]);
  t.is(verdictWords(state).sentence, 'Looking at fra1.');
  t.like(row(state, 'compute'), {meaning: 'soon', value: '120 of 496'});
  const again = homeWith([NAMED, SIGNED_IN, setup(), part]);
  t.like(row(again, 'compute'), {meaning: 'ok', value: '496 of 496 at 2 h'});
});

test('a problem names the digit that helps, where that screen exists', (t) => {
  const off = setup({
    verdict: {kind: 'wrong', intervalSeconds: 7200, wrong: 1, unseen: 0},
    troubles: [trouble('compute', 'off', 'cmp-1')],
  });
  t.like(row(homeWith([NAMED, SIGNED_IN, off]), 'compute'), {meaning: 'stuck', digit: '2'});
  const without = homeWith([NAMED, SIGNED_IN, off], {options: {...OPTIONS, places: []}});
  t.is(row(without, 'compute')?.digit, undefined);
});

test('servers that are left while delayed delete is off are stuck', (t) => {
  const state = homeWith([NAMED, SIGNED_IN, setup({verdict: {kind: 'off'}}), servers(3)]);
  t.like(row(state, 'servers'), {meaning: 'stuck', value: '3 soft-deleted'});
  const few = homeWith([NAMED, SIGNED_IN, setup(), servers(3, 'Nova drops the filters')]);
  t.like(row(few, 'servers'), {meaning: 'unknown', detail: {short: 'maybe more: Nova drops the filters'}});
});

test('the digits open their screens', (t) => {
  t.deepEqual(after(homeWith([]), {type: 'open', name: 'runs'}).looks, ['open runs']);
});

test('a run that came to its end has nodes looked at again: what was seen before is no longer true', (t) => {
  const [shape] = RUNS;
  if (shape === undefined) throw new Error('there are no runs');
  const runs = (last: ReturnType<typeof summaryOf> | undefined): HomeAction =>
    found({source: 'runs', kind: 'found', at: NOW, last});
  const ended = summaryOf(shape);
  const running = {...ended, state: 'running'} as const;
  const {state} = after(homeWith([NAMED, SIGNED_IN, setup(), servers(3)]), runs(undefined));
  t.deepEqual(after(state, runs(running)).looks, []);
  t.deepEqual(after(state, runs(running), runs(ended)).looks, ['setup', 'follow']);
  t.deepEqual(after(state, runs(ended), runs(ended)).looks, []);
  // What is read first is no news.
  t.deepEqual(after(homeWith([NAMED, SIGNED_IN, setup()]), runs(ended)).looks, []);
});
