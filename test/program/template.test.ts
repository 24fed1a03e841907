// What `reprieve template` does as a whole: files, exit codes, and what it says where something is not as it should be.
import {spawn} from 'node:child_process';
import {watch} from 'node:fs';
import {chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {z} from 'zod';
import type {Run} from '../helpers/run-conf.js';
import {filesBelow, PROGRAM, SMALL_TEMPLATE, templateBench} from '../helpers/run-template.js';

const OURS = ['--templates', 'templates'];
const SMALL = ['render', 'small', ...OURS];

function refused(t: ExecutionContext, ended: Run, code: number, words: RegExp): void {
  t.is(ended.code, code, ended.stderr);
  t.is(ended.stdout, '');
  t.regex(ended.stderr, words);
  t.regex(ended.stderr, /^reprieve: [^\n]+\n$/, 'one line');
}

test.serial('files are written with their header, and the same values give the same bytes', async (t) => {
  const bench = await templateBench(t);
  const args = [...SMALL, '--set', 'name=a b', '--set', 'hosts=h1,h2', '-o'];
  const ended = await bench.run(...args, 'one');
  t.is(ended.code, 0, ended.stderr);
  t.regex(ended.stdout, /one\/hosts\/h2\.sh\s+written/);
  await bench.run(...args, 'two');
  const files = await filesBelow(`${bench.folder}/one`);
  t.deepEqual(files, await filesBelow(`${bench.folder}/two`));
  t.deepEqual(Object.keys(files), ['hosts/h1.sh', 'hosts/h2.sh', 'main.yaml']);
  t.regex(files['hosts/h1.sh'] ?? '', /^#!\/bin\/sh\n# Made by reprieve \S+ from the template small/);
  t.regex(
    files['main.yaml'] ?? '',
    /# {3}name: "a b"\n[^]*sha256:[0-9a-f]{64}\nname: "a b"\ninterval: 7200\n$/,
  );
  t.is((await stat(`${bench.folder}/one/hosts/h1.sh`)).mode & 0o777, 0o755);
  t.is((await bench.run(...args, 'one', '--check')).code, 0);
  t.regex((await bench.run(...args, 'one')).stdout, /as it should be/);
});

test.serial(
  '--check tells what is missing, of other values, changed by hand, or of another mode',
  async (t) => {
    const bench = await templateBench(t);
    const args = [...SMALL, '--set', 'hosts=h1,h2,h3', '-o', 'out'];
    t.is((await bench.run(...args, '--set', 'name=a')).code, 0);
    const check = (...more: readonly string[]) => bench.run(...args, '--check', '--json', ...more);
    await rm(`${bench.folder}/out/hosts/h1.sh`);
    await writeFile(`${bench.folder}/out/hosts/h2.sh`, 'echo mine\n');
    await chmod(`${bench.folder}/out/hosts/h3.sh`, 0o644);
    const states = async (...more: readonly string[]) => {
      const {code, stdout} = await check(...more);
      const rows = z.array(z.object({state: z.string()})).parse(JSON.parse(stdout));
      return [code, ...rows.map(({state}) => state)];
    };
    t.deepEqual(await states('--set', 'name=a'), [1, 'same', 'new', 'by-hand', 'mode']);
    t.deepEqual(await states('--set', 'name=b'), [1, 'values', 'new', 'by-hand', 'values']);
    t.is(await readFile(`${bench.folder}/out/hosts/h2.sh`, 'utf8'), 'echo mine\n');
  },
);

test.serial(
  'what is not made any more is told and stays: a host that is gone, a file with another name',
  async (t) => {
    const bench = await templateBench(t);
    const args = [...SMALL, '--set', 'name=a', '-o', 'out', '--set'];
    await bench.run(...args, 'hosts=h1,h2');
    await bench.write(
      {'other.sh': '# Made by reprieve 1.0.0 from the template smaller; render it\n', 'own.sh': 'x\n'},
      'out',
    );
    await symlink('/', `${bench.folder}/out/loop`);
    t.is((await bench.run(...args, 'hosts=h1,h2', '--check')).code, 0);
    const checked = await bench.run(...args, 'hosts=h2', '--check');
    t.is(checked.code, 1, checked.stdout);
    t.regex(checked.stdout, /[▲!] out\/hosts\/h1\.sh\s+was made before and is not any more;/);
    const json = await bench.run(...args, 'hosts=h2', '--check', '--json');
    t.deepEqual(JSON.parse(json.stdout), [
      {path: 'main.yaml', state: 'values', problem: null},
      {path: 'hosts/h2.sh', state: 'values', problem: null},
      {path: 'hosts/h1.sh', state: 'left', problem: null},
    ]);
    const ended = await bench.run(...args, 'hosts=h2', '--yes');
    t.is(ended.code, 0, ended.stderr);
    t.regex(ended.stdout, /[▲!] out\/hosts\/h1\.sh\s+was made before/);
    await bench.write(
      {
        'template.yaml': SMALL_TEMPLATE['template.yaml'].replace(
          'path: main.yaml',
          'path: first.yaml\n    source: main.yaml',
        ),
      },
      'templates/small',
    );
    const renamed = await bench.run(...args, 'hosts=h2', '--yes');
    t.regex(renamed.stdout, /[▲!] out\/main\.yaml\s+was made before/);
    t.deepEqual(Object.keys(await filesBelow(`${bench.folder}/out`)), [
      'first.yaml',
      'hosts/h1.sh',
      'hosts/h2.sh',
      'main.yaml',
      'other.sh',
      'own.sh',
    ]);
  },
);

test.serial('what would be replaced is shown, and only replaced where that was agreed to', async (t) => {
  const bench = await templateBench(t);
  const args = [...SMALL, '-o', 'out', '--set'];
  await bench.run(...args, 'name=before');
  const ended = await bench.run(...args, 'name=after');
  t.is(ended.code, 3);
  t.regex(ended.stdout, /\n-name: before\n[^]*\n\+name: after\n/);
  t.regex(ended.stderr, /1 file in out would be replaced.*nothing was written; .*--yes/);
  t.regex(await readFile(`${bench.folder}/out/main.yaml`, 'utf8'), /name: before/);
  t.is((await bench.run(...args, 'name=after', '--yes')).code, 0);
  t.regex(await readFile(`${bench.folder}/out/main.yaml`, 'utf8'), /name: after/);
});

test.serial(
  'values come from the command line before files, later files before earlier ones, then the default',
  async (t) => {
    const bench = await templateBench(t);
    await bench.write({'a.yaml': 'name: a\ninterval: 1h\n', 'b.json': '{"name": "b"}'});
    const ended = await bench.run(...SMALL, '--values', 'a.yaml', '--values', 'b.json', '--set', 'hosts=x');
    t.regex(ended.stdout, /name: b\ninterval: 3600\n/);
    t.regex(ended.stdout, /==> hosts\/x\.sh <==/);
  },
);

test.serial(
  'a template that is not there is told with the nearest, a folder that is not there too',
  async (t) => {
    const bench = await templateBench(t);
    refused(t, await bench.run('show', 'smal', ...OURS), 2, /no template "smal"; is small meant\?/);
    refused(t, await bench.run('render', '../small', ...OURS), 2, /no template "\.\.\/small"/);
    refused(
      t,
      await bench.run('show', 'kolla', '--templates', 'none'),
      2,
      /templates in .*none cannot be read/,
    );
    refused(t, await bench.run('list', '--templates', 'none'), 2, /templates in .*none cannot be read/);
  },
);

test.serial('what stands in the way of a file stops all of them', async (t) => {
  const bench = await templateBench(t);
  const out = `${bench.folder}/out`;
  const args = [...SMALL, '--set', 'name=a', '--set', 'hosts=h1', '--yes', '-o'];
  const cases: readonly (readonly [string, () => Promise<unknown>, number, RegExp])[] = [
    ['hosts', () => symlink(bench.folder, `${out}/hosts`), 3, /hosts is a symbolic link, which may lead out/],
    ['hosts', () => writeFile(`${out}/hosts`, ''), 3, /hosts is no folder/],
    [
      'main.yaml',
      () => symlink('../elsewhere', `${out}/main.yaml`),
      3,
      /main\.yaml cannot be written: it is a symbolic link/,
    ],
    [
      'main.yaml',
      () => mkdir(`${out}/main.yaml`),
      3,
      /main\.yaml cannot be written: it is there and no file/,
    ],
    [
      'main.yaml',
      () => writeFile(`${out}/main.yaml`, Buffer.from([0xff])),
      3,
      /main\.yaml cannot be written: the file that is there is not UTF-8/,
    ],
  ];
  await mkdir(out);
  for (const [name, make, code, words] of cases) {
    await make();
    refused(t, await bench.run(...args, 'out'), code, words);
    t.deepEqual(await readdir(out), [name], 'nothing was written');
    await rm(`${out}/${name}`, {recursive: true});
  }
  await writeFile(`${bench.folder}/file`, '');
  refused(t, await bench.run(...args, 'file/below'), 3, /a part of its path is not a folder/);
  refused(
    t,
    await bench.run(...args, '/proc/none'),
    2,
    /\/proc\/none.*cannot be written: .*nothing was written/,
  );
});

/** Resolves when something with such a name is made in a folder. */
function firstName(folder: string, sign: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_, name) => {
      if (name === null || !sign.test(name)) return;
      watcher.close();
      resolve();
    });
  });
}

