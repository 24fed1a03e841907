/** `reprieve doctor` against plain `ssh` with the very program that it sends, and against one node of a lab. */
import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {z} from 'zod';
import {allNodes, type Lab, type LabNode, openLab} from '../helpers/lab.js';
import {labOperator} from '../helpers/lab-operator.js';
import {type Command, median, mustRun, run} from './command.js';
import type {Fleet} from './fleet.js';
import type {BenchHost} from './host-files.js';
import type {PairFigures} from './local-bench.js';
import {examineProgram} from './node-programs.js';
import {plainSsh} from './plain-ssh.js';
import {doctorOnFleet, reprieve} from './reprieve.js';

const WIDTHS = [20, 50, 100];
/** The end of a log of nova-compute with its debug lines: about 300 kB. */
const LOG_LINES = 2000;

export type DoctorFigures = {
  readonly hosts: number;
  /** Seconds over all hosts; theirs is plain ssh. */
  readonly many: PairFigures;
  /** Hosts at a time, each at its best. */
  readonly width: {readonly ours: number; readonly theirs: number};
  /** The most memory resident in one run over all hosts. */
  readonly mib: number;
  /** Undefined where no lab is up. */
  readonly lab: LabFigures | undefined;
};

export type LabFigures = {
  readonly nodes: number;
  /** Seconds of the whole command. */
  readonly doctor: readonly number[];
  /** Seconds of `status` of the node that takes longest: a login and the facts of one. */
  readonly slowest: readonly number[];
  /** Seconds of ssh to the node that takes longest, with the program that doctor sends. */
  readonly ssh: readonly number[];
};

const answer = z.object({looked_at: z.object({nodes: z.number()}), unseen: z.array(z.unknown())});

/** Runs it; throws where a node was not seen. It may find what it likes. */
async function diagnosed(command: Command, nodes: number): Promise<{seconds: number; stderr: string}> {
  const {code, seconds, stdout, stderr} = await run(command);
  if (code !== 0 && code !== 1) throw new Error(`doctor exited with ${code}:\n${stderr}`);
  const {looked_at: lookedAt, unseen} = answer.parse(JSON.parse(stdout));
  if (lookedAt.nodes !== nodes || unseen.length > 0) {
    throw new Error(`doctor saw ${lookedAt.nodes} of ${nodes} nodes`);
  }
  return {seconds, stderr};
}

/** Gives the process of each host a log. */
async function writeLogs({hosts}: Fleet): Promise<void> {
  const began = Date.now() - LOG_LINES * 1000;
  const lines = Array.from({length: LOG_LINES}, (_, index) => {
    const at = new Date(began + index * 1000).toISOString().replace('T', ' ').slice(0, -1);
    const task =
      index % 60 === 0 ? 'ComputeManager._reclaim_queued_deletes' : 'ComputeManager._poll_volume_usage';
    return `${at} 4242 DEBUG oslo_service.periodic_task [None req-6a2b6c32-bd39-4f9c-9c07-2d2b5ab3a1c7 - - - - - -] Running periodic task ${task} run_periodic_tasks\n`;
  }).join('');
  for (const {root} of hosts) {
    const log = path.join(root, 'var/log/nova/nova-compute.log');
    const descriptors = path.join(root, 'proc/4242/fd');
    await Promise.all([mkdir(path.dirname(log), {recursive: true}), mkdir(descriptors, {recursive: true})]);
    await Promise.all([writeFile(log, lines), symlink(log, path.join(descriptors, '3'))]);
  }
}

/** The number of hosts at a time with which it takes the least time, and that time. */
async function bestOf(widths: readonly number[], take: (width: number) => Promise<number>): Promise<number> {
  const tried: Array<{width: number; seconds: number}> = [];
  for (const width of widths) tried.push({width, seconds: await take(width)});
  const [best] = tried.toSorted((a, b) => a.seconds - b.seconds);
  if (best === undefined) throw new Error('nothing was tried');
  return best.width;
}

