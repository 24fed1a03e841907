import test from 'ava';
import {flavorReference} from '../../source/app/flavor/flavor-reference.js';
import {showFlavor} from '../../source/app/flavor/show-flavor.js';
import {cellWidth} from '../../source/text/cells.js';
import {showLines, type ShowStyle} from '../../source/text/flavor-show.js';
import {shownFields} from '../../source/text/flavor-show-json.js';
import {renderLine} from '../../source/text/line.js';
import {ASCII_SIGNS, UNICODE_SIGNS} from '../../source/text/signs.js';
import {cloudFlavor, serverWith} from '../helpers/cloud-flavors.js';
import {flavorCloud, namingPorts} from '../helpers/flavor-cloud.js';

const {signal} = new AbortController();
const DATABASE = cloudFlavor('db.16c64g', {
  vcpus: 16,
  memoryMib: 65_536,
  diskGib: 80,
  swapMib: 1024,
  isPublic: false,
  description: 'for \u001B[31mdatabases',
  extraSpecs: {
    'hw:watchdog_action': 'poweroff',
    'hw:cpu_sockets': '2',
    'hw:cpu_cores': '4',
    'hw:cpu_threads': '2',
    'hw:numa_nodes': '2',
    'hw:mem_page_size': '1GB',
    'hw:cpu_policy': 'mixed',
    'hw:cpu_dedicated_mask': '^0,^8',
  },
});

async function shown(flavor = DATABASE) {
  const cloud = flavorCloud({flavors: [flavor], servers: [serverWith('s', flavor, {extraSpecs: {}})]});
  const options = {image: undefined, release: undefined};
  return showFlavor(flavorReference(flavor.name), namingPorts({}, cloud), options, signal);
}

async function report(style: Partial<ShowStyle> = {}, flavor = DATABASE): Promise<string[]> {
  const all = {signs: UNICODE_SIGNS, width: 80, isRead: false, ...style};
  return showLines(await shown(flavor), all).map((line) => renderLine(line, false));
}

test('size, drawing, specs, verdicts and XML of a flavor, one after the other', async (t) => {
  const lines = await report();
  t.deepEqual(lines.slice(0, 6), [
    '✓ db.16c64g: ok',
    '    16 vCPU, 64 GiB of memory, 80 GiB of disk, 1 GiB of swap, private to 1',
    '    project',
    '    id id-db.16c64g',
    '    for ␛[31mdatabases',
    '    1 server has it, with an older copy, which only a resize renews',
  ]);
  const headings = lines.filter((line) => /^[A-Z]/.test(line));
  t.deepEqual(
    headings.map((line) => line.split('  ')[0]),
    ['GUEST', 'EXTRA SPECS', 'NOVA ZED', 'FINDINGS', 'XML'],
  );
  const text = lines.join('\n');
  t.true(text.includes('  Nova gives 2:4:2 on 2 NUMA nodes\n  14 pinned, 2 shared, 1 GiB pages\n'), text);
  t.true(text.includes('\n  socket 1 │ [ 8  9] [10 11] [12 13] [14 15] '), text);
  t.true(text.includes('\n  hw:cpu_sockets         2         preferred number of sockets\n'), text);
  t.true(
    text.includes('\n  ✓ stored   8 of 8 accepted at 2.86\n  ✓ API      a server create is accepted\n'),
    text,
  );
  t.true(text.includes('\n  ✓ compute  2:4:2, 2 NUMA nodes, watchdog i6300esb, poweroff\n'), text);
  t.true(text.includes('\n   <vcpupin vcpu="1" cpuset="one host CPU"/>\n'), text);
});

test('without a terminal of 80 cells all but XML and specs is narrower', async (t) => {
  for (const width of [37, 44, 60, 80, 120]) {
    const lines = await report({width});
    const drawing = lines.slice(lines.indexOf('GUEST') + 1, lines.indexOf('EXTRA SPECS'));
    for (const line of drawing) t.true(cellWidth(line) <= Math.max(width, 80), line);
    const frames = drawing.filter((line) => /[[│┌└]/.test(line));
    for (const line of frames) t.true(cellWidth(line) <= width, `${width}: ${line}`);
  }
});

test('for a screen reader the drawing is sentences, and findings have words for signs', async (t) => {
  const lines = await report({isRead: true});
  t.true(lines.includes('  Core 0: vCPU 0 shared, vCPU 1 pinned. Warning: one core, two policies.'));
  t.true(lines.includes('  hw:cpu_sockets: 2, preferred number of sockets.'));
  t.true(lines.includes('  Stored: yes. Taken by the API: yes. Guest starts: yes.'));
  t.true(lines.some((line) => line.startsWith('  Note: Core 0 has pinned and shared vCPUs')));
  t.notRegex(lines.slice(1).join('\n'), /[│┌■□▲]/);
});

test('what a spec is for stands below it where there is no room beside it', async (t) => {
  for (const width of [80, 48]) {
    const lines = await report({width});
    const at = lines.findIndex((line) => line.startsWith('  hw:cpu_policy '));
    const below = lines.slice(
      at + 1,
      lines.findIndex((line, index) => index > at && /^ {0,2}\S/.test(line)),
    );
    t.is(
      below.map((line) => line.trim()).join(' '),
      'pins all, none or some guest CPUs to host CPUs of their own',
    );
    for (const line of below) t.true(line.startsWith('    ') && cellWidth(line) <= width, line);
  }
});

test('with ASCII signs nothing else is printed', async (t) => {
  const lines = (await report({signs: ASCII_SIGNS}, {...DATABASE, description: undefined})).join('');
  t.regex(lines, /^[ -~]*$/);
});

test('a flavor that Nova refuses has no drawing, and says where it ends', async (t) => {
  const refused = await report({}, cloudFlavor('m1', {extraSpecs: {'hw:cpu_policy': 'Dedicated'}}));
  const text = refused.join('\n');
  t.false(text.includes('GUEST'));
  t.regex(text, /^ {2}hw:cpu_policy {2}Dedicated {2}✗ refused$/m);
  t.regex(text, /^ {2}▲ stored {3}0 of 1 accepted at 2\.86, refused: hw:cpu_policy$/m);
  t.regex(text, /^ {2}✗ API {6}every server create is refused: InvalidCPUAllocationPolicy, for/m);
  t.regex(text, /^ {2}– compute {2}no server gets that far$/m);
  const late = await report({}, cloudFlavor('m1', {extraSpecs: {'hw:watchdog_action': 'dump'}}));
  t.regex(late.join('\n'), /^ {2}✗ compute {2}a server goes to ERROR: InvalidWatchdogAction$/m);
});

test('the JSON has the fields of flavor check, and the flavor, its servers and sentences', async (t) => {
  const fields = shownFields(await shown());
  t.like(fields, {name: 'db.16c64g', verdict: 'ok', image: null, hosts: null, problems: []});
  t.deepEqual(fields['servers'], {total: 1, old_copy: 1, scope: 'all-projects', complete: true});
  t.like(fields['flavor'], {
    id: 'id-db.16c64g',
    ram: 65_536,
    swap: 1024,
    is_public: false,
    source: {cloud: 'fra1'},
  });
  t.like(fields['store'], {release: 'zed', 'hw:cpu_sockets': 'accept'});
  const xml = JSON.stringify(fields['xml']);
  for (const name of ['cpu', 'watchdog', 'cputune', 'numatune', 'memoryBacking']) {
    t.regex(xml, new RegExp(`"${name}":"<${name}`));
  }
  t.true(JSON.stringify(fields['sentences']).includes('Sockets and nodes have the same edges.'));
});
