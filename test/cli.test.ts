import {spawn} from 'node:child_process';
import {chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';

const CLI = fileURLToPath(new URL('../bin/cli.js', import.meta.url));
const INTERRUPTION = new URL('../source/interruption.js', import.meta.url).href;

type Result = {readonly code: number | null; readonly stdout: string; readonly stderr: string};
type Options = {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  /** Closes our end of stdout before the program can write, as `| head` does. */
  readonly isStdoutClosed?: boolean;
};

/** Runs the program with nothing of this machine's own settings. */
async function node(t: ExecutionContext, args: readonly string[], options: Options = {}): Promise<Result> {
  const home = await folder(t);
  return await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...(options.nodeArgs ?? []), ...args], {
      env: {PATH: process.env['PATH'], HOME: home, ...options.env},
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    if (options.isStdoutClosed === true) child.stdout.destroy();
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({code, stdout, stderr}));
  });
}

const reprieve = (t: ExecutionContext, args: readonly string[], options?: Options): Promise<Result> =>
  node(t, [CLI, ...args], options);

async function folder(t: ExecutionContext): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'reprieve-cli-'));
  t.teardown(() => rm(made, {recursive: true, force: true}));
  return made;
}

async function fileWith(t: ExecutionContext, name: string, text: string): Promise<string> {
  const file = path.join(await folder(t), name);
  await writeFile(file, text);
  return file;
}

const HOSTS =
  '[compute]\nn[1:3] ansible_user=stack\n[controllers]\nc1 ansible_host=10.0.0.1 ansible_port=2222\n';