for (const [moment, sign] of [
  ['before the first file is in its place', /^\.reprieve-/],
  ['after the first', /^h\d+\.sh$/],
] as const) {
  test.serial(
    `a writer that is killed ${moment} leaves whole files, and the next one cleans up`,
    async (t) => {
      const bench = await templateBench(t);
      const hosts = Array.from({length: 100}, (_, index) => `h${index}`).join(',');
      const args = [...SMALL, '--set', 'name=a', '--set', `hosts=${hosts}`, '-o', 'out'];
      await mkdir(`${bench.folder}/out/hosts`, {recursive: true});
      const seen = firstName(`${bench.folder}/out/hosts`, sign);
      const child = spawn(process.execPath, [PROGRAM, 'template', ...args], {
        cwd: bench.folder,
        env: bench.env,
        stdio: 'ignore',
      });
      const ended = new Promise<NodeJS.Signals | null>((resolve) =>
        child.once('exit', (_, signal) => resolve(signal)),
      );
      await seen;
      child.kill('SIGKILL');
      t.is(await ended, 'SIGKILL');
      for (const [name, text] of Object.entries(await filesBelow(`${bench.folder}/out`))) {
        if (name.endsWith('.sh')) t.regex(text, /\necho h\d+ a\n$/, name);
      }
      t.is((await bench.run(...args)).code, 0);
      t.deepEqual(
        (await readdir(`${bench.folder}/out/hosts`)).filter((name) => name.startsWith('.')),
        [],
      );
      t.is((await bench.run(...args, '--check')).code, 0);
    },
  );
}

