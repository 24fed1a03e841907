/** What the report says about `watch`. */
import {median} from './command.js';
import {percentile} from './frames.js';
import type {Promised} from './screen-report.js';
import {spread, table} from './tables.js';
import {SIZES, type WatchFigures, type WatchSize} from './watch-bench.js';
import {OPENSTACK_LIST} from './watch-list-bench.js';
import {growthOf} from './watch-memory-bench.js';

const counted = (servers: number): string => servers.toLocaleString('en-US');

/** The slower of the lists for people and for programs, by median. */
function ourFast({fast}: WatchSize['lists']): number | undefined {
  return fast && Math.max(median(fast.ours), median(fast.text));
}

/** What is promised about `watch`, held against these figures. */
export function watchPromises(figures: WatchFigures | undefined): readonly Promised[] {
  return [
    ...SIZES.flatMap((size) => {
      const found = figures?.sizes.find(({servers}) => servers === size.servers);
      return [...sizePromises(size.servers, found), ...screenPromises(size, found)];
    }),
    {
      promise: '`watch`: memory in use grows by less than 5 % over 10,000 ticks',
      value: figures && growthOf(figures.curve) * 100,
      unit: ' %',
      isMet: (value) => value < 5,
    },
  ];
}

function sizePromises(servers: number, size: WatchSize | undefined): readonly Promised[] {
  const of = `of ${counted(servers)} servers`;
  const {lists, ticks} = size ?? {};
  const ours = lists && ourFast(lists);
  const openstack = lists?.fast?.openstack;
  return [
    {
      promise: `the list ${of}, pages of 2 s: at most 1.2 times curl`,
      value: lists && median(lists.slow.ours) / median(lists.slow.curl),
      unit: ' times',
      isMet: (value) => value <= 1.2,
    },
    {
      promise: `the list ${of}: at least 5 times faster than \`openstack server list\``,
      value: openstack && ours && median(openstack) / ours,
      unit: ' times',
      isMet: (value) => value >= 5,
    },
    {
      promise: `a tick ${of}, 10 changes: below 1 % of the list's bytes`,
      value: lists && ticks && (median(ticks.bytes) / lists.bytes) * 100,
      unit: ' %',
      isMet: (value) => value < 1,
    },
    {
      promise: `a tick ${of}, 10 changes: below 50 ms of processor time`,
      value: ticks && median(ticks.cpuSeconds) * 1000,
      unit: ' ms',
      isMet: (value) => value < 50,
    },
  ];
}

function screenPromises(
  {servers, keyMs, memoryMb}: (typeof SIZES)[number],
  size: WatchSize | undefined,
): readonly Promised[] {
  const {lists, screen} = size ?? {};
  const of = `the screen of ${counted(servers)} servers`;
  return [
    {
      promise: `${of}, pages of 2 s: first rows at most 1.2 times curl's first page`,
      value: lists && screen && median(screen.firstRows) / lists.slow.curlFirst,
      unit: ' times',
      isMet: (value) => value <= 1.2,
    },
    {
      promise: `${of}: key to repaint p95 below ${keyMs} ms`,
      value: screen && Math.max(...screen.keys.map(({seconds}) => percentile(seconds, 95) * 1000)),
      unit: ' ms',
      isMet: (value) => value < keyMs,
    },
    {
      promise: `${of}: idle below 3 % of a core`,
      value: screen && screen.idleShare * 100,
      unit: ' %',
      isMet: (value) => value < 3,
    },
    {
      promise: `${of}: below ${memoryMb} MB`,
      value: screen?.memoryMib,
      unit: ' MiB',
      isMet: (value) => value * 1.048576 < memoryMb,
    },
  ];
}

/** The part of the report, with its heading. */
export function watchSection({sizes, curve}: WatchFigures): string {
  const row = (size: string, what: string, seconds: readonly number[], to: number) => [
    size,
    what,
    ...spread(seconds, 2),
    (median(seconds) / to).toFixed(2),
  ];
  const rows = sizes.flatMap(({servers, lists: {slow, fast}}) => {
    const size = counted(servers);
    return [
      row(size, '`watch --once --json`, pages of 2 s', slow.ours, median(slow.curl)),
      row(size, 'curl, pages of 2 s', slow.curl, median(slow.curl)),
      ...(fast === undefined
        ? []
        : [
            row(size, '`watch --once --json`', fast.ours, median(fast.curl)),
            row(size, '`watch --once`', fast.text, median(fast.curl)),
            row(size, 'curl', fast.curl, median(fast.curl)),
            ...(fast.openstack === undefined
              ? []
              : [row(size, '`openstack server list`', fast.openstack, median(fast.curl))]),
          ]),
    ];
  });
  const ticks = sizes.map(({servers, lists, ticks: {bytes, cpuSeconds, memoryMib}}) => [
    counted(servers),
    (lists.bytes / 1e6).toFixed(0),
    ...spread(
      bytes.map((one) => one / 1000),
      0,
    ),
    ...spread(
      cpuSeconds.map((one) => one * 1000),
      1,
    ),
    memoryMib.toFixed(0),
  ]);
  const keys = sizes.flatMap(({screen}) =>
    screen.keys.map(({screen: what, seconds, bytes}) => {
      const all = seconds.map((one) => one * 1000);
      const p95 = percentile(all, 95).toFixed(1);
      return [what, String(all.length), ...spread(all, 1), p95, median(bytes).toFixed(0)];
    }),
  );
  const screens = sizes.map(({servers, lists, screen: {firstRows, idleShare, memoryMib}}) => [
    counted(servers),
    ...spread(firstRows, 2),
    lists.slow.curlFirst.toFixed(2),
    (idleShare * 100).toFixed(1),
    memoryMib.toFixed(0),
  ]);
  return `## Watch

A recorded Keystone and Nova on loopback, in a process of its own, whose rows have the fields and the length of a real Nova's: 1,000 a page, at once or after 2 s. curl fetches the pages that \`watch\` asks for, one after the other over one connection, and throws them away. The client's command is \`${OPENSTACK_LIST} --limit -1\`: without the limit it shows the first 1,000.

${table(['servers', '', 'median (s)', 'from, to', 'to curl'], rows)}

Ticks of \`watch --json\`, five seconds apart: in each ten rows changed (three came, three went, four were renamed), the times of 50 deletes were asked for, and what changed half a minute before is asked for again. "Resident": the most until then (VmHWM).

${table(
  ['servers', 'list (MB)', 'tick (kB)', 'from, to', 'processor (ms)', 'from, to', 'resident (MiB)'],
  ticks,
)}

The live screen in a pseudo-terminal of 120x40: from the start of the process to its first rows with pages of 2 s, and what it needs while nobody presses a key and no server changes; the times of 50 deletes are asked for every five seconds all the same.

${table(
  ['servers', 'first rows (s)', 'from, to', "curl's first page (s)", 'idle (% of a core)', 'resident (MiB)'],
  screens,
)}

From a key to the last byte of its repaint:

${table(['screen', 'keys', 'median (ms)', 'from, to', 'p95 (ms)', 'bytes'], keys)}

${counted(curve.points.at(-1)?.tick ?? 0)} such ticks of ${counted(curve.servers)} servers, whole lists between them, through the same adapters on a clock that jumps over every pause. In the end what was told was what the cloud had. After a collection:

${table(
  ['ticks', 'changes told', 'heap in use (MiB)', 'resident (MiB)'],
  curve.points.map(({tick, told, heapMib, residentMib}) => [
    counted(tick),
    counted(told),
    heapMib.toFixed(1),
    residentMib.toFixed(0),
  ]),
)}`;
}
