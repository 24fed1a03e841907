// Writes docs/editors.md: what reprieve, crudini and Ansible's ini_file make of the same configuration files, with
// oslo.config as the judge. Run it by `npm run docs:editors`, on a machine with crudini, ansible, diff and
// python3-oslo.config.
import {spawnSync} from 'node:child_process';
import {existsSync, writeFileSync} from 'node:fs';
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';

const OPTION = 'reclaim_instance_interval';
const PACKAGED = '/usr/share/nova-common/nova.conf';
const latin1 = (text) => Buffer.from(text, 'latin1');

const cases = [
  ["Debian's nova.conf, 10,000 lines", existsSync(PACKAGED) ? await readFile(PACKAGED) : undefined],
  ['commented default below its help', latin1(`[DEFAULT]\n# help\n#${OPTION} = 0\n\n# help\n#other = 1\n`)],
  ['set already, own spacing', latin1(`[DEFAULT]\n${OPTION}=60\nother : 1\n`)],
  ['CRLF', latin1(`[DEFAULT]\r\ndebug = true\r\n${OPTION} = 5\r\n`)],
  ['no last newline', latin1(`[DEFAULT]\n${OPTION} = 5`)],
  ['two [DEFAULT], set in the second', latin1(`[DEFAULT]\na = 1\n[api]\nb = 1\n[DEFAULT]\n${OPTION} = 5\n`)],
  ['repeated option', latin1(`[DEFAULT]\n${OPTION} = 1\na = 1\n${OPTION} = 2\n`)],
  ['continuation lines of another option', latin1(`[DEFAULT]\nnames = a,\n  # b,\n  c\n${OPTION} = 5\n`)],
  ['continuation lines of the option', latin1(`[DEFAULT]\n${OPTION} = 1\n  2\nb = 1\n`)],
  ['wrong case: [default]', latin1(`[default]\n${OPTION} = 5\n[DEFAULT]\na = 1\n`)],
  ['wrong case of the option', latin1(`[DEFAULT]\nReclaim_Instance_Interval = 5\n`)],
  ['a byte that is no UTF-8 in a comment', latin1(`[DEFAULT]\n# caf\u00e9\n${OPTION} = 5\n`)],
  ['byte-order mark (oslo.config refuses)', latin1(`\u00ef\u00bb\u00bf[DEFAULT]\n${OPTION} = 5\n`)],
  ['a line without = (oslo.config refuses)', latin1(`[DEFAULT]\njunk\n${OPTION} = 5\n`)],
  ['an indented key (oslo.config refuses)', latin1(`[DEFAULT]\n  ${OPTION} = 5\n`)],
  ['symbolic link', latin1(`[DEFAULT]\n${OPTION} = 5\n`), 'symlink'],
  ['hard link', latin1(`[DEFAULT]\n${OPTION} = 5\n`), 'link'],
].filter(([, content]) => content !== undefined);

const run = (command, args, options = {}) => {
  const result = spawnSync(command, args, {encoding: 'utf8', maxBuffer: 1 << 28, ...options});
  if (result.error !== undefined) throw result.error;
  return result;
};

const editors = [
  {
    name: 'reprieve',
    edit: (files) =>
      files.map((file) => {
        const program = 'build/source/cli.js';
        const args = [program, 'conf', 'set', 'DEFAULT', OPTION, '7200', '--config-file', file];
        return run(process.execPath, args).status === 0;
      }),
  },
  {
    name: 'crudini',
    edit: (files) =>
      files.map((file) => run('crudini', ['--set', file, 'DEFAULT', OPTION, '7200']).status === 0),
  },
  {name: "Ansible's ini_file", edit: editWithAnsible},
];

/** One play for all files: Ansible starts slowly. */
function editWithAnsible(files) {
  const task = {
    'community.general.ini_file': {path: '{{ item }}', section: 'DEFAULT', option: OPTION, value: '7200'},
    loop: files,
    ignore_errors: true,
    register: 'edits',
  };
  const report = {debug: {msg: 'RESULT {{ edits.results | map(attribute="failed") | list | to_json }}'}};
  const play = [{hosts: 'localhost', connection: 'local', gather_facts: false, tasks: [task, report]}];
  const playbook = path.join(path.dirname(path.dirname(files[0])), 'play.yml');
  writeFileSync(playbook, JSON.stringify(play));
  const result = run('ansible-playbook', ['-i', 'localhost,', playbook]);
  const failed = /RESULT (\[[^\]]*\])/.exec(result.stdout)?.[1];
  if (failed === undefined) throw new Error(`ansible did not report: ${result.stdout}${result.stderr}`);
  return JSON.parse(failed).map((one) => !one);
}

