import test from 'ava';
import {hcl} from '../../../source/domain/template/formats/hcl.js';
import {markdown} from '../../../source/domain/template/formats/markdown.js';
import {shell} from '../../../source/domain/template/formats/shell.js';
import {yaml} from '../../../source/domain/template/formats/yaml.js';
import {refusal, render} from '../../helpers/render-text.js';

test('a line with nothing but a tag leaves nothing behind', (t) => {
  const text = 'a\n{% if on %}\nb\n  {% for x in list %}\n  c {{ x }}\n  {% endfor %}\n{% endif %}\nd\n';
  t.is(render(shell, text, {on: true, list: ['1', '2']}), 'a\nb\n  c 1\n  c 2\nd\n');
});

test('what is raw is text like any other, and its tags leave no line', (t) => {
  t.is(render(shell, '{% raw %}\n{{ .Values }}\n{% endraw %}\nb\n', {}), '{{ .Values }}\nb\n');
  t.is(render(shell, 'a {% raw %}{{ x }}{% endraw %} b', {}), 'a {{ x }} b');
});

test('only no and what is not given are false in a condition, and not turns it round', (t) => {
  const decided = (a: unknown) =>
    render(shell, '{% if a %}y{% else %}n{% endif %}{% if not a %}y{% else %}n{% endif %}', {a});
  for (const value of [false, null]) t.is(decided(value), 'ny');
  for (const value of [true, 0, '', []]) t.is(decided(value), 'yn');
  const text = '{% if not a and b > 1 or c == "x" %}y{% else %}n{% endif %}';
  t.is(render(shell, text, {a: false, b: 2, c: ''}), 'y');
  t.is(render(shell, text, {a: true, b: 2, c: ''}), 'n');
});

test('a comment leaves nothing, and its quotes open none', (t) => {
  const text = "{% comment %} don't\n \" {% endcomment %}\n{% # isn't it %}\necho {{ x }}\n";
  t.is(render(shell, text, {x: 'a b'}), "echo 'a b'\n");
});

test('the branch that was taken decides about the place, not the one beside it', (t) => {
  const text = `echo {% if on %}"{% else %}'{% endif %} {{ x }}`;
  for (const on of [true, false])
    t.regex(refusal(shell, text, {on, x: 'a b'}), /^1: a text cannot stand here/);
  t.is(
    render(shell, 'echo {% if on %}"a"{% else %}\'b\'{% endif %} {{ x }}', {on: true, x: 'a b'}),
    `echo "a" 'a b'`,
  );
});

test('what is wrong is told with its line, also of a value that is printed late', (t) => {
  t.regex(refusal(shell, 'a\nb {{ x', {}), /^2: \{\{ x is not closed: \}\} is missing$/);
  t.regex(refusal(shell, 'a\n\n{% if x %}\n', {x: 1}), /^3: tag .* not closed/);
  t.regex(refusal(shell, 'a\n{{ nope }}\n', {}), /^2: undefined variable: nope/);
  t.regex(refusal(shell, 'a\n{% include "x" %}\n', {}), /^2: tag "include" not found/);
  t.regex(refusal(shell, 'a\n{{ x | date: "%s" }}\n', {x: 'now'}), /^2: undefined filter: date/);
  t.regex(refusal(shell, 'a\nb "{{ x }}"\n', {x: 'y'}), /^2: a text cannot stand here/);
  t.regex(refusal(shell, 'a\n{{ x }}\n', {x: null}), /^2: it has no value/);
  t.regex(refusal(shell, 'a\n{{ x | divided_by: 0 }}\n', {x: 1}), /^2: it is no number/);
  t.regex(refusal(yaml, 'a\nb: {% quote shell %}\n  c\n', {}), /^2: .* is not closed/);
  t.regex(refusal(yaml, 'a: {% quote cobol %}x{% endquote %}\n', {}), /^1: "cobol" is no language/);
  t.regex(refusal(yaml, 'a: |\n  {% quote shell %}x{% endquote %}\n', {}), /^2: \{% quote %\} makes a value/);
  t.regex(
    refusal(yaml, 'a: {% quote shell %}\n  b\n  c "{{ x }}"\n{% endquote %}\n', {x: 'y'}),
    /^3: a text cannot/,
  );
  t.regex(refusal(shell, 'a\n\uE000\n', {}), /^2: .* private use/);
});

const RAW = /; what another tool shall read stands between \{% raw %\} and \{% endraw %\}$/;

