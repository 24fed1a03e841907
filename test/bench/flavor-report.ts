/** What the report says about flavors. */
import {median} from './command.js';
import type {FlavorFigures} from './flavor-bench.js';
import {percentile} from './frames.js';
import type {PairFigures} from './local-bench.js';
import type {Promised} from './screen-report.js';
import {spread, table} from './tables.js';

const rate = ({flavors}: FlavorFigures, seconds: readonly number[]): number => flavors / median(seconds);
const ratio = ({ours, theirs}: PairFigures): number | undefined => ours && median(ours) / median(theirs);

/** What is promised about flavors, held against these figures. */
export function flavorPromises(figures: FlavorFigures | undefined): readonly Promised[] {
  return [
    {
      promise: 'flavors judged a second on one core: at least 20,000',
      value: figures && rate(figures, figures.ours),
      unit: ' a second',
      isMet: (value) => value >= 20_000,
    },
    {
      promise: "a flavor judged: at least 10 times faster than by Nova's own functions",
      value: figures?.nova && median(figures.nova) / median(figures.ours),
      unit: ' times',
      isMet: (value) => value >= 10,
    },
    {
      promise: '`flavor check` of one flavor as JSON: at most 2.5 times `node -e 0`',
      value: figures && ratio(figures.json),
      unit: ' times',
      isMet: (value) => value <= 2.5,
    },
    {
      promise: '`flavor check` of one flavor as YAML: at most 2.5 times `node -e 0`',
      value: figures && ratio(figures.yaml),
      unit: ' times',
      isMet: (value) => value <= 2.5,
    },
    {
      promise: 'a key in a flavor of 128 vCPUs and 8 NUMA nodes, judged and drawn: p95 below 16 ms',
      value: figures && percentile(figures.keys, 95) * 1000,
      unit: ' ms',
      isMet: (value) => value < 16,
    },
  ];
}

/** The part of the report, with its heading. */
export function flavorSection(figures: FlavorFigures): string {
  const {flavors, ours, nova, json, yaml, keys} = figures;
  const row = (who: string, seconds: readonly number[]) => [
    who,
    ...spread(
      seconds.map((one) => flavors / one),
      0,
    ),
    (median(ours) / median(seconds)).toFixed(3),
  ];
  const start = (what: string, values: readonly number[], bare: readonly number[]) => [
    what,
    ...spread(
      values.map((value) => value * 1000),
      1,
    ),
    (median(values) / median(bare)).toFixed(2),
  ];
  const milliseconds = keys.map((value) => value * 1000);
  return `## Flavors

${flavors} flavors, two thirds of them as the wizard's presets make them for 1 to 128 vCPUs, the others mistyped at random. Each is judged whole: every extra spec as Nova's API checks it, what the API says when a server is made, topology, NUMA nodes, watchdog and XML; reprieve looks besides for what Nova does otherwise than is asked. Processor time of one process, after some rounds that do not count. Nova's part are its own functions, called in its order from Debian's python3-nova, without database, messages or HTTP.

${table(
  ['', 'flavors a second', 'from, to', 'ratio'],
  [row('reprieve', ours), ...(nova === undefined ? [] : [row("Nova's functions", nova)])],
)}

${table(
  ['', 'median (ms)', 'from, to', 'ratio'],
  [
    start('`reprieve flavor check`, one flavor as JSON', json.ours ?? [], json.theirs),
    start('`reprieve flavor check`, one flavor as YAML', yaml.ours ?? [], yaml.theirs),
    start('`node -e 0`', json.theirs, json.theirs),
  ],
)}

A key in a draft of 128 vCPUs and 8 NUMA nodes with a mask of pinned vCPUs, from a fresh start on: judged, drawn at 66 or 42 columns, with findings and XML, but not painted. Median ${median(milliseconds).toFixed(2)} ms, p95 ${percentile(milliseconds, 95).toFixed(2)} ms, the first one ${(milliseconds[0] ?? Number.NaN).toFixed(0)} ms, of ${keys.length}.`;
}
