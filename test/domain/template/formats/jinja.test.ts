import test from 'ava';
import {liquidEngine} from '../../../../source/adapters/template/engine.js';
import {formatOfFile} from '../../../../source/domain/template/formats.js';
import {kolla, salt} from '../../../../source/domain/template/formats/jinja.js';
import type {Format} from '../../../../source/domain/template/format.js';

const render = (text: string, format: Format, values: Readonly<Record<string, unknown>>) =>
  liquidEngine().compile(text, format, new Map()).render(values);

test('a text with the signs of Jinja is printed so that Jinja prints them', (t) => {
  const values = {
    text: '{{ 6*7 }} {% x %} {# y #}',
    list: ['{{ a }}'],
    table: [{name: '{{ k }}', value: 'v'}],
  };
  t.is(render('a: {{ text }}\n', salt, values), `a: "{{ '{{' }} 6*7 }} {{ '{%' }} x %} {{ '{#' }} y #}"\n`);
  t.is(render('a: {{ list }}\n', salt, values), `a: ["{{ '{{' }} a }}"]\n`);
  t.is(render('a: {{ table }}\n', salt, values), `a: {"{{ '{{' }} k }}": v}\n`);
  t.is(render('{{ text }}: 1\n', salt, {text: '{{ k }}'}), `"{{ '{{' }} k }}": 1\n`);
  t.is(render('a = {{ text }}\n', kolla, {text: '{{ b }}'}), `a = {{ '{{' }} b }}\n`);
});

test('in a comment they are parted, for Jinja reads comments too', (t) => {
  t.is(render('# {{ text }}\n', salt, {text: '{{ 6*7 }}'}), '# { { 6*7 }}\n');
  t.is(render('# {{ text }}\n', kolla, {text: '{% x %}'}), '# { % x %}\n');
  t.is(salt.remark('{{ 6*7 }}'), '{ { 6*7 }}');
});

test('files of Salt are known by their ending', (t) => {
  t.is(formatOfFile('nova/init.sls'), salt);
});