/** Measures it over the fleet, in turn with plain ssh, and over a lab where one is up. */
export async function benchDoctor(
  fleet: Fleet,
  rounds: number,
  say: (line: string) => void,
): Promise<DoctorFigures> {
  await fleet.reset();
  await writeLogs(fleet);
  const nodes = fleet.hosts.length;
  const program = await examineProgram();
  const programs = ({root}: BenchHost) => [program(root, ['compute'])];
  const ours = async (width: number) => (await diagnosed(doctorOnFleet(fleet, width), nodes)).seconds;
  const theirs = async (width: number) =>
    (await mustRun(await plainSsh(fleet, programs, {parallel: width, isFirst: false}))).seconds;
  const width = {ours: await bestOf(WIDTHS, ours), theirs: await bestOf(WIDTHS, theirs)};
  say(`doctor is fastest with ${width.ours} hosts at a time, plain ssh with ${width.theirs}`);
  const figures: {ours: number[]; theirs: number[]} = {ours: [], theirs: []};
  for (let round = 1; round <= rounds; round++) {
    figures.ours.push(await ours(width.ours));
    figures.theirs.push(await theirs(width.theirs));
    say(
      `round ${round} of ${rounds}: doctor ${figures.ours.at(-1)?.toFixed(2)} s, plain ssh ${figures.theirs.at(-1)?.toFixed(2)} s`,
    );
  }
  const command = doctorOnFleet(fleet, width.ours);
  const {stderr} = await diagnosed(
    {...command, words: ['/usr/bin/time', '--format', 'peak %M KiB', ...command.words]},
    nodes,
  );
  const peak = /^peak (\d+) KiB$/m.exec(stderr)?.[1];
  if (peak === undefined) throw new Error('GNU time did not say how much memory was used');
  const lab = await openLab().catch((error: unknown) => {
    say(`no lab was measured: ${String(error)}`);
  });
  return {
    hosts: nodes,
    many: figures,
    width,
    mib: Number(peak) / 1024,
    lab: lab === undefined ? undefined : await benchLab(lab, rounds * 3, say),
  };
}

async function benchLab(lab: Lab, rounds: number, say: (line: string) => void): Promise<LabFigures> {
  const program = await examineProgram();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reprieve-bench-lab-'));
  const operator = await labOperator(lab);
  try {
    const nodes = allNodes(lab);
    const facts = async ({host, driver}: LabNode) => {
      const file = path.join(folder, host);
      await writeFile(file, program('', [driver === undefined ? 'api' : 'compute']));
      const {seconds} = await mustRun({
        words: ['sh', '-c', 'exec ssh -F "$1" "root@$2" sh <"$3"', 'sh', lab.sshConfig, host, file],
      });
      return seconds;
    };
    const place = ['--inventory', operator.inventory, '--json'];
    const doctor = reprieve(['doctor', ...place], operator.env);
    // It exits with 1 where delayed delete is off.
    const status = async (host: string) => {
      const {code, seconds, stderr} = await run(
        reprieve(['status', '--hosts', host, ...place], operator.env),
      );
      if (code !== 0 && code !== 1) throw new Error(`status exited with ${code}:\n${stderr}`);
      return seconds;
    };
    const ofNodes = nodes.map((node) => ({node, ssh: [] as number[], status: [] as number[]}));
    const ofDoctor: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      for (const one of ofNodes) {
        one.ssh.push(await facts(one.node));
        one.status.push(await status(one.node.host));
      }
      ofDoctor.push((await diagnosed(doctor, nodes.length)).seconds);
      say(`round ${round} of ${rounds}: doctor on the lab ${ofDoctor.at(-1)?.toFixed(2)} s`);
    }
    const slowest = (times: ReadonlyArray<readonly number[]>) =>
      times.toSorted((one, other) => median(other) - median(one))[0] ?? [];
    return {
      nodes: nodes.length,
      doctor: ofDoctor,
      slowest: slowest(ofNodes.map((one) => one.status)),
      ssh: slowest(ofNodes.map((one) => one.ssh)),
    };
  } finally {
    await operator.remove();
    await rm(folder, {recursive: true});
  }
}
