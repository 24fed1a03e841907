import test from 'ava';
import {UserError} from '../../source/app/errors.js';
import {defineCommand} from '../../source/commands/command.js';
import {commonFlags} from '../../source/commands/common-flags.js';
import {oneOf, option, parseText, toggle} from '../../source/commands/flag.js';
import {readCommandLine, describeCommands} from '../../source/commands/program.js';

const flags = {
  output: option('-o, --output <file>', 'where to', parseText, {completes: 'file'}),
  kind: option('--kind <word>', 'what', oneOf('a', 'b'), {completes: ['a', 'b']}),
  noRestart: toggle('--no-restart', 'no restart'),
};
const run = () => Promise.resolve(0 as const);
const plan = defineCommand({
  name: 'plan',
  summary: 'plans',
  flags,
  args: [{syntax: '[FILE]', help: 'a file'}],
  run,
});
const get = defineCommand({name: 'get', summary: 'gets', args: [{syntax: '<NAME...>', help: 'names'}], run});
const conf = defineCommand({name: 'conf', summary: 'files', commands: [get]});
const registry = [
  {name: 'plan', summary: 'plans', load: () => Promise.resolve(plan)},
  {name: 'conf', summary: 'files', load: () => Promise.resolve(conf)},
  {name: 'lazy', summary: 'is not loaded', load: () => Promise.reject(new Error('loaded without need'))},
];

const read = (...args: readonly string[]) => readCommandLine(args, registry, '1.2.3');

async function running(...args: readonly string[]) {
  const request = await read(...args);
  if (request.kind !== 'run') throw new Error(`not run: ${request.text}`);
  return request;
}

test('common flags count before and after the command', async (t) => {
  for (const args of [
    ['--cloud', 'lab', 'plan'],
    ['plan', '--cloud', 'lab'],
    ['plan', '--cloud=lab', '--json'],
  ]) {
    const {definition, given} = await running(...args);
    t.is(definition, plan);
    t.is(given(commonFlags.cloud), 'lab');
    t.is(given(commonFlags.yes), undefined);
  }
});

test('a flag that a command and one below it both have is that of the one that is named', async (t) => {
  const word = () => option('--kind <word>', 'what', parseText);
  const [outer, inner] = [word(), word()];
  const below = defineCommand({name: 'below', summary: 'is below', flags: {kind: inner}, run});
  const above = defineCommand({
    name: 'above',
    summary: 'is above',
    flags: {kind: outer},
    commands: [below],
    run,
  });
  const commands = [...registry, {name: 'above', summary: 'is above', load: () => Promise.resolve(above)}];
  const given = async (...args: readonly string[]) => {
    const request = await readCommandLine(args, commands, '1.2.3');
    if (request.kind !== 'run') throw new Error('not run');
    return [request.definition.name, request.given(outer), request.given(inner)];
  };
  t.deepEqual(await given('above'), ['above', undefined, undefined]);
  t.deepEqual(await given('above', '--kind', 'x'), ['above', 'x', undefined]);
  t.deepEqual(await given('--cloud', 'c', 'above', 'below', '--kind', 'x'), ['below', undefined, 'x']);
  t.deepEqual(await given('above', 'below'), ['below', undefined, undefined]);
  await t.throwsAsync(() => given('above', 'blow'), {instanceOf: UserError});
});

test('--cloud may be given several times for commands that take several, each cloud once', async (t) => {
  const watch = defineCommand({name: 'watch', summary: 'watches', takesClouds: true, run});
  const commands = [...registry, {name: 'watch', summary: 'watches', load: () => Promise.resolve(watch)}];
  const args = ['--cloud', 'a', 'watch', '--cloud=b', '--cloud', 'a'];
  const request = await readCommandLine(args, commands, '1.2.3');
  if (request.kind !== 'run') throw new Error('not run');
  t.deepEqual(request.clouds, ['a', 'b']);
  t.deepEqual((await running('plan', '--cloud', 'a', '--cloud', 'a')).clouds, ['a']);
  t.deepEqual((await running('plan')).clouds, []);
  const error = await t.throwsAsync(async () => read('plan', '--cloud', 'a', '--cloud', 'b'), {
    instanceOf: UserError,
  });
  t.is(error?.kind, 'usage');
  t.is(error?.message, 'plan works with one cloud, and --cloud names 2: a, b');
});

test('flags of the command, arguments, and what was not given', async (t) => {
  const {args, given} = await running('plan', 'p.json', '-o', 'out', '--no-restart', '-v');
  t.deepEqual(args, ['p.json']);
  t.is(given(flags.output), 'out');
  t.is(given(flags.noRestart), 'true');
  t.is(given(commonFlags.verbose), 'true');
  t.is(given(flags.kind), undefined);
  t.is(given(commonFlags.noColor), undefined);
});

