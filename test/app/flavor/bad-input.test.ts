import test from 'ava';
import fc from 'fast-check';
import {outcomeOf, readText} from '../../helpers/flavor-inputs.js';

const A = '{"name": "a", "vcpus": 1, "ram": 512}';
const Z = '{"name": "z", "vcpus": 1, "ram": 512}';

/** Each of these takes the place of a flavor between two others, which are judged. */
const damaged: readonly (readonly [name: string, text: string, problem: RegExp])[] = [
  ['half a line', '{"name": "b", "vcp', /^2 \(2\): a text has no closing quote$/],
  ['a line that lacks its brace', '{"name": "b", "vcpus": 1', /^2 \(2\): it is cut off/],
  ['a line that ends behind a comma', '{"name": "b", "vcpus": 1,', /^2 \(2\): it is cut off/],
  ['a line that ends behind a colon', '{"name": "b", "vcpus":', /^2 \(2\)/],
  [
    'a line that ends inside the extra specs',
    '{"name": "b", "extra_specs": {"a": "b",',
    /^2 \(2\): it is cut off/,
  ],
  ['words', 'certainly no JSON', /^2 \(2\): it is no JSON/],
  [
    'an error of an API',
    '{"badRequest": {"code": 400}}',
    /^2 \(2\): it has neither vcpus nor ram, and a flavor has both$/,
  ],
  ['a number', '12', /^2 \(2\): it is 12, and a flavor is an object$/],
  ['null', 'null', /^2 \(2\): it is null, and a flavor is an object$/],
  ['a missing comma', '{"name": "b" "vcpus": 1, "ram": 1}', /^2 \(2\): it is no JSON: expected ',' or '}'/],
  ['wrong brackets', '{"name": "b", "vcpus": [1}, "ram": 1}', /^2 \(2\): its brackets do not match$/],
  [
    'numbers as text',
    '{"name": "b", "vcpus": "8", "ram": 512}',
    /^2 \(2 b\): vcpus is the text "8", and must be a whole number: write it without quotes$/,
  ],
  [
    'a null number',
    '{"name": "b", "vcpus": 1, "ram": null}',
    /^2 \(2 b\): ram is null, and must be a whole number$/,
  ],
  ['a null disk', '{"name": "b", "vcpus": 1, "ram": 1, "disk": null}', /^2 \(2 b\): disk is null/],
  ['a null name', '{"name": null, "vcpus": 1, "ram": 1}', /^2 \(2\): name is null, and must be a text$/],
  [
    'a number for a name',
    '{"name": 12, "vcpus": 1, "ram": 1}',
    /^2 \(2\): name is 12, and must be a text: write it in quotes$/,
  ],
  [
    'a misspelt field',
    '{"name": "b", "vcpu": 1, "ram": 1}',
    /^2 \(2 b\): vcpus is missing; is "vcpu" meant to be it\?$/,
  ],
  [
    'a fraction',
    '{"name": "b", "vcpus": 1.5, "ram": 1}',
    /^2 \(2 b\): vcpus is 1\.5, and must be a whole number$/,
  ],
  [
    'a milliard of vCPUs',
    '{"name": "b", "vcpus": 1000000000, "ram": 1}',
    /^2 \(2 b\): vcpus is 1000000000, and must be from 1 to 16384: no guest has more$/,
  ],
  [
    '1e9 vCPUs',
    '{"name": "b", "vcpus": 1e9, "ram": 1}',
    /^2 \(2 b\): vcpus is 1000000000\.0, and must be a whole number$/,
  ],
  [
    'more memory than a number holds',
    `{"name": "b", "vcpus": 1, "ram": 1${'0'.repeat(30)}}`,
    /^2 \(2 b\): ram is 10{30}, and must be from 1 to 2147483647$/,
  ],
  ['no vCPU', '{"name": "b", "vcpus": 0, "ram": 1}', /^2 \(2 b\): vcpus is 0, and must be from 1 to 16384$/],
  ['a negative disk', '{"name": "b", "vcpus": 1, "ram": 1, "disk": -1}', /^2 \(2 b\): disk is -1/],
  [
    'extra specs as a list',
    '{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": []}',
    /^2 \(2 b\): extra_specs is a list, and must be an object$/,
  ],
  [
    'null for extra specs',
    '{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": null}',
    /^2 \(2 b\): extra_specs is null, and must be an object: leave it out, or write \{\}$/,
  ],
  [
    'extra specs as any text',
    '{"name": "b", "vcpus": 1, "ram": 1, "properties": "hw:x"}',
    /^2 \(2 b\): properties is the text "hw:x", and must be an object$/,
  ],
  [
    'a null extra spec',
    '{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": {"hw:x": null}}',
    /^2 \(2 b\): extra spec "hw:x" is null, which Nova refuses/,
  ],
  [
    'a boolean extra spec',
    '{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": {"hw:x": true}}',
    /^2 \(2 b\): extra spec "hw:x" is true, which Nova refuses: write the word in quotes/,
  ],
  [
    'objects inside extra specs',
    '{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": {"hw:x": {"y": {}}}}',
    /^2 \(2 b\): extra spec "hw:x" is an object, and must be a text$/,
  ],
  [
    'a mask of a million CPUs',
    '{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": {"hw:cpu_dedicated_mask": "0-999999"}}',
    /^2 \(2 b\): extra spec "hw:cpu_dedicated_mask" names CPU 999999, and no guest has so many$/,
  ],
  [
    'a mask that lists CPUs one by one',
    `{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": {"hw:numa_cpus.0": "${Array.from({length: 20_000}, (_, cpu) => cpu).join(',')}"}}`,
    /^2 \(2 b\): extra spec "hw:numa_cpus.0" has \d+ characters, and Nova takes 255$/,
  ],
  [
    'an object that is nested deeply',
    `{"name": "b", "x": ${'['.repeat(5000)}${']'.repeat(5000)}}`,
    /^2 \(2\): it is nested more than 32 levels deep$/,
  ],
  ['a flavor of two MiB', `{"name": "${'b'.repeat(2 ** 21)}"}`, /^2 \(2\): it is longer than 1 MiB$/],
  [
    'specs that are told twice over',
    '{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": {}, "properties": {}}',
    /^2 \(2 b\): extra_specs and properties say the same; leave one out$/,
  ],
];
for (const [name, text, problem] of damaged) {
  test(`${name} in a line of its own is told with its place, and the other flavors are judged`, async (t) => {
    const {judged, problems} = await outcomeOf(`${A}\n${text}\n${Z}\n`);
    t.deepEqual(judged, ['a', 'z']);
    t.is(problems.length, 1);
    t.regex(problems[0] ?? '', problem);
  });

  test(`${name} in a list is told with its place, and the other flavors are judged`, async (t) => {
    const {judged, problems} = await outcomeOf(`[${A},\n${text},\n${Z}]\n`);
    t.deepEqual(judged, ['a', 'z']);
    t.regex(problems[0] ?? '', /^2 \(2/);
  });
}

/** What can be judged all the same. */
const flawed: readonly (readonly [name: string, text: string, problem: RegExp])[] = [
  [
    'a name that there is already',
    '{"name": "a", "vcpus": 1, "ram": 512}',
    /^2 \(2 a\): line 1 has a flavor of that name already/,
  ],
  [
    'a control character in the name',
    '{"name": "b\\u001b[2J", "vcpus": 1, "ram": 512}',
    /^2 \(2 b.*\): it has a control character in its name$/,
  ],
  [
    'a control character in a value',
    '{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": {"hw:x": "a\\u0007"}}',
    /extra spec "hw:x" has a control character in its value$/,
  ],
  [
    'a control character in the name of a spec',
    '{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": {"hw\\n": "a"}}',
    /has a control character in its name$/,
  ],
  [
    'a field that stands there twice',
    '{"name": "b", "vcpus": 1, "vcpus": 2, "ram": 1}',
    /^2 \(2 b\): "vcpus" stands in it twice; the last one counts$/,
  ],
  [
    'a spec that stands there twice',
    '{"name": "b", "vcpus": 1, "ram": 1, "extra_specs": {"hw:x:y": "{:", "hw:x:y": "2"}}',
    /"hw:x:y" stands in it twice/,
  ],
];
for (const [name, text, problem] of flawed) {
  test(`${name} is told, and judged all the same`, async (t) => {
    const {judged, problems} = await outcomeOf(`${A}\n${text}\n${Z}\n`);
    t.is(judged.length, 3);
    t.is(problems.length, 1);
    t.regex(problems[0] ?? '', problem);
  });
}

test('lists that are not as they should be between their flavors', async (t) => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`[${A}\n${Z}]`, ['2: a comma is missing before this flavor']],
    [`[${A}, ${Z},\n]`, ['2: a comma stands behind the last flavor of the list']],
    [`[${A},, ${Z}]`, ['1: a comma stands where a flavor should']],
    [`[${A},\n${Z}\n`, ['3: the list is cut off: its ] is missing']],
    [`{"flavors": [${A}, ${Z}]`, ['1: it is cut off: a closing bracket is missing']],
    [`{"flavors": [${A}, ${Z}], oops}`, ['1: what stands behind the list of flavors is no JSON']],
  ];
  for (const [text, wanted] of cases) {
    const {judged, problems} = await outcomeOf(text);
    t.deepEqual(judged, ['a', 'z'], text);
    t.deepEqual(
      problems.map((problem) => problem.replace(/ \(\d\)/, '')),
      wanted,
      text,
    );
  }
});

