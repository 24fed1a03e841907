// What docs/templates.md shows works as it is shown.
import {readFile} from 'node:fs/promises';
import test from 'ava';
import {KNOWN_PATHS} from '../../source/app/template/known-paths.js';
import {FORMATS} from '../../source/domain/template/formats.js';
import {VALUE_TYPES} from '../../source/domain/template/value.js';
import {templateBench} from '../helpers/run-template.js';

const page = await readFile(new URL('../../../docs/templates.md', import.meta.url), 'utf8');

function shown(language: string, beginning: string): string {
  const blocks = Array.from(page.matchAll(/^```(\w*)\n([^]*?)^```/gm), ([, word, text]) => ({word, text}));
  const found = blocks.find(({word, text}) => word === language && text?.startsWith(beginning) === true);
  if (found?.text === undefined) throw new Error(`no block of ${language} begins with ${beginning}`);
  return found.text;
}

test('the template of the page passes its test, and makes what is told', async (t) => {
  const bench = await templateBench(t);
  await bench.write(
    {
      'template.yaml': shown('yaml', 'title: pillar'),
      'pillar.sls': shown('', 'nova:'),
      'host.sls': 'host: {{ host }}\n',
    },
    'templates/salt',
  );
  const tested = await bench.run('test', './templates/salt');
  t.is(tested.code, 0, tested.stdout + tested.stderr);
  t.notRegex(tested.stdout, /in no example/);
  const args = ['salt', '--templates', 'templates', '--set', 'pillar=nova', '--set', 'hosts=a'];
  const {stdout} = await bench.run('render', ...args);
  t.regex(stdout, /\nnova:\n {2}reclaim_instance_interval: 604800\n {2}hosts:\n {4}- a\n/);
});

test('braces of Ansible in YAML come out as the page shows them, and without their quotes they are refused', async (t) => {
  const text = shown('', '- hosts:');
  const bench = await templateBench(t);
  const description = `title: t
purpose: p
values:
  hosts: {type: list, help: h, default: [a, b]}
  interval: {type: interval, help: i, default: 2h}
  folder: {type: text, help: f, default: /etc/nova/nova.conf.d}
files:
  - {path: play.yml, format: ansible}
examples: {one: {}}
`;
  await bench.write({'template.yaml': description, 'play.yml': text}, 'templates/play');
  const {code, stdout} = await bench.run('render', 'play', '--templates', 'templates', '--json');
  t.is(code, 0);
  t.regex(stdout, /dest: \\"\{\{ folder \}\}\/\{\{ inventory_hostname \}\}\.conf\\"\\n/);
  for (const [wrong, words] of [
    [
      '{% raw %}{{ folder }}{% endraw %}',
      /line \d+ \(dest: \{\{ folder \}\}\): .*a table cannot be the name/,
    ],
    [
      '{% raw %}{{ folder }}/x{% endraw %}',
      /line \d+ \(dest: .*\): .*begins with a brace stands between\s+quotes/,
    ],
    ['{{ inventory_hostname }}', /play\.yml:8: .*no\s+value "inventory_hostname"; .*\{%\s+raw\s+%\}/],
  ] as const) {
    const broken = text.replace(/dest: .*/, `dest: ${wrong}`);
    await bench.write({'play.yml': broken}, 'templates/play');
    const tested = await bench.run('test', './templates/play');
    t.is(tested.code, 1);
    t.regex(tested.stdout.replaceAll(/\n +/g, ' '), words);
  }
});

test('every path of what is known is named, and no other', (t) => {
  const [told = ''] = /^Known are,[^]*?(?=\n\n)/m.exec(page) ?? [];
  const named = told.split(';').flatMap((part) => {
    const word = /`(\w+)\./.exec(part)?.[1] ?? '';
    return Array.from(part.matchAll(/`\w*\.(\w+)`/g), ([, name = '']) => `${word}.${name}`);
  });
  t.deepEqual(named, [...KNOWN_PATHS]);
});

test('every format and every type of a value is named', (t) => {
  for (const {name} of FORMATS) t.true(page.includes(`\`${name}\``), name);
  for (const type of VALUE_TYPES) t.true(page.includes(`\`${type}\``), type);
});
