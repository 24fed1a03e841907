import test from 'ava';
import type {IntervalReading} from '../../../source/domain/fleet/interval-change.js';
import {
  anotherDelete,
  type AnotherDeleteFacts,
  API_LOOK_HOLDS_MS,
  type ApiHost,
  rescueOf,
} from '../../../source/domain/reclaim/another-delete.js';
import type {HostService} from '../../../source/domain/reclaim/standing.js';

const NOW = 1_000_000;
const value = (seconds: number): IntervalReading => ({kind: 'value', seconds});
const UNSET: IntervalReading = {kind: 'unset'};
const EMPTY: IntervalReading = {kind: 'empty'};
const INVALID: IntervalReading = {kind: 'invalid', problem: '"2h"'};
const UNKNOWN: IntervalReading = {kind: 'unknown', problem: 'no process runs'};
const UP: HostService = {kind: 'listed', state: 'up', isForcedDown: false};

function api(host: string, running: IntervalReading, next = running, seenAt = NOW - 1000): ApiHost {
  return {host, seenAt, look: {kind: 'seen', running, next}};
}

const ON = api('api-1', value(3600));

function facts(changes: Partial<AnotherDeleteFacts> = {}): AnotherDeleteFacts {
  return {
    api: {kind: 'looked', hosts: [ON]},
    host: 'compute-1',
    service: UP,
    interval: value(7200),
    now: NOW,
    ...changes,
  };
}

/** `final api-off host-down`, `soft 7200`. */
function words(changes: Partial<AnotherDeleteFacts>): string {
  const found = anotherDelete(facts(changes));
  if (found.kind === 'soft') return `soft ${found.seconds}`;
  return [found.kind, ...found.reasons.map(({kind}) => kind)].join(' ');
}

const APIS: readonly (readonly [name: string, api: AnotherDeleteFacts['api'], verdict: string])[] = [
  ['on', {kind: 'looked', hosts: [ON]}, ''],
  ['on with another number each', {kind: 'looked', hosts: [ON, api('api-2', value(1))]}, ''],
  ['off', {kind: 'looked', hosts: [api('api-1', value(0))]}, 'final api-off'],
  ['unset', {kind: 'looked', hosts: [api('api-1', UNSET)]}, 'final api-off'],
  ['empty', {kind: 'looked', hosts: [api('api-1', EMPTY)]}, 'final api-off'],
  ['one of two off', {kind: 'looked', hosts: [ON, api('api-2', UNSET)]}, 'final api-off'],
  ['off although its file is on', {kind: 'looked', hosts: [api('api-1', UNSET, value(9))]}, 'final api-off'],
  ['unreadable', {kind: 'looked', hosts: [api('api-1', INVALID)]}, 'unsure api-odd'],
  ['negative', {kind: 'looked', hosts: [api('api-1', value(-1))]}, 'unsure api-odd'],
  ['not running', {kind: 'looked', hosts: [api('api-1', UNKNOWN)]}, 'unsure api-unseen'],
  [
    'on until its next start',
    {kind: 'looked', hosts: [api('api-1', value(9), UNSET)]},
    'unsure api-turns-off',
  ],
  [
    'unseen',
    {kind: 'looked', hosts: [{...ON, look: {kind: 'unseen', problem: 'refused'}}]},
    'unsure api-unseen',
  ],
  [
    'one of two unseen',
    {kind: 'looked', hosts: [ON, {...ON, host: 'api-2', look: {kind: 'unseen', problem: 'refused'}}]},
    'unsure api-unseen',
  ],
  [
    'one off, one unseen',
    {kind: 'looked', hosts: [api('api-1', UNSET), {...ON, look: {kind: 'unseen', problem: 'refused'}}]},
    'final api-off api-unseen',
  ],
  [
    'seen too long ago',
    {kind: 'looked', hosts: [{...ON, seenAt: NOW - API_LOOK_HOLDS_MS - 1}]},
    'unsure api-old',
  ],
  [
    'seen by a clock that was set back since',
    {kind: 'looked', hosts: [{...ON, seenAt: NOW + API_LOOK_HOLDS_MS + 1}]},
    'unsure api-old',
  ],
  ['seen just in time', {kind: 'looked', hosts: [{...ON, seenAt: NOW - API_LOOK_HOLDS_MS}]}, ''],
  ['none known', {kind: 'looked', hosts: []}, 'unsure no-api-host'],
  ['not looked at', {kind: 'unseen', problem: 'nobody looked'}, 'unsure api-not-looked-at'],
];

