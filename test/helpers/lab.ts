/**
 * The lab that a test runs against: a real OpenStack in network namespaces, see test/lab/README.md.
 * `LAB_DIR` says where it is; `npm run lab:up` brings one up.
 */
import {spawn} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {z} from 'zod';

/** A machine of the lab. */
export type LabNode = {
  readonly host: string;
  readonly ip: string;
  readonly port: number;
  /** The systemd unit, less `.service`, that reads `reclaim_instance_interval` there. */
  readonly unit: string;
  /** Nova's driver; the controller has none. */
  readonly driver: 'fake' | 'libvirt' | undefined;
  /** What the account `operator` needs for sudo; root logs in too. */
  readonly operatorSudo: 'nopasswd' | 'password';
};

export type Lab = {
  readonly dir: string;
  readonly release: string;
  readonly series: string;
  readonly controller: LabNode;
  readonly computes: readonly LabNode[];
  /** For `ssh -F`: hosts by name, key, known_hosts. */
  readonly sshConfig: string;
  readonly knownHosts: string;
  readonly identityFile: string;
  /** clouds.yaml with `lab`, `lab-appcred`, `lab-alice` and `lab-rita`. */
  readonly cloudsFile: string;
  /** operator's password for sudo where `operatorSudo` is `password`. */
  readonly operatorPassword: string;
};

export type Ran = {readonly code: number | null; readonly stdout: string; readonly stderr: string};

const machine = z.object({hostname: z.string(), ip: z.string(), port: z.number()});
const inventory = z.object({
  release: z.string(),
  series: z.string(),
  controller: machine,
  identity_file: z.string(),
  known_hosts: z.string(),
  nodes: z.array(
    machine.extend({
      unit: z.string(),
      driver: z.enum(['fake', 'libvirt']),
      operator_sudo: z.enum(['nopasswd', 'password']),
    }),
  ),
});

/** Reads what `up` has written about the lab in `LAB_DIR`. Throws where there is no lab. */
export async function openLab(): Promise<Lab> {
  const dir = process.env['LAB_DIR'] ?? '/tmp/nova-lab';
  const read = async (name: string): Promise<string> => {
    try {
      return await readFile(path.join(dir, name), 'utf8');
    } catch (error) {
      throw new Error(`no lab in ${dir}: bring one up with \`npm run lab:up\``, {cause: error});
    }
  };
  const found = inventory.parse(JSON.parse(await read('inventory.json')));
  const password = /^OPERATOR_PASSWORD=(.*)$/m.exec(await read('secrets.env'))?.[1];
  if (password === undefined) throw new Error(`${dir}/secrets.env has no OPERATOR_PASSWORD`);
  const {hostname, ip, port} = found.controller;
  return {
    dir,
    release: found.release,
    series: found.series,
    controller: {host: hostname, ip, port, unit: 'nova-api', driver: undefined, operatorSudo: 'nopasswd'},
    computes: found.nodes.map((node) => ({
      host: node.hostname,
      ip: node.ip,
      port: node.port,
      unit: node.unit,
      driver: node.driver,
      operatorSudo: node.operator_sudo,
    })),
    sshConfig: path.join(dir, 'ssh_config'),
    knownHosts: found.known_hosts,
    identityFile: found.identity_file,
    cloudsFile: path.join(dir, 'clouds.yaml'),
    operatorPassword: password,
  };
}

/** Every machine of the lab, the controller first. */
export function allNodes(lab: Lab): readonly LabNode[] {
  return [lab.controller, ...lab.computes];
}

/** The machine of that name; throws where the lab has none. */
export function labNode(lab: Lab, host: string): LabNode {
  const node = allNodes(lab).find((candidate) => candidate.host === host);
  if (node === undefined) throw new Error(`the lab has no ${host}`);
  return node;
}

/**
 * Runs a shell program on a node with the system's own `ssh`, so that a test looks at a node by another way
 * than the one it tests. `program` is fed to `bash` on stdin, with `args` as `$1` and so on.
 * ssh's own failures give the code 255.
 */
export async function runOn(
  lab: Lab,
  host: string,
  program: string,
  {user = 'root', args = []}: {user?: string; args?: readonly string[]} = {},
): Promise<Ran> {
  const words = args.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const ssh = spawn('ssh', ['-F', lab.sshConfig, '-l', user, host, `bash -s -- ${words}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    ssh.once('error', reject);
    ssh.once('close', resolve);
  });
  // The program may end without reading all of it; what it answered tells.
  ssh.stdin.on('error', () => undefined);
  ssh.stdin.end(program);
  const [stdout, stderr, code] = await Promise.all([text(ssh.stdout), text(ssh.stderr), ended]);
  return {code, stdout, stderr};
}

/** As `runOn`, but gives stdout, and throws where the program did not exit with 0. */
export async function readOn(
  lab: Lab,
  host: string,
  program: string,
  options: {user?: string; args?: readonly string[]} = {},
): Promise<string> {
  const ran = await runOn(lab, host, program, options);
  if (ran.code !== 0) throw new Error(`exit ${ran.code} on ${host}: ${ran.stderr.trim()}`);
  return ran.stdout;
}
