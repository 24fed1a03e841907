import {formatInterval} from '../../domain/duration.js';
import {reprieve} from './commands.js';
import type {Chart, Finding, Remedy} from './doctor-types.js';
import {apisOf, computesOf, type SeenCompute, valueOf} from './subjects.js';

/** Gives remedies that set an interval, and could not know which, the one that is meant as far as anybody can tell. */
export function fillIntervals(findings: readonly Finding[], chart: Chart): readonly Finding[] {
  const seconds = meantSeconds(chart);
  if (seconds === undefined) return findings;
  return findings.map((finding) => ({
    ...finding,
    remedies: finding.remedies.map((remedy) => filled(remedy, seconds)),
  }));
}

function filled(remedy: Remedy, intervalSeconds: number): Remedy {
  const {act} = remedy;
  if (act?.kind !== 'apply' || act.intervalSeconds !== undefined) return remedy;
  const interval = formatInterval(intervalSeconds);
  return {
    ...remedy,
    command: reprieve('apply', '--hosts', act.hosts.join(','), '--interval', interval),
    act: {...act, intervalSeconds},
  };
}

/** What the operator takes for right, else what most computes run with, else most hosts of nova-api. */
function meantSeconds(chart: Chart): number | undefined {
  const {believedSeconds} = chart;
  if (believedSeconds !== undefined && believedSeconds > 0) return believedSeconds;
  return mostCommon(computesOf(chart)) ?? mostCommon(apisOf(chart));
}

/** Undefined where two are as common: nobody can know which is meant. */
function mostCommon(nodes: readonly SeenCompute[]): number | undefined {
  const counts = new Map<number, number>();
  for (const {seen} of nodes) {
    const reading = valueOf(seen);
    if (reading.kind !== 'value' || reading.seconds <= 0) continue;
    counts.set(reading.seconds, (counts.get(reading.seconds) ?? 0) + 1);
  }
  const [first, second] = [...counts].toSorted(([, one], [, other]) => other - one);
  return first?.[1] === second?.[1] ? undefined : first?.[0];
}
