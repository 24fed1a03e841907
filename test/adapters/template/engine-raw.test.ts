import test from 'ava';
import {liquidEngine} from '../../../source/adapters/template/engine.js';
import {shell} from '../../../source/domain/template/formats/shell.js';

const cases: readonly (readonly [string, string, string])[] = [
  [
    'in their own lines leave no lines',
    'a\n{% raw %}\n{{ b }} {% c %}\n{% endraw %}\nd\n',
    'a\n{{ b }} {% c %}\nd\n',
  ],
  [
    'may be as far in as what is around them',
    'a\n  {% raw %}\n  {{ b }}\n  {% endraw %}\nd\n',
    'a\n  {{ b }}\nd\n',
  ],
  ['in a line leave the line', 'a {% raw %}{{ b }}{% endraw %} c\n', 'a {{ b }} c\n'],
  ['leave the empty lines between them', '{% raw %}\n\na\n\n{% endraw %}\nb\n', '\na\n\nb\n'],
];

for (const [name, text, made] of cases) {
  test(`raw and endraw ${name}`, (t) => {
    t.is(liquidEngine().compile(text, shell, new Map()).render({}), made);
  });
}
