import test from 'ava';
import * as fc from 'fast-check';
import {fromLatin1} from '../../../source/domain/oslo/bytes.js';
import {decodeCondensed} from '../../../source/domain/oslo/condensed.js';
import {unifiedDiff} from '../../../source/domain/oslo/diff.js';
import {readDocument} from '../../../source/domain/oslo/document.js';
import {setOption} from '../../../source/domain/oslo/edit.js';
import {condenseAll} from '../../helpers/condense.js';
import {configFile} from '../../helpers/config-files.js';

const interval = {group: 'DEFAULT', option: 'reclaim_instance_interval'};

function diffOf(text: string, value = '120'): string {
  const document = readDocument(fromLatin1(text));
  const edit = setOption(document, interval.group, interval.option, value);
  return unifiedDiff('nova.conf', document, edit.kind === 'edit' ? edit.edits : [], interval);
}

test('a diff shows the changed option and harmless neighbours, and nobody else', (t) => {
  const text = [
    '[DEFAULT]',
    '# the old password was hunter2',
    'transport_url = rabbit://nova:hunter2@host/',
    'service_down_time = 60',
    '#reclaim_instance_interval = 0',
    '#admin_password = hunter2',
    'names = hunter2,',
    '  hunter2',
    '',
  ].join('\n');
  t.is(
    diffOf(text),
    [
      '--- nova.conf',
      '+++ nova.conf',
      '@@ -3,6 +3,7 @@',
      ' transport_url = ***',
      ' service_down_time = 60',
      ' #reclaim_instance_interval = 0',
      '+reclaim_instance_interval = 120',
      ' # ***',
      ' names = ***',
      '     ***',
      '',
    ].join('\n'),
  );
});

test('a replaced value shows both lines', (t) => {
  t.is(
    diffOf('[DEFAULT]\r\nreclaim_instance_interval=60\r\n[api]\r\n'),
    '--- nova.conf\n+++ nova.conf\n@@ -1,3 +1,3 @@\n [DEFAULT]\n-reclaim_instance_interval=60\n+reclaim_instance_interval=120\n [api]\n',
  );
});

test('a missing last newline is told', (t) => {
  t.is(
    diffOf('[DEFAULT]'),
    '--- nova.conf\n+++ nova.conf\n@@ -1,1 +1,2 @@\n-[DEFAULT]\n\\ No newline at end of file\n+[DEFAULT]\n+reclaim_instance_interval = 120\n\\ No newline at end of file\n',
  );
});

test('an empty file gets its first lines', (t) => {
  t.is(
    diffOf(''),
    '--- nova.conf\n+++ nova.conf\n@@ -0,0 +1,2 @@\n+[DEFAULT]\n+reclaim_instance_interval = 120\n',
  );
});

test('no edit, no diff', (t) => {
  t.is(diffOf('[DEFAULT]\nreclaim_instance_interval = 120\n'), '');
});

test('the diff of a condensed file has the numbers of the whole file and leaves unknown lines out', (t) => {
  const text = `[DEFAULT]\n${'# words\n'.repeat(40)}#reclaim_instance_interval = 0\n\n# more\n[api]\n`;
  const condensed = decodeCondensed(
    condenseAll([fromLatin1(text)], [interval.option])[0] ?? new Uint8Array(),
  );
  if (condensed.kind === 'damaged') throw new Error(condensed.reason);
  const edit = setOption(condensed.document, interval.group, interval.option, '120');
  t.is(
    unifiedDiff('nova.conf', condensed.document, edit.kind === 'edit' ? edit.edits : [], interval),
    '--- nova.conf\n+++ nova.conf\n@@ -42,1 +42,2 @@\n #reclaim_instance_interval = 0\n+reclaim_instance_interval = 120\n',
  );
});

test('no diff of any file shows what is not permitted', (t) => {
  t.plan(1);
  fc.assert(
    fc.property(configFile, (bytes) => {
      const secret = 'hunter2';
      const text = Buffer.from(bytes)
        .toString('latin1')
        .replaceAll(/other|words/g, `x = ${secret}`);
      const document = readDocument(fromLatin1(text));
      const edit = setOption(document, interval.group, interval.option, '120');
      if (edit.kind !== 'edit') return true;
      return !unifiedDiff('nova.conf', document, edit.edits, interval).includes(secret);
    }),
    {numRuns: 300},
  );
  t.pass();
});

test('an indented comment below the changed option is masked: it is a part of the value', (t) => {
  const document = readDocument(fromLatin1('[DEFAULT]\nreclaim_instance_interval =\n # was hunter2\n'));
  const edit = setOption(document, interval.group, interval.option, '120');
  t.is(edit.kind, 'edit');
  if (edit.kind === 'edit') t.notRegex(unifiedDiff('nova.conf', document, edit.edits, interval), /hunter2/);
});
