/** What the report says about screens. */
import {median} from './command.js';
import {percentile} from './frames.js';
import type {ScreenFigures} from './screen-bench.js';
import {SLOW_LINE} from './slow-line-bench.js';
import {spread, table} from './tables.js';

const P95 = 95;
/** What the line itself takes from a key to its answer, in seconds. */
const WAYS = 2 * SLOW_LINE.delaySeconds;

/** A promise about one figure; its value is undefined where it was not measured. */
export type Promised = {
  readonly promise: string;
  readonly value: number | undefined;
  readonly unit: string;
  readonly isMet: (value: number) => boolean;
};

const milliseconds = (values: readonly number[]) => values.map((value) => value * 1000);

/** What is promised about screens, held against these figures; a run of `nodes`. */
export function screenPromises(figures: ScreenFigures | undefined, nodes: number): readonly Promised[] {
  const {first, keys, run, slow} = figures ?? {};
  const openstack = first?.openstack;
  return [
    {
      promise: 'first frame of home: at most 0.3 times `openstack --version`',
      value: first && openstack && median(first.firstFrame) / median(openstack),
      unit: ' times',
      isMet: (value) => value <= 0.3,
    },
    {
      promise: 'first byte of home: at most 7 times `node -e 0`',
      value: first && median(first.firstByte) / median(first.bareNode),
      unit: ' times',
      isMet: (value) => value <= 7,
    },
    {
      promise: 'key to repaint on every screen: p95 below 16 ms',
      value: keys && Math.max(...keys.map(({seconds}) => percentile(milliseconds(seconds), P95))),
      unit: ' ms',
      isMet: (value) => value < 16,
    },
    {
      promise: `a run of ${nodes} nodes: at most one repaint a tick`,
      value: run?.repaintsPerSecond,
      unit: ' a second',
      // A tick more or less at the ends of what was looked at.
      isMet: (value) => run !== undefined && value <= 1 + 1 / run.seconds,
    },
    {
      promise: `a run of ${nodes} nodes: below 10 % of a core`,
      value: run && run.coreShare * 100,
      unit: ' %',
      isMet: (value) => value < 10,
    },
    {
      promise: `a run of ${nodes} nodes on the screen: below 220 MB`,
      value: run?.memoryMib,
      unit: ' MiB',
      isMet: (value) => value * 1.048576 < 220,
    },
    {
      promise: 'slow line: a key answers within 1.5 s (p95)',
      value: slow && Math.max(...slow.map(({single}) => percentile(single, P95))),
      unit: ' s',
      isMet: (value) => value <= 1.5,
    },
    {
      promise: 'slow line: after a held key all is there within 2 s',
      value: slow && Math.max(...slow.map(({burst}) => burst ?? 0)),
      unit: ' s',
      isMet: (value) => value <= 2,
    },
  ];
}

/** The part of the report, with its heading. */
export function screenSection({first, keys, run, slow}: ScreenFigures): string {
  const start = (label: string, values: readonly number[]) => [
    label,
    ...spread(milliseconds(values), 0),
    (median(values) / median(first.bareNode)).toFixed(2),
  ];
  return `## Screens

The built program in a pseudo-terminal of 120x40, each time from the start of the process; its bytes are stamped as they arrive. The terminal says its background when it is asked. Home is on a cloud on loopback that answers at once; its first byte is the question for the background.

${table(
  ['', 'median (ms)', 'from, to', 'to `node -e 0`'],
  [
    start('home, first byte', first.firstByte),
    start('home, first frame', first.firstFrame),
    start('`node -e 0`, to its end', first.bareNode),
    ...(first.openstack === undefined ? [] : [start('`openstack --version`, to its end', first.openstack)]),
  ],
)}

From a key to the last byte of its repaint. A lone escape is not among the keys: Ink waits 20 ms after it, since it may begin another key.

${table(
  ['screen', 'keys', 'median (ms)', 'from, to', 'p95 (ms)', 'bytes'],
  keys.map(({screen, seconds, bytes}) => [
    screen,
    String(seconds.length),
    ...spread(milliseconds(seconds), 1),
    percentile(milliseconds(seconds), P95).toFixed(1),
    median(bytes).toFixed(0),
  ]),
)}

A run of ${run.nodes} nodes, eight of which begin in a second, followed by its journal on the run step of the set-up, so that the process does nothing else: ${(run.coreShare * 100).toFixed(1)} % of a core, ${run.repaintsPerSecond.toFixed(2)} repaints a second of ${run.bytes.toFixed(0)} bytes each, ${run.memoryMib.toFixed(0)} MiB resident at most, over ${run.seconds.toFixed(0)} s.

A line of 100 kbit/s with 300 ms each way, which is ${WAYS.toFixed(1)} s for a key and its answer before a byte is counted; it queues whatever the program writes. "Held": 60 keys in two seconds, from the last of them until everything is there.

${table(
  ['screen', 'one key, median (s)', 'from, to', 'bytes', 'held (s)'],
  slow.map(({screen, single, bytes, burst}) => [
    screen,
    ...spread(single, 2),
    median(bytes).toFixed(0),
    burst?.toFixed(2) ?? '',
  ]),
)}`;
}