const HOSTS: readonly (readonly [
  name: string,
  facts: Pick<AnotherDeleteFacts, 'host' | 'service'>,
  verdict: string,
])[] = [
  ['up', {host: 'compute-1', service: UP}, ''],
  ['down', {host: 'compute-1', service: {...UP, state: 'down'}}, 'final host-down'],
  ['forced down', {host: 'compute-1', service: {...UP, isForcedDown: true}}, 'final forced-down'],
  [
    'forced down, and down',
    {host: 'c', service: {...UP, state: 'down', isForcedDown: true}},
    'final forced-down',
  ],
  [
    'in a state that Nova does not tell',
    {host: 'c', service: {...UP, state: 'unknown'}},
    'unsure service-unknown',
  ],
  ['not listed', {host: 'compute-1', service: {kind: 'missing'}}, 'final no-service'],
  ['none', {host: undefined, service: {kind: 'missing'}}, 'final no-host'],
  ['none, and the services unseen', {host: undefined, service: {kind: 'unseen'}}, 'unsure service-unseen'],
  ['of an unseen service', {host: 'compute-1', service: {kind: 'unseen'}}, 'unsure service-unseen'],
];

/** Two verdicts as one: the worse kind, and the reasons of both. */
function both(one: string, other: string): string {
  const parts = [one, other].filter((verdict) => verdict !== '').map((verdict) => verdict.split(' '));
  if (parts.length === 0) return 'soft 7200';
  const kind = parts.some(([first]) => first === 'final') ? 'final' : 'unsure';
  return [kind, ...parts.flatMap(([, ...reasons]) => reasons)].join(' ');
}

for (const [name, half, apiVerdict] of APIS) {
  test(`another DELETE where nova-api is ${name}, with every kind of host`, (t) => {
    for (const [host, changes, hostVerdict] of HOSTS) {
      t.is(words({api: half, ...changes}), both(apiVerdict, hostVerdict), `the host is ${host}`);
    }
  });
}

test('it is soft in exactly the cases where both halves are surely on', (t) => {
  const soft = APIS.flatMap(([name, half]) =>
    HOSTS.filter(([, changes]) => words({api: half, ...changes}).startsWith('soft')).map(
      ([host]) => `${name}, ${host}`,
    ),
  );
  t.deepEqual(soft, ['on, up', 'on with another number each, up', 'seen just in time, up']);
});

test('the new wait is that of the own host', (t) => {
  t.is(words({interval: value(60)}), 'soft 60');
  t.is(words({interval: UNKNOWN}), 'soft undefined');
  for (const never of [UNSET, EMPTY, INVALID, value(0), value(-5)]) {
    t.is(words({interval: never}), 'soft Infinity');
  }
});

test('each reason tells which host it is about', (t) => {
  const hosts = [
    api('api-1', value(0)),
    api('api-2', value(-1)),
    api('api-3', value(9), EMPTY),
    {...ON, host: 'api-4', seenAt: NOW - 45_000},
  ];
  const found = anotherDelete(facts({api: {kind: 'looked', hosts}, service: {...UP, state: 'down'}}));
  t.deepEqual(found, {
    kind: 'final',
    reasons: [
      {kind: 'api-off', host: 'api-1', reading: value(0)},
      {kind: 'api-odd', host: 'api-2', reading: value(-1)},
      {kind: 'api-turns-off', host: 'api-3', next: EMPTY},
      {kind: 'api-old', host: 'api-4', ageSeconds: 45},
      {kind: 'host-down', host: 'compute-1'},
    ],
  });
});

test('a failed restore is deleted again exactly where that is surely soft, else set to ERROR, with the reasons', (t) => {
  for (const isAdmin of [true, false, undefined]) {
    for (const [name, half] of APIS) {
      for (const [host, changes] of HOSTS) {
        const given = facts({api: half, ...changes});
        const again = anotherDelete(given);
        t.deepEqual(
          rescueOf(given, isAdmin),
          again.kind === 'soft'
            ? {kind: 'delete-again', seconds: 7200}
            : {kind: 'set-error', reasons: again.reasons, isAdmin},
          `${name}, ${host}`,
        );
      }
    }
  }
});

test('with the API half unseen only ERROR is offered', (t) => {
  const found = rescueOf(facts({api: {kind: 'unseen', problem: 'nobody looked'}}), true);
  t.deepEqual(found, {
    kind: 'set-error',
    reasons: [{kind: 'api-not-looked-at', problem: 'nobody looked'}],
    isAdmin: true,
  });
});

test('on a host that reclaims nothing no rescue is needed; where its interval is unknown it is', (t) => {
  for (const interval of [UNSET, EMPTY, INVALID, value(0), value(-5)]) {
    t.deepEqual(rescueOf(facts({interval}), true), {kind: 'not-needed', interval});
  }
  t.deepEqual(rescueOf(facts({interval: UNKNOWN}), true), {kind: 'delete-again', seconds: undefined});
});
