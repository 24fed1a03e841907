import test from 'ava';
import {UserError} from '../../../../source/app/errors.js';
import {splitHeader} from '../../../../source/app/template/header.js';
import {stepsLine} from '../../../../source/ui/components/steps.js';
import {lineCells, plainText} from '../../../../source/ui/spans.js';
import {flavorFrame} from '../../../../source/ui/screens/flavor/frame.js';
import {flavorBindings} from '../../../../source/ui/screens/flavor/keys.js';
import {flavorSentences} from '../../../../source/ui/screens/flavor/sentences.js';
import {STEPS} from '../../../../source/ui/screens/flavor/state.js';
import {hintsLine} from '../../../../source/ui/components/key-hints.js';
import {serverWith} from '../../../helpers/cloud-flavors.js';
import {largeFlavor, FakeFlavorCloud} from '../../../helpers/fake-flavor-cloud.js';
import {FlavorDriver, half} from '../../../helpers/flavor-driver.js';
import {renderShipped, textOf} from '../../../helpers/shipped-templates.js';
import {ASCII, DARK, MONO} from '../../../helpers/themes.js';

const SIZES = [
  [80, 24],
  [100, 30],
  [120, 40],
  [200, 60],
] as const;

/** The flavor of the pictures: 16 vCPUs, 2:4:2 on two nodes, some pinned. */
async function db(cloud = new FakeFlavorCloud()): Promise<FlavorDriver> {
  const wizard = await new FlavorDriver(cloud).ready();
  wizard
    .press('enter')
    .type('db.16c64g')
    .press('enter')
    .type('16')
    .press('down')
    .type('64g')
    .press('down')
    .type('80');
  wizard.toStep('watchdog').press('down', 'down').toStep('topology');
  wizard.type('2').press('down').type('4').press('down').type('2').toStep('NUMA');
  wizard.type('2').press('down', 'down', 'left', 'down', 'right', 'right', 'down').type('^0,^8');
  return wizard;
}

function timed<Value>(work: () => Value): {readonly rows: Value; readonly milliseconds: number} {
  const start = performance.now();
  return {rows: work(), milliseconds: performance.now() - start};
}

test('every step fits every window, has something to say, and lies within its columns', async (t) => {
  const wizard = await db();
  for (const theme of [DARK, MONO, ASCII]) {
    for (const [columns, rows] of SIZES) {
      wizard.dispatch({type: 'resize', rows: rows - 4});
      while (wizard.state.step !== 'size') wizard.dispatch({type: 'back'});
      for (const step of STEPS) {
        wizard.toStep(step);
        const body = wizard.body(columns, rows, theme);
        t.true(body.length > 0);
        t.true(half(body, 'left').trim() !== '' && half(body, 'right').trim() !== '', `${step} ${columns}`);
        if (theme.isAscii) t.regex(body.join('\n'), /^[\x20-\x7e\n]*$/, `${step} ${columns}`);
        const frame = flavorFrame(wizard.state, {columns, rows}, theme);
        t.true(
          frame.context.kind === 'steps' &&
            lineCells(stepsLine(theme, frame.context.steps, columns)) <= columns,
        );
        t.true(lineCells(hintsLine(theme, flavorBindings(wizard.state), columns)) <= columns);
      }
    }
  }
  await wizard.stop();
});

test('size: answers left, the guest, the name and the hosts right', async (t) => {
  const wizard = await new FlavorDriver().ready();
  wizard.press('enter').type('db.16c64g').press('enter').type('16').press('down').type('64g').press('down');
  const body = wizard.body(80, 24);
  const left = half(body, 'left');
  t.regex(left, /^ SIZE$/m);
  t.regex(left, /^ {2}name {10}db\.16c64g$/m);
  t.regex(left, /^ {2}vCPUs {9}16$/m);
  t.regex(left, /^ {2}memory {8}64 GiB$/m);
  t.regex(left, /^ START FROM$/m);
  t.regex(left, /database, huge pages, 2 nodes/);
  const right = half(body, 'right');
  t.regex(right, /What the guest sees {2}nothing chosen yet/);
  t.regex(right, /\[ 0\] \[ 1\] … \[15\]/);
  t.regex(right, /16 sockets, 1 core, 1 thread/);
  t.regex(right, /Desktop Windows uses at most 2 sockets/);
  t.regex(right, /✓ name is free in fra1/);
  t.regex(right.replaceAll(/\s+/g, ' '), /✓ 1 of 2 hosts: 16 vCPU, 64 GiB free/);
  t.regex(half(wizard.body(120, 40), 'left'), /^ {2}memory {8}64 GiB {2}65,536 MiB$/m);
  await wizard.stop();
});

