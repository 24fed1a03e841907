import test from 'ava';
import fc from 'fast-check';
import {lineDiff} from '../../source/text/line-diff.js';

const shown = (before: string, after: string, context?: number) =>
  lineDiff(before, after, context).map(
    ({kind, text}) => `${{same: ' ', removed: '-', added: '+'}[kind]}${text}`,
  );

test('lines that differ, with what stands around them', (t) => {
  t.deepEqual(shown('a\nb\nc\nd\ne\nf\n', 'a\nb\nc\nx\ny\ne\nf\n', 1), [' c', '-d', '+x', '+y', ' e']);
  t.deepEqual(shown('', 'a\n'), ['+a']);
  t.deepEqual(shown('a\nb\n', 'a\nb\n'), []);
});

test('far differences leave out what is between them', (t) => {
  const before = Array.from({length: 30}, (_, index) => `line ${index}`);
  const after = before.with(3, 'x').with(25, 'y');
  t.deepEqual(shown(`${before.join('\n')}\n`, `${after.join('\n')}\n`, 1), [
    ' line 2',
    '-line 3',
    '+x',
    ' line 4',
    ' line 24',
    '-line 25',
    '+y',
    ' line 26',
  ]);
});

test('both texts can be put together again from it', (t) => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', ''), {maxLength: 12});
  fc.assert(
    fc.property(texts, texts, (old, now) => {
      const whole = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');
      const lines = lineDiff(whole(old), whole(now), 100);
      const without = (gone: string) => lines.filter(({kind}) => kind !== gone).map(({text}) => text);
      const none = whole(old) === whole(now) ? [] : undefined;
      t.deepEqual(without('added'), none ?? old);
      t.deepEqual(without('removed'), none ?? now);
    }),
  );
});