test('the last of repeated flags counts', async (t) => {
  t.is((await running('plan', '--kind', 'a', '--kind', 'b')).given(flags.kind), 'b');
});

test('commands below a command', async (t) => {
  const {definition, args} = await running('conf', 'get', 'a', 'b', '--json');
  t.is(definition, get);
  t.deepEqual(args, ['a', 'b']);
});

test('words after -- are arguments', async (t) => {
  t.deepEqual((await running('plan', '--', '--kind')).args, ['--kind']);
});

test('help and version are printed, and load only what they show', async (t) => {
  for (const args of [['--help'], ['-h'], ['help'], []]) {
    const request = await read(...args);
    t.true(request.kind === 'print' && /lazy +is not loaded/.test(request.text), args.join(' '));
  }
  for (const args of [
    ['plan', '--help'],
    ['help', 'plan'],
    ['plan', '-h', '--json'],
  ]) {
    const request = await read(...args);
    t.true(request.kind === 'print' && /--kind <word>[^]*Global Options:[^]*--cloud/.test(request.text));
  }
  t.deepEqual(await read('--version', '--json'), {kind: 'print', text: '1.2.3\n'});
});

test('without a command home runs where it can, with common flags; help stays help', async (t) => {
  const home = defineCommand({name: 'home', summary: 'home', isScreen: true, run});
  const withHome = (...args: readonly string[]) =>
    readCommandLine(args, registry, '1.2.3', () => Promise.resolve(home));
  for (const args of [[], ['--cloud', 'lab'], ['-v']]) {
    const request = await withHome(...args);
    t.true(request.kind === 'run' && request.definition === home, args.join(' '));
  }
  const request = await withHome('--cloud', 'lab');
  t.is(request.kind === 'run' ? request.given(commonFlags.cloud) : undefined, 'lab');
  t.like(await withHome('--help'), {kind: 'print'});
  t.like(await withHome('--version'), {kind: 'print'});
  t.like(await withHome('plan'), {definition: plan});
  await t.throwsAsync(() => withHome('paln'), {message: "unknown command 'paln'"});
  await t.throwsAsync(() => withHome('--cluod', 'x'), {message: "unknown option '--cluod'"});
});

const BAD: readonly (readonly [readonly string[], string, string])[] = [
  [['paln'], "unknown command 'paln'", 'did you mean plan?'],
  [['zzzzz'], "unknown command 'zzzzz'", 'see: reprieve --help'],
  [['plan', '--knid', 'a'], "unknown option '--knid'", 'did you mean --kind?'],
  [['plan', '--cluod', 'a'], "unknown option '--cluod'", 'did you mean --cloud?'],
  [['--cluod', 'a', 'plan'], "unknown option '--cluod'", 'did you mean --cloud?'],
  [['plan', '--kind'], "option '--kind <word>' argument missing", 'see: reprieve plan --help'],
  [
    ['plan', 'a', 'b'],
    "too many arguments for 'plan'. Expected 1 argument but got 2.",
    'see: reprieve plan --help',
  ],
  [['--json'], 'no command was given', 'see: reprieve --help'],
  [['help', 'paln'], "unknown command 'paln'", 'did you mean plan?'],
  [['conf'], 'conf needs a command after it: get', 'see: reprieve conf --help'],
  [['conf', 'gte'], "unknown command 'gte'", 'did you mean get?'],
  [['conf', 'zzzzz'], "unknown command 'zzzzz'", 'see: reprieve conf --help'],
  [['conf', 'get'], "missing required argument 'NAME'", 'see: reprieve conf get --help'],
  [['--json', 'conf', 'get'], "missing required argument 'NAME'", 'see: reprieve conf get --help'],
];

for (const [args, message, remedy] of BAD) {
  test(`"${args.join(' ')}" is wrong usage: ${message}`, async (t) => {
    const error = await t.throwsAsync(() => read(...args), {instanceOf: UserError, message});
    t.is(error.kind, 'usage');
    t.is(error.remedy, remedy);
  });
}

test('the tree for completion has every command with every flag', async (t) => {
  const tree = await describeCommands(registry.slice(0, 2));
  t.deepEqual(
    tree.commands.map(({name, commands}) => [name, commands.map((below) => below.name)]),
    [
      ['plan', []],
      ['conf', ['get']],
    ],
  );
  const names = tree.commands[0]?.flags.flatMap((flag) => flag.names) ?? [];
  for (const name of ['-o', '--output', '--kind', '--no-restart', '--cloud', '--help'])
    t.true(names.includes(name), name);
});