test('a damaged first line makes no YAML of the rest', async (t) => {
  const {judged, problems} = await outcomeOf(`me": "b", "vcpus": 2}\n${A}\n${Z}\n`);
  t.deepEqual(judged, ['a', 'z']);
  t.is(problems.length, 1);
});

test('wherever a line is cut, all others are judged', async (t) => {
  const line = '{"name": "b", "vcpus": 4, "ram": 512, "extra_specs": {"hw:a": "{x", "hw:b": "\\"y"}}';
  for (let length = 1; length < line.length; length++) {
    const {judged, problems} = await outcomeOf(`${A}\n${line.slice(0, length)}\n${Z}\n`);
    t.deepEqual(judged, ['a', 'z'], `cut at ${length}`);
    t.true(problems.length > 0);
  }
});

test('an object over many lines with a missing quote takes no other with it', async (t) => {
  const {judged, problems} = await outcomeOf(`${A}\n{\n  "name": "b,\n  "vcpus": 1\n}\n${Z}\n`);
  t.deepEqual(judged, ['a', 'z']);
  t.deepEqual(problems, ['2 (2): a text has no closing quote']);
});

const useless: readonly (readonly [name: string, text: string | Uint8Array, problem: RegExp])[] = [
  ['an empty text', '', /it is empty/],
  ['blanks', ' \n\n', /it is empty/],
  ['a table', '+----+------+\n| ID | Name |\n+----+------+\n', /-f json/],
  ['UTF-16', new Uint8Array([0xff, 0xfe, 0x5b, 0, 0x5d, 0]), /UTF-16/],
  ['zero bytes', new Uint8Array(1000), /no text/],
  ['Latin-1', new Uint8Array([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xe9, 0x0a]), /not UTF-8/],
  [
    'prose',
    'Dear operator,\nplease find attached: nothing.\n',
    /no YAML|is the text|a flavor is an object|name is missing/,
  ],
];
for (const [name, text, problem] of useless) {
  test(`${name} is told apart`, async (t) => {
    const {judged, problems} = await outcomeOf(text);
    t.deepEqual(judged, []);
    t.regex(problems.join('\n'), problem);
  });
}

