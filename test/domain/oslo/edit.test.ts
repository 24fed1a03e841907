import test from 'ava';
import * as fc from 'fast-check';
import {applyEdits} from '../../../source/domain/oslo/apply-edits.js';
import {fromLatin1} from '../../../source/domain/oslo/bytes.js';
import {documentBytes, readDocument} from '../../../source/domain/oslo/document.js';
import {setOption, type OptionEdit} from '../../../source/domain/oslo/edit.js';
import {effectiveValue} from '../../../source/domain/oslo/effective.js';
import {configFile} from '../../helpers/config-files.js';

const OPTION = 'reclaim_instance_interval';

function edited(text: string, value: string | undefined, group = 'DEFAULT', option = OPTION) {
  const document = readDocument(fromLatin1(text));
  const edit = setOption(document, group, option, value);
  if (edit.kind !== 'edit') return {edit, text};
  const bytes = documentBytes(applyEdits(document, edit.edits));
  return {edit, text: Buffer.from(bytes).toString('latin1')};
}

function actionOf(edit: OptionEdit): string {
  return edit.kind === 'edit' ? edit.action : edit.kind;
}

const cases: readonly (readonly [name: string, before: string, after: string, action: string])[] = [
  [
    'the value of the last occurrence is replaced',
    '[DEFAULT]\nreclaim_instance_interval = 1\n[api]\n[DEFAULT]\nreclaim_instance_interval:  "60" \n',
    '[DEFAULT]\nreclaim_instance_interval = 1\n[api]\n[DEFAULT]\nreclaim_instance_interval:  120 \n',
    'replaced',
  ],
  [
    'an empty value is filled',
    '[DEFAULT]\nreclaim_instance_interval =\n',
    '[DEFAULT]\nreclaim_instance_interval = 120\n',
    'replaced',
  ],
  [
    'an empty value without spaces is filled so',
    '[DEFAULT]\nreclaim_instance_interval=\n',
    '[DEFAULT]\nreclaim_instance_interval=120\n',
    'replaced',
  ],
  [
    'a new line goes below the commented default, which stays',
    '[DEFAULT]\n# Help\n#reclaim_instance_interval = 0\n\n#other = 1\n',
    '[DEFAULT]\n# Help\n#reclaim_instance_interval = 0\nreclaim_instance_interval = 120\n\n#other = 1\n',
    'added',
  ],
  [
    'a commented default of another section and a word in a help text are not taken for it',
    '[api]\n#reclaim_instance_interval = 0\n[DEFAULT]\n# reclaim_instance_interval = seconds to wait\n#x\n',
    '[api]\n#reclaim_instance_interval = 0\n[DEFAULT]\nreclaim_instance_interval = 120\n# reclaim_instance_interval = seconds to wait\n#x\n',
    'added',
  ],
  [
    'a new line goes below the first header',
    '# top\n[DEFAULT]\na = 1\n[DEFAULT]\n',
    '# top\n[DEFAULT]\nreclaim_instance_interval = 120\na = 1\n[DEFAULT]\n',
    'added',
  ],
  [
    'CRLF stays',
    '[DEFAULT]\r\na = 1\r\n',
    '[DEFAULT]\r\nreclaim_instance_interval = 120\r\na = 1\r\n',
    'added',
  ],
  [
    'a missing last line end stays missing',
    '[DEFAULT]',
    '[DEFAULT]\nreclaim_instance_interval = 120',
    'added',
  ],
  [
    'a missing last line end stays missing in CRLF',
    '# x\r\n[DEFAULT]',
    '# x\r\n[DEFAULT]\r\nreclaim_instance_interval = 120',
    'added',
  ],
  [
    'a section that differs in case is not the section',
    '[default]\nreclaim_instance_interval = 5\n',
    '[default]\nreclaim_instance_interval = 5\n[DEFAULT]\nreclaim_instance_interval = 120\n',
    'added-section',
  ],
  ['an empty file gets a section', '', '[DEFAULT]\nreclaim_instance_interval = 120\n', 'added-section'],
  [
    'a file without a last line end gets a section',
    '[api]\r\nx = 1',
    '[api]\r\nx = 1\r\n[DEFAULT]\r\nreclaim_instance_interval = 120',
    'added-section',
  ],
  [
    'a value of several lines is overridden, not torn apart',
    '[DEFAULT]\nreclaim_instance_interval = 5\n  # 6\n\t7\n[api]\n',
    '[DEFAULT]\nreclaim_instance_interval = 5\n  # 6\n\t7\nreclaim_instance_interval = 120\n[api]\n',
    'added-after-continuation',
  ],
  [
    'bytes that are no UTF-8 stay',
    '[DEFAULT]\n# caf\u00e9\nreclaim_instance_interval = 5\n',
    '[DEFAULT]\n# caf\u00e9\nreclaim_instance_interval = 120\n',
    'replaced',
  ],
  [
    'a lone CR is a line end',
    '[DEFAULT]\rreclaim_instance_interval = 5\rb = 1\r',
    '[DEFAULT]\rreclaim_instance_interval = 120\rb = 1\r',
    'replaced',
  ],
];
for (const [name, before, after, action] of cases) {
  test(name, (t) => {
    const result = edited(before, '120');
    t.is(result.text, after);
    t.is(actionOf(result.edit), action);
    const again = edited(after, '120');
    t.is(again.edit.kind, 'unchanged');
  });
}

