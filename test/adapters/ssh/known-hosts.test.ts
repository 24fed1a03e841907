import {mkdtemp, readFile, readdir, rm, stat, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {KnownHostsFiles} from '../../../source/adapters/ssh/known-hosts-files.js';
import {
  entriesFor,
  hashedName,
  judgeHostKey,
  knownKeyTypes,
  parseKnownHosts,
} from '../../../source/adapters/ssh/known-hosts.js';
import {resolveHops} from '../../../source/adapters/ssh/resolve.js';
import {withDefaults} from '../../../source/adapters/ssh/settings.js';

const ED = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ3Dl6n2wAQ0gJ9wZ0g1Gq5T7bqO2mQkz1Qk4x8yq0aB';
const OTHER = 'AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

function judge(text: string, hostName: string, port = 22, alias?: string) {
  const found = entriesFor(parseKnownHosts(text, 'known_hosts'), {hostName, port, hostKeyAlias: alias});
  return judgeHostKey(found, {keyType: 'ssh-ed25519', key: ED});
}

test('plain, wildcard, negated, port and alias entries are found', (t) => {
  const known = [
    [`compute-1,10.0.0.1 ssh-ed25519 ${ED}`, 'compute-1', 22],
    [`compute-1,10.0.0.1 ssh-ed25519 ${ED} a comment`, '10.0.0.1', 22],
    [`# note\n\n  *.example ssh-ed25519 ${ED}`, 'A.Example', 22],
    [`10.0.0.? ssh-ed25519 ${ED}`, '10.0.0.7', 22],
    [`[compute-1]:2222 ssh-ed25519 ${ED}`, 'compute-1', 2222],
    [`compute-1 ssh-ed25519 ${ED}`, 'compute-1', 2222],
    [`${hashedName('[compute-1]:2222', Buffer.alloc(20, 7))} ssh-ed25519 ${ED}`, 'compute-1', 2222],
  ] as const;
  for (const [text, host, port] of known) t.is(judge(text, host, port).kind, 'known', text);
  t.is(judge(`cluster ssh-ed25519 ${ED}`, '10.0.0.9', 2222, 'cluster').kind, 'known');
  const unknown = [
    [`*.example,!a.example ssh-ed25519 ${ED}`, 'a.example', 22],
    [`[compute-1]:2222 ssh-ed25519 ${ED}`, 'compute-1', 22],
    [`|1|broken ssh-ed25519 ${ED}`, 'compute-1', 22],
    [`@odd compute-1 ssh-ed25519 ${ED}`, 'compute-1', 22],
    ['', 'compute-1', 22],
  ] as const;
  for (const [text, host, port] of unknown) t.is(judge(text, host, port).kind, 'unknown', text);
});

test('another key of the same kind is a change, of another kind is unknown, revoked always loses', (t) => {
  t.is(judge(`c ssh-ed25519 ${OTHER}`, 'c').kind, 'changed');
  t.deepEqual(judge('c ssh-rsa AAAA', 'c'), {kind: 'unknown', otherTypes: ['ssh-rsa'], hasAuthority: false});
  t.is(judge(`c ssh-ed25519 ${OTHER}\nc ssh-ed25519 ${ED}`, 'c').kind, 'known', 'a host may have two');
  t.is(judge(`c ssh-ed25519 ${ED}\n@revoked * ssh-ed25519 ${ED}`, 'c').kind, 'revoked');
  t.is(judge(`@revoked d ssh-ed25519 ${ED}\nc ssh-ed25519 ${ED}`, 'c').kind, 'known');
  const byAuthority = judge(`@cert-authority *.x ssh-ed25519 ${OTHER}`, 'a.x');
  t.true(byAuthority.kind === 'unknown' && byAuthority.hasAuthority);
});

test('the kinds of keys that are known for a host', (t) => {
  const text = `c ssh-rsa AAAA\nc ssh-ed25519 ${ED}\n@revoked c ecdsa-sha2-nistp256 BBBB\nd x y`;
  const found = entriesFor(parseKnownHosts(text, 'f'), {hostName: 'c', port: 22, hostKeyAlias: undefined});
  t.deepEqual(knownKeyTypes(found), ['ssh-rsa', 'ssh-ed25519']);
});

test('a key is added once by many at the same time, after a line without its end, and locks do not stay', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-kh-'));
  t.teardown(() => rm(folder, {recursive: true}));
  const file = path.join(folder, 'sub/known_hosts');
  const options = withDefaults({home: folder, localUser: 'u', localHostName: 'h', environment: {}});
  const config = [
    {kind: 'line', keyword: 'userknownhostsfile', words: [file], place: 'f:1'},
    {kind: 'line', keyword: 'globalknownhostsfile', words: ['none'], place: 'f:2'},
    {kind: 'line', keyword: 'hashknownhosts', words: ['yes'], place: 'f:3'},
  ] as const;
  const [hop] = resolveHops({name: 'c', port: 2222}, config, options);
  if (hop === undefined) throw new Error('no hop');
  const shown = {keyType: 'ssh-ed25519', key: ED};
  const stores = Array.from({length: 8}, () => new KnownHostsFiles());
  const verdicts = await Promise.all(stores.map((store) => store.add(hop, shown)));
  t.deepEqual(new Set(verdicts.map(({kind}) => kind)), new Set(['known']));
  const text = await readFile(file, 'utf8');
  t.regex(text, /^\|1\|\S+ ssh-ed25519 \S+\n$/);
  t.is(judge(text, 'c', 2222).kind, 'known');
  t.is((await stat(file)).mode & 0o777, 0o600);
  await writeFile(file, '# no end');
  await new KnownHostsFiles().add(hop, shown);
  t.regex(await readFile(file, 'utf8'), /^# no end\n\|1\|.*\n$/);
  const other = await new KnownHostsFiles().add(hop, {keyType: 'ssh-ed25519', key: OTHER});
  t.is(other.kind, 'changed', 'a key that came in between counts');
  await writeFile(`${file}.lock`, '');
  await utimes(`${file}.lock`, 1, 1);
  t.is((await new KnownHostsFiles().add(hop, shown)).kind, 'known', 'a lock of the dead is taken away');
  await writeFile(`${file}.lock`, '');
  await utimes(`${file}.lock`, 1, 1);
  await writeFile(file, '');
  await new KnownHostsFiles().add(hop, shown);
  t.deepEqual(await readdir(path.dirname(file)), ['known_hosts']);
});

test('a binary list of revoked keys is not passed over', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-krl-'));
  t.teardown(() => rm(folder, {recursive: true}));
  const list = path.join(folder, 'revoked');
  const options = withDefaults({home: folder, localUser: 'u', localHostName: 'h', environment: {}});
  const config = [{kind: 'line', keyword: 'revokedhostkeys', words: [list], place: 'f:1'}] as const;
  const [hop] = resolveHops({name: 'c'}, config, options);
  if (hop === undefined) throw new Error('no hop');
  const store = new KnownHostsFiles();
  await t.throwsAsync(store.isRevoked(hop, ED), {message: /cannot be read/});
  await writeFile(list, 'SSHKRL\n\0rest');
  await t.throwsAsync(store.isRevoked(hop, ED), {message: /binary list/});
  await writeFile(list, `ssh-ed25519 ${ED} note\n`);
  t.true(await store.isRevoked(hop, ED));
  t.false(await store.isRevoked(hop, OTHER));
});