test('what is no UTF-8 in one flavor is told for that one', async (t) => {
  const bytes = Buffer.concat([
    Buffer.from(`${A}\n{"name": "b`),
    Buffer.from([0xe9]),
    Buffer.from(`", "vcpus": 1, "ram": 1}\n${Z}\n`),
  ]);
  t.deepEqual(await outcomeOf(bytes), {
    judged: ['a', 'z'],
    problems: ['2 (2): it is not UTF-8'],
    warnings: [],
  });
});

test('in YAML, too, a damaged flavor takes no other with it', async (t) => {
  const text = `# flavors
- name: a
  vcpus: 1
  ram: 512
- name: b
  vcpus: [1
  ram: 512
- name: c
  vcpus: 1
  ram: 512
  extra_specs:
    hw:cpu_realtime: yes
- name: z
  vcpus: 1
  ram: 512
  ram: 1024
`;
  const {judged, problems} = await outcomeOf(text);
  t.deepEqual(judged, ['a', 'z']);
  t.is(problems.length, 3);
  t.regex(problems[0] ?? '', /^[67] \(2\): it is no YAML/);
  t.regex(problems[1] ?? '', /^8 \(3 c\): extra spec "hw:cpu_realtime" is true/);
  t.regex(problems[2] ?? '', /^13 \(4 z\): "ram" stands in it twice/);
});

