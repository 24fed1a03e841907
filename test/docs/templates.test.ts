// What docs/templates.md shows works as it is shown.
import {readFile} from 'node:fs/promises';
import test from 'ava';
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
  const args = ['salt', '--templates', 'templates', '--set', 'pillar=nova', '--set', 'hosts=a'];
  const {stdout} = await bench.run('render', ...args);
  t.regex(stdout, /\nnova:\n {2}reclaim_instance_interval: 604800\n {2}hosts:\n {4}- a\n/);
});

test('every format and every type of a value is named', (t) => {
  for (const {name} of FORMATS) t.true(page.includes(`\`${name}\``), name);
  for (const type of VALUE_TYPES) t.true(page.includes(`\`${type}\``), type);
});
