// Who logs in where: accounts and sudo, host keys, jump hosts.
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {
  closing,
  learnKey,
  options,
  refusal,
  script,
  settingsFor,
  summary,
  transports,
} from '../helpers/ssh-shells.js';
import {type TestSshd, type TestUser, addUser, freePort, makeKey, startSshd} from '../helpers/sshd.js';

let server: TestSshd;
let passwordless: TestUser;
let withPassword: TestUser;
let withoutRight: TestUser;

test.before(async () => {
  server = await startSshd();
  passwordless = await addUser('ALL=(ALL) NOPASSWD: ALL');
  withPassword = await addUser('ALL=(ALL) ALL');
  withoutRight = await addUser();
  await writeFile(`/home/${withPassword.name}/.bashrc`, 'echo Welcome; echo noise >&2\n');
});

test.after.always(async () => {
  await server.stop();
  for (const user of [passwordless, withPassword, withoutRight]) await user.remove();
});

for (const [name, create] of Object.entries(transports)) {
  test(`${name}: sudo without a password`, async (t) => {
    const shell = closing(t, create(await settingsFor(server)));
    const node = {name: 'n', user: passwordless.name};
    t.is(summary(await shell.run(node, script('id -un'), options())), '0: root');
    t.is(
      summary(await shell.run({...node, become: {kind: 'none'}}, script('id -un'), options())),
      `0: ${passwordless.name}`,
    );
    t.is(
      summary(
        await shell.run({...node, become: {kind: 'sudo', user: 'nobody'}}, script('id -un'), options()),
      ),
      '0: nobody',
    );
  });

  test(`${name}: sudo with a password that is asked for once`, async (t) => {
    const asked: string[] = [];
    const becomePassword = (account: string) => {
      asked.push(account);
      return Promise.resolve(account === withPassword.name ? withPassword.password : undefined);
    };
    const shell = closing(t, create(await settingsFor(server, [], {secrets: {becomePassword}})));
    const runs = ['a', 'b', 'c'].map((node) =>
      shell.run({name: node, user: withPassword.name}, script('id -un; echo e >&2'), options()),
    );
    for (const result of await Promise.all(runs)) {
      t.is(summary(result), '0: root');
      t.is(result.stderr, 'e\n');
    }
    t.deepEqual(asked, [withPassword.name]);
    const free = await shell.run({name: 'd', user: passwordless.name}, script('id -un'), options());
    t.is(summary(free), '0: root');
    t.is(asked.length, 1, 'who needs none is not asked for');
  });

  test(`${name}: a sudo password that is needed and missing`, async (t) => {
    const shell = closing(t, create(await settingsFor(server)));
    const error = await refusal(shell.run({name: 'n', user: withPassword.name}, script('id'), options()));
    t.is(error.reason, 'sudo-password-missing');
    t.regex(error.remedy ?? '', /--ask-become-pass/);
  });

  test(`${name}: a wrong sudo password is tried once for all nodes`, async (t) => {
    const becomePassword = () => Promise.resolve('wrong');
    const shell = closing(t, create(await settingsFor(server, [], {secrets: {becomePassword}})));
    const nodes = Array.from({length: 8}, (_, index) => ({name: `w${index}`, user: withPassword.name}));
    const errors = await Promise.all(nodes.map((node) => refusal(shell.run(node, script('id'), options()))));
    t.deepEqual(new Set(errors.map((error) => error.reason)), new Set(['sudo-password-wrong']));
    t.is(
      errors.filter((error) => /refused the password of .*; it is not tried again/.test(error.message))
        .length,
      1,
    );
    t.is(errors.filter((error) => /not tried, because sudo on w\d refused/.test(error.message)).length, 7);
    const later = await refusal(shell.run({name: 'late', user: withPassword.name}, script('id'), options()));
    t.is(later.reason, 'sudo-password-wrong');
  });

  test(`${name}: an account without sudo rights`, async (t) => {
    const becomePassword = () => Promise.resolve(withoutRight.password);
    const shell = closing(t, create(await settingsFor(server, [], {secrets: {becomePassword}})));
    const error = await refusal(shell.run({name: 'n', user: withoutRight.name}, script('id'), options()));
    t.is(error.reason, 'sudo-not-allowed');
    t.regex(error.message, /not in the sudoers file/);
  });

  test(`${name}: an account that cannot log in, and one that runs no programs`, async (t) => {
    const other = path.join(server.home, `.ssh/other-${name}`);
    await makeKey(other, 'ed25519');
    const shell = closing(t, create(await settingsFor(server)));
    const file = path.join(server.home, `.ssh/config-wrong-${name}`);
    await writeFile(
      file,
      `Host *\n HostName 127.0.0.1\n Port ${server.port}\n User root\n IdentityFile ${other}\n` +
        ` UserKnownHostsFile ${path.join(server.home, '.ssh/known_hosts')}\n`,
    );
    const wrongKey = closing(t, create({...(await settingsFor(server)), configFile: file}));
    const error = await refusal(wrongKey.run({name: 'n'}, script('id'), options()));
    t.is(error.reason, 'authentication');
    t.regex(error.message, new RegExp(`tried .*other-${name}`));
    const refused = await refusal(
      shell.run({name: 'x', user: 'daemon', become: {kind: 'none'}}, script('id'), options()),
    );
    t.is(refused.reason, 'no-shell', refused.message);
    t.regex(refused.message, /not available/);
  });

  test(`${name}: unknown, changed and revoked host keys stop a node`, async (t) => {
    const [type = '', key = ''] = (
      await readFile(path.join(server.folder, 'host_ed25519.pub'), 'utf8')
    ).split(' ');
    const strange = path.join(server.home, `.ssh/strange-${name}`);
    await makeKey(strange, 'ed25519');
    const [, strangeKey = ''] = (await readFile(`${strange}.pub`, 'utf8')).split(' ');
    const host = `[127.0.0.1]:${server.port}`;
    const cases = [
      ['', 'host-key-unknown', /ssh-keyscan|StrictHostKeyChecking=ask/],
      [`${host} ${type} ${strangeKey}\n`, 'host-key-changed', /ssh-keygen -R '\[127\.0\.0\.1\]:/],
      [`@revoked * ${type} ${key}\n${host} ${type} ${key}\n`, 'host-key-revoked', /new host key/],
    ] as const;
    for (const [index, [text, reason, remedy]] of cases.entries()) {
      const file = path.join(server.home, `.ssh/known-${name}-${index}`);
      await writeFile(file, text);
      const settings = await settingsFor(server, [`UserKnownHostsFile ${file}`]);
      const error = await refusal(closing(t, create(settings)).run({name: 'n'}, script('id'), options()));
      t.is(error.reason, reason);
      t.regex(error.remedy ?? '', remedy);
      if (reason !== 'host-key-revoked') t.regex(error.message, /SHA256:[A-Za-z0-9+/]{43}/);
    }
  });

  test(`${name}: hashed entries are known, a host known by RSA only is asked for RSA`, async (t) => {
    const own = await startSshd({hostKeys: ['ed25519', 'rsa']});
    t.teardown(() => own.stop());
    const [type = '', key = ''] = (await readFile(path.join(own.folder, 'host_rsa.pub'), 'utf8')).split(' ');
    const known = path.join(own.home, '.ssh/known_hosts');
    await writeFile(known, `[127.0.0.1]:${own.port} ${type} ${key}\n`);
    const {execFileSync} = await import('node:child_process');
    execFileSync('ssh-keygen', ['-H', '-f', known], {stdio: 'ignore'});
    t.regex(await readFile(known, 'utf8'), /^\|1\|/);
    const shell = closing(t, create(await settingsFor(own)));
    t.is(summary(await shell.run({name: 'n'}, script('echo in'), options())), '0: in');
  });

  test(`${name}: accept-new writes a new key down once, and only a new one`, async (t) => {
    const known = path.join(server.home, `.ssh/accept-${name}`);
    await writeFile(known, '# no line end');
    const settings = await settingsFor(server, [
      `UserKnownHostsFile ${known}`,
      'StrictHostKeyChecking accept-new',
    ]);
    const shell = closing(t, create(settings));
    const nodes = Array.from({length: 5}, (_, index) => ({name: `n${index}`}));
    const results = await Promise.all(nodes.map((node) => shell.run(node, script('echo in'), options())));
    t.deepEqual(
      results.map(summary),
      nodes.map(() => '0: in'),
    );
    const lines = (await readFile(known, 'utf8')).split('\n').filter((line) => line.startsWith('['));
    if (name === 'ssh2') t.is(lines.length, 1);
    else t.true(lines.length >= 1, 'ssh itself has no lock');
  });

  test(`${name}: through a jump host that is checked by its own entry`, async (t) => {
    const jump = await startSshd({home: server.home});
    t.teardown(() => jump.stop());
    const config = ['Host inner*', '  ProxyJump outer', 'Host outer', `  Port ${jump.port}`];
    const strict = closing(t, create(await settingsFor(server, config)));
    const error = await refusal(strict.run({name: 'inner'}, script('id'), options()));
    t.is(error.reason, 'host-key-unknown');
    t.regex(error.message, /jump host outer/);
    await learnKey(jump);
    const shell = closing(t, create(await settingsFor(server, config)));
    const runs = ['inner1', 'inner2', 'inner3'].map((node) =>
      shell.run({name: node}, script('echo in'), options()),
    );
    t.deepEqual((await Promise.all(runs)).map(summary), ['0: in', '0: in', '0: in']);
    t.is(jump.log().match(/Accepted publickey/g)?.length, 1, 'nodes share the jump host');
    const given = {name: 'given', proxyJump: `root@127.0.0.1:${jump.port}`};
    t.is(summary(await shell.run(given, script('echo in'), options())), '0: in');
    const dead = {name: 'dead', proxyJump: 'outer', port: await freePort()};
    const beyond = await refusal(shell.run(dead, script('id'), options()));
    t.is(beyond.reason, 'jump', beyond.message);
  });
}

test('openssh: the account of a block that only ssh can decide gets its sudo', async (t) => {
  const lines = ['Match exec true', `  User ${passwordless.name}`, 'Match all'];
  const shell = closing(t, transports.openssh(await settingsFor(server, lines)));
  t.is(
    summary(await shell.run({name: 'n'}, script('id -un; echo "$SUDO_USER"'), options())),
    `0: root\n${passwordless.name}`,
  );
});
