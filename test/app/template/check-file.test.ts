import test from 'ava';
import {readRendered} from '../../../source/adapters/template/read-rendered.js';
import {checkFile} from '../../../source/app/template/check-file.js';
import {formatNamed} from '../../../source/domain/template/formats.js';

/** Verdict and words of each check. */
async function checksOf(format: string, text: string, before?: string): Promise<readonly string[]> {
  const language = formatNamed(format);
  if (language === undefined) throw new Error(`no language ${format}`);
  const file = {path: 'file', text, isExecutable: false, format: language};
  const standing =
    before === undefined
      ? ({kind: 'absent'} as const)
      : ({kind: 'file', text: before, isExecutable: false} as const);
  const checks = await checkFile({file, standing}, {read: readRendered});
  return checks.map(({verdict, text: words}) => `${verdict}: ${words}`);
}

const WANTED = '[DEFAULT]\nreclaim_instance_interval = 7200\n';

test('a new file: the interval that oslo.config reads from it', async (t) => {
  t.deepEqual(await checksOf('oslo', WANTED), ['ok: oslo.config reads 7200 from it']);
  t.deepEqual(await checksOf('kolla', WANTED), ['ok: oslo.config reads 7200 from it']);
});

test('a file without the interval is read, and its options are counted', async (t) => {
  t.deepEqual(await checksOf('oslo', '[a]\nb = 1\n'), ['ok: oslo.config reads it: 1 option']);
});

test('an interval that is none, and a file that oslo.config refuses, are told with the reason', async (t) => {
  const [first = ''] = await checksOf('oslo', '[DEFAULT]\nreclaim_instance_interval = soon\n');
  t.regex(first, /^failed: oslo\.config refuses it: .*reclaim_instance_interval/);
  const [second = ''] = await checksOf('oslo', 'no section\n');
  t.regex(second, /^failed: line 1 \(no section\): oslo\.config refuses it: /);
});

test('options of the file that is there and that would go are named; the interval itself is none of them', async (t) => {
  const before =
    '[DEFAULT]\nreclaim_instance_interval = 0\ncpu_allocation_ratio = 4\n[libvirt]\ncpu_mode = none\n';
  t.deepEqual(await checksOf('oslo', WANTED, before), [
    'ok: oslo.config reads 7200 from it',
    'warning: gone with it: [DEFAULT] cpu_allocation_ratio, [libvirt] cpu_mode',
  ]);
  t.deepEqual(await checksOf('oslo', WANTED, '[DEFAULT]\n# so\nreclaim_instance_interval: 9\n'), [
    'ok: oslo.config reads 7200 from it',
    'ok: no other option is touched',
  ]);
});

test('of many options that would go three are named', async (t) => {
  const before = `[a]\n${['b', 'c', 'd', 'e', 'f'].map((name) => `${name} = 1`).join('\n')}\n`;
  const [, second] = await checksOf('oslo', WANTED, before);
  t.is(second, 'warning: gone with it: [a] b, [a] c, [a] d and 2 more');
});

test('an option that would get another value is named, and a file that nobody could read is not compared', async (t) => {
  const [, other] = await checksOf('oslo', `${WANTED}[a]\nb = 2\n`, '[a]\nb = 1\n');
  t.is(other, 'warning: changed with it: [a] b');
  const [, unread] = await checksOf('oslo', WANTED, 'nothing\n');
  t.is(unread, 'warning: oslo.config refuses the file that is there');
});

test('what Jinja makes of a file is not pretended to be known', async (t) => {
  const [first = ''] = await checksOf('kolla', "[DEFAULT]\nreclaim_instance_interval = {{ '7200' }}\n");
  t.regex(first, /^none: Jinja is in it/);
});

test('YAML and JSON are read; of other languages it is said that nobody did', async (t) => {
  t.deepEqual(await checksOf('yaml', 'a: 1\n'), ['ok: it can be read as YAML']);
  t.deepEqual(await checksOf('json', '{"a": 1}'), ['ok: it can be read as JSON']);
  const [broken = ''] = await checksOf('yaml', 'a: [1\n');
  t.regex(broken, /^failed: line \d+: it is no YAML/);
  const [twice] = await checksOf('yaml', 'b: 1\na: 1\na:  "2\u202e"\n');
  t.is(twice, 'failed: line 3 (a:  "2\\u202e"): a is there twice');
  const [long = ''] = await checksOf('yaml', `a: 1\na: ${'x'.repeat(100)}\n`);
  t.regex(long, /^failed: line 2 \(a: x{57}…\): a is there twice$/);
  const [torn = ''] = await checksOf('json', '{"a": 1,\n "b": 2,}\n');
  t.regex(torn, /^failed: line 2 \("b": 2,\}\): it is no JSON: /);
  t.deepEqual(await checksOf('hcl', 'a = 1\n'), ['none: nothing here reads hcl: it was not checked']);
});

test('a script is read by the shell of its first line, and nothing of it is run', async (t) => {
  t.deepEqual(await checksOf('shell', '#!/bin/sh\ntouch /nonexistent/x\nexit 1\n'), [
    'ok: sh -n finds no fault in it',
  ]);
  t.deepEqual(await checksOf('shell', 'if true; then :; fi\n'), ['ok: sh -n finds no fault in it']);
  const [broken = ''] = await checksOf('shell', '#!/bin/sh -e\n\nif true; then\n  x\n');
  t.regex(broken, /^failed: sh -n refuses it, line \d+: .*end of file/);
  const [odd = ''] = await checksOf('shell', '#!/bin/sh\nif then x; fi\n');
  t.regex(odd, /^failed: sh -n refuses it, line 2 \(if then x; fi\): /);
  t.deepEqual(await checksOf('shell', '#!/usr/bin/env zsh\n'), [
    'none: nothing here reads zsh: it was not checked',
  ]);
});
