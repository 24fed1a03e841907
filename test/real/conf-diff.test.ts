import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import * as fc from 'fast-check';
import {applyEdits} from '../../source/domain/oslo/apply-edits.js';
import {fromLatin1} from '../../source/domain/oslo/bytes.js';
import {unifiedDiff} from '../../source/domain/oslo/diff.js';
import {documentBytes, readDocument} from '../../source/domain/oslo/document.js';
import {setOption} from '../../source/domain/oslo/edit.js';

const interval = {group: 'DEFAULT', option: 'reclaim_instance_interval'};

/** Files whose every line may be shown, so that `patch` can check the diff. */
const shownFile = fc
  .array(
    fc.constantFrom(
      '[DEFAULT]',
      '[api]',
      '',
      'debug = true',
      '#reclaim_instance_interval = 0',
      'reclaim_instance_interval = 5',
      'reclaim_instance_interval = 1\n  2',
    ),
    {maxLength: 30},
  )
  .chain((lines) => fc.constantFrom(`[DEFAULT]\n${lines.join('\n')}`, `[DEFAULT]\n${lines.join('\n')}\n`))
  // A setting of another section is masked.
  .filter((text) => !/\[api\][^[]*debug|\[api\][^[]*reclaim/.test(text));

test('patch turns the old file into the new one with the diff', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-diff-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  const file = path.join(folder, 'nova.conf');
  const samples = fc.sample(fc.tuple(shownFile, fc.constantFrom('120', undefined)), 60);
  for (const [text, value] of samples) {
    const document = readDocument(fromLatin1(text));
    const edit = setOption(document, interval.group, interval.option, value);
    // A continuation that becomes a comment is masked.
    if (edit.kind !== 'edit' || (value === undefined && text.includes('\n  2'))) continue;
    writeFileSync(file, text);
    const diff = unifiedDiff('nova.conf', document, edit.edits, interval);
    const result = spawnSync('patch', ['--quiet', '--fuzz=0', '--output=-', file], {input: diff});
    t.is(result.status, 0, `${result.stdout.toString()}${result.stderr.toString()}\n${text}\n${diff}`);
    const wanted = Buffer.from(documentBytes(applyEdits(document, edit.edits))).toString();
    t.is(result.stdout.toString(), wanted, `${text}\n${diff}`);
  }
});
