import {chmod, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {createSsh2Shell} from '../../../source/adapters/ssh/ssh2-shell.js';
import {closing, options, refusal, script, summary} from '../../helpers/ssh-shells.js';
import {type ServerRules, type TestServer, startServer} from '../../helpers/ssh-server.js';

type Teardown = {teardown(work: () => Promise<void>): void};

async function started(t: Teardown, rules: ServerRules = {}): Promise<TestServer> {
  const server = await startServer(rules);
  t.teardown(() => server.stop());
  return server;
}

test('a script runs, its values arrive, and one login serves many runs', async (t) => {
  const server = await started(t);
  const shell = closing(t, createSsh2Shell(server.settings));
  for (const value of ["it's", 'a\nb', '$(id)']) {
    const result = await shell.run({name: 'n'}, script('printf %s "$value"', {value}), options());
    t.is(Buffer.from(result.stdout).toString(), value);
  }
  t.is(server.logins(), 1);
});

test('it is told when a script is sent, after the login', async (t) => {
  const server = await started(t);
  const shell = closing(t, createSsh2Shell(server.settings));
  const logins: number[] = [];
  const onSent = () => void logins.push(server.logins());
  await shell.run({name: 'n'}, script('true'), {...options(), onSent});
  t.deepEqual(logins, [1]);
});

test('the command line holds nothing of the script', async (t) => {
  const commands: string[] = [];
  const server = await started(t, {
    onSession(session) {
      commands.push(session.command);
      session.run();
    },
  });
  const shell = closing(t, createSsh2Shell(server.settings));
  await shell.run({name: 'n'}, script('true', {secret: 'value'}), options());
  t.deepEqual(commands, ['exec sh']);
});

test('a line cut in the middle of the transfer runs nothing', async (t) => {
  const marker = 'ran';
  const outputs: string[] = [];
  const ends: Promise<void>[] = [];
  const server = await started(t, {
    onSession({channel, connection}) {
      // The shell sees only the first 300 bytes of what was sent, then the end.
      const received: Buffer[] = [];
      channel.on('data', (chunk: Buffer) => {
        received.push(chunk);
        if (Buffer.concat(received).length < 300) return;
        connection.end();
        const cut = Buffer.concat(received).subarray(0, 300);
        ends.push(runHere(cut, (text) => outputs.push(text)));
      });
    },
  });
  const shell = closing(t, createSsh2Shell(server.settings));
  const long = script(`${': filler\n'.repeat(100)}echo ${marker}`);
  const result = await shell.run({name: 'n'}, long, options());
  t.is(result.kind, 'lost');
  await Promise.all(ends);
  t.false(outputs.join('').includes(marker));
});

async function runHere(text: Buffer, onOutput: (text: string) => void): Promise<void> {
  const {spawn} = await import('node:child_process');
  const child = spawn('sh', [], {stdio: ['pipe', 'pipe', 'ignore']});
  child.stdout.on('data', (chunk: Buffer) => {
    onOutput(chunk.toString());
  });
  child.stdin.end(text);
  await new Promise((resolve) => child.once('close', resolve));
}

test('a channel that closes without an exit code is lost', async (t) => {
  const server = await started(t, {
    onSession({channel}) {
      channel.on('data', () => undefined);
      channel.write('half');
      channel.end();
    },
  });
  const shell = closing(t, createSsh2Shell(server.settings));
  const result = await shell.run({name: 'n'}, script('true'), options());
  t.is(summary(result), 'lost: the channel closed without an exit code');
});

test('a script that never ends is lost after its time, an abort ends it at once', async (t) => {
  const server = await started(t, {onSession: ({channel}) => void channel.on('data', () => undefined)});
  const shell = closing(t, createSsh2Shell(server.settings));
  const late = await shell.run({name: 'n'}, script('true'), options({timeoutMs: 100}));
  t.is(summary(late), 'lost: no end within 0.1 s');
  const controller = new AbortController();
  const run = shell.run({name: 'n'}, script('true'), options({signal: controller.signal}));
  const reason = new Error('stop');
  controller.abort(reason);
  t.is(await t.throwsAsync(run), reason);
});

test('a connection that broke between runs is opened again without a word', async (t) => {
  const server = await started(t);
  const shell = closing(t, createSsh2Shell(server.settings));
  await shell.run({name: 'n'}, script('true'), options());
  server.cut();
  t.is(summary(await shell.run({name: 'n'}, script('echo again'), options())), '0: again');
  t.is(server.logins(), 2);
});

test('sessions stay below ten, and below what the server admits', async (t) => {
  const free = await started(t);
  const many = closing(t, createSsh2Shell(free.settings));
  const runs = (shell: typeof many) =>
    Promise.all(
      Array.from({length: 30}, (_, index) => shell.run({name: 'n'}, script(`echo ${index}`), options())),
    );
  const expected = Array.from({length: 30}, (_, index) => `0: ${index}`);
  t.deepEqual((await runs(many)).map(summary), expected);
  t.true(free.mostSessions() <= 10);
  const strict = await started(t, {admits: (open) => open < 2});
  t.deepEqual((await runs(closing(t, createSsh2Shell(strict.settings)))).map(summary), expected);
  t.is(strict.mostSessions(), 2);
});

test('handshakes at the same time stay below the limit', async (t) => {
  const server = await started(t);
  const shell = closing(t, createSsh2Shell({...server.settings, parallel: 3}));
  const nodes = Array.from({length: 12}, (_, index) => ({name: `n${index}`}));
  const results = await Promise.all(nodes.map((node) => shell.run(node, script('echo in'), options())));
  t.deepEqual(
    results.map(summary),
    nodes.map(() => '0: in'),
  );
  t.is(server.logins(), 12);
  t.is(server.mostHandshakes(), 3);
});

test('a server that refuses every session is named, and nothing ran', async (t) => {
  const server = await started(t, {admits: () => false});
  const shell = closing(t, createSsh2Shell(server.settings));
  const error = await refusal(shell.run({name: 'n'}, script('true'), options()));
  t.is(error.reason, 'connect-failed');
  t.regex(error.remedy ?? '', /MaxSessions/);
});

test('logins that are dropped before the first word are tried again, not for ever', async (t) => {
  const busy = await started(t, {drops: (connection) => connection <= 3});
  const shell = closing(t, createSsh2Shell(busy.settings));
  t.is(summary(await shell.run({name: 'n'}, script('echo in'), options())), '0: in');
  t.is(busy.connections(), 4);
});

test('a server that says nothing is given up after the time to connect', async (t) => {
  const server = await started(t, {isSilent: true});
  const shell = closing(t, createSsh2Shell({...server.settings, connectTimeoutMs: 200}));
  const error = await refusal(shell.run({name: 'n'}, script('true'), options()));
  t.is(error.reason, 'connect-timeout');
});

test('ConnectTimeout of ssh_config is taken', async (t) => {
  const server = await started(t, {isSilent: true});
  await writeFile(
    server.settings.configFile ?? '',
    `HostName 127.0.0.1\nPort ${server.port}\nConnectTimeout 1\n`,
  );
  const shell = closing(t, createSsh2Shell(server.settings));
  const error = await refusal(shell.run({name: 'n'}, script('true'), options()));
  t.regex(error.message, /no answer within 1 s/);
});

test('a peer that stops answering is found dead by the keepalive', async (t) => {
  const server = await started(t, {
    onSession({channel}) {
      channel.on('data', () => undefined);
      server.deafen();
    },
  });
  const shell = closing(t, createSsh2Shell({...server.settings, keepalive: {intervalMs: 50, count: 2}}));
  const result = await shell.run({name: 'n'}, script('true'), options());
  t.regex(summary(result), /^lost: .*Keepalive timeout/);
});

test('an abort while a login goes on gives it up', async (t) => {
  const server = await started(t, {isSilent: true});
  const shell = closing(t, createSsh2Shell(server.settings));
  const controller = new AbortController();
  const run = shell.run({name: 'n'}, script('true'), options({signal: controller.signal}));
  const other = shell.run({name: 'n'}, script('true'), options());
  const reason = new Error('stop');
  controller.abort(reason);
  t.is(await t.throwsAsync(run), reason);
  await shell.close();
  await t.throwsAsync(other, {message: /closed/});
});

test('a wrong sudo password for fifty nodes reaches sudo once', async (t) => {
  let passwords = 0;
  const server = await started(t, {
    onSession({command, channel}) {
      const prompt = /-p (\w+)/.exec(command)?.[1] ?? '';
      channel.stderr.write(prompt);
      channel.on('data', () => {
        passwords += 1;
        channel.stderr.write(`\nSorry, try again.\n${prompt}`);
      });
    },
  });
  const becomePassword = () => Promise.resolve('wrong');
  const shell = closing(t, createSsh2Shell({...server.settings, secrets: {becomePassword}}));
  const nodes = Array.from({length: 50}, (_, index) => ({name: `n${index}`, user: 'alice'}));
  const errors = await Promise.all(nodes.map((node) => refusal(shell.run(node, script('id'), options()))));
  t.is(passwords, 1);
  t.deepEqual(new Set(errors.map((error) => error.reason)), new Set(['sudo-password-wrong']));
});

test('a password is sent to our own prompt only, the script only after sudo let us in', async (t) => {
  const received: string[] = [];
  const server = await started(t, {
    onSession({command, channel}) {
      const prompt = /-p (\w+)/.exec(command)?.[1] ?? '';
      const ready = /echo (\w+) /.exec(command)?.[1] ?? '';
      channel.stderr.write('[sudo] password for alice: Password:');
      const steps = [
        () => channel.stderr.write(`lecture\n${prompt}`),
        () => channel.stderr.write(`${ready}\n`),
      ];
      channel.on('data', (chunk: Buffer) => {
        received.push(chunk.toString());
        if (received.length === 1) steps[1]?.();
        else channel.exit(0);
      });
      setImmediate(() => {
        received.push(...received.splice(0).map((text) => `too early: ${text}`));
        steps[0]?.();
      });
      channel.on('end', () => channel.end());
    },
  });
  const becomePassword = () => Promise.resolve('s3cret');
  const shell = closing(t, createSsh2Shell({...server.settings, secrets: {becomePassword}}));
  await shell.run({name: 'n', user: 'alice'}, script('true'), options()).catch(() => undefined);
  t.is(received[0], 's3cret\n');
  t.regex(received[1] ?? '', /main <\/dev\/null/);
});

test('sudo that is not installed, forbids or wants a terminal is told apart', async (t) => {
  const cases = [
    ['exit 127', "env: 'sudo': No such file or directory", 'sudo-missing'],
    ['exit 1', 'sudo: a password is required', 'sudo-password-missing'],
    ['exit 1', 'sudo: sorry, you must have a tty to run sudo', 'sudo-not-allowed'],
    ['exit 1', 'alice is not in the sudoers file.', 'sudo-not-allowed'],
    ['exit 1', 'Sorry, user alice may not run sudo on compute-1.', 'sudo-not-allowed'],
    [
      'exit 1',
      "Sorry, user alice is not allowed to execute '/usr/bin/sh' as root on compute-1.",
      'sudo-not-allowed',
    ],
    ['exit 1', 'sudo: \u001b[31maccount validation failure, is your account locked?', 'sudo-not-allowed'],
  ] as const;
  let next = 0;
  const server = await started(t, {
    onSession({channel}) {
      const [exit, text] = cases[next] ?? cases[0];
      channel.on('data', () => undefined);
      channel.stderr.write(`${text}\n`);
      channel.exit(Number(exit.slice(5)));
      channel.end();
    },
  });
  const shell = closing(t, createSsh2Shell(server.settings));
  for (next = 0; next < cases.length; next += 1) {
    const error = await refusal(shell.run({name: 'n', user: 'alice'}, script('id'), options()));
    t.is(error.reason, cases[next]?.[2] ?? 'lost', cases[next]?.[1]);
    t.notRegex(error.message, /\u001b/);
  }
});

test('sudo from a folder without it, with a real shell', async (t) => {
  const server = await started(t, {onSession: (session) => void session.run({PATH: `${server.folder}/bin`})});
  const bin = path.join(server.folder, 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'env'), '#!/bin/sh\nPATH=$PATH /usr/bin/env "$@"\n');
  await chmod(path.join(bin, 'env'), 0o755);
  const shell = closing(t, createSsh2Shell(server.settings));
  const error = await refusal(shell.run({name: 'n', user: 'alice'}, script('id'), options()));
  t.is(error.reason, 'sudo-missing', error.message);
});

