/** The same edit on every host of a fleet, by several tools in turn. */
import {ansiblePlay, closeAnsibleConnections} from './ansible.js';
import {type Command, median, mustRun} from './command.js';
import type {Fleet} from './fleet.js';
import {type Programs, handWritten, plainSsh} from './plain-ssh.js';
import {nodePrograms} from './node-programs.js';
import {applyOnFleet} from './reprieve.js';

const INTERVAL = '7200';
const WIDTHS = [5, 10, 20, 50];

export type FleetTool = {
  readonly name: string;
  /** Hosts at a time. */
  readonly width: number;
  readonly command: (fleet: Fleet, isFirst: boolean) => Promise<Command>;
  /** Brings the tool back to how it is when it has not run for a while. */
  readonly settle?: (fleet: Fleet) => Promise<void>;
};

export type FleetFigures = {
  readonly tool: string;
  readonly width: number;
  /** Seconds of each first run, which edits, backs up and restarts. */
  readonly first: readonly number[];
  /** Seconds of each second run, which finds nothing to do. */
  readonly second: readonly number[];
};

/** The seconds of a first run on fresh hosts, each looked at afterwards. */
async function firstRun(fleet: Fleet, tool: FleetTool): Promise<number> {
  await fleet.reset();
  await tool.settle?.(fleet);
  const {seconds} = await mustRun(await tool.command(fleet, true));
  await fleet.check(INTERVAL, {backups: true, restarted: true});
  return seconds;
}

/** The seconds of a second run, which must change nothing. */
async function secondRun(fleet: Fleet, tool: FleetTool): Promise<number> {
  await tool.settle?.(fleet);
  const {seconds} = await mustRun(await tool.command(fleet, false));
  await fleet.check(INTERVAL, {backups: true, restarted: false});
  return seconds;
}

/** The tool with the number of hosts at a time that makes its first run fastest. */
async function bestWidth(fleet: Fleet, at: (width: number) => FleetTool): Promise<FleetTool> {
  const tried: Array<{tool: FleetTool; seconds: number}> = [];
  for (const width of WIDTHS.filter((candidate) => candidate <= fleet.hosts.length)) {
    const tool = at(width);
    tried.push({tool, seconds: await firstRun(fleet, tool)});
  }
  const best = tried.toSorted((a, b) => a.seconds - b.seconds)[0];
  if (best === undefined)
    throw new Error(`a fleet of ${fleet.hosts.length} hosts is too small to compare tools`);
  return best.tool;
}

async function tools(fleet: Fleet): Promise<ReadonlyArray<(width: number) => FleetTool>> {
  const programs = await nodePrograms(fleet, INTERVAL);
  const overSsh = (name: string, sent: Programs) => (parallel: number) => ({
    name,
    width: parallel,
    command: async (on: Fleet, isFirst: boolean) => plainSsh(on, sent, {parallel, isFirst}),
  });
  const ansible = (width: number) => ({
    name: 'ansible',
    width,
    command: async (on: Fleet) => ansiblePlay(on, INTERVAL, width),
    settle: closeAnsibleConnections,
  });
  const ours = (width: number) => ({
    name: 'reprieve',
    width,
    command: async (on: Fleet) => applyOnFleet(on, INTERVAL, width),
  });
  return [
    ansible,
    overSsh('ssh, hand-written', handWritten(INTERVAL)),
    overSsh('ssh, node programs', programs),
    ours,
  ];
}

/**
 * Lets every tool make the edit `rounds` times, in turn (A B A B), each at its best number of hosts at a time.
 * A tool that cannot do it at all is left out, with a word why.
 */
export async function benchFleet(
  fleet: Fleet,
  rounds: number,
  say: (line: string) => void,
): Promise<readonly FleetFigures[]> {
  const contestants: FleetTool[] = [];
  for (const at of await tools(fleet)) {
    const best = await bestWidth(fleet, at).catch((error: unknown) => {
      say(`left out: ${String(error)}`);
    });
    if (best === undefined) continue;
    say(`${best.name} is fastest with ${best.width} hosts at a time`);
    contestants.push(best);
    // A run within a minute of the one before it finds that one's connections open.
    if (best.settle !== undefined) {
      contestants.push({name: `${best.name}, connected`, width: best.width, command: best.command});
    }
  }
  const figures = contestants.map(({name, width}) => ({
    tool: name,
    width,
    first: [] as number[],
    second: [] as number[],
  }));
  for (let round = 1; round <= rounds; round++) {
    for (const [index, tool] of contestants.entries()) {
      const first = await firstRun(fleet, tool);
      const second = await secondRun(fleet, tool);
      figures[index]?.first.push(first);
      figures[index]?.second.push(second);
      say(
        `round ${round} of ${rounds}: ${tool.name} ${first.toFixed(2)} s, unchanged ${second.toFixed(2)} s`,
      );
    }
  }
  await closeAnsibleConnections(fleet);
  return figures;
}

/** The median of a tool's first or second runs; `undefined` for a tool that did not run. */
export function medianOf(
  figures: readonly FleetFigures[],
  tool: string,
  which: 'first' | 'second',
): number | undefined {
  const found = figures.find((row) => row.tool === tool);
  return found === undefined ? undefined : median(found[which]);
}
