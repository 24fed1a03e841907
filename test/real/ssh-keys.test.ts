import {execFile, execFileSync, spawn} from 'node:child_process';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {fingerprint} from '../../source/adapters/ssh/known-hosts.js';
import {createSsh2Shell} from '../../source/adapters/ssh/ssh2-shell.js';
import type {SshSettings} from '../../source/adapters/ssh/settings.js';
import {closing, options, refusal, script, summary, transports} from '../helpers/ssh-shells.js';
import {type TestSshd, makeKey, startSshd} from '../helpers/sshd.js';

const execute = promisify(execFile);
type Context = {teardown(work: () => Promise<void> | void): void};

async function server(t: Context, lines: readonly string[] = []): Promise<TestSshd> {
  const started = await startSshd({lines});
  t.teardown(() => started.stop());
  return started;
}

/** Settings with these identity lines and nothing else to log in with. */
async function settings(
  own: TestSshd,
  identity: readonly string[],
  more: Partial<SshSettings> = {},
): Promise<SshSettings> {
  const configFile = path.join(own.home, '.ssh/config');
  const known = path.join(own.home, '.ssh/known_hosts');
  await writeFile(
    configFile,
    [
      'HostName 127.0.0.1',
      `Port ${own.port}`,
      'User root',
      `UserKnownHostsFile ${known}`,
      ...identity,
      '',
    ].join('\n'),
  );
  return {
    home: own.home,
    localUser: 'root',
    localHostName: 'h',
    environment: {PATH: process.env['PATH']},
    configFile,
    ...more,
  };
}

/** Lets a key log in, besides those that may already. */
async function authorize(own: TestSshd, file: string): Promise<void> {
  await writeFile(path.join(own.folder, 'authorized_keys'), await readFile(`${file}.pub`), {flag: 'a'});
}

async function agent(t: Context, own: TestSshd, keys: readonly string[]): Promise<string> {
  const socket = path.join(own.folder, 'agent');
  const child = spawn('ssh-agent', ['-D', '-a', socket], {stdio: ['ignore', 'pipe', 'ignore']});
  t.teardown(() => void child.kill());
  await new Promise((resolve) => child.stdout.once('data', resolve));
  for (const key of keys)
    await execute('ssh-add', ['-q', key], {env: {...process.env, SSH_AUTH_SOCK: socket}});
  return socket;
}

test('keys of every kind log in', async (t) => {
  const own = await server(t);
  for (const kind of ['rsa', 'ecdsa', 'ed25519']) {
    const file = path.join(own.home, `.ssh/kind-${kind}`);
    await makeKey(file, kind);
    await authorize(own, file);
    const shell = closing(t, createSsh2Shell(await settings(own, [`IdentityFile ${file}`])));
    t.is(summary(await shell.run({name: 'n'}, script('echo in'), options())), '0: in', kind);
  }
});

test('a passphrase is asked once for all nodes, and again only when it does not open the key', async (t) => {
  const own = await server(t);
  const file = path.join(own.home, '.ssh/locked');
  await makeKey(file, 'ed25519', 'open sesame');
  await authorize(own, file);
  const asked: string[] = [];
  const passphrase = (key: string, attempt: number) => {
    asked.push(`${path.basename(key)} ${attempt}`);
    return Promise.resolve(attempt === 1 ? 'open barley' : 'open sesame');
  };
  const shell = closing(
    t,
    createSsh2Shell(await settings(own, [`IdentityFile ${file}`], {secrets: {passphrase}})),
  );
  const runs = ['a', 'b', 'c'].map((name) => shell.run({name}, script('echo in'), options()));
  t.deepEqual((await Promise.all(runs)).map(summary), ['0: in', '0: in', '0: in']);
  t.deepEqual(asked, ['locked 1', 'locked 2']);
});

test('a passphrase is not asked for where the server does not want the key', async (t) => {
  const own = await server(t);
  const file = path.join(own.home, '.ssh/locked');
  await makeKey(file, 'ed25519', 'open sesame');
  const passphrase = () => Promise.reject(new Error('asked'));
  const identity = [`IdentityFile ${file}`, `IdentityFile ${path.join(own.home, '.ssh/id_ed25519')}`];
  const shell = closing(t, createSsh2Shell(await settings(own, identity, {secrets: {passphrase}})));
  t.is(summary(await shell.run({name: 'n'}, script('echo in'), options())), '0: in');
});

test('a key that stays shut is named, also without the time of asking running out', async (t) => {
  const own = await server(t);
  const file = path.join(own.home, '.ssh/locked');
  await makeKey(file, 'ed25519', 'open sesame');
  await authorize(own, file);
  const identity = [`IdentityFile ${file}`];
  const without = closing(t, createSsh2Shell(await settings(own, identity)));
  const error = await refusal(without.run({name: 'n'}, script('id'), options()));
  t.is(error.reason, 'authentication');
  t.regex(error.message, /locked, \(needs a passphrase, none was given\)/);
  const slow = async () => {
    await new Promise((resolve) => setTimeout(resolve, 4500));
    return 'open sesame';
  };
  const more = {connectTimeoutMs: 4000, secrets: {passphrase: slow}};
  const patient = closing(t, createSsh2Shell(await settings(own, identity, more)));
  t.is(summary(await patient.run({name: 'n'}, script('echo in'), options())), '0: in');
});