test('watchdog: actions in plain words, what Nova lacks, and the images that win', async (t) => {
  const wizard = await new FlavorDriver().ready();
  wizard.toStep('watchdog').press('down', 'down');
  const narrow = wizard.body(80, 24);
  t.regex(half(narrow, 'left'), /^▌● poweroff {2}off, SHUTOFF$/m);
  t.regex(half(narrow, 'left'), /^ ○ reset {5}hard reset$/m);
  t.regex(half(narrow, 'left'), /libvirt only, Nova refuses:\n {3}shutdown {2}dump {2}inject-nmi/);
  t.regex(half(narrow, 'left'), /▲ win2022-golden +disabled/);
  t.regex(half(narrow, 'right'), /<watchdog model="i6300esb"/);
  t.regex(half(narrow, 'right'), /✓ stored ✓ API takes it ✓ guest starts/);
  const wide = half(wizard.body(120, 40), 'left').replaceAll(/\s+/g, ' ');
  t.regex(wide, /poweroff hard power off, Nova shows SHUTOFF/);
  t.regex(wide, /shutdown asks a guest that hangs, which does not hear/);
  t.regex(wide, /2 other images leave it alone/);
  await wizard.stop();
});

test('the guest half is what its template makes: it fits the smallest window, and is copied with its header', async (t) => {
  const wizard = await new FlavorDriver().ready();
  wizard.toStep('watchdog').press('down', 'g');
  await wizard.until(({guest}) => guest.kind === 'ready');
  const made = textOf(await renderShipped('systemd', {}), 'user-data.yaml');
  t.regex(made, /^#cloud-config\n# Made by reprieve/);
  const lines = splitHeader(made).body.trimEnd().split('\n');
  t.deepEqual(
    lines.filter((line) => line.length > 76),
    [],
  );
  t.regex(wizard.body(80, 24).join('\n'), /GUEST HALF[^]*#cloud-config/);
  t.deepEqual(
    wizard
      .body(80, 60)
      .map((row) => row.slice(2))
      .filter((row) => lines.includes(row)),
    lines,
  );
  wizard.press('y', 'G');
  t.deepEqual(wizard.copied, [made]);
  t.regex(wizard.body(80, 24).join('\n'), /daemon-reexec/);
  await wizard.stop();
});

test('without a template for the guest half the panel tells why, and asks again when it is opened again', async (t) => {
  let asked = 0;
  const wizard = await new FlavorDriver(undefined, {}, undefined, async () => {
    asked += 1;
    if (asked > 1) return '#cloud-config\n';
    throw new UserError('usage', '/t/systemd/template.yaml:3: tool is no text', {remedy: 'mend it'});
  }).ready();
  wizard.toStep('watchdog').press('down', 'g');
  await wizard.until(({guest}) => guest.kind === 'failed');
  t.regex(wizard.body(80, 24).join('\n'), /template\.yaml:3: tool is no text\n mend it/);
  t.true(flavorSentences(wizard.state).some((one) => one.includes('tool is no text')));
  wizard.press('y');
  t.deepEqual(wizard.copied, []);
  wizard.press('esc', 'g');
  await wizard.until(({guest}) => guest.kind === 'ready');
  t.regex(wizard.body(80, 24).join('\n'), /#cloud-config/);
  await wizard.stop();
});

test('topology: what Nova gives, drawn, and what it would take next', async (t) => {
  const wizard = (await db()).press('b');
  const right = half(wizard.body(120, 40), 'right');
  t.regex(right, /Nova gives 2:4:2/);
  t.regex(right, /all three wishes carried, 1 of 15 possible/);
  t.regex(right, /NEXT BEST\n *▸ 2:4:2 +3 of 3 wishes/);
  t.regex(half(wizard.body(120, 40), 'left'), /1 image replaces the wishes: topology/);
  await wizard.stop();
});

test('NUMA: nodes, pinned and shared vCPUs, and what is worth knowing', async (t) => {
  const wizard = await db();
  const wide = wizard.body(120, 40);
  t.regex(wide.join('\n'), /Nova gives 2:4:2 on 2 NUMA nodes/);
  t.regex(wide.join('\n'), /14 pinned, 2 shared, 1 GiB pages/);
  t.regex(wide.join('\n'), /socket 0 │ \[ 0 {2}1\] \[ 2 {2}3\] \[ 4 {2}5\] \[ 6 {2}7\]/);
  t.regex(wide.join('\n'), /□ {2}■ {4}■ {2}■/);
  t.regex(wide.join('\n'), /✓ sockets and nodes have the same edges/);
  t.regex(wide.join('\n'), /▲ vCPU 0 and 1 are one core: one pinned, one shared/);
  t.notRegex(wide.join('\n'), /Core 0 has pinned/, 'it is told once');
  t.regex(half(wide, 'left'), /^ {2}CPUs {10}even {4}0-7$/m);
  t.regex(half(wide, 'left'), /^ {2}page size {5}1GB {5}64 pages$/m);
  t.regex(half(wizard.body(80, 24), 'right'), /node 0 socket 0 {2}0-7 +32 GiB/);
  t.regex(half(wizard.body(80, 24, ASCII), 'right'), /o {2}# {4}# {2}#/);
  await wizard.stop();
});

test('review: what Nova says, the specs, the XML and the commands', async (t) => {
  const wizard = (await db()).toStep('review');
  const body = wizard.body(120, 40).join('\n');
  t.regex(body, /NOVA, ZED/);
  t.regex(body, /✓ stored +8 of 8 accepted at 2\.86/);
  t.regex(body, /✓ API +a server create is accepted/);
  t.regex(body, /✓ compute +2:4:2, watchdog, 2 cells/);
  t.regex(body, /hw:cpu_dedicated_mask +\^0,\^8/);
  t.regex(body, /<topology sockets="2" cores="4" threads="2"\/>/);
  wizard.press('x');
  const xml = wizard.body(120, 40).join('\n');
  t.regex(xml, /<cell id="1" cpus="8-15" memory="33554432" memAccess="shared"\/>/);
  t.regex(xml, /<watchdog model="i6300esb" action="poweroff"\/>/);
  t.regex(xml, /<vcpupin vcpu="1" cpuset="one host CPU"\/>/);
  await wizard.stop();
});

test('a step that was left with a mistake has its sign, until that is mended', async (t) => {
  const wizard = await new FlavorDriver().ready();
  const states = () => {
    const {context} = flavorFrame(wizard.state, {columns: 80, rows: 24}, DARK);
    return context.kind === 'steps' ? context.steps.map(({state}) => state) : [];
  };
  wizard.toStep('NUMA').type('3').press('n');
  t.deepEqual(states(), ['done', 'done', 'done', 'wrong', 'now', 'to-come']);
  wizard.press('i');
  t.deepEqual(states(), ['done', 'done', 'done', 'done', 'now', 'to-come']);
  wizard.press('b', 'b', 'b', 'b', 'down', 'backspace', 'n');
  t.deepEqual(states().slice(0, 2), ['wrong', 'now']);
});

test('a mistake is told where it is, and the rest stays', async (t) => {
  const wizard = await new FlavorDriver().ready();
  wizard.press('down', 'backspace');
  t.regex(half(wizard.body(80, 24), 'right'), /✗ vCPUs is missing/);
  wizard.type('99999999999');
  t.regex(
    half(wizard.body(80, 24), 'right').replaceAll(/\s+/g, ' '),
    /vCPUs must be a whole number from 1 to 2147483647/,
  );
  await wizard.stop();
});

test('the XML of a thousand million vCPUs with lists and masks is told up to a bound, at once', (t) => {
  const wizard = new FlavorDriver(undefined, {isOffline: true});
  wizard.press('down').type('1000000000').toStep('NUMA');
  wizard.press('down', 'down', 'down', 'right', 'right', 'down').type('0-999999999,^3').press('x');
  const {rows, milliseconds} = timed(() => wizard.press('G').body(80, 24));
  t.regex(rows.join('\n'), /<vcpupin vcpu="1023" cpuset="one host CPU"\/>/);
  t.regex(rows.join('\n'), /<!-- and 999998976 more -->/);
  t.true(milliseconds < 1000, `${milliseconds} ms`);
  t.regex(wizard.press('esc', 'm', 'x', 'g').body(80, 24).join('\n'), /<cpu mode="host-model"/);
});

test('without a size nothing is judged: the list of findings says so, and no key makes something of it', async (t) => {
  const wizard = await new FlavorDriver().ready();
  wizard.press('down', 'backspace', 'v');
  t.regex(wizard.body(80, 24).join('\n'), /FINDINGS {2}nothing is judged: vCPUs is missing/);
  t.is(flavorSentences(wizard.state)[0], 'Findings: nothing is judged: vCPUs is missing.');
  wizard.press('esc').toStep('topology').press('w');
  t.deepEqual(wizard.state.draft.extraSpecs, {});
  wizard.toStep('NUMA').press('m');
  t.false(wizard.state.isByNode);
  while (wizard.state.step !== 'size') wizard.dispatch({type: 'back'});
  wizard.type('2').press('v');
  t.regex(wizard.body(80, 24).join('\n'), /FINDINGS {2}none: Nova does what is asked/);
  await wizard.stop();
});

test('a flavor that no host can hold is an error that says so', async (t) => {
  const wizard = await new FlavorDriver().ready();
  wizard.press('down').type('128');
  t.regex(
    half(wizard.body(80, 24), 'right').replaceAll(/\s+/g, ' '),
    /No host has 128 CPUs, the largest has 64/,
  );
  t.regex(half(wizard.body(80, 24), 'right'), /▲ 0 of 2 hosts: 128 vCPU/);
  await wizard.stop();
});

test('a flavor of 1,024 vCPUs, 64 nodes and names of others are drawn in every window', async (t) => {
  const long = largeFlavor(`${'漢'.repeat(60)}\u001B]0;x\u0007`, {
    vcpus: 1024,
    memoryMib: 1_048_576,
    extraSpecs: {
      'hw:numa_nodes': '64',
      'hw:cpu_policy': 'dedicated',
      'hw:mem_page_size': '1GB',
      'trait:CUSTOM_\u202Ex': 'required',
    },
  });
  const cloud = new FakeFlavorCloud([long]);
  cloud.uses = [serverWith('one', long)];
  cloud.hosts = undefined;
  cloud.images = [
    {id: 'i', name: `bad\u001B[31m${'x'.repeat(90)}`, properties: {hw_watchdog_action: 'reset'}},
  ];
  const wizard = await new FlavorDriver(cloud).ready();
  for (const [columns, rows] of SIZES) {
    wizard.press('o');
    t.true(wizard.body(columns, rows).length > 3);
    wizard.press('enter');
    for (const step of STEPS) {
      wizard.toStep(step);
      const body = wizard.body(columns, rows).join('\n');
      t.notRegex(body, /[\u0000-\u0009\u000B-\u001F\u007F\u202E]/);
    }
    wizard.press('m');
    while (wizard.state.step !== 'size') wizard.dispatch({type: 'back'});
  }
  t.regex(
    half(wizard.body(80, 24), 'right').replaceAll(/\s+/g, ' '),
    /\? Nova tells its hosts to administrators only/,
  );
  await wizard.stop();
});

test('a screen reader is told the fields, the guest and the verdict in sentences', async (t) => {
  const wizard = await db();
  while (wizard.state.step !== 'size') wizard.dispatch({type: 'back'});
  t.is(flavorSentences(wizard.state)[0], 'New flavor. Step 1 of 6, size. Cloud fra1.');
  wizard.toStep('NUMA');
  const numa = flavorSentences(wizard.state).join('\n');
  t.regex(numa, /^New flavor db\.16c64g\. Step 4 of 6, NUMA and policies\. Cloud fra1\.$/m);
  t.regex(numa, /^Selected: pinned CPUs, text field, \^0,\^8\. 5 of 8\.$/m);
  t.regex(numa, /^Nova gives 2 sockets, 4 cores each, 2 threads each, on 2 NUMA nodes\.$/m);
  t.regex(numa, /^Node 0: 32 gibibytes/m);
  t.regex(numa, /^Stored: yes\. Taken by the API: yes\. Guest starts: yes\.$/m);
  t.notRegex(numa, /[■□│✓▲]/);
  wizard.press('b', 'b');
  const watchdog = flavorSentences(wizard.state).join('\n');
  t.regex(watchdog, /^Selected: poweroff, chosen: hard power off, Nova shows SHUTOFF\. 3 of 5\.$/m);
  t.regex(watchdog, /^Warning: 1 image replaces it: win2022-golden disabled\.$/m);
  wizard.toStep('review');
  t.regex(flavorSentences(wizard.state).join('\n'), /^It can be saved: press enter\.$/m);
  wizard.toStep('review').press('b', 'b', 'b', 'up', 'up').type('9');
  const {strip} = flavorFrame(wizard.state, {columns: 80, rows: 24}, DARK);
  t.is(plainText(strip).trimEnd(), 'hw:cpu_sockets=9  hw:cpu_cores=4  hw:cpu_threads=2');
  await wizard.stop();
});
