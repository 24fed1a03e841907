// Questions at a real terminal: what is asked, what is not shown, and what stays as it was.
import {execFileSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {shellQuote} from '../../source/domain/shell-quote.js';
import {programWords} from '../helpers/program.js';
import {startSmallCloud, type SmallCloud} from '../helpers/small-cloud.js';
import {intervalOn, isUntouched} from '../helpers/small-cloud-checks.js';
import {SUDO_PASSWORD} from '../helpers/small-node.js';
import {typeTo, type TypedAnswer} from '../helpers/typed-terminal.js';

const ON = ['apply', '--interval', '2h'];

async function onTerminal(
  cloud: SmallCloud,
  args: readonly string[],
  answers: readonly TypedAnswer[],
  env: Readonly<Record<string, string>> = {},
) {
  const command = programWords(args).map((word) => shellQuote(word));
  return typeTo(command.join(' '), answers, {...cloud.env, TERM: 'xterm', LANG: 'C.UTF-8', ...env});
}

async function sudoTries(cloud: SmallCloud): Promise<number> {
  const counts = cloud.nodes.map(async ({root}) => {
    const tries = await readFile(path.join(root, 'manager/sudo-tries'), 'utf8').catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      },
    );
    return tries.split('\n').length - 1;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

test.serial(
  'a wrong sudo password on fifty nodes is tried once in all, and nothing is changed',
  async (t) => {
    const computes = Array.from({length: 49}, (_, index) => `compute-${index + 1}`);
    const cloud = await startSmallCloud(t, {computes, user: 'operator'});
    const {code, screen} = await onTerminal(
      cloud,
      [...ON, '--yes', '--ask-become-pass'],
      [{to: 'sudo password of operator', answer: 'not-the-password'}],
    );
    t.is(code, 4, screen);
    t.regex(screen, /reprieve: .*sudo.*operator/);
    t.notRegex(screen, /not-the-password/);
    t.is(await sudoTries(cloud), 1);
    await isUntouched(t, {...cloud, nodes: cloud.nodes.slice(0, 3)});
  },
);

test.serial('the right sudo password is asked for once, and the run goes through', async (t) => {
  const cloud = await startSmallCloud(t, {user: 'operator'});
  const {code, screen} = await onTerminal(
    cloud,
    [...ON, '--ask-become-pass'],
    [
      {to: 'sudo password of operator', answer: SUDO_PASSWORD},
      {to: 'Change 4 nodes? No server is destroyed. Type yes to agree:', answer: 'yes'},
    ],
  );
  t.is(code, 0, screen);
  t.notRegex(screen, new RegExp(SUDO_PASSWORD));
  t.is(await intervalOn(cloud, 'controller-1'), '7200');
});

for (const [terminal, term] of [
  ['a terminal', 'xterm'],
  ['a dumb terminal', 'dumb'],
] as const) {
  test.serial(`on ${terminal} another answer than yes changes nothing, and is refused`, async (t) => {
    const cloud = await startSmallCloud(t);
    const {code, screen} = await onTerminal(cloud, ON, [{to: 'Type yes to agree:', answer: 'perhaps'}], {
      TERM: term,
    });
    t.is(code, 3, screen);
    t.regex(screen, /nobody agreed/);
    t.notRegex(screen, /Carry it out with/);
    t.is(screen.includes('\u001B'), term !== 'dumb', screen);
    await isUntouched(t, cloud);
  });
}

test.serial(
  'a passphrase is asked for once for all nodes, and again where it does not open the key',
  async (t) => {
    const cloud = await startSmallCloud(t);
    const key = path.join(cloud.home, '.ssh/id_ed25519');
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'open this', '-f', key], {stdio: 'ignore'});
    const {code, screen} = await onTerminal(
      cloud,
      ['status'],
      [
        {to: 'Passphrase of', answer: 'a wrong one'},
        {to: 'That did not open it. Passphrase of', answer: 'open this'},
      ],
      {TERM: 'dumb'},
    );
    t.is(code, 0, screen);
    t.is(screen.split('Passphrase of').length - 1, 2, screen);
    t.notRegex(screen, /a wrong one|open this/);
  },
);

test.serial('Ctrl-C at a question ends with 130 and changes nothing', async (t) => {
  const cloud = await startSmallCloud(t);
  const {code, screen} = await onTerminal(cloud, ON, [{to: 'Type yes to agree:', answer: '\u0003'}]);
  t.is(code, 130, screen);
  t.regex(screen, /was interrupted[\s\S]*reprieve resume/);
  await isUntouched(t, cloud);
});

test.serial('the progress line moves while nothing happens', async (t) => {
  let began: number | undefined;
  const cloud = await startSmallCloud(t, {
    routes: {
      // No second heartbeat for some seconds: all listings until then show the same one.
      'GET /v2.1/os-services': () => {
        began ??= performance.now();
        const services = cloud.services();
        return {
          body: {
            services:
              performance.now() - began < 5000
                ? services.map((one) => ({...one, updated_at: '2026-01-01T00:00:00.000000'}))
                : services,
          },
        };
      },
    },
  });
  const {code, screen} = await onTerminal(
    cloud,
    [...ON, '--yes', '--computes-only', '--hosts', 'compute-1'],
    [],
  );
  t.is(code, 0, screen);
  const seconds = new Set(
    Array.from(screen.matchAll(/(\d+) s,[^\r\n]* nodes 0\/1/g), ([, second]) => second),
  );
  t.true(seconds.size >= 3, JSON.stringify(screen));
  t.true(screen.includes('\r\u001B[2K'), screen);
});