test('unknown fields are told once each, with what may be meant', async (t) => {
  const odd = '{"name": "b", "vcpus": 1, "ram": 1, "extra_spec": {}, "colour": "red"}';
  const {judged, warnings} = await outcomeOf(`${odd}\n${odd.replace('"b"', '"c"')}\n`);
  t.deepEqual(judged, ['b', 'c']);
  t.deepEqual(warnings, [
    '1 (1 b): the field "extra_spec" is not known, and is ignored; is extra_specs meant?',
    '1 (1 b): the field "colour" is not known, and is ignored',
  ]);
});

test('flavors that were printed without extra specs are judged with a warning', async (t) => {
  const list = [{ID: '1', Name: 'a', RAM: 512, Disk: 1, Ephemeral: 0, VCPUs: 1, 'Is Public': true}];
  const {judged, warnings} = await outcomeOf(
    JSON.stringify([...list, ...list.map((one) => ({...one, Name: 'b'}))]),
  );
  t.deepEqual(judged, ['a', 'b']);
  t.is(warnings.length, 1);
  t.regex(warnings[0] ?? '', /--long/);
});

test('what has nothing but problems is not read to its end', async (t) => {
  const events = await readText(`{"x":\n${'{\n'.repeat(1_000_000)}`);
  t.true(events.length < 20_000);
  const last = events.at(-1);
  t.true(last?.kind === 'problem' && last.detail.includes('the rest is not read'));
});

test('whatever is fed, the reader ends without an error of its own', async (t) => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    '\n',
    '\\',
    '- ',
    'a: ',
    '&a ',
    '*a',
    '!x ',
    '{"name": "a", "vcpus": 1, "ram": 1}',
    '---\n',
    '"name"',
    '  ',
    '\t',
    '#',
    '|',
    '>',
    '?',
    "'",
    'null',
    '1e9',
    '<<: ',
    '%Y',
    '\u0007',
    'é',
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...pieces), {maxLength: 40}), async (parts) => {
      for (const event of await readText(parts.join(''))) {
        if (event.kind === 'problem' || event.kind === 'unusable') t.true(event.detail.length < 400);
      }
    }),
    {numRuns: 1500},
  );
});

test('a YAML text of nothing but dashes is told as such', async (t) => {
  const {judged, problems} = await outcomeOf('-\n'.repeat(150_000));
  t.deepEqual(judged, []);
  t.is(problems[0], '1 (1): it is null, and a flavor is an object');
  t.regex(problems.at(-1) ?? '', /the rest is not read/);
});

test('a YAML text of keys in keys is told in our words', async (t) => {
  const {problems} = await outcomeOf('? '.repeat(30_000));
  t.deepEqual(problems, ['1 (1): it is no YAML: it is nested too deeply']);
});

test('aliases that unfold without end are told, and unfolded no further', async (t) => {
  const lines = Array.from('abcdefghijkl', (letter, index) => {
    const before = String.fromCharCode(letter.charCodeAt(0) - 1);
    return `- &${letter} [${index === 0 ? 'x' : Array.from({length: 9}, () => `*${before}`).join(', ')}]`;
  });
  const {judged, problems} = await outcomeOf(`${lines.join('\n')}\n`);
  t.deepEqual(judged, []);
  t.true(problems.length > 0 && problems.length < 20);
});

test('what is no JSON is not read as YAML above a limit', async (t) => {
  const {problems} = await outcomeOf(`words\n${'more words\n'.repeat(50_000)}`);
  t.is(problems.length, 1);
  t.regex(problems[0] ?? '', /it is no JSON, and the most that is read of YAML is 384 KiB/);
});
