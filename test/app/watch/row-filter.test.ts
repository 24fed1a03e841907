import test from 'ava';
import fc from 'fast-check';
import {parseFilter} from '../../../source/app/watch/row-filter.js';

function terms(text: string): string[] {
  const filter = parseFilter(text);
  if ('problem' in filter) return [filter.problem];
  return filter.terms.map((term) => {
    const value =
      term.kind === 'time'
        ? `${term.isBelow ? '<' : '>'}${term.ms}`
        : term.test.kind === 'text'
          ? `"${term.test.text}"`
          : String(term.test.pattern);
    return `${term.isNegated ? 'not ' : ''}${term.field ?? 'any'} ${value}`;
  });
}

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  ['  ', []],
  ['Orders', ['any "orders"']],
  ['db  Orders', ['any "db"', 'any "orders"']],
  ['!ci', ['not any "ci"']],
  ['project:Shop !host:cmp-1', ['project "shop"', 'not host "cmp-1"']],
  ['PROJECT:shop', ['project "shop"']],
  ['"two  Words"', ['any "two  words"']],
  ['project:"my shop" web', ['project "my shop"', 'any "web"']],
  ['!"not this', ['not any "not this"']],
  ['"project:shop"', ['any "project:shop"']],
  ['/^web-[0-9]$/', ['any /^web-[0-9]$/i']],
  ['name:/two words/ x', ['name /two words/i', 'any "x"']],
  [String.raw`/a\/b/`, [String.raw`any /a\/b/i`]],
  ['/still typed', ['any /still typed/i']],
  ['/a/b/ c', [String.raw`any /a\/b/i`, 'any "c"']],
  ['a/b', ['any "a/b"']],
  ['nginx:latest', ['any "nginx:latest"']],
  ['! project: "" //', []],
  ['deleted:<10m left:>2h', ['deleted <600000', 'left >7200000']],
  ['!deleted:>=1D', ['not deleted >86400000']],
  ['deleted:', []],
  ['deleted:<', ['deleted:< is no time; write deleted:<10m or deleted:>2h, with s, m, h, d or w']],
  ['left:soon', ['left:soon is no time; write left:<10m or left:>2h, with s, m, h, d or w']],
  ['web host:/(/', ['/(/ is no regular expression: unterminated group']],
];
for (const [text, expected] of CASES) {
  test(`a filter is read: "${text}"`, (t) => {
    t.deepEqual(terms(text), expected);
  });
}

test('whatever is typed is a filter or a problem in one line, and a quoted text is taken as it is', (t) => {
  fc.assert(
    fc.property(fc.string({unit: 'binary', maxLength: 60}), (text) => {
      const filter = parseFilter(text);
      t.true('problem' in filter ? filter.problem !== '' : filter.text === text);
      const wanted = text.replaceAll('"', '');
      const quoted = parseFilter(`"${wanted}"`);
      t.is('terms' in quoted ? quoted.terms.length : undefined, wanted === '' ? 0 : 1);
    }),
  );
});