test('taking an option out comments every line of it', (t) => {
  const text = '[DEFAULT]\nreclaim_instance_interval = 1\n  2\nb = 1\nreclaim_instance_interval = 3\n';
  const result = edited(text, undefined);
  t.is(
    result.text,
    '[DEFAULT]\n#reclaim_instance_interval = 1\n#  2\nb = 1\n#reclaim_instance_interval = 3\n',
  );
  t.is(edited(result.text, undefined).edit.kind, 'unchanged');
});

test('sections other than DEFAULT are found in any case', (t) => {
  t.is(edited('[API]\nx = 1\n', '2', 'api', 'x').text, '[API]\nx = 2\n');
});

test('white space around a value is kept by quotes', (t) => {
  const result = edited('[DEFAULT]\n', ' a ', 'DEFAULT', 'x');
  t.is(result.text, '[DEFAULT]\nx = " a "\n');
  t.is(readDocument(fromLatin1(result.text)).assignments[0]?.raw, ' a ');
});

const refusals: readonly (readonly [string, string, string, string, string, RegExp])[] = [
  ['a file that oslo.config refuses', '[DEFAULT]\njunk\n', 'DEFAULT', 'x', '1', /^line 2: neither = nor :/],
  ['a value of several lines', '', 'DEFAULT', 'x', 'a\nb', /several lines/],
  ['a value with a carriage return', '', 'DEFAULT', 'x', 'a\rb', /several lines/],
  ['a value with an escape character', '', 'DEFAULT', 'x', '\u001b[2J', /control characters/],
  ['an option with an equals sign', '', 'DEFAULT', 'x=y', '1', /cannot be an option's name/],
  ['an option that would be a comment', '', 'DEFAULT', '#x', '1', /cannot be an option's name/],
  ['an empty option', '', 'DEFAULT', '', '1', /cannot be an option's name/],
  ['a section of two lines', '', 'a]\n[b', 'x', '1', /cannot be a section's name/],
  [
    'letters beyond ASCII in a file that is no UTF-8',
    '[DEFAULT]\n#\u00e9\n',
    'DEFAULT',
    'x',
    'gr\u00fcn',
    /not UTF-8/,
  ],
];
for (const [name, text, group, option, value, reason] of refusals) {
  test(`${name}: refused`, (t) => {
    const {edit} = edited(text, value, group, option);
    t.is(edit.kind, 'refused');
    t.regex(edit.kind === 'refused' ? edit.reason : '', reason);
  });
}

test('read and written again, any file has the same bytes', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(configFile, (bytes) => Buffer.compare(documentBytes(readDocument(bytes)), bytes) === 0),
    ),
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.uint8Array(),
        (bytes) => Buffer.compare(documentBytes(readDocument(bytes)), bytes) === 0,
      ),
    ),
  );
});

test('an edit of any good file touches its range only, adds at most one line, and gives the value', (t) => {
  const value = fc.constantFrom('0', '120', '31536000');
  t.notThrows(() =>
    fc.assert(
      fc.property(configFile, value, (bytes, wanted) => {
        const before = readDocument(bytes);
        const edit = setOption(before, 'DEFAULT', OPTION, wanted);
        if (edit.kind !== 'edit')
          return edit.kind === (before.failure === undefined ? 'unchanged' : 'refused');
        const after = applyEdits(before, edit.edits);
        const [only] = edit.edits;
        if (only === undefined || edit.edits.length !== 1) return false;
        const rebuilt = Buffer.concat([
          bytes.subarray(0, only.offset),
          only.replacement,
          bytes.subarray(only.offset + only.length),
        ]);
        const lines = after.lineCount - before.lineCount;
        const expected = {replaced: 0, added: 1, 'added-after-continuation': 1, 'added-section': 2};
        const effective = effectiveValue([{kind: 'file', file: 'nova.conf', document: after}], {
          group: 'DEFAULT',
          option: OPTION,
          type: 'integer',
          environment: {},
          known: [],
        });
        return (
          rebuilt.equals(documentBytes(after)) &&
          edit.action !== 'commented-out' &&
          lines === expected[edit.action] &&
          effective.kind === 'value' &&
          effective.value === BigInt(wanted) &&
          setOption(after, 'DEFAULT', OPTION, wanted).kind === 'unchanged'
        );
      }),
      {numRuns: 500},
    ),
  );
});
