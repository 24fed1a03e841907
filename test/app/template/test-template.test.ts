// What `template test` says of a template as a whole: what its examples leave out.
import test, {type ExecutionContext} from 'ava';
import {liquidEngine} from '../../../source/adapters/template/engine.js';
import {readRendered} from '../../../source/adapters/template/read-rendered.js';
import {templateStore} from '../../../source/adapters/template/template-store.js';
import {openTemplate} from '../../../source/app/template/open-template.js';
import {testTemplate, type TestReport} from '../../../source/app/template/test-template.js';
import {templateBench} from '../../helpers/run-template.js';

/** A template of one file, and of one for each host where `more` is so. */
async function report(t: ExecutionContext, text: string, examples: string, usage = 'a'): Promise<TestReport> {
  const bench = await templateBench(t);
  const description = `title: t
purpose: p
usage: |
  ${usage}
values:
  paging: {type: boolean, help: h, default: false}
  more: {type: boolean, help: h, default: false}
  action: {type: choice, help: h, choices: [a, b, c], default: a}
  hosts: {type: list, help: h, default: []}
files:
  - path: main.sh
  - path: hosts/{{ host }}.sh
    source: host.sh
    each: {host: hosts}
    when: more
examples:
${examples}
`;
  await bench.write(
    {'template.yaml': description, 'main.sh': text, 'host.sh': '{% if host == "a" %}\n:\n{% endif %}\n'},
    'templates/own',
  );
  const store = templateStore([{path: `${bench.folder}/templates`, isShipped: false, isNamed: true}]);
  const ports = {engine: liquidEngine(), digest: () => '', version: '1.2.3', read: readRendered};
  const {outcomes, unseen} = await testTemplate(await openTemplate(store, 'own'), ports);
  return {outcomes, unseen: unseen.map((words) => words.replace(`${bench.folder}/templates/own/`, ''))};
}

const FULL = `  one: {paging: true, more: true, hosts: [a, b]}
  two: {hosts: []}`;

test('a condition that is never true, or never false, in any example is told with its line', async (t) => {
  const text = 'a\n{% if paging %}\nb\n{% endif %}\n';
  const never = async (examples: string) => (await report(t, text, examples)).unseen;
  t.deepEqual(await never(FULL), []);
  t.deepEqual(await never('  one: {more: true, hosts: [a, b]}\n  two: {}'), [
    'main.sh:2: paging is never true',
  ]);
  t.deepEqual(await never('  one: {paging: true, more: true, hosts: [a, b]}\n  two: {paging: true}'), [
    'main.sh:2: paging is never false',
  ]);
});

test('branches of each kind are told, and what stands in one of these is not told besides', async (t) => {
  const text = `{% unless paging and more %}
{% endunless %}
{% if action == "b" %}
{% if paging %}{% endif %}
{% elsif action == "c" %}
{% else %}
{% endif %}
{% case action %}
{% when "a" %}
{% when "b", "c" %}
{% else %}
{% endcase %}
{% for host in hosts %}
{% if forloop.last %}{% endif %}
{% else %}
{% endfor %}
echo {% quote yaml %}
a: {% if action == "a" %}1{% else %}2{% endif %}
{% endquote %}
`;
  const {outcomes, unseen} = await report(t, text, FULL);
  t.deepEqual(
    outcomes.map(({problem}) => problem),
    [undefined, undefined],
  );
  t.deepEqual(unseen, [
    'main.sh:3: action == "b" is never true',
    'main.sh:5: action == "c" is never true',
    'main.sh:8: the else of {% case action %} is never reached',
    'main.sh:10: action is never "b" or "c"',
    'main.sh:18: action == "a" is never false',
  ]);
  t.deepEqual(
    (await report(t, '{% for host in hosts %}{% else %}\n{% endfor %}', '  one: {}')).unseen.at(0),
    'main.sh:1: hosts is always empty',
  );
});

test('a file that no example makes, or that all do, is told, and so are branches of usage', async (t) => {
  const never = async (examples: string) =>
    (await report(t, ':\n', examples, 'a {% if paging %}b{% endif %}')).unseen.toSorted();
  t.deepEqual(await never('  one: {}'), [
    'template.yaml:12: path: it is never made: more is always no, 0, empty or not given',
    'template.yaml:4: usage: paging is never true',
  ]);
  t.deepEqual(await never('  one: {more: true}\n  two: {paging: true}'), [
    'template.yaml:12: path: it is never made: hosts is always empty',
  ]);
  t.deepEqual(await never('  one: {more: true, hosts: [a]}\n  two: {paging: true, more: true}'), [
    'host.sh:1: host == "a" is never false',
    'template.yaml:12: path: it is always made: more is never no, 0, empty or not given',
  ]);
});

test('as long as an example is not good, nothing is said of branches', async (t) => {
  const {outcomes, unseen} = await report(
    t,
    '{% if paging %}\n{% endif %}\n',
    '  one: {}\n  two: {action: d}',
  );
  t.truthy(outcomes[1]?.problem);
  t.deepEqual(unseen, []);
});