/** What oslo.config reads from each file: the value, or the class of its error. */
function judge(contents) {
  const jobs = contents.map((content) => ({
    files: {'nova.conf': content.toString('base64')},
    args: ['--config-file=nova.conf'],
    options: [['DEFAULT', OPTION, 'integer', '0']],
    read: [['DEFAULT', OPTION]],
    encoding: content.equals(Buffer.from(content.toString('utf8'))) ? 'utf-8' : 'latin-1',
  }));
  const result = run('/usr/bin/python3', ['test/real/oslo-oracle.py'], {input: JSON.stringify(jobs)});
  return JSON.parse(result.stdout).map((answer) => {
    const value = answer.values?.[0];
    return answer.startup_error ?? value?.error ?? value?.value?.integer ?? String(value?.value);
  });
}

/** Lines that are gone and lines that are new. */
async function countLines(before, after, folder) {
  await writeFile(path.join(folder, 'one'), before);
  await writeFile(path.join(folder, 'two'), after);
  const diff = run('diff', ['--text', path.join(folder, 'one'), path.join(folder, 'two')], {
    encoding: 'latin1',
  });
  const count = (sign) => diff.stdout.split('\n').filter((row) => row.startsWith(`${sign} `)).length;
  return {gone: count('<'), added: count('>')};
}

async function editAll(editor, folder) {
  const own = path.join(folder, editor.name.replaceAll(/\W/g, ''));
  const files = [];
  for (const [index, [, content, kind]] of cases.entries()) {
    const place = path.join(own, `${index}`);
    await mkdir(place, {recursive: true});
    const file = path.join(place, 'nova.conf');
    const real = kind === undefined ? file : path.join(place, 'real');
    await writeFile(real, content);
    await chmod(real, 0o640);
    if (kind === 'symlink') await symlink('real', file);
    if (kind === 'link') await link(real, file);
    files.push(file);
  }
  const isDone = editor.edit(files);
  const once = await Promise.all(files.map((file) => readFile(file)));
  editor.edit(files);
  const twice = await Promise.all(files.map((file) => readFile(file)));
  const values = judge(once);
  return Promise.all(
    cases.map(async ([, content, kind], index) => {
      const file = files[index];
      const after = once[index];
      const {gone, added} = await countLines(content, after, path.dirname(file));
      const text = after.toString('latin1');
      const notes = [];
      if (!isDone[index]) notes.push(after.equals(content) ? 'refused, untouched' : 'failed, but changed it');
      else if (after.equals(content)) notes.push('nothing changed');
      else notes.push(`-${gone} +${added} ${added + gone === 1 ? 'line' : 'lines'}`);
      const hadComment = content.includes(`\n#${OPTION}`);
      if (hadComment && !text.includes(`\n#${OPTION}`)) notes.push('commented default lost');
      if (isDone[index]) notes.push(values[index] === '7200' ? '7200' : `oslo.config: ${values[index]}`);
      if (!twice[index].equals(after)) notes.push('a second run changes it again');
      if (((await stat(file)).mode & 0o7777) !== 0o640) notes.push('mode lost');
      if (kind === 'symlink' && (await readlink(file).catch(() => '')) !== 'real')
        notes.push('link replaced by a file');
      if (kind === 'link' && (await stat(file)).nlink !== 2) notes.push('link broken');
      return notes.join(', ');
    }),
  );
}

const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-editors-'));
try {
  const columns = [];
  for (const editor of editors) columns.push(await editAll(editor, folder));
  const crudini = run('crudini', ['--version']).stdout.trim();
  const ansible = /core [\d.]+/.exec(run('ansible', ['--version']).stdout)?.[0] ?? 'unknown';
  const rows = cases.map(
    ([name], index) => `| ${[name, ...columns.map((column) => column[index])].join(' | ')} |`,
  );
  const page = `# Editors of nova.conf, compared

What three editors make of \`${OPTION} = 7200\` in \`[DEFAULT]\` of the same file: lines that are gone and new (as
\`diff\` counts them), and what oslo.config reads afterwards, 7200 where all went well. Every file has mode 0640.
Written by \`scripts/compare-editors.js\` with ${crudini} and Ansible ${ansible}; do not edit by hand.

| file | ${editors.map((editor) => editor.name).join(' | ')} |
| --- | ${editors.map(() => '---').join(' | ')} |
${rows.join('\n')}

- A value with continuation lines is overridden by a line below it, so that one line is added and no byte is lost;
  oslo.config takes the last one.
- A file with bytes that are no UTF-8 is edited, with a warning: a service in a UTF-8 locale does not start with it.
- A file that oslo.config would refuse is refused, with its line and the reason: the service would not start, and what
  the edit does to the value could not be told.
- A hard link is refused, because a rename would part it from its twin.
`;
  await writeFile('docs/editors.md', page);
} finally {
  await rm(folder, {recursive: true});
}
