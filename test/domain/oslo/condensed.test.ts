import test from 'ava';
import * as fc from 'fast-check';
import {fromLatin1} from '../../../source/domain/oslo/bytes.js';
import {applyEdits} from '../../../source/domain/oslo/apply-edits.js';
import {decodeCondensed} from '../../../source/domain/oslo/condensed.js';
import {readDocument, type Document} from '../../../source/domain/oslo/document.js';
import {setOption} from '../../../source/domain/oslo/edit.js';
import {condenseAll} from '../../helpers/condense.js';
import {configFile} from '../../helpers/config-files.js';
import {generatedConfig, sampleConfig} from '../../helpers/sample-config.js';

/** Everything that must not depend on whether comments were sent. */
function essence(document: Document) {
  const {headers, assignments, failure, size, lineCount, isTerminated, encoding, undecodableLine} = document;
  return {headers, assignments, failure, size, lineCount, isTerminated, encoding, undecodableLine};
}

function decoded(bytes: Uint8Array): Document {
  const condensed = decodeCondensed(bytes);
  if (condensed.kind === 'damaged') throw new Error(condensed.reason);
  return condensed.document;
}

const NASTY = [
  '',
  '\n',
  '\r',
  '\r\n',
  '# only a comment without an end',
  '# only\r\n# comments\r\n',
  '[DEFAULT]',
  '[DEFAULT]\n# lone\rreclaim_instance_interval = 5\n',
  '[DEFAULT]\n# odd\r\r\n# more\nreclaim_instance_interval = 5\n',
  '[DEFAULT]\r\n#reclaim_instance_interval = 0\r\n# last\r',
  '[DEFAULT]\nmy_var = a\n  # no comment but a continuation\n\t\n# comment\nother = 1\n',
  '[DEFAULT]\nmy_var = a\n# comment\n  indented\n',
  '[DEFAULT]\nmy_var = a\n   \n  indented\n',
  '\u00ef\u00bb\u00bf# mark\n[DEFAULT]\n',
  '[DEFAULT]\n# caf\u00e9\n#plain\nreclaim_instance_interval=5\n',
  '[DEFAULT]\n# nul \u0000 byte\n#plain\n\u0000 = 5\n',
  '; semicolon\n[DEFAULT]\n;reclaim_instance_interval: 0\n12:34:tricky = 1\n+\n=abc = 2',
].map(fromLatin1);

const options = ['reclaim_instance_interval', 'my_var'];
const edits = [
  ['DEFAULT', 'reclaim_instance_interval', '120'],
  ['DEFAULT', 'reclaim_instance_interval', undefined],
  ['grp', 'my_var', 'x'],
  ['new', 'my_var', 'x'],
] as const;

test('a condensed file gives the same options, lines, offsets and edits as the whole file', (t) => {
  const files = [...NASTY, sampleConfig(), generatedConfig(), ...fc.sample(configFile, 150)];
  const condensed = condenseAll(files, options);
  for (const [index, bytes] of files.entries()) {
    const whole = readDocument(bytes);
    const small = decoded(condensed[index] ?? new Uint8Array());
    const shown = JSON.stringify(Buffer.from(bytes).toString('latin1').slice(0, 2000));
    t.deepEqual(essence(small), essence(whole), shown);
    for (const [group, option, value] of edits) {
      const wanted = setOption(whole, group, option, value);
      const edit = setOption(small, group, option, value);
      t.deepEqual(edit, wanted, shown);
      if (edit.kind !== 'edit') continue;
      t.deepEqual(
        essence(applyEdits(small, edit.edits)),
        essence(applyEdits(whole, edit.edits)),
        `after ${edit.action} of ${option}: ${shown}`,
      );
    }
  }
});

test('a sample file of 10,000 lines is sent in a few kilobytes', (t) => {
  const [condensed] = condenseAll([generatedConfig()], options);
  t.true((condensed?.length ?? Number.POSITIVE_INFINITY) < 8000);
});

test('a digest of the whole file comes with it', (t) => {
  const condensed = decodeCondensed(condenseAll([fromLatin1('[DEFAULT]\n')], options)[0] ?? new Uint8Array());
  t.is(
    condensed.kind === 'file' ? condensed.digest : '',
    '62fb8fa57dc94a6c4edf086733f49415e772884ac3373bd5a1c64bdcf9d21898',
  );
});

const damages: readonly (readonly [string, (text: string) => string])[] = [
  ['without its last line', (text) => text.split('\n').slice(0, -2).join('\n')],
  ['cut in the middle', (text) => text.slice(0, -10)],
  ['of a file that could not be read to its end', (text) => text.replace(/\n.*end-of-file\n/, '\n')],
  ['without a header', (text) => text.slice(text.indexOf('\n') + 1)],
  ['with a line that has no number', (text) => text.replace('\n1:0:', '\n')],
  ['with offsets that do not fit', (text) => text.replace('\n3:20:', '\n3:9999:')],
];
for (const [name, damage] of damages) {
  test(`a condensed file ${name} is refused`, (t) => {
    const [bytes] = condenseAll([fromLatin1('[DEFAULT]\n# aaaaaaa\nmy_var = 1\n')], options);
    const text = Buffer.from(bytes ?? []).toString('latin1');
    const broken = damage(text);
    t.not(broken, text);
    t.is(decodeCondensed(fromLatin1(broken)).kind, 'damaged');
  });
}

test('an option name that could be a pattern is refused', (t) => {
  t.throws(() => condenseAll([fromLatin1('')], ['"a|b"']));
});
