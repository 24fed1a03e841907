// Keys and sudo ask for secrets while a screen has the terminal.
import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {startDemoCloud} from '../helpers/demo-cloud.js';
import {startSmallCloud} from '../helpers/small-cloud.js';
import {SUDO_PASSWORD} from '../helpers/small-node.js';
import {real} from '../helpers/tmux.js';
import {openTmuxProgram, typed} from '../helpers/tmux-program.js';

const ALIKE = 'Nodes that are alike are shown as one group';

function lock(home: string): void {
  const key = path.join(home, '.ssh/id_ed25519');
  execFileSync('ssh-keygen', ['-q', '-p', '-N', 'open this', '-f', key], {stdio: 'ignore'});
}

real('set-up asks for the passphrase of a key, again where it does not open it, and goes on', async (t) => {
  const cloud = await startDemoCloud(t);
  lock(cloud.operator.home);
  const terminal = await openTmuxProgram(t, {env: cloud.env});
  terminal.start('setup');
  await terminal.until(/token +until/);
  const first = await terminal.step(['Enter'], 'A key is locked');
  t.regex(first.replaceAll(/[\s│]/g, ''), /\.ssh\/id_ed25519/);
  const again = await terminal.step([...typed('wrong'), 'Enter'], 'That did not open it.');
  t.notRegex(again, /wrong/);
  await terminal.step([], 'Passphrase:');
  terminal.paste('open this');
  t.notRegex(await terminal.until('*********'), /open this/);
  const nodes = await terminal.step(['Enter'], ALIKE);
  t.regex(nodes, /3 computes, 1 API node +4 can be changed/);
  await terminal.step(['q'], 'left with 0');
  t.true(await terminal.isClean());
});

real('a key that stays locked leaves its nodes out, with why', async (t) => {
  const cloud = await startDemoCloud(t);
  lock(cloud.operator.home);
  const terminal = await openTmuxProgram(t, {env: cloud.env});
  terminal.start('setup');
  await terminal.until(/token +until/);
  await terminal.step(['Enter'], 'A key is locked');
  const nodes = await terminal.step(['Escape'], /4 unreachable/);
  t.regex(nodes, /login refused/);
  const why = (await terminal.step(['Enter'], 'ssh-add')).replaceAll(/\s+/g, ' ');
  t.regex(why, /needs a passphrase, none was given/);
  // Whoever looks again is asked again.
  await terminal.step(['C-r'], 'A key is locked');
  await terminal.step([...typed('open this'), 'Enter'], /4 can be changed/);
  await terminal.step(['q'], 'left with 0');
});

real('home asks once, and set-up that it opens does not ask again', async (t) => {
  const cloud = await startDemoCloud(t);
  lock(cloud.operator.home);
  const terminal = await openTmuxProgram(t, {env: cloud.env});
  terminal.start();
  await terminal.until('A key is locked');
  await terminal.step([...typed('open this'), 'Enter'], /nova-compute +0 of 3 on/);
  await terminal.step(['2'], /token +until/);
  await terminal.step(['Enter'], ALIKE);
  t.notRegex(terminal.screen(), /A key is locked/);
  await terminal.step(['q'], 'left with 0');
});

real('set-up asks for the password of sudo once, with --ask-become-pass', async (t) => {
  const cloud = await startSmallCloud(t, {
    user: 'operator',
    routes: {'GET /v2.1/servers/detail': {body: {servers: []}}},
  });
  const terminal = await openTmuxProgram(t, {env: cloud.env});
  terminal.start('setup', '--ask-become-pass');
  await terminal.until(/token +until/);
  t.regex(await terminal.step(['Enter'], 'sudo asks for a password'), /Of operator on the nodes/);
  const nodes = await terminal.step([...typed(SUDO_PASSWORD), 'Enter'], ALIKE);
  t.regex(nodes, /3 computes, 1 API node/);
  t.notRegex(nodes, /unreachable/);
  await terminal.step(['q'], 'left with 0');
  t.notRegex(await terminal.until('left with 0'), new RegExp(SUDO_PASSWORD));
});

real('without --ask-become-pass it is said that sudo asks, and what to do', async (t) => {
  const cloud = await startSmallCloud(t, {
    user: 'operator',
    routes: {'GET /v2.1/servers/detail': {body: {servers: []}}},
  });
  const terminal = await openTmuxProgram(t, {env: cloud.env});
  terminal.start('setup');
  await terminal.until(/token +until/);
  const nodes = await terminal.step(['Enter'], ALIKE);
  t.regex(nodes, /sudo asks/);
  const why = await terminal.step(['Enter'], '--ask-become-pass');
  t.regex(why.replaceAll(/\s+/g, ' '), /Start again with --ask-become-pass/);
});