test.serial(
  'a template that is begun can be rendered and tested at once, and is not begun twice',
  async (t) => {
    const bench = await templateBench(t);
    const begun = await bench.run('new', 'salt');
    t.is(begun.code, 0, begun.stderr);
    t.regex(begun.stdout, /config\/reprieve\/templates\/salt is begun: template\.yaml, settings\.conf/);
    const tested = await bench.run('test', 'salt');
    t.is(tested.code, 0, tested.stdout);
    t.regex(tested.stdout, /salt, a-week: settings\.conf\n[^]*salt, two-hours/);
    t.notRegex(tested.stdout, /in no example/);
    t.regex((await bench.run('render', 'salt')).stdout, /reclaim_instance_interval = 604800/);
    t.regex((await bench.run('list')).stdout, /salt\s+Settings for salt \(yours\)/);
    refused(
      t,
      await bench.run('new', 'salt'),
      3,
      /salt\/template\.yaml is there already; nothing was written/,
    );
    refused(t, await bench.run('new', '../x'), 2, /"\.\.\/x" cannot be the name of a template/);
    t.is((await bench.run('new', 'ours', '--templates', 'more/templates')).code, 0);
    t.is((await bench.run('test', './more/templates/ours')).code, 0);
  },
);

test.serial(
  'template show has no tags in it: usage as in an example, and paths with the names of values',
  async (t) => {
    const bench = await templateBench(t);
    for (const name of ['ansible', 'kolla', 'nova-conf', 'terraform', 'openstack-cli']) {
      const {code, stdout} = await bench.run('show', name);
      t.is(code, 0);
      t.notRegex(stdout, /\{[{%]/, name);
    }
    const {stdout} = await bench.run('show', 'ansible');
    t.regex(
      stdout,
      /\nHow it is used, as in the example a-week\n {2}ansible-playbook -i inventory\.yml playbook\.yml --check/,
    );
    t.regex(stdout, /\n {2}inventory\.yml {2}only with computes\n/);
    t.regex((await bench.run('show', 'kolla')).stdout, /\n {2}nova\/HOST\/nova\.conf {2}for each of hosts\n/);
    const description = SMALL_TEMPLATE['template.yaml'].replace(
      'examples:',
      'usage: cp {% if nmae %}x{% endif %}\nexamples:',
    );
    await bench.write({'template.yaml': description}, 'templates/small');
    const faulty = await bench.run('show', 'small', ...OURS);
    t.is(faulty.code, 1);
    t.regex(faulty.stdout, /\nExamples\n {2}one, two\n$/);
    t.regex(
      faulty.stderr,
      /^reprieve: .*small\/template\.yaml:13: usage: the template has no value "nmae"; did you mean name\?\n$/,
    );
  },
);

test.serial('yes and no are words of a description and of a file with values', async (t) => {
  const bench = await templateBench(t);
  const description = `title: t
purpose: p
values:
  paging: {type: boolean, help: h, default: no}
  name: {type: text, help: h, required: yes}
files:
  - {path: a.yaml, executable: off}
examples:
  one: {paging: on, name: no}
`;
  await bench.write(
    {'template.yaml': description, 'a.yaml': 'a: {{ paging }}\nb: {{ name }}\n'},
    'templates/own',
  );
  await bench.write({'values.yaml': 'paging: yes\n'});
  const args = ['render', 'own', ...OURS, '--set', 'name=x'];
  t.regex((await bench.run(...args)).stdout, /\na: false\nb: x\n$/);
  t.regex((await bench.run(...args, '--values', 'values.yaml')).stdout, /\na: true\nb: x\n$/);
  t.regex((await bench.run('render', 'own', ...OURS, '--examples')).stdout, /\na: true\nb: "no"\n/);
  refused(t, await bench.run('render', 'own', ...OURS), 2, /template own needs name/);
  await bench.write({'template.yaml': description.replace('required: yes', 'required: 1')}, 'templates/own');
  refused(t, await bench.run(...args), 2, /template\.yaml:5: values\.name\.required is neither yes nor no/);
});

test.serial('a template of the team hides the shipped one with its name', async (t) => {
  const bench = await templateBench(t);
  await bench.write(SMALL_TEMPLATE, 'config/reprieve/templates/kolla');
  const shown = await bench.run('show', 'kolla', '--json');
  t.like(JSON.parse(shown.stdout), {title: 'small', shipped: false});
});

test.serial(
  'template test tells which example fails, and why, and every shipped template passes it',
  async (t) => {
    const bench = await templateBench(t);
    await bench.write(
      {...SMALL_TEMPLATE, 'main.yaml': 'name: {{ name }}\nname: {{ interval }}\n'},
      'templates/twice',
    );
    const {code, stdout} = await bench.run('test', 'small', 'twice', ...OURS);
    t.is(code, 1);
    t.regex(stdout, /[✓+] small, one: main\.yaml\n/);
    t.regex(stdout, /[✗x] twice, one, two: main\.yaml: line \d+ \(name: 7200\): name\s+is there twice/);
    t.is(stdout.match(/is there twice/g)?.length, 1);
    await bench.write(
      {...SMALL_TEMPLATE, 'main.yaml': '{% if interval == 0 %}{% endif %}\nname: {{ name }}\n'},
      'templates/branch',
    );
    const branch = await bench.run('test', 'branch', ...OURS);
    t.is(branch.code, 0);
    t.regex(
      branch.stdout,
      /\n. branch, in no example:\s+\S+branch\/main\.yaml:1:\s+interval == 0\s+is\s+never\s+true\n/,
    );
    const all = await bench.run('test');
    t.is(all.code, 0, all.stdout + all.stderr);
  },
);

test.serial(
  'template test names what it only rendered, because nothing here reads its language, and reads scripts',
  async (t) => {
    const bench = await templateBench(t);
    const description = SMALL_TEMPLATE['template.yaml'].replace(
      'files:',
      'files:\n  - path: a.service\n  - path: a.tf',
    );
    await bench.write(
      {...SMALL_TEMPLATE, 'template.yaml': description, 'a.service': '[Unit]\n', 'a.tf': 'a = {{ name }}\n'},
      'templates/more',
    );
    const {code, stdout} = await bench.run('test', 'more', 'small', ...OURS);
    t.is(code, 0, stdout);
    t.regex(
      stdout,
      /\n. more, rendered only, nothing here checks it: a\.service \(systemd\), a\.tf \(hcl\)\n/,
    );
    t.notRegex(stdout, /small, rendered only/);
    const json = await bench.run('test', 'more', '--json', ...OURS);
    const [first = ''] = json.stdout.split('\n');
    t.like(JSON.parse(first), {
      unread: [
        {path: 'a.service', format: 'systemd'},
        {path: 'a.tf', format: 'hcl'},
      ],
    });
    await bench.write({'host.sh': '#!/bin/sh\nif {{ host }}; then {{ name }}\n'}, 'templates/more');
    const broken = await bench.run('test', 'more', ...OURS);
    t.is(broken.code, 1);
    t.regex(broken.stdout, /[✗x] more, two: hosts\/h1\.sh: sh -n refuses it, line \d+(?: \(.*\))?: /);
  },
);

test.serial(
  'what could not be read is neither written nor printed, and a template that takes a name says so',
  async (t) => {
    const bench = await templateBench(t);
    await bench.write({'main.yaml': 'name: {{ name }}\n  more: 1\n'}, 'templates/small');
    const ended = await bench.run(...SMALL, '--set', 'name=a', '-o', 'out');
    refused(t, ended, 2, /main\.yaml would be of no use: line \d+ \(.*\): it is no YAML/);
    await t.throwsAsync(stat(`${bench.folder}/out`), {code: 'ENOENT'});
    await bench.write({'main.yaml': 'name: {{ name }}\nname: b\n'}, 'templates/small');
    for (const more of [[], ['--json'], ['-o', 'out', '--check']]) {
      const twice = await bench.run(...SMALL, '--set', 'name=a', ...more);
      refused(
        t,
        twice,
        2,
        /main\.yaml would be of no use: line \d+ \(name: b\): name is there twice; nothing was/,
      );
    }
    const begun = await bench.run('new', 'kolla', ...OURS);
    t.is(begun.code, 0, begun.stderr);
    t.regex(begun.stderr, /^notice: it takes the place of the template .*templates\/kolla\n$/);
  },
);
