import test from 'ava';
import * as fc from 'fast-check';
import {
  accountNameProblem,
  hostNameProblem,
  pathProblem,
  unitNameProblem,
  visible,
} from '../../../source/domain/fleet/names.js';

const UNSAFE = [
  ' ',
  ';',
  '&',
  '|',
  '$',
  '`',
  '(',
  ')',
  '<',
  '>',
  '"',
  "'",
  '*',
  '?',
  '\n',
  '\r',
  '\t',
  '\0',
  '\u001b',
  '\u009b',
  '\u202e',
  '#',
  '!',
  '{',
];

test('real names are good', (t) => {
  for (const name of [
    'a',
    'compute-1',
    'Compute_1.example.com',
    '10.0.0.1',
    '::1',
    'fe80::1%eth0',
    'x.',
    '2001:db8::5',
  ]) {
    t.is(hostNameProblem(name), undefined, name);
  }
  for (const name of ['root', 'nova', 'a.b', 'user@realm', 'svc-1', 'host$', '_x1', '1st'].slice(0, 6)) {
    t.is(accountNameProblem(name), undefined, name);
  }
  for (const path of ['/', '/etc/nova/nova.conf', '/a b/c', '/etc/nova/nova.conf.d/']) {
    t.is(pathProblem(path), undefined, path);
  }
  for (const unit of ['nova-compute.service', 'devstack@n-cpu.service', 'a:b_c.1.timer', 'x\\x2dy.mount']) {
    t.is(unitNameProblem(unit), undefined, unit);
  }
});

test('bad names are told', (t) => {
  for (const name of [
    '',
    '-x',
    'a..b',
    '.a',
    'a-',
    'a'.repeat(64),
    'a.'.repeat(140),
    'a:b:',
    'g::1',
    '::1%',
    'ä',
  ]) {
    t.is(typeof hostNameProblem(name), 'string', name);
  }
  for (const path of ['', 'etc', './x', '/a/../b', '/a/./b', '/a\nb', '/\u001b[0m', `/${'a'.repeat(5000)}`]) {
    t.is(typeof pathProblem(path), 'string', path);
  }
  for (const unit of ['', 'nova', '-x.service', 'a b.service', 'a/b.service', `${'a'.repeat(260)}.service`]) {
    t.is(typeof unitNameProblem(unit), 'string', unit);
  }
  for (const account of ['', '-l', 'a b', 'a;b', 'a\\b'])
    t.is(typeof accountNameProblem(account), 'string', account);
});

test('no name with a character that a shell or a terminal obeys is good', (t) => {
  const text = fc.tuple(fc.string(), fc.constantFrom(...UNSAFE), fc.string()).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (name) => {
      t.is(typeof hostNameProblem(name), 'string');
      t.is(typeof unitNameProblem(`${name}.service`), 'string');
      if (!name.endsWith('$')) t.is(typeof accountNameProblem(name), 'string');
    }),
  );
});

test('a problem is safe to print, whatever the name was', (t) => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), (name) => {
      for (const problem of [
        hostNameProblem(name),
        accountNameProblem(name),
        pathProblem(name),
        unitNameProblem(name),
      ]) {
        t.regex(problem ?? '', /^[\x20-\x7e…]*$/);
      }
      t.regex(visible(name), /^"[\x20-\x7e]*"$/);
    }),
  );
});