for (const [text, words] of [
  ['{{ $labels.instance }}', /^1: \{\{ \$labels\.instance \}\} cannot be read; /],
  ['{{ $labels.instance }}', RAW],
  ['a\n{{ lookup("x") }}', /^2: \{\{ lookup\("x"\) \}\} cannot be read; /],
  ['{{ a ~ b }}', RAW],
  ['{{ a if b else c }}', RAW],
  ['{{ }}', /^1: there is no value in \{\{ \}\}; what another tool/],
  ['a: {{ a }', /^1: \{\{ a \} is not closed: \}\} is missing$/],
  ['a\na: {{ a }\nb: {{ b }}\n', /^2: \{\{ a \} is not closed: \}\} is missing$/],
  ['{{ b }}\n{% if a }x{% endif %}', /^2: \{% if a \} is not closed: %\} is missing$/],
  ['{% if a %}{% elseif b %}{% endif %}', /^1: tag "elseif" not found; did you mean elsif\?$/],
  ['{% if a %}{% elif b %}{% endif %}', /did you mean elsif\?$/],
  ['{% if a %}\n{% else if b %}{% endif %}', /^2: \{% else if b %\} .*; write \{% elsif b %\}$/],
  ['{% unless a %}{% else if b == 1 %}{% endunless %}', /; write \{% elsif b == 1 %\}$/],
  ['{% case a %}{% else b %}{% endcase %}', /; write \{% else %\}$/],
  ['{% set a = 1 %}', /did you mean assign\?$/],
  ['{% include "x" %}', RAW],
  ['a\n{% endif %}', /^2: \{% endif %\} belongs to nothing that is open$/],
  ['{{ a | apend: b }}', /^1: undefined filter: apend; did you mean append\?$/],
  ['{{ a | to_nice_yaml }}', RAW],
  ['{{ a | append "x" }}', /a filter has a colon before its words/],
  ['{% if a = 1 %}{% endif %}', /^1: \{% if a = 1 %\} cannot be read; to compare, write ==$/],
  ['{% if a && b %}{% endif %}', /; write and, or$/],
  ['{% if !a %}{% endif %}', /; write not$/],
  ['{% if (a or b) and c %}{% endif %}', /no parentheses in a condition/],
  ['{% for a of b %}{% endfor %}', /; write \{% for item in list %\}$/],
] as const) {
  test(`what cannot be read is told with what to write instead: ${JSON.stringify(text)} as ${words.source}`, (t) => {
    t.regex(refusal(shell, text, {a: 'x', b: 'y', c: 'z'}), words);
  });
}

test('numbers and words for yes and no stand anywhere', (t) => {
  t.is(
    render(shell, 'echo "{{ n }} {{ yes }} {{ big }}"', {n: -5, yes: true, big: 1e21}),
    'echo "-5 true 1.0e+21"',
  );
});

test('a text of another language is a block, as far in as it must be', (t) => {
  const text = `files:
  - path: /x
    content: {% quote shell %}
      #!/bin/sh
      {% for x in list %}
      echo {{ x }}
      {% endfor %}

      if true; then
        exit
      fi
    {% endquote %}
    mode: 1
`;
  t.is(
    render(yaml, text, {list: ['a b', "it's"]}),
    `files:
  - path: /x
    content: |
      #!/bin/sh
      echo 'a b'
      echo 'it'\\''s'

      if true; then
        exit
      fi
    mode: 1
`,
  );
});

test('a text of another language within brackets, or before a remark, is one line', (t) => {
  const quote = '{% quote shell %}\na\nb\n{% endquote %}';
  t.is(render(yaml, `x: [${quote}]\n`, {}), 'x: ["a\\nb\\n"]\n');
  t.is(render(yaml, `x: ${quote} # why\n`, {}), 'x: "a\\nb\\n" # why\n');
});

test('a hidden sign in a text of another language cannot end its line', (t) => {
  const printed = render(yaml, 'x: {% quote shell %}\necho {{ v }}\n{% endquote %}\n', {v: 'a\u2028evil: 1'});
  t.is(printed, String.raw`x: "echo 'a\u2028evil: 1'\n"` + '\n');
});

test('texts of other languages may lie in one another', (t) => {
  const text = `{% quote yaml %}
run: {% quote shell %}
  echo {{ x }}
{% endquote %}
{% endquote %}
`;
  t.is(render(markdown, text, {x: '```'}), "````yaml\nrun: |\n  echo '```'\n````\n");
});

test('code in a line of Markdown is between as many backquotes as it needs', (t) => {
  const text = 'Run {% quote shell %}reprieve restore {{ x }}{% endquote %} now.';
  t.is(render(markdown, text, {x: 'db 1'}), "Run `reprieve restore 'db 1'` now.");
  t.is(render(markdown, text, {x: 'a`b'}), "Run ``reprieve restore 'a`b'`` now.");
});

test('labels of blocks are values in HCL', (t) => {
  t.is(
    render(hcl, 'resource "flavor" {{ name }} {\n  a = {{ x }}\n}\n', {name: 'm1', x: '${a} $${b} %{c}'}),
    'resource "flavor" "m1" {\n  a = "$${a} \\u0024\\u0024{b} %%{c}"\n}\n',
  );
});

test('a compiled text is rendered many times, each time anew', (t) => {
  for (const x of ['a', 'b c']) t.is(render(shell, 'echo {{ x }}', {x}), x === 'a' ? 'echo a' : "echo 'b c'");
});