test('sudo that says nothing is given up, and nothing ran', async (t) => {
  const received: string[] = [];
  const server = await started(t, {
    onSession: ({channel}) => void channel.on('data', (chunk: Buffer) => received.push(chunk.toString())),
  });
  const becomePassword = () => Promise.resolve('never sent');
  const shell = closing(
    t,
    createSsh2Shell({...server.settings, sudoTimeoutMs: 100, secrets: {becomePassword}}),
  );
  const error = await refusal(shell.run({name: 'n', user: 'alice'}, script('id'), options()));
  t.is(error.reason, 'step-timeout');
  t.deepEqual(received, []);
});

test('a line that breaks while sudo asks runs nothing, and the next node is tried', async (t) => {
  let tries = 0;
  const server = await started(t, {
    onSession(session) {
      const prompt = /-p (\w+)/.exec(session.command)?.[1] ?? '';
      const ready = /echo (\w+) /.exec(session.command)?.[1] ?? '';
      session.channel.stderr.write(prompt);
      session.channel.once('data', () => {
        tries += 1;
        if (tries === 1) session.connection.end();
        else session.channel.stderr.write(`${ready}\n`);
        session.channel.on('data', () => {
          session.channel.exit(0);
          session.channel.end();
        });
      });
    },
  });
  const becomePassword = () => Promise.resolve('right');
  const shell = closing(t, createSsh2Shell({...server.settings, secrets: {becomePassword}}));
  const broken = await refusal(shell.run({name: 'a', user: 'alice'}, script('id'), options()));
  t.is(broken.reason, 'connect-failed');
  t.regex(broken.message, /before anything ran/);
  await refusal(shell.run({name: 'b', user: 'alice'}, script('id'), options()));
  t.is(tries, 2);
});

