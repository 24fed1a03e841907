import {execFileSync} from 'node:child_process';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {hostname, tmpdir, userInfo} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {loadConfig} from '../../source/adapters/ssh/config.js';
import {type Hop, resolveHops} from '../../source/adapters/ssh/resolve.js';
import {type SshSettings, withDefaults} from '../../source/adapters/ssh/settings.js';

const {homedir: home, username} = userInfo();

/** What our own reading of a file says, in the words of `ssh -G`. */
function ours(hop: Hop): Record<string, string> {
  return {
    hostname: hop.hostName.toLowerCase(),
    port: String(hop.port),
    user: hop.user,
    identityfile: hop.identityFiles
      .filter(({isDefault}) => !isDefault)
      .map((file) => file.path)
      .join(' '),
    userknownhostsfile: hop.userKnownHostsFiles.join(' '),
    identitiesonly: hop.isIdentitiesOnly ? 'yes' : 'no',
    hashknownhosts: hop.hashesKnownHosts ? 'yes' : 'no',
    hostkeyalias: hop.hostKeyAlias ?? '',
    connecttimeout: hop.connectTimeoutMs === undefined ? 'none' : String(hop.connectTimeoutMs / 1000),
  };
}

/** The same words as ssh itself gives them, with `~` and tokens replaced as it would when it uses them. */
function theirs(file: string, host: string, hop: Hop): Record<string, string> {
  const said = execFileSync('ssh', ['-G', '-F', file, host], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
  const all = new Map<string, string[]>();
  for (const line of said.trim().split('\n')) {
    const [keyword = '', ...rest] = line.split(' ');
    all.set(keyword, [...(all.get(keyword) ?? []), rest.join(' ')]);
  }
  const expand = (text: string): string =>
    text
      .replaceAll(/(^| )~(?=\/)/g, `$1${home}`)
      .replaceAll('%d', home)
      .replaceAll('%h', hop.hostName)
      .replaceAll('%n', host)
      .replaceAll('%p', String(hop.port))
      .replaceAll('%r', hop.user)
      .replaceAll('%u', username);
  const one = (keyword: string): string => all.get(keyword)?.[0] ?? '';
  const files = (all.get('identityfile') ?? []).filter(
    (name) => !/^~\/\.ssh\/id_(rsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|xmss|dsa)$/.test(name),
  );
  return {
    hostname: one('hostname').toLowerCase(),
    port: one('port'),
    user: one('user'),
    identityfile: expand(files.join(' ')),
    userknownhostsfile: expand(one('userknownhostsfile')),
    identitiesonly: one('identitiesonly'),
    hashknownhosts: one('hashknownhosts'),
    hostkeyalias: one('hostkeyalias'),
    connecttimeout: one('connecttimeout'),
  };
}

const FILE = String.raw`
# comments, odd spacing and both ways to write a value
Port=2200
Host   compute-* !compute-9   "quoted name"
	HostName %h.example.com   # a comment behind
  User "nova admin"
    IdentityFile ~/.ssh/%h-%r
  IdentityFile=%d/.ssh/second
Host compute-?
  User later
  Port 99
  UserKnownHostsFile ~/.ssh/a /etc/b
  Include part-*.conf missing.conf
Host compute-1
  HostKeyAlias cluster
  ConnectTimeout 7
Match host *.example.com user "nova admin"
  IdentitiesOnly yes
Match originalhost compute-2,x !user root
  HashKnownHosts yes
Match final host=*.example.com
  IdentityFile /final/%n
Host *.example.com
  IdentityFile /second-pass
Host bare
Match all
  IdentityFile /everybody
Host *
  User fallback
`;

test('hosts resolve as ssh -G says', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-config-'));
  t.teardown(() => rm(folder, {recursive: true}));
  // ssh takes ~ from the account, and relative includes from its .ssh: absolute ones are the same for both.
  const file = path.join(folder, 'config');
  await mkdir(path.join(folder, 'd'));
  await writeFile(
    file,
    FILE.replace('part-*.conf missing.conf', `${folder}/d/part-*.conf ${folder}/missing`),
  );
  await writeFile(
    path.join(folder, 'd/part-1.conf'),
    'IdentityFile /part-1\nHost compute-2\nIdentityFile /part-2\n',
  );
  await writeFile(path.join(folder, 'd/part-2.conf'), 'HashKnownHosts yes\nHost *\nIdentityFile /part-3\n');
  await writeFile(path.join(folder, 'd/.part-3.conf'), 'User hidden\n');
  const settings: SshSettings = {
    home,
    localUser: username,
    localHostName: hostname(),
    environment: {},
    configFile: file,
  };
  const options = withDefaults(settings);
  const items = await loadConfig(options);
  for (const host of ['compute-1', 'compute-2', 'compute-9', 'compute-10', 'x', 'bare', 'a.example.com']) {
    // An account with a blank is fine for ssh -G; we refuse it, so it is another one here.
    const safe = await loadConfig(withDefaults({...settings, configFile: await withoutBlank(file)}));
    const hop = resolveHops({name: host}, safe, options).at(-1);
    if (hop === undefined) throw new Error('no hop');
    t.deepEqual(ours(hop), theirs(await withoutBlank(file), host, hop), host);
  }
  t.throws(() => resolveHops({name: 'compute-1'}, items, options), {
    message: /nova admin.*is not an account name/,
  });
});

