/** Ansible's own programs, on files that templates made. */
import {execFile} from 'node:child_process';
import process from 'node:process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {z} from 'zod';

const result = z.object({changed: z.boolean().optional(), failed: z.boolean().optional()}).loose();
const printed = z.object({
  stats: z.record(z.string(), z.object({changed: z.number(), failures: z.number(), unreachable: z.number()})),
  plays: z.array(
    z.object({
      tasks: z.array(z.object({task: z.object({name: z.string()}), hosts: z.record(z.string(), result)})),
    }),
  ),
});

export type PlaybookRun = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What each host made of each task, in order; empty where the run was killed. */
  readonly tasks: readonly {readonly name: string; readonly hosts: Readonly<Record<string, object>>}[];
  /** How many tasks changed something, by host. */
  readonly changed: Readonly<Record<string, number>>;
};

export type PlaybookOptions = {
  readonly env: Readonly<Record<string, string>>;
  /** Ansible is killed, as by a crash, when this task is about to begin on the first host. */
  readonly killedBefore?: string;
};

/** Ends the process that drives all others, before it hands the task out. */
const KILLER = `import os, signal
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'killer'

    def v2_playbook_on_task_start(self, task, is_conditional):
        if task.get_name().endswith(os.environ['KILLED_BEFORE']):
            os.kill(os.getpid(), signal.SIGKILL)
`;

/** Runs `ansible-playbook` in a folder, with no settings but these. */
export async function playbook(
  folder: string,
  args: readonly string[],
  {env, killedBefore}: PlaybookOptions,
): Promise<PlaybookRun> {
  const plugins = await mkdtemp(path.join(tmpdir(), 'reprieve-ansible-'));
  if (killedBefore !== undefined) await writeFile(path.join(plugins, 'killer.py'), KILLER);
  const settings = {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    ANSIBLE_STDOUT_CALLBACK: 'json',
    ANSIBLE_LOCALHOST_WARNING: 'False',
    ANSIBLE_LOCAL_TEMP: plugins,
    ...(killedBefore === undefined ? {} : {ANSIBLE_CALLBACK_PLUGINS: plugins, KILLED_BEFORE: killedBefore}),
    ...env,
  };
  const ended = await new Promise<Pick<PlaybookRun, 'code' | 'signal' | 'stdout' | 'stderr'>>((resolve) => {
    const child = execFile(
      'ansible-playbook',
      [...args],
      {cwd: folder, env: settings, maxBuffer: 1 << 26},
      (_error, stdout, stderr) => {
        resolve({code: child.exitCode, signal: child.signalCode, stdout, stderr});
      },
    );
  });
  await rm(plugins, {recursive: true, force: true});
  // What is printed before the document are the lines of other plugins.
  const begin = ended.stdout.search(/^\{$/m);
  if (ended.signal !== null || begin === -1) return {...ended, tasks: [], changed: {}};
  const {plays, stats} = printed.parse(JSON.parse(ended.stdout.slice(begin)));
  return {
    ...ended,
    tasks: plays.flatMap(({tasks}) => tasks.map(({task, hosts}) => ({name: task.name, hosts}))),
    changed: Object.fromEntries(Object.entries(stats).map(([host, {changed}]) => [host, changed])),
  };
}