test('--version prints the version of the package and loads nothing else', async (t) => {
  const hooks = `import {registerHooks} from 'node:module'; import {writeSync} from 'node:fs';
    registerHooks({load(url, context, next) { writeSync(2, url + '\\n'); return next(url, context); }});`;
  const result = await reprieve(t, ['--version'], {
    nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(hooks)}`],
  });
  const {version}: {version: string} = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  t.is(result.stdout, `${version}\n`);
  t.is(result.code, 0);
  const loaded = result.stderr.split('\n').filter((line) => line.startsWith('file:'));
  // Without what the bundler adds to the names.
  t.deepEqual(
    loaded.map((url) => path.basename(url, '.js').replace(/-[\w-]{8}$/, '')),
    ['cli', 'rolldown-runtime', 'version'],
  );
});

test('no arguments and --help print the help on stdout', async (t) => {
  for (const args of [[], ['--help'], ['inventory', '--help']]) {
    const {code, stdout, stderr} = await reprieve(t, args);
    t.is(code, 0);
    t.regex(stdout, /--inventory <file>/);
    t.is(stderr, '');
  }
});

test('wrong usage is one line on stderr, nothing on stdout, and 2', async (t) => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['invnetory'], "reprieve: unknown command 'invnetory'; did you mean inventory?\n"],
    [['inventory', '--jsno'], "reprieve: unknown option '--jsno'; did you mean --json?\n"],
    [
      ['inventory', '--inventory', '/nonexistent'],
      'reprieve: inventory /nonexistent: there is no such file; give an Ansible inventory with --inventory FILE\n',
    ],
    [
      ['inventory'],
      'reprieve: no inventory was given; give one with --inventory FILE, or name API nodes with --api-hosts\n',
    ],
    [
      ['inventory', '--api-hosts', 'a;b', '--json'],
      'reprieve: --api-hosts: "a;b" is not a host name: only letters, digits, "-", "_" and "." may be in it\n',
    ],
    [['completion', 'fsih'], 'reprieve: there is no completion for "fsih"; did you mean fish?\n'],
    [['--cloud'], "reprieve: option '--cloud <name>' argument missing; see: reprieve --help\n"],
  ];
  for (const [args, stderr] of cases) {
    t.deepEqual(await reprieve(t, args), {code: 2, stdout: '', stderr}, args.join(' '));
  }
});

test('a name with terminal escapes reaches stderr harmless', async (t) => {
  const inventory = await fileWith(t, 'hosts.yml', 'compute:\n  hosts:\n    "n1\\e]0;owned\\a": {}\n');
  const {code, stderr} = await reprieve(t, ['inventory', '--inventory', inventory]);
  t.is(code, 2);
  t.false(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/.test(stderr));
  t.is(stderr.split('\n').length, 2);
});

test('the nodes as a table, picked by a pattern', async (t) => {
  const inventory = await fileWith(t, 'hosts', HOSTS);
  const {code, stdout, stderr} = await reprieve(t, [
    'inventory',
    '--inventory',
    inventory,
    '--hosts',
    'all,!n[1:2]',
  ]);
  t.deepEqual(stdout.split('\n'), [
    'HOST  ROLES    REACHED AT     THROUGH  DEPLOYMENT',
    'n3    compute  stack@n3',
    'c1    api      10.0.0.1:2222',
    '',
  ]);
  t.is(stderr, '');
  t.is(code, 0);
});

test('with --json stdout is one JSON document, notices are on stderr', async (t) => {
  const inventory = await fileWith(t, 'hosts', `stray\n${HOSTS}`);
  const {code, stdout, stderr} = await reprieve(t, ['--json', 'inventory', '--inventory', inventory]);
  const document: {nodes: readonly {host: string; roles: readonly string[]}[]} = JSON.parse(stdout);
  t.deepEqual(
    document.nodes.map(({host, roles}) => [host, ...roles]),
    [
      ['n1', 'compute'],
      ['n2', 'compute'],
      ['n3', 'compute'],
      ['c1', 'api'],
    ],
  );
  t.is(stderr, 'notice: left out, because no group gives them a role: stray\n');
  t.is(code, 0);
});

test('flags win over the environment, the environment over the profile', async (t) => {
  const [fromProfile, fromEnv, fromFlag] = await Promise.all(
    ['profile', 'env', 'flag'].map((name) => fileWith(t, name, `[compute]\n${name}\n`)),
  );
  const config = path.join(await folder(t), 'config.yaml');
  await writeFile(config, `inventory: ${fromProfile}\njson: true\n`);
  const hostOf = async (args: readonly string[], env: Record<string, string> = {}) => {
    const {stdout} = await reprieve(t, ['inventory', '--profile', config, ...args], {env});
    const document: {nodes: readonly {host: string}[]} = JSON.parse(stdout);
    return document.nodes[0]?.host;
  };
  t.is(await hostOf([]), 'profile');
  t.is(await hostOf([], {REPRIEVE_INVENTORY: fromEnv ?? ''}), 'env');
  t.is(await hostOf(['--inventory', fromFlag ?? ''], {REPRIEVE_INVENTORY: fromEnv ?? ''}), 'flag');
});

test('the profile may hold the nodes and their overrides itself', async (t) => {
  const config = await fileWith(
    t,
    'config.yaml',
    'inventory:\n  compute:\n    hosts:\n      n1: {ansible_host: 10.0.0.1}\n      n2:\nnodes:\n  n2: {sysroot: /opt/nova}\n',
  );
  const {stdout} = await reprieve(t, ['inventory', '--profile', config, '--json']);
  const {nodes}: {nodes: readonly {address: string; sysroot: string | null}[]} = JSON.parse(stdout);
  t.deepEqual(
    nodes.map(({address, sysroot}) => [address, sysroot]),
    [
      ['10.0.0.1', null],
      ['n2', '/opt/nova'],
    ],
  );
});

test('nonsense in a profile is refused with file, line and reason', async (t) => {
  const config = await fileWith(t, 'config.yaml', '# mine\n\nread-only: perhaps\n');
  t.deepEqual(await reprieve(t, ['inventory', '--profile', config]), {
    code: 2,
    stdout: '',
    stderr: `reprieve: profile ${config}:3: read-only: "perhaps" is neither true nor false\n`,
  });
});

test('nonsense about looks is refused by every command, with what is allowed', async (t) => {
  const config = await fileWith(t, 'config.yaml', 'cloud: lab\ntheme: blue\n');
  for (const args of [['inventory'], ['runs'], ['demo']]) {
    t.deepEqual(await reprieve(t, [...args, '--profile', config]), {
      code: 2,
      stdout: '',
      stderr: `reprieve: profile ${config}:2: theme: "blue" is none of auto, dark, light, mono, reader\n`,
    });
  }
});

test('keys that cannot be are refused by every command, with file, line and both names', async (t) => {
  const config = await fileWith(t, 'config.yaml', 'cloud: lab\nkeys:\n  quit: Q\n  help: [f1, e]\n');
  for (const args of [['inventory'], ['runs'], ['demo']]) {
    t.deepEqual(await reprieve(t, [...args, '--profile', config]), {
      code: 2,
      stdout: '',
      stderr: `reprieve: profile ${config}:4: keys.help: e is command there too, the command that does the same (home); give help or command another key\n`,
    });
  }
});

test('symbols of the profile hold for what commands print too', async (t) => {
  const config = await fileWith(t, 'config.yaml', 'symbols: ascii\n');
  const {stdout} = await reprieve(t, ['demo', '--nodes', '2', '--profile', config, '--', 'status'], {
    env: {LANG: 'C.UTF-8'},
  });
  t.regex(stdout, /Cloud demo: delayed delete is off/);
  t.regex(stdout, /^\p{ASCII}*$/u);
});

test('completion works without a profile, also where the profile is broken', async (t) => {
  const config = await fileWith(t, 'config.yaml', '[');
  const {code, stdout} = await reprieve(t, ['completion', 'bash'], {env: {REPRIEVE_PROFILE: config}});
  t.is(code, 0);
  t.regex(stdout, /complete -F _reprieve reprieve/);
});

test('-v adds the stack and says what is done, the log file gets the error', async (t) => {
  const log = path.join(await folder(t), 'log');
  const {code, stderr} = await reprieve(t, [
    'inventory',
    '--inventory',
    '/nonexistent',
    '-v',
    '--log-file',
    log,
  ]);
  t.is(code, 2);
  t.regex(stderr, /caused by Error: ENOENT/);
  t.regex(
    await readFile(log, 'utf8'),
    /^\d{4}-\d\d-\d\dT[\d:.]+Z debug reprieve .*\n.*Z error inventory \/nonexistent: there is no such file; /,
  );
});

test('a reader that goes away ends the program quietly', async (t) => {
  for (const args of [['completion', 'zsh'], ['--version'], ['--help']]) {
    const {code, stderr} = await reprieve(t, args, {isStdoutClosed: true});
    t.is(stderr, '', args.join(' '));
    t.is(code, 0, args.join(' '));
  }
});

test('Ctrl-C ends with 130 and one line', async (t) => {
  const bin = await folder(t);
  const fake = path.join(bin, 'ansible-inventory');
  await writeFile(fake, '#!/bin/sh\nkill -INT $PPID\nexec sleep 60\n');
  await chmod(fake, 0o755);
  const inventory = await fileWith(t, 'hosts.yml', 'plugin: slow\n');
  const result = await reprieve(t, ['inventory', '--inventory', inventory], {
    env: {PATH: `${bin}:${process.env['PATH']}`},
  });
  t.deepEqual(result, {code: 130, stdout: '', stderr: 'reprieve: interrupted\n'});
});

/** A program that sends itself a signal, and a second one when the first arrived. */
const program = (second: string): string => `
    import {listenForInterruption} from ${JSON.stringify(INTERRUPTION)};
    const {signal} = listenForInterruption();
    const busy = setInterval(() => {}, 1000);
    let count = 0;
    process.on(${JSON.stringify(second)}, () => {
      count++;
      if (count === 1) process.kill(process.pid, ${JSON.stringify(second)});
      else { console.log(String(signal.aborted)); clearInterval(busy); }
    });
    process.kill(process.pid, ${JSON.stringify(second)});`;

test('a second Ctrl-C ends at once, a second SIGHUP does not', async (t) => {
  const twice = (name: string) => node(t, ['--input-type=module', '-e', program(name)]);
  t.deepEqual(await twice('SIGINT'), {code: 130, stdout: '', stderr: ''});
  t.deepEqual(await twice('SIGTERM'), {code: 130, stdout: '', stderr: ''});
  t.deepEqual(await twice('SIGHUP'), {code: 0, stdout: 'true\n', stderr: ''});
});
