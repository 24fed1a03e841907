import test from 'ava';
import {UserError} from '../../source/app/errors.js';
import {commonFlags} from '../../source/commands/common-flags.js';
import {nameOf, option, parseText, toggle, wholeNumber, type FlagSet} from '../../source/commands/flag.js';
import {flagValues, profileValues, type ProfileValue} from '../../source/commands/flag-values.js';
import {runFlags, runSettings} from '../../source/commands/run-flags.js';

type Given = {
  readonly line?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly profile?: Readonly<Record<string, unknown>>;
};

function values<Set extends FlagSet>(flags: Set, {line = {}, env = {}, profile = {}}: Given) {
  return flagValues(flags, {
    commandLine: (flag) => line[nameOf(flag)],
    environment: env,
    profile: new Map(
      Object.entries(profile).map(([key, value]): [string, ProfileValue] => [
        key,
        {value, place: 'p.yaml:7'},
      ]),
    ),
  });
}

test('the command line wins over the environment, the environment over the profile', (t) => {
  const profile = {cloud: 'c'};
  t.is(values(commonFlags, {line: {cloud: 'a'}, env: {OS_CLOUD: 'b'}, profile}).cloud, 'a');
  t.is(values(commonFlags, {env: {OS_CLOUD: 'b'}, profile}).cloud, 'b');
  t.is(values(commonFlags, {env: {OS_CLOUD: ''}, profile}).cloud, 'c');
  t.is(values(commonFlags, {}).cloud, undefined);
});

test('OS_* variables win over a cloud of the profile, and over nothing else in it', (t) => {
  const place = 'p.yaml:1';
  const held = new Map([
    ['cloud', {value: 'lab', place}],
    ['parallel', {value: 3, place}],
  ]);
  t.deepEqual([...profileValues(held, {OS_AUTH_URL: 'http://127.0.0.1:5000'}).keys()], ['parallel']);
  t.deepEqual([...profileValues(held, {OS_AUTH_URL: ''}).keys()], ['cloud', 'parallel']);
});

test('NO_COLOR means no, whatever it holds', (t) => {
  t.true(values(commonFlags, {env: {NO_COLOR: '0'}}).noColor);
  t.false(values(commonFlags, {env: {NO_COLOR: ''}}).noColor);
});

test('the defaults of a run are those of the promise', (t) => {
  t.deepEqual(runSettings(values(runFlags, {})), {
    batches: [
      {kind: 'count', count: 1},
      {kind: 'percent', percent: 10},
      {kind: 'percent', percent: 50},
    ],
    parallel: 50,
    maxFailures: 2,
    apiWaitSeconds: 600,
    upWithinSeconds: 120,
    restart: true,
    computesOnly: false,
    skipUnreachable: false,
    acceptStuck: [],
    strand: undefined,
    destroy: undefined,
    breakLock: undefined,
  });
});

test('run flags become settings', (t) => {
  const line = {
    batch: '2,100%',
    'api-wait': '90s',
    'no-restart': 'true',
    'accept-stuck': 'a, b',
    destroy: '0',
    'break-lock': '20261122-184500-x7k2',
  };
  const settings = runSettings(values(runFlags, {line}));
  t.deepEqual(settings.batches, [
    {kind: 'count', count: 2},
    {kind: 'percent', percent: 100},
  ]);
  t.is(settings.apiWaitSeconds, 90);
  t.false(settings.restart);
  t.deepEqual(settings.acceptStuck, ['a', 'b']);
  t.is(settings.destroy, 0);
  t.is(settings.breakLock, '20261122-184500-x7k2');
});

test('the profile holds numbers, texts, switches and lists', (t) => {
  const profile = {
    parallel: 10,
    'api-wait': 30,
    batch: [1, '50%'],
    'no-restart': true,
    'computes-only': false,
  };
  const settings = runSettings(values(runFlags, {profile}));
  t.is(settings.parallel, 10);
  t.is(settings.apiWaitSeconds, 30);
  t.is(settings.batches.length, 2);
  t.false(settings.restart);
  t.false(settings.computesOnly);
});

const BAD: readonly (readonly [string, Given, RegExp])[] = [
  ['a batch of nothing', {line: {batch: '0'}}, /^--batch: "0" is neither/],
  ['a batch above 100 %', {line: {batch: '1,101%'}}, /^--batch: "101%"/],
  ['no nodes in parallel', {line: {parallel: '0'}}, /^--parallel: "0" is not a whole number from 1 to 1000/],
  ['a negative count', {line: {destroy: '-1'}}, /^--destroy/],
  ['a fraction', {line: {'max-failures': '1.5'}}, /^--max-failures/],
  [
    'a wait that is none',
    {line: {'api-wait': 'soon'}},
    /^--api-wait: "soon" is not a time to wait, such as 90s or 10m$/,
  ],
  ['an unknown transport', {line: {transport: 'rsh'}}, /^--transport: "rsh" is none of ssh2, openssh$/],
  ['a run that is none', {line: {'break-lock': '../x'}}, /^--break-lock/],
  ['an empty list', {line: {'accept-stuck': ','}}, /^--accept-stuck: it names nothing/],
  ['nonsense in the profile', {profile: {parallel: 'many'}}, /^profile p\.yaml:7: parallel: "many"/],
  ['a mapping in the profile', {profile: {parallel: {a: 1}}}, /^profile p\.yaml:7: parallel: a text/],
  [
    'a standing permission to destroy',
    {profile: {destroy: 5}},
    /^profile p\.yaml:7: destroy may not be in a profile/,
  ],
];

for (const [what, given, message] of BAD) {
  test(`${what} is wrong usage, with its place`, (t) => {
    const error = t.throws(() => values(runFlags, given), {instanceOf: UserError, message});
    t.is(error.kind, 'usage');
  });
}

test('a variable with nonsense is named', (t) => {
  t.throws(() => values(commonFlags, {env: {REPRIEVE_READ_ONLY: 'perhaps'}}), {
    message: /^the variable REPRIEVE_READ_ONLY: "perhaps" is neither true nor false$/,
  });
});

test('API hosts are host names', (t) => {
  t.deepEqual(values(commonFlags, {line: {'api-hosts': 'a,b'}}).apiHosts, ['a', 'b']);
  t.throws(() => values(commonFlags, {line: {'api-hosts': 'a,b;c'}}), {message: /^--api-hosts: "b;c"/});
});

test('values have the types of their flags', (t) => {
  const flags = {
    name: option('--name <text>', '', parseText),
    count: option('--count <n>', '', wholeNumber(0, 9)),
    loud: toggle('--loud', ''),
  };
  const {name, count, loud}: {name: string | undefined; count: number | undefined; loud: boolean} = values(
    flags,
    {
      line: {name: 'x', count: '3'},
    },
  );
  t.deepEqual({name, count, loud}, {name: 'x', count: 3, loud: false});
});
