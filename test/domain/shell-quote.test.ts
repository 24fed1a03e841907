import {spawnSync} from 'node:child_process';
import test from 'ava';
import * as fc from 'fast-check';
import {renderScript, shellQuote} from '../../source/domain/shell-quote.js';

const SHELLS = ['dash', 'bash', 'sh'].filter((shell) => spawnSync(shell, ['-c', 'true']).status === 0);
const NASTY = [
  '',
  "'",
  "''",
  '"',
  '\\',
  '$HOME',
  '`id`',
  '$(id)',
  '\n',
  'a\n',
  '\r\n',
  '!!',
  '*',
  '~',
  '-n',
  '\u001b[31m',
  'ä€😀',
  '; id',
  "'; id; '",
];
const value = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({unit: 'binary'}).map((text) => text.replaceAll('\0', '')),
  fc.array(fc.constantFrom(...NASTY)).map((parts) => parts.join('')),
);

function feed(shell: string, text: string): {status: number | null; stdout: string} {
  const {status, stdout} = spawnSync(shell, [], {input: text});
  return {status, stdout: stdout.toString('utf8')};
}

test('a quoted value is one word that a shell reads back as it was', (t) => {
  t.true(SHELLS.length > 0);
  fc.assert(
    fc.property(fc.array(value, {minLength: 1, maxLength: 20}), (values) => {
      const wanted = values.map((each) => `${each}\u0001`).join('');
      const text = `printf '%s\\001' ${values.map(shellQuote).join(' ')}\n`;
      for (const shell of SHELLS) t.is(feed(shell, text).stdout, wanted);
    }),
    {numRuns: 40},
  );
});

test('a script sees its values as variables', (t) => {
  fc.assert(
    fc.property(value, value, (first, second) => {
      const {text} = renderScript(
        't',
        'main() { printf "%s\\001%s" "$first" "$second_one"; exit 4; }\nmain </dev/null\n',
        {
          first,
          second_one: second,
        },
      );
      for (const shell of SHELLS)
        t.deepEqual(feed(shell, text), {status: 4, stdout: `${first}\u0001${second}`});
    }),
    {numRuns: 40},
  );
});

test('a script that was cut anywhere runs nothing', (t) => {
  const {text} = renderScript('t', 'echo top\nmain() {\n  echo "ran $v"\n}\nmain </dev/null', {
    v: "it's\n}\nmain",
  });
  t.is(feed('sh', text).stdout, "top\nran it's\n}\nmain\n");
  // The last two characters are the closing brace and its line end.
  for (let length = 0; length < text.length - 2; length += 1) {
    t.is(feed('sh', text.slice(0, length)).stdout, '', `cut after ${length}`);
  }
});

test('a program cannot eat the script that it is read from', (t) => {
  const {text} = renderScript('t', 'main() {\n  cat\n  echo after\n}\nmain </dev/null', {});
  t.is(feed('sh', text).stdout, 'after\n');
});

test('what no shell can hold is refused', (t) => {
  t.throws(() => shellQuote('a\0b'), {instanceOf: RangeError});
  t.throws(() => shellQuote('\ud800'), {instanceOf: RangeError});
  t.throws(() => renderScript('t', 'main </dev/null', {'a b': 'x'}), {message: /not a name/});
  t.throws(() => renderScript('t', 'main </dev/null', {'x;id': 'x'}), {message: /not a name/});
  t.throws(() => renderScript('t', 'echo hello', {}), {message: /last line/});
});
