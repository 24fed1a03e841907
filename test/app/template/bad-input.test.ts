// What is said where a template, or what it is given, is not as it should be.
import test from 'ava';
import {readValuesFile} from '../../../source/adapters/template/values-file.js';
import {liquidEngine} from '../../../source/adapters/template/engine.js';
import {templateStore} from '../../../source/adapters/template/template-store.js';
import {UserError} from '../../../source/app/errors.js';
import {fillValues, valuesOf} from '../../../source/app/template/fill-values.js';
import {openTemplate, openTemplates} from '../../../source/app/template/open-template.js';
import {renderTemplate} from '../../../source/app/template/render-template.js';
import {userErrorLine} from '../../../source/text/errors.js';
import {SMALL_TEMPLATE, templateBench, type Bench} from '../../helpers/run-template.js';

/** What is given on a command line: values as written, and a file of them. */
type Given = {readonly set?: Readonly<Record<string, string>>; readonly file?: string};

const ports = {engine: liquidEngine(), digest: () => '', version: '1.2.3'};

const storeOf = ({folder}: Bench) =>
  templateStore([{path: `${folder}/templates`, isShipped: false, isNamed: true}]);

/** The line that is told where a template cannot be rendered. Throws where it can. */
async function complaint(bench: Bench, name: string, {set = {}, file}: Given): Promise<string> {
  try {
    const template = await openTemplate(storeOf(bench), name);
    const files = file === undefined ? [] : [await readValuesFile(`${bench.folder}/${file}`)];
    const written = Object.entries(set).map(([key, text]) => ({name: key, text}));
    const values = valuesOf(fillValues(template, {written, files, known: {}}));
    const {files: made} = await renderTemplate(template, values, ports);
    throw new RangeError(`it was rendered: ${made.map(({path}) => path).join(', ')}`);
  } catch (error) {
    if (error instanceof UserError && error.kind === 'usage') return userErrorLine(error);
    throw error;
  }
}

test('a value that is unknown, missing or of another kind is told with its source and the nearest name', async (t) => {
  const bench = await templateBench(t);
  await bench.write({
    'kind.yaml': 'hosts: [h1]\nname: 5\n',
    'odd.yaml': '# x\nnmae: a\n',
    'torn.yaml': 'name: a\nhosts: [\n',
    'list.yaml': '- a\n',
    'twice.yaml': 'name: a\nname: b\n',
  });
  const cases: readonly (readonly [Given, RegExp])[] = [
    [{}, /small needs name: who; give it with --set name=…/],
    [{set: {nmae: 'x'}}, /no value "nmae" \(--set\); did you mean name\?/],
    [{set: {name: 'a', interval: 'soon'}}, /value interval \(--set\): /],
    [{set: {name: 'a', interval: '5'}}, /value interval \(--set\): it must be at least 1m/],
    [{set: {name: 'a', hosts: 'a,,b'}}, /value hosts \(--set\): an item of the list is empty/],
    [{set: {name: 'a\u001b[2J'}}, /value name \(--set\): it has a control character/],
    [
      {set: {name: 'a', hosts: '../x'}},
      /small\/template\.yaml:9: path: "\.\.\/x" cannot be the name of a file/,
    ],
    [{set: {name: 'a', hosts: 'a,A'}}, /would write hosts\/A\.sh twice/],
    [{file: 'kind.yaml'}, /value name \(.*kind\.yaml:2\): a text is wanted, not 5/],
    [{file: 'odd.yaml'}, /no value "nmae" \(.*odd\.yaml:2\); did you mean name\?/],
    [{file: 'torn.yaml'}, /torn\.yaml:3: /],
    [{file: 'list.yaml'}, /list\.yaml:1: it must be a table/],
    [{file: 'twice.yaml'}, /twice\.yaml:2: name is there twice/],
    [{file: 'none.yaml'}, /none\.yaml.*no such file/],
  ];
  for (const [given, words] of cases) t.regex(await complaint(bench, 'small', given), words);
});

