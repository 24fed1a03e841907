/** Somebody at a terminal with a home folder of their own who runs the built program against the lab. */
import {copyFile, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {allNodes, type Lab} from './lab.js';
import {type Ended, type ProgramOptions, programWords, type RunningProgram, startProgram} from './program.js';
import {typeTo, type TypedAnswer} from './typed-terminal.js';
import {shellQuote} from '../../source/domain/shell-quote.js';

export type LabOperator = {
  readonly home: string;
  /** All nodes of the lab: four computes, the controller for the API. */
  readonly inventory: string;
  readonly env: Readonly<Record<string, string>>;
  start(args: readonly string[], onEvent?: ProgramOptions['onEvent']): RunningProgram;
  /** Runs the program with this inventory and `--json`, and waits for its end. */
  run(args: readonly string[], onEvent?: ProgramOptions['onEvent']): Promise<Ended>;
  /** The same without `--json`. */
  tell(args: readonly string[]): Promise<Ended>;
  /** Runs the program in a pseudo-terminal and types an answer to each question, as soon as its words appear. */
  runOnTerminal(args: readonly string[], answers: readonly TypedAnswer[]): Promise<OnTerminal>;
  remove(): Promise<void>;
};

export type OnTerminal = {readonly code: number | null; readonly screen: string; readonly stdout: string};

export type OperatorOptions = {
  readonly cloud?: string;
  /** Who logs in on the nodes; anybody but root uses sudo there. */
  readonly user?: string;
  readonly cloudsFile?: string;
  /** More of the environment. */
  readonly more?: Readonly<Record<string, string>>;
};

/** Makes the home folder. `remove` takes it away again. */
export async function labOperator(
  lab: Lab,
  {cloud = 'lab', user = 'root', cloudsFile = lab.cloudsFile, more = {}}: OperatorOptions = {},
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
    ...more,
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
    tell: async (args) => startProgram([...args, '--inventory', inventory], {env}).end(),
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

/** The names of all nodes, as in `--hosts`. */
export function allHosts(lab: Lab): readonly string[] {
  return allNodes(lab).map(({host}) => host);
}