async function withoutBlank(file: string): Promise<string> {
  const {readFile} = await import('node:fs/promises');
  const other = `${file}-safe`;
  await writeFile(other, (await readFile(file, 'utf8')).replaceAll('nova admin', 'nova-admin'));
  return other;
}

test('ProxyJump chains take the way that ssh takes', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-jump-'));
  t.teardown(() => rm(folder, {recursive: true}));
  const file = path.join(folder, 'config');
  await writeFile(
    file,
    [
      'Host inner',
      '  ProxyJump admin@outer:2222,middle',
      'Host outer',
      '  HostName 192.0.2.1',
      '  ProxyJump gate',
      'Host middle',
      '  ProxyJump never',
      'Host direct',
      '  ProxyJump none',
      'Host command',
      '  ProxyCommand nc %h %p',
      'Host round',
      '  ProxyJump round2',
      'Host round2',
      '  ProxyJump round',
      'Host *',
      '  User root',
      'Host command direct',
      '  ProxyJump gate',
    ].join('\n'),
  );
  const options = withDefaults({
    home,
    localUser: username,
    localHostName: hostname(),
    environment: {},
    configFile: file,
  });
  const items = await loadConfig(options);
  const way = (name: string, proxyJump?: string): string =>
    resolveHops({name, ...(proxyJump === undefined ? {} : {proxyJump})}, items, options)
      .map((hop) => `${hop.user}@${hop.alias}=${hop.hostName}:${hop.port}`)
      .join(' ');
  t.is(
    way('inner'),
    'root@gate=gate:22 admin@outer=192.0.2.1:2222 root@middle=middle:22 root@inner=inner:22',
  );
  t.is(way('direct'), 'root@direct=direct:22');
  t.is(way('command'), 'root@command=command:22');
  t.is(way('other', 'u@[::1]:24'), 'u@::1=::1:24 root@other=other:22');
  t.is(way('inner', 'none'), 'root@inner=inner:22');
  t.true(resolveHops({name: 'command'}, items, options)[0]?.hasProxyCommand);
  t.throws(() => way('round'), {message: /circle/});
  for (const bad of ['-oProxyCommand=id', 'a;id', 'u@', 'a b', 'a:99999999']) {
    t.throws(() => way('other', bad), {message: /is not/}, bad);
  }
});

test('what cannot be decided here is told, what acts otherwise is told', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-notice-'));
  t.teardown(() => rm(folder, {recursive: true}));
  const file = path.join(folder, 'config');
  const notices: string[] = [];
  const options = withDefaults({
    home,
    localUser: username,
    localHostName: hostname(),
    environment: {SSH_AUTH_SOCK: '/agent', KEYS: '/keys'},
    configFile: file,
    notice: (text) => notices.push(text),
  });
  await writeFile(
    file,
    `Match exec "touch ${folder}/ran" host a\n  User execed\nHost a\n  StrictHostKeyChecking no\n` +
      'Host b\n  StrictHostKeyChecking accept-new\n  IdentityFile ${KEYS}/id\n  IdentityAgent none\n' +
      'Host c\n  IdentityFile %C\nHost d\n  IdentityAgent $OTHER\nHost e\n  Port many\n',
  );
  const items = await loadConfig(options);
  const one = (name: string): Hop | undefined => resolveHops({name}, items, options)[0];
  t.is(one('a')?.user, username);
  t.is(one('a')?.acceptsNewHostKey, false);
  t.is(notices.length, 2, 'each once');
  t.regex(notices[0] ?? '', /Match exec.*--transport openssh/);
  t.regex(notices[1] ?? '', /StrictHostKeyChecking no.*acts as "yes"/);
  t.is(one('b')?.acceptsNewHostKey, true);
  t.deepEqual(one('b')?.identityFiles, [{path: '/keys/id', isDefault: false}]);
  t.is(one('b')?.agentSocket, undefined);
  t.is(one('a')?.agentSocket, '/agent');
  t.is(one('d')?.agentSocket, undefined);
  t.throws(() => one('c'), {message: /%C/});
  t.throws(() => one('e'), {message: /is not a port/});
  await t.throwsAsync(import('node:fs/promises').then(({stat}) => stat(path.join(folder, 'ran'))));
});

test('a file that others may write, and one with an open quote, are refused', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-own-'));
  t.teardown(() => rm(folder, {recursive: true}));
  await mkdir(path.join(folder, '.ssh'));
  const file = path.join(folder, '.ssh/config');
  const options = withDefaults({
    home: folder,
    localUser: username,
    localHostName: 'h',
    environment: {},
    systemFolder: path.join(folder, 'etc'),
  });
  t.is(resolveHops({name: 'n'}, await loadConfig(options), options)[0]?.port, 22, 'no file is no problem');
  await writeFile(file, 'Host *\n  Port 23\n', {mode: 0o600});
  t.is(resolveHops({name: 'n'}, await loadConfig(options), options)[0]?.port, 23);
  const {chmod} = await import('node:fs/promises');
  await chmod(file, 0o666);
  await t.throwsAsync(loadConfig(options), {message: /can be written by others/});
  await chmod(file, 0o600);
  await writeFile(file, 'Host "a\n');
  await t.throwsAsync(loadConfig(options), {message: /config:1: a quote is not closed/});
  await writeFile(file, 'Include config\n');
  await t.throwsAsync(loadConfig(options), {message: /include each other/});
});