test('what a login file prints is not taken for the output of a script', async (t) => {
  const server = await started(t, {
    onSession(session) {
      session.channel.write('Welcome to this machine\nno newline here');
      session.channel.stderr.write('last login yesterday');
      session.run();
    },
  });
  const shell = closing(t, createSsh2Shell(server.settings));
  const result = await shell.run({name: 'n'}, script('echo out; echo err >&2'), options());
  t.is(Buffer.from(result.stdout).toString(), 'out\n');
  t.is(result.stderr, 'err\n');
});

test('keys that are refused are named', async (t) => {
  const server = await started(t, {acceptsKey: () => false});
  const shell = closing(t, createSsh2Shell(server.settings));
  const error = await refusal(shell.run({name: 'n'}, script('id'), options()));
  t.is(error.reason, 'authentication');
  t.regex(error.message, /it refused every key; tried .*id_ed25519/);
});

test('ProxyCommand is left to the other transport', async (t) => {
  const server = await started(t);
  await writeFile(server.settings.configFile ?? '', 'ProxyCommand nc %h %p\n');
  const shell = closing(t, createSsh2Shell(server.settings));
  const error = await refusal(shell.run({name: 'n'}, script('id'), options()));
  t.is(error.reason, 'unsupported');
  t.regex(error.remedy ?? '', /--transport openssh/);
});