test('a template that is none is told with its file and line', async (t) => {
  const bench = await templateBench(t);
  const description = SMALL_TEMPLATE['template.yaml'];
  const good = {...SMALL_TEMPLATE};
  const broken: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
    empty: [{'readme.md': ''}, /empty\/template\.yaml: a template has this file, and there is none/],
    torn: [{...good, 'template.yaml': 'title: [\n'}, /torn\/template\.yaml:\d: it is no YAML/],
    typo: [
      {...good, 'template.yaml': description.replace('purpose', 'porpose')},
      /typo\/template\.yaml:2: .*porpose is not known here: purpose is meant/,
    ],
    kind: [
      {...good, 'template.yaml': description.replace('type: interval', 'type: time')},
      /kind\/template\.yaml:5: values\.interval\.type is none of text/,
    ],
    bound: [
      {...good, 'template.yaml': description.replace('default: 2h', 'default: 2s')},
      /bound\/template\.yaml:5: .*cannot be the default: it must be at least 1m/,
    ],
    from: [
      {...good, 'template.yaml': description.replace('plan.interval', 'plan.intervall')},
      /from\/template\.yaml:5: .*is nothing that is known: plan\.interval is meant/,
    ],
    source: [
      {...good, 'template.yaml': description.replace('source: host.sh', 'source: ../../small/host.sh')},
      /source\/template\.yaml:10: .*leads out of the folder/,
    ],
    gone: [{'template.yaml': description, 'host.sh': ''}, /gone\/main\.yaml: there is no such file/],
    liquid: [{...good, 'main.yaml': 'a: b\n{% if name %}\n'}, /liquid\/main\.yaml:2: tag .* not closed/],
    name: [
      {...good, 'main.yaml': 'a: b\nb: {{ nmae }}\n'},
      /name\/main\.yaml:2: the template has no value "nmae"; did you mean name\?/,
    ],
    quotes: [{...good, 'main.yaml': 'a: "{{ name }}"\n'}, /quotes\/main\.yaml:1: a text cannot stand here/],
    out: [
      {
        ...good,
        'template.yaml': description.replace('path: main.yaml', 'path: ../x.yaml\n    source: main.yaml'),
      },
      /out\/template\.yaml:8: path: "\.\.\/x\.yaml" leads out of the folder/,
    ],
    root: [
      {
        ...good,
        'template.yaml': description.replace('path: main.yaml', 'path: /etc/x.yaml\n    source: main.yaml'),
      },
      /root\/template\.yaml:8: path: "\/etc\/x\.yaml" leads out of the folder/,
    ],
    twice: [
      {
        ...good,
        'template.yaml': description.replace(
          'path: main.yaml',
          'path: hosts\n    format: yaml\n    source: main.yaml',
        ),
      },
      /would write hosts\/a\.sh twice/,
    ],
  };
  for (const [name, [files]] of Object.entries(broken)) await bench.write(files, `templates/${name}`);
  for (const [name, [, words]] of Object.entries(broken)) {
    t.regex(await complaint(bench, name, {set: {name: 'a', hosts: 'a'}}), words);
  }
  const {templates, problems} = await openTemplates(storeOf(bench));
  t.deepEqual(
    templates.map(({name}) => name),
    ['gone', 'liquid', 'name', 'out', 'quotes', 'root', 'small', 'twice'],
  );
  t.is(problems.length, 7);
});

test('what a newcomer leaves out or calls otherwise in template.yaml is told with what to write', async (t) => {
  const bench = await templateBench(t);
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [', help: who', '', /yaml:4: values\.name\.help is missing: one sentence for the person who fills it in/],
    ['type: text, ', '', /yaml:4: values\.name\.type is missing: one of text, integer/],
    ['type: text', 'type: string', /yaml:4: values\.name\.type is none of text.*: text is meant/],
    ['type: text', 'type: bool', /: boolean is meant/],
    [
      'help: who',
      'help: 5',
      /yaml:4: values\.name\.help is 5, and a text is wanted: write it between quotes/,
    ],
    ['help: who', 'description: who', /yaml:4: values\.name\.description is not known here: help is meant/],
    ['help: who', 'help: who, colour: red', /colour is not known here: there are type, help/],
    ['title: small\n', '', /title is missing: a few words/],
    ['purpose: For tests.\n', '', /purpose is missing: some sentences/],
    [
      /examples:[^]*/.exec(SMALL_TEMPLATE['template.yaml'])?.[0] ?? '',
      '',
      /examples is missing: .*"one: \{\}"/,
    ],
    ['  one: {name: a}\n', '', /it was rendered/],
    ['source: host.sh', 'src: host.sh', /yaml:10: files\[1\]\.src is not known here: source is meant/],
    [
      'each: {host: hosts}',
      'each: host in hosts',
      /yaml:12: files\[1\]\.each is "host in hosts": write \{host: hosts\}/,
    ],
    ['each: {host: hosts}', 'each: hosts', /each is "hosts": write \{item: hosts\}/],
    ['- path: main.yaml', '- main.yaml', /yaml:8: files\[0\] is "main\.yaml": write \{path: main\.yaml\}/],
    [
      '- path: main.yaml',
      '- source: main.yaml',
      /yaml:8: files\[0\]\.path is missing: where the file is written/,
    ],
  ];
  for (const [right, wrong, words] of cases) {
    const text = SMALL_TEMPLATE['template.yaml'];
    t.true(text.includes(right) && right !== '', right);
    await bench.write({'template.yaml': text.replace(right, wrong)}, 'templates/small');
    const told = await complaint(bench, 'small', {set: {name: 'a'}}).catch((error: unknown) => String(error));
    t.regex(told, words);
  }
});

