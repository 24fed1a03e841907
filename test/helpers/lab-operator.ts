/** Somebody at a terminal with a home folder of their own who runs the built program against the lab. */
import {spawn} from 'node:child_process';
import {copyFile, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {allNodes, type Lab} from './lab.js';
import {type Ended, type ProgramOptions, programWords, type RunningProgram, startProgram} from './program.js';
import {shellQuote} from '../../source/domain/shell-quote.js';

export type LabOperator = {
  readonly home: string;
  /** All nodes of the lab: four computes, the controller for the API. */
  readonly inventory: string;
  readonly env: Readonly<Record<string, string>>;
  start(args: readonly string[], onEvent?: ProgramOptions['onEvent']): RunningProgram;
  /** Runs the program with this inventory and `--json`, and waits for its end. */
  run(args: readonly string[], onEvent?: ProgramOptions['onEvent']): Promise<Ended>;
  /** Runs the program in a pseudo-terminal and types an answer to each question, as soon as its words appear. */
  runOnTerminal(args: readonly string[], answers: readonly TypedAnswer[]): Promise<OnTerminal>;
  remove(): Promise<void>;
};

export type TypedAnswer = {readonly to: string; readonly answer: string};
export type OnTerminal = {readonly code: number | null; readonly screen: string; readonly stdout: string};

export type OperatorOptions = {
  readonly cloud?: string;
  /** Who logs in on the nodes; anybody but root uses sudo there. */
  readonly user?: string;
  readonly cloudsFile?: string;
};

/** Makes the home folder. `remove` takes it away again. */
export async function labOperator(
  lab: Lab,
  {cloud = 'lab', user = 'root', cloudsFile = lab.cloudsFile}: OperatorOptions = {},
) {
  const home = await mkdtemp(path.join(tmpdir(), 'reprieve-operator-'));
  await mkdir(path.join(home, '.ssh'), {mode: 0o700});
  await copyFile(lab.sshConfig, path.join(home, '.ssh', 'config'));
  const inventory = path.join(home, 'inventory.yaml');
  const variables = user === 'root' ? {} : {ansible_user: user, ansible_become: true};
  const group = (hosts: readonly string[]) => ({
    hosts: Object.fromEntries(hosts.map((host) => [host, variables])),
  });
  const children = {
    compute: group(lab.computes.map(({host}) => host)),
    nova_api: group([lab.controller.host]),
  };
  // JSON is YAML.
  await writeFile(inventory, JSON.stringify({all: {children}}));
  const env = {
    HOME: home,
    XDG_STATE_HOME: path.join(home, 'state'),
    XDG_CONFIG_HOME: path.join(home, 'config'),
    OS_CLIENT_CONFIG_FILE: cloudsFile,
    OS_CLOUD: cloud,
    TERM: 'xterm',
    LANG: 'C.UTF-8',
  };
  const start: LabOperator['start'] = (args, onEvent) =>
    startProgram([...args, '--inventory', inventory, '--json'], {
      env,
      ...(onEvent === undefined ? {} : {onEvent}),
    });
  const operator: LabOperator = {
    home,
    inventory,
    env,
    start,
    run: async (args, onEvent) => start(args, onEvent).end(),
    runOnTerminal: async (args, answers) => {
      const out = path.join(home, 'stdout');
      const words = programWords([...args, '--inventory', inventory]);
      const command = `${words.map((word) => shellQuote(word)).join(' ')} >${shellQuote(out)}`;
      const {code, screen} = await typeTo(command, answers, env);
      return {code, screen, stdout: await readFile(out, 'utf8')};
    },
    remove: async () => rm(home, {recursive: true, force: true}),
  };
  return operator;
}

/** `script` gives the command a terminal of its own; what is written to it is typed. */
async function typeTo(
  command: string,
  answers: readonly TypedAnswer[],
  env: Readonly<Record<string, string>>,
): Promise<{code: number | null; screen: string}> {
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    env: {PATH: process.env['PATH'], SHELL: '/bin/sh', ...env},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  const open = [...answers];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [next] = open;
    if (next === undefined || !screen.includes(next.to)) return;
    open.shift();
    child.stdin.write(`${next.answer}\r`);
  });
  // A program that has ended reads no more.
  child.stdin.on('error', () => undefined);
  const timer = setTimeout(() => child.kill('SIGKILL'), 300_000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({code, screen});
    });
  });
}

/** The names of all nodes, as in `--hosts`. */
export function allHosts(lab: Lab): readonly string[] {
  return allNodes(lab).map(({host}) => host);
}
