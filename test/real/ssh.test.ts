import {createServer, request} from 'node:http';
import {readdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
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
import {type TestSshd, freePort, startSshd} from '../helpers/sshd.js';

let server: TestSshd;

test.before(async () => {
  server = await startSshd();
});

test.after.always(async () => {
  await server.stop();
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
      t.notRegex(error.message, /\p{Cc}/u);
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