test('a name that nothing has is refused wherever it stands, also where it would only be false', async (t) => {
  const bench = await templateBench(t);
  const unknown = (name: string, near: string): RegExp =>
    new RegExp(`main\\.yaml:2: the template has no value "${name}"; did you mean ${near}\\?`);
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{% if hots.size > 0 %}x: 1{% endif %}', unknown('hots', 'hosts')],
    ['{% if name == "" %}{% elsif nmae %}x: 1{% endif %}', unknown('nmae', 'name')],
    ['{% unless intervall %}x: 1{% endunless %}', unknown('intervall', 'interval')],
    ['{% for host in hots %}{% endfor %}', unknown('hots', 'hosts')],
    ['{% for host in hosts %}{% if hots %}{% endif %}{% endfor %}', unknown('hots', 'hosts')],
    ['{% case nmae %}{% when 1 %}{% endcase %}', unknown('nmae', 'name')],
    ['{% case name %}{% when nmae %}{% endcase %}', unknown('nmae', 'name')],
    ['{% assign x = nmae %}', unknown('nmae', 'name')],
    ['{% if name contains nmae %}{% endif %}', unknown('nmae', 'name')],
    ['x: {% quote shell %}{% if nmae %}{% endif %}{% endquote %}', unknown('nmae', 'name')],
    ['{% if hosts.sise > 0 %}{% endif %}', /main\.yaml:2: neither .* has "sise"; did you mean size\?/],
    ['{% if unheard_of_word %}{% endif %}', /:2: the template has no value "unheard_of_word"; name one of/],
  ];
  for (const [text, words] of cases) {
    await bench.write({'main.yaml': `a: b\n${text}\n`}, 'templates/small');
    t.regex(await complaint(bench, 'small', {set: {name: 'a'}}), words, text);
  }
  const fine = [
    '{% assign own = "a,b" | split: "," %}{% for one in own %}{% if forloop.last and one != blank %}{% endif %}{% endfor %}',
    '{% if hosts.size == 0 or hosts == empty or name != nil %}{% endif %}',
    '{% raw %}{{ hots }}{% endraw %}{% comment %}{{ hots }}{% endcomment %}',
  ];
  for (const text of fine) {
    await bench.write({'main.yaml': `a: b\n${text}\n`}, 'templates/small');
    await t.throwsAsync(complaint(bench, 'small', {set: {name: 'a'}}), {message: /it was rendered/}, text);
  }
  await bench.write(
    {
      'template.yaml': SMALL_TEMPLATE['template.yaml'].replace(
        'examples:',
        'usage: cp {% if nmae %}x{% endif %}\nexamples:',
      ),
    },
    'templates/small',
  );
  t.regex(
    await complaint(bench, 'small', {set: {name: 'a'}}),
    /small\/template\.yaml:13: usage: the template has no value "nmae"/,
  );
  const description = SMALL_TEMPLATE['template.yaml'];
  const parts: readonly (readonly [string, RegExp])[] = [
    [
      description.replace('examples:', 'usage: |\n  cp a b\n  cp {{ nope }} c\nexamples:'),
      /small\/template\.yaml:15: usage: the template has no value "nope"/,
    ],
    [
      description.replace('path: main.yaml', 'path: "{{ name }}.yaml"'),
      /small\/template\.yaml:8: path: it has values, and source is missing; name the file/,
    ],
    [
      description.replace('path: main.yaml', 'path: "{{ nope }}.yaml"\n    source: main.yaml'),
      /small\/template\.yaml:8: path: the template has no value "nope"/,
    ],
    [
      description.replace('path: main.yaml', 'source: main.yaml\n    path: "{{ name"\n    format: yaml'),
      /small\/template\.yaml:9: path: /,
    ],
  ];
  for (const [text, words] of parts) {
    await bench.write({'template.yaml': text, 'main.yaml': 'a: b\n'}, 'templates/small');
    t.regex(await complaint(bench, 'small', {set: {name: 'a'}}), words);
  }
});
