import test from 'ava';
import {judgeFlavor} from '../../source/domain/flavor/judge.js';
import {checkSummary, inputLine, judgementLines} from '../../source/text/flavor-check.js';
import {cellWidth} from '../../source/text/cells.js';
import {renderLine} from '../../source/text/line.js';
import {ASCII_SIGNS, UNICODE_SIGNS} from '../../source/text/signs.js';

const SIZE = {name: 'm1', vcpus: 8, memoryMib: 8192, diskGib: 0};

function report(
  extraSpecs: Readonly<Record<string, string>>,
  {
    size = {},
    image = {},
    signs = UNICODE_SIGNS,
  }: {
    size?: Partial<typeof SIZE>;
    image?: Readonly<Record<string, string>>;
    signs?: typeof UNICODE_SIGNS;
  } = {},
) {
  const judgement = judgeFlavor({...SIZE, ...size, extraSpecs}, {image});
  const lines = judgementLines(judgement, signs).map((line) => renderLine(line, false));
  return {lines, flat: lines.join(' ').replaceAll(/\s+/g, ' ')};
}

test('a flavor that is fit takes its verdict, its size and what the guest has', (t) => {
  const {lines} = report({}, {size: {vcpus: 1, diskGib: 20}});
  t.deepEqual(lines, [
    '✓ m1: ok',
    '    1 vCPU, 8 GiB of memory, 20 GiB of disk, 0 extra specs',
    '    The guest has 1 socket, 1 core, 1 thread',
  ]);
});

test('NUMA nodes are told with CPUs, memory, policy and pages', (t) => {
  const specs = {'hw:numa_nodes': '2', 'hw:cpu_policy': 'dedicated', 'hw:mem_page_size': '2MB'};
  const {flat} = report(specs);
  t.true(
    flat.includes(
      '2 NUMA nodes (0: CPUs 0-3, 4 GiB, 1: CPUs 4-7, 4 GiB), CPU policy dedicated, pages of 2 MiB',
    ),
    flat,
  );
  t.true(
    report({'hw:mem_page_size': 'large'}).flat.includes('1 NUMA node (0: CPUs 0-7, 8 GiB), large pages'),
  );
});

test('many nodes, and nodes with many ranges, are cut', (t) => {
  const many = report({'hw:numa_nodes': '64'}, {size: {vcpus: 64, memoryMib: 65_536}}).flat;
  t.true(many.includes('64 NUMA nodes (0: CPUs 0, 1 GiB'), many);
  t.true(many.includes('and 60 more)'), many);
  const cpus = (rest: number) => Array.from({length: 32}, (_, index) => index * 2 + rest).join(',');
  const specs = {
    'hw:numa_nodes': '2',
    'hw:numa_cpus.0': cpus(0),
    'hw:numa_cpus.1': cpus(1),
    'hw:numa_mem.0': '4096',
    'hw:numa_mem.1': '4096',
  };
  const ranged = report(specs, {size: {vcpus: 64}}).flat;
  t.true(ranged.includes('0: CPUs 0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,…, 4 GiB'), ranged);
});

test('errors come with their reason and what to do, and nothing is said of a guest', (t) => {
  const {lines, flat} = report({'hw:cpu_policy': 'Dedicated'}, {signs: ASCII_SIGNS});
  t.is(lines[0], 'x m1: no server can boot from it');
  t.regex(flat, /x hw:cpu_policy must be dedicated.*What to do: Set hw:cpu_policy to "dedicated"\./);
  t.notRegex(flat, /The guest has/);
  t.true(lines.every((line) => /^[ -~]*$/.test(line)));
});

test('no line is wider than a terminal of 80 cells', (t) => {
  const {lines} = report(
    {'hw:watchdog_action': 'reset', 'hw:cpu_sockets': '3', 'hw:numa_nodes': '8', 'hw:cpu_socket': '2'},
    {image: {hw_watchdog_action: 'poweroff'}},
  );
  for (const line of lines) t.true(cellWidth(line) <= 80, line);
});

test('a place is named by input, line, number and name', (t) => {
  const place = {line: 12, number: 3, name: 'm1\u001b'};
  const detail = 'ram is missing';
  const text = (event: Parameters<typeof inputLine>[0]) => renderLine(inputLine(event), false);
  t.is(text({kind: 'problem', source: 'f', place, detail}), 'reprieve: f:12, flavor 3 "m1␛": ram is missing');
  const between = {...place, number: undefined, name: undefined};
  t.is(text({kind: 'problem', source: 'f', place: between, detail}), 'reprieve: f:12: ram is missing');
  t.is(text({kind: 'warning', source: 'f', place: between, detail}), 'warning: f:12: ram is missing');
  t.is(text({kind: 'nothing', source: 'stdin'}), 'notice: stdin: there is no flavor in it');
});

test('the summary counts', (t) => {
  t.is(
    checkSummary({ok: 1, warning: 2, error: 1}, 1, 'zed'),
    '4 flavors judged as Nova zed would: 1 ok, 2 with warnings, 1 with an error; 1 problem in the input',
  );
});
