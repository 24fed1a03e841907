import test from 'ava';
import * as fc from 'fast-check';
import {readYaml} from '../../../source/adapters/files/yaml.js';
import {json} from '../../../source/domain/template/formats/json.js';
import {oslo} from '../../../source/domain/template/formats/oslo.js';
import {shell} from '../../../source/domain/template/formats/shell.js';
import {ansible, yaml} from '../../../source/domain/template/formats/yaml.js';
import {readDocument} from '../../../source/domain/oslo/document.js';
import {effectiveValue} from '../../../source/domain/oslo/effective.js';
import {anyLine, anyText, render} from '../../helpers/render-text.js';

const RUNS = {numRuns: 60};

const IN_YAML = `# About {{ text }}, and don't mind the quote
key: {{ text }}
{{ name }}: {{ text }} # told twice: {{ text }}
list: {{ list }}
table: {{ table }}
flow: [a, {{ text }}, {b: {{ text }}, {{ name }}: c}]
entries:
- {{ text }}
- content: |
    a block
  path: {{ text }}
- - {{ text }}
nested:
  plain: it's a text
  here: {{ text }}
script: {% quote shell %}
  echo {{ text }}
{% endquote %}
last: "#" # {{ text }}
end: {{ text }}
`;

for (const [format, version] of [
  [yaml, '1.1'],
  [yaml, '1.2'],
  [ansible, '1.1'],
] as const) {
  test(`any text stays the same text in ${format.name}, read by YAML ${version}`, async (t) => {
    await fc.assert(
      fc.asyncProperty(anyText(), anyText(), async (text, other) => {
        // No other key begins so.
        const name = `x${other}`;
        const rows = [
          {name: 'a', value: text},
          {name, value: other},
        ];
        const printed = render(format, IN_YAML, {text, name, list: [text, other], table: rows});
        const {data, repeated} = await readYaml(printed, version);
        t.deepEqual(repeated, []);
        t.like(
          data,
          {
            key: text,
            [name]: text,
            list: [text, other],
            table: {a: text, [name]: other},
            flow: ['a', text, {b: text, [name]: 'c'}],
            entries: [text, {content: 'a block\n', path: text}, [text]],
            nested: {plain: "it's a text", here: text},
            last: '#',
            script: `echo ${shell.text(text, 'whole')}\n`,
            end: text,
          },
          printed,
        );
      }),
      RUNS,
    );
  });
}

test('any text stays the same text in JSON', (t) => {
  const template =
    '{"key": {{ text }}, {{ name }}: [{{ text }}, 1], "list": {{ list }}, "table": {{ table }}}';
  fc.assert(
    fc.property(anyText(), (text) => {
      const values = {text, name: `k${text}`, list: [text], table: [{name: `n${text}`, value: text}]};
      t.deepEqual(JSON.parse(render(json, template, values)), {
        key: text,
        [`k${text}`]: [text, 1],
        list: [text],
        table: {[`n${text}`]: text},
      });
    }),
    RUNS,
  );
});

test('any line without a backslash before a dollar sign stays the same in a file of oslo.config', (t) => {
  fc.assert(
    fc.property(
      anyLine().filter((text) => !text.includes('\\$')),
      (text) => {
        const printed = render(oslo, '# {{ text }}\n[DEFAULT]\nother = {{ text }}\nx = 5\n', {text});
        const document = readDocument(new TextEncoder().encode(printed));
        const value = effectiveValue([{kind: 'file', file: 'x', document}], {
          group: 'DEFAULT',
          option: 'other',
          environment: {},
          known: [{group: 'DEFAULT', name: 'other', type: 'string', default: undefined}],
        });
        t.like(value, {kind: 'value', value: text}, printed);
      },
    ),
    RUNS,
  );
});
