import test from 'ava';
import {configFilesIn, searchLocations, wsgiFiles, type Program} from '../../../source/domain/oslo/search.js';

const program: Program = {
  project: 'nova',
  name: 'nova-compute',
  arguments: [],
  home: '/var/lib/nova',
  workingDirectory: '/',
};

function search(there: readonly string[], change: Partial<Program> = {}): string[] {
  const locations = searchLocations({...program, ...change}, (path) => there.includes(path));
  return locations.map(({kind, path, isExplicit}) => `${kind} ${path}${isExplicit ? ' named' : ''}`);
}

test('without options the first nova.conf and the first file of the program are read, then both directories', (t) => {
  const there = [
    '/var/lib/nova/nova-compute.conf',
    '/etc/nova/nova.conf',
    '/etc/nova.conf',
    '/etc/nova/nova-compute.conf',
    '/etc/nova/nova.conf.d',
    '/etc/nova/nova-compute.conf.d',
  ];
  t.deepEqual(search(there), [
    'file /etc/nova/nova.conf',
    'file /var/lib/nova/nova-compute.conf',
    'directory /etc/nova/nova.conf.d',
    'directory /etc/nova/nova-compute.conf.d',
  ]);
});

test('a named file takes the place of default files and comes after default directories', (t) => {
  const args = ['--config-file=/etc/nova/nova.conf', '--debug', '--config-file', 'x.conf'];
  t.deepEqual(
    search(['/etc/nova/nova.conf', '/etc/nova/nova.conf.d'], {arguments: args, workingDirectory: '/srv'}),
    ['directory /etc/nova/nova.conf.d', 'file /etc/nova/nova.conf named', 'file /srv/x.conf named'],
  );
});

test('a named directory takes the place of default directories, in command-line order', (t) => {
  const args = ['--config-dir', '~/d', '--config-file', '/a.conf'];
  t.deepEqual(search(['/etc/nova/nova.conf', '/etc/nova/nova.conf.d'], {arguments: args}), [
    'directory /var/lib/nova/d named',
    'file /a.conf named',
  ]);
});

test('a snap has places of its own, after the usual ones', (t) => {
  const there = ['/snap/etc/nova/nova.conf', '/common/etc/nova/nova.conf'];
  t.deepEqual(search(there, {snap: '/snap', snapCommon: '/common'}), ['file /common/etc/nova/nova.conf']);
});

test('under a WSGI server two variables name the files', (t) => {
  t.deepEqual(wsgiFiles({}), ['/etc/nova/api-paste.ini', '/etc/nova/nova.conf']);
  t.deepEqual(wsgiFiles({OS_NOVA_CONFIG_DIR: '/srv/', OS_NOVA_CONFIG_FILES: 'a.conf;/b.conf'}), [
    '/srv/a.conf',
    '/b.conf',
  ]);
});

test('a directory gives its .conf files in byte order, without hidden ones', (t) => {
  const entries = [
    'b.conf',
    'a.conf',
    'B.conf',
    '.x.conf',
    'c.conf.bak',
    '\u{1f600}.conf',
    '\uff5e.conf',
    'conf',
  ];
  t.deepEqual(configFilesIn(entries), ['B.conf', 'a.conf', 'b.conf', '\uff5e.conf', '\u{1f600}.conf']);
});
