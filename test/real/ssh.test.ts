import {createServer, request} from 'node:http';
import {readFile, readdir, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {closing, options, refusal, script, settingsFor, summary, transports} from '../helpers/ssh-shells.js';
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
  test(`${name}: a script runs as root and gives its code, bytes and errors`, async (t) => {
    const shell = closing(t, create(await settingsFor(server)));
    const result = await shell.run(
      {name: 'node-1'},
      script(`id -u; printf '\\377\\000%s' "$value"; echo trouble >&2; exit 7`, {value: "it's $HOME `x`"}),
      options(),
    );
    t.is(result.kind === 'exited' && result.code, 7);
    t.deepEqual(
      Buffer.from(result.stdout),
      Buffer.concat([Buffer.from('0\n'), Buffer.from([0xff, 0]), Buffer.from("it's $HOME `x`")]),
    );
    t.is(result.stderr, 'trouble\n');
  });

  test(`${name}: large output arrives whole and too much of it is lost`, async (t) => {
    const settings = await settingsFor(server, [], {maxOutputBytes: 4 * 1024 * 1024});
    const shell = closing(t, create(settings));
    const big = await shell.run({name: 'a'}, script('head -c 3000000 /dev/zero'), options());
    t.is(big.stdout.length, 3_000_000);
    const tooBig = await shell.run({name: 'a'}, script('head -c 9000000 /dev/zero'), options());
    t.is(tooBig.kind, 'lost');
    t.regex(summary(tooBig), /more than 4194304 bytes/);
    t.is(summary(await shell.run({name: 'a'}, script('echo still here'), options())), '0: still here');
  });

  test(`${name}: one connection serves many scripts at once, below the server's limit`, async (t) => {
    const own = await startSshd({lines: ['MaxSessions 3'], home: server.home});
    t.teardown(() => own.stop());
    await learnKey(own);
    const shell = closing(t, create(await settingsFor(own)));
    const runs = Array.from({length: 25}, (_, index) =>
      shell.run({name: 'busy'}, script(`sleep 0.05; echo ${index}`), options()),
    );
    t.deepEqual(
      (await Promise.all(runs)).map(summary),
      Array.from({length: 25}, (_, index) => `0: ${index}`),
    );
    t.is(own.log().match(/Accepted publickey/g)?.length, 1);
  });

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

  test(`${name}: a script that takes too long is lost, and the connection goes on`, async (t) => {
    const shell = closing(t, create(await settingsFor(server)));
    await shell.run({name: 'n'}, script('true'), options());
    const result = await shell.run(
      {name: 'n'},
      script('echo begun; exec sleep 20'),
      options({timeoutMs: 1500}),
    );
    t.is(summary(result), 'lost: no end within 1.5 s');
    t.true(['', 'begun\n'].includes(Buffer.from(result.stdout).toString()), 'what came until then is kept');
    t.is(summary(await shell.run({name: 'n'}, script('echo on'), options())), '0: on');
  });

  test(`${name}: an abort ends a run with its reason`, async (t) => {
    const shell = closing(t, create(await settingsFor(server)));
    const controller = new AbortController();
    const run = shell.run({name: 'n'}, script('exec sleep 20'), options({signal: controller.signal}));
    const reason = new Error('enough');
    controller.abort(reason);
    t.is(await t.throwsAsync(run), reason);
    t.is(
      await t.throwsAsync(shell.run({name: 'm'}, script('true'), options({signal: controller.signal}))),
      reason,
    );
    t.is(summary(await shell.run({name: 'n'}, script('echo on'), options())), '0: on');
  });

  test(`${name}: a connection that breaks under a script is lost and opened again`, async (t) => {
    const shell = closing(t, create(await settingsFor(server)));
    const result = await shell.run({name: 'n'}, script('echo begun; kill -9 $PPID; sleep 20'), options());
    t.is(result.kind, 'lost', summary(result));
    t.is(summary(await shell.run({name: 'n'}, script('echo again'), options())), '0: again');
  });

  test(`${name}: a program killed by a signal has no exit code`, async (t) => {
    const shell = closing(t, create(await settingsFor(server)));
    t.is((await shell.run({name: 'n'}, script('kill -9 $$'), options())).kind, 'lost');
  });

  test(`${name}: a released node is connected again`, async (t) => {
    const own = await startSshd({home: server.home});
    t.teardown(() => own.stop());
    await learnKey(own);
    const shell = closing(t, create(await settingsFor(own)));
    await shell.run({name: 'n'}, script('true'), options());
    await shell.release({name: 'n'});
    await shell.release({name: 'n'});
    t.is(summary(await shell.run({name: 'n'}, script('echo two'), options())), '0: two');
    t.is(own.log().match(/Accepted publickey/g)?.length, 2);
  });

  test(`${name}: dial reaches a listener as the node sees it, and tells when there is none`, async (t) => {
    const web = createServer((_, response) => response.end('x'.repeat(300_000)));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    t.teardown(() => void web.close());
    const address = web.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const shell = closing(t, create(await settingsFor(server)));
    const {signal} = new AbortController();
    const stream = await shell.dial({name: 'n'}, '127.0.0.1', address.port, signal);
    const length = await new Promise<number>((resolve, reject) => {
      request({createConnection: () => stream, host: 'n'}, (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => (bytes += chunk.length));
        response.on('end', () => {
          resolve(bytes);
        });
      })
        .on('error', reject)
        .end();
    });
    t.is(length, 300_000);
    const closed = await freePort();
    const error = await refusal(shell.dial({name: 'n'}, '127.0.0.1', closed, signal));
    t.is(error.reason, 'connect-failed');
    t.regex(error.message, new RegExp(`nothing answers on 127.0.0.1 port ${closed}`));
    t.is((await refusal(shell.dial({name: 'n'}, '-oX; id', 22, signal))).reason, 'unresolved');
  });

  test(`${name}: nobody listens, nobody answers, no such name`, async (t) => {
    const shell = closing(t, create(await settingsFor(server, [], {connectTimeoutMs: 1000})));
    const port = await freePort();
    t.is((await refusal(shell.run({name: 'n', port}, script('id'), options()))).reason, 'connect-failed');
    const {createServer: listen} = await import('node:net');
    const silent = listen();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    t.teardown(() => void silent.close());
    const bound = silent.address();
    const silentPort = bound === null || typeof bound === 'string' ? 0 : bound.port;
    const late = await refusal(shell.run({name: 'n', port: silentPort}, script('id'), options()));
    t.is(late.reason, 'connect-timeout', late.message);
    const nowhere = {name: 'n', hostName: 'no-such-host.invalid'};
    t.is((await refusal(shell.run(nowhere, script('id'), options()))).reason, 'unresolved');
  });

  test(`${name}: names that could be options, commands or escapes are refused`, async (t) => {
    const shell = closing(t, create(await settingsFor(server)));
    for (const bad of ['-oProxyCommand=id', 'a;id', 'a b', '$(id)', '\u001b[31mred', 'a\nb', '']) {
      const error = await refusal(shell.run({name: bad}, script('id'), options()));
      t.is(error.reason, 'unresolved');
      t.notRegex(error.message, /[\u0000-\u001f\u007f-\u009f]/);
      t.is(
        (await refusal(shell.run({name: 'n', hostName: bad}, script('id'), options()))).reason,
        'unresolved',
      );
    }
    t.is((await refusal(shell.run({name: 'n', user: '-x'}, script('id'), options()))).reason, 'unresolved');
  });

  test(`${name}: logins that a busy server drops are tried again`, async (t) => {
    const own = await startSshd({home: server.home, lines: ['MaxStartups 2:100:3']});
    t.teardown(() => own.stop());
    await learnKey(own);
    const shell = closing(t, create(await settingsFor(own)));
    const nodes = Array.from({length: 12}, (_, index) => ({name: `n${index}`}));
    const results = await Promise.all(nodes.map((node) => shell.run(node, script('echo in'), options())));
    t.deepEqual(
      results.map(summary),
      nodes.map(() => '0: in'),
    );
  });

  test(`${name}: scripts that go on after their time do not block the node`, async (t) => {
    const own = await startSshd({home: server.home, lines: ['MaxSessions 2']});
    t.teardown(() => own.stop());
    await learnKey(own);
    const shell = closing(t, create(await settingsFor(own)));
    const stuck = script("trap '' HUP PIPE; i=0; while [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done");
    for (let index = 0; index < 2; index += 1) {
      t.is((await shell.run({name: 'n'}, stuck, options({timeoutMs: 200}))).kind, 'lost');
    }
    t.is(summary(await shell.run({name: 'n'}, script('echo on'), options())), '0: on');
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

test('openssh: no socket, folder or process is left behind', async (t) => {
  const before = await readdir(tmpdir());
  const own = await startSshd({home: server.home});
  t.teardown(() => own.stop());
  await learnKey(own);
  const shell = transports.openssh(await settingsFor(own));
  await shell.run({name: 'n'}, script('true'), options());
  await shell.close();
  const after = (await readdir(tmpdir())).filter(
    (entry) => entry.startsWith('rpv-') && !before.includes(entry),
  );
  const mine = await Promise.all(after.map((entry) => readdir(path.join(tmpdir(), entry)).catch(() => [])));
  for (const files of mine) {
    for (const file of files) t.notRegex(file, new RegExp(`${own.port}`));
  }
  t.regex(own.log(), /Received disconnect|Disconnected from/);
});

/** Puts a server's key into the user's known_hosts. */
async function learnKey(own: TestSshd): Promise<void> {
  const [type = '', key = ''] = (await readFile(path.join(own.folder, 'host_ed25519.pub'), 'utf8')).split(
    ' ',
  );
  const known = path.join(server.home, '.ssh/known_hosts');
  await writeFile(known, `[127.0.0.1]:${own.port} ${type} ${key}\n`, {flag: 'a'});
}
