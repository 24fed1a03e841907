/** Whether memory stays where it is over weeks. */
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {z} from 'zod';
import {mustRun} from './command.js';

const point = z.object({tick: z.number(), told: z.number(), heapMib: z.number(), residentMib: z.number()});

/** What was in use after so many ticks, after a collection; `told`: changes that were told until then. */
export type MemoryPoint = z.infer<typeof point>;
export type MemoryCurve = {readonly servers: number; readonly points: readonly MemoryPoint[]};

const PROGRAM = fileURLToPath(new URL('watch-soak.js', import.meta.url));

/** So many ticks of five seconds on a clock that jumps, with a point every so many. */
export async function benchMemoryCurve(servers: number, ticks: number, every: number): Promise<MemoryCurve> {
  const numbers = [servers, ticks, every].map(String);
  const {stdout} = await mustRun({words: [process.execPath, '--expose-gc', PROGRAM, ...numbers]});
  const lines = stdout.trim().split('\n');
  return {servers, points: lines.map((line) => point.parse(JSON.parse(line)))};
}

/** How much of what was in use once it had settled came on top until the end, as a share: below zero if it shrank. */
export function growthOf({points}: MemoryCurve): number {
  const settled = points[Math.min(2, points.length - 1)];
  const last = points.at(-1);
  return settled === undefined || last === undefined ? Number.NaN : last.heapMib / settled.heapMib - 1;
}