for (const [name, create] of Object.entries(transports)) {
  test(`${name}: the agent signs, and IdentitiesOnly keeps its other keys back`, async (t) => {
    const own = await server(t, ['MaxAuthTries 3']);
    const good = path.join(own.home, '.ssh/id_ed25519');
    const others: string[] = [];
    for (const index of [1, 2, 3, 4]) {
      const file = path.join(own.folder, `other${index}`);
      await makeKey(file, 'ed25519', '', `other ${index}`);
      others.push(file);
    }
    const socket = await agent(t, own, [...others, good]);
    const environment = {PATH: process.env['PATH'], SSH_AUTH_SOCK: socket};
    const crowded = closing(t, create(await settings(own, ['IdentityFile none'], {environment})));
    const error = await refusal(crowded.run({name: 'n'}, script('id'), options()));
    t.is(error.reason, 'authentication', error.message);
    // The private half is only in the agent; its public half on disk says which key to use.
    await rm(good);
    const identity = [`IdentityFile ${good}`, 'IdentitiesOnly yes'];
    const shell = closing(t, create(await settings(own, identity, {environment})));
    t.is(summary(await shell.run({name: 'n'}, script('echo in'), options())), '0: in');
  });

  test(`${name}: a server that is known by a certificate authority`, async (t) => {
    const own = await server(t);
    const authority = path.join(own.folder, 'authority');
    await makeKey(authority, 'ed25519');
    execFileSync('ssh-keygen', [
      '-q',
      '-s',
      authority,
      '-I',
      'host',
      '-h',
      '-n',
      '127.0.0.1',
      path.join(own.folder, 'host_ed25519.pub'),
    ]);
    const certified = await startSshd({
      home: own.home,
      hostKeys: ['rsa'],
      lines: [`HostKey ${own.folder}/host_ed25519`, `HostCertificate ${own.folder}/host_ed25519-cert.pub`],
    });
    t.teardown(() => certified.stop());
    const [type = '', key = ''] = (await readFile(`${authority}.pub`, 'utf8')).split(' ');
    const known = path.join(own.home, '.ssh/known_hosts');
    await writeFile(known, `@cert-authority [127.0.0.1]:${certified.port},127.0.0.1 ${type} ${key}\n`);
    const identity = [`IdentityFile ${path.join(own.home, '.ssh/id_ed25519')}`];
    const shell = closing(t, create({...(await settings({...own, port: certified.port}, identity))}));
    if (name === 'openssh') {
      t.is(summary(await shell.run({name: 'n'}, script('echo in'), options())), '0: in');
    } else {
      const error = await refusal(shell.run({name: 'n'}, script('id'), options()));
      t.is(error.reason, 'unsupported');
      t.regex(`${error.message} ${error.remedy ?? ''}`, /@cert-authority.*--transport openssh/);
    }
  });

  test(`${name}: a server that offers post-quantum key exchange only`, async (t) => {
    const own = await server(t, ['KexAlgorithms sntrup761x25519-sha512@openssh.com']);
    const identity = [`IdentityFile ${path.join(own.home, '.ssh/id_ed25519')}`];
    const shell = closing(t, create(await settings(own, identity)));
    if (name === 'openssh') {
      t.is(summary(await shell.run({name: 'n'}, script('echo in'), options())), '0: in');
    } else {
      const error = await refusal(shell.run({name: 'n'}, script('id'), options()));
      t.is(error.reason, 'unsupported');
      t.regex(error.remedy ?? '', /--transport openssh/);
    }
  });
}

test('an agent that holds only a certificate is left to the other transport', async (t) => {
  const own = await server(t);
  const authority = path.join(own.folder, 'authority');
  const user = path.join(own.folder, 'user');
  await makeKey(authority, 'ed25519');
  await makeKey(user, 'ed25519', '', 'certified');
  execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'me', '-n', 'root', `${user}.pub`]);
  const socket = await agent(t, own, [user]);
  // Only the certificate stays in the agent.
  await execute('ssh-add', ['-q', '-k', '-d', user], {env: {...process.env, SSH_AUTH_SOCK: socket}});
  const environment = {SSH_AUTH_SOCK: socket};
  const shell = closing(t, createSsh2Shell(await settings(own, ['IdentityFile none'], {environment})));
  const error = await refusal(shell.run({name: 'n'}, script('id'), options()));
  t.is(error.reason, 'unsupported');
  t.regex(error.message, /certified.*ssh-ed25519-cert/);
});

test('no key at all is said before the server is troubled', async (t) => {
  const own = await server(t);
  const shell = closing(t, createSsh2Shell(await settings(own, ['IdentityFile /nowhere/key'])));
  const error = await refusal(shell.run({name: 'n'}, script('id'), options()));
  t.is(error.reason, 'authentication');
  t.regex(error.message, /there is no key to log in with; could not use \/nowhere\/key \(not there\)/);
});

test('fingerprints are those of ssh-keygen', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-fp-'));
  t.teardown(() => rm(folder, {recursive: true}));
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'k')]);
  const [, key = ''] = (await readFile(path.join(folder, 'k.pub'), 'utf8')).split(' ');
  const said = execFileSync('ssh-keygen', ['-lf', path.join(folder, 'k.pub')]).toString();
  t.true(said.includes(` ${fingerprint(Buffer.from(key, 'base64'))} `));
});
