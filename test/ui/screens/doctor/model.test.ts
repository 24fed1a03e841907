import test from 'ava';
import {selectedRow, shownRows} from '../../../../source/ui/screens/doctor/rows.js';
import {doctorCommand} from '../../../../source/ui/screens/doctor/command.js';
import {doctorDialog} from '../../../../source/ui/screens/doctor/dialogs.js';
import {doctorBindings} from '../../../../source/ui/screens/doctor/keys.js';
import {wholeDetail} from '../../../../source/ui/screens/doctor/detail-lines.js';
import {plainText} from '../../../../source/ui/spans.js';
import {countsOf} from '../../../../source/ui/screens/doctor/rows.js';
import {
  diagnosed,
  DoctorDriver,
  FINDINGS,
  found,
  lookedAt,
  NOW,
  soFar,
  unseenOf,
} from '../../../helpers/doctor-states.js';

function fail(): never {
  throw new Error('no row');
}

const names = ({state}: DoctorDriver) => shownRows(state).map(({who}) => who);
const selected = ({state}: DoctorDriver) => selectedRow(state)?.who;
const keysOf = ({state}: DoctorDriver) => doctorBindings(state).map(({name}) => name);

test('findings are listed by harm, what is alike of several hosts once, and what was not seen last', async (t) => {
  const whole = await diagnosed();
  const driver = new DoctorDriver().looked({
    ...whole,
    findings: FINDINGS.toReversed(),
    blind: ['os-services: this account may not list them'],
    unseen: [unseenOf(whole, 'timed out'), unseenOf(whole, 'timed out')],
  });
  t.deepEqual(names(driver), [
    'compute-1',
    'compute-2',
    'wiki-2019',
    '2 hosts',
    'cloud',
    '2 nodes',
    'not seen',
  ]);
  t.deepEqual(countsOf(shownRows(driver.state)), {error: 2, warning: 2, info: 1, unseen: 3, missing: 0});
});

test('servers that were named come first with what explains them, and count as no finding', async (t) => {
  const whole = await diagnosed();
  const {chart} = whole;
  if (chart === undefined) throw new Error('nothing was charted');
  const servers = chart.servers.map((one) => ({...one, isNamed: one.server.id === 'legacy-ftp'}));
  const nobody = {
    word: 'nope',
    row: undefined,
    actions: undefined,
    attachments: undefined,
    areGoneShown: true,
  };
  const named = {...whole, chart: {...chart, servers, inquiry: {...chart.inquiry, gone: [nobody]}}};
  const driver = new DoctorDriver({servers: ['legacy-ftp', 'nope']});
  driver.act({type: 'told', diagnosis: soFar(whole, FINDINGS)});
  driver.looked(named);
  t.is(selected(driver), 'legacy-ftp', 'the cursor is there, whatever was found before');
  t.deepEqual(names(driver).slice(0, 3), ['legacy-ftp', 'nope', 'compute-1']);
  t.is(selectedRow(driver.state)?.what, 'explained by compute-1: its interval "2h" is no number');
  t.deepEqual(countsOf(shownRows(driver.state)), {error: 2, warning: 2, info: 1, unseen: 0, missing: 1});
  t.regex(driver.state.news.at(-1) ?? '', /^1 server not known, 2 errors/);
  t.true(driver.state.news.some((line) => line.startsWith('Error: nope: Nova has no such server')));
  t.deepEqual(driver.press('w').effects, [{kind: 'open', name: 'watch', object: 'id:legacy-ftp'}]);
  t.deepEqual(driver.press('f').effects, [
    {kind: 'open', name: 'setup', object: {kind: 'set-up', hosts: ['compute-1'], interval: '2h'}},
  ]);
  driver.press('/', ...'legacy'.split(''));
  t.deepEqual(names(driver), ['legacy-ftp', 'compute-1']);
  driver.press('esc');
  const quiet = new DoctorDriver({servers: ['legacy-ftp']}).looked({
    ...whole,
    findings: [],
    chart: {...chart, servers},
  });
  t.is(selectedRow(quiet.state)?.what, 'SOFT_DELETED; none of the causes that were looked for was found');
});

test('a node that was not seen is told without its own name, so that those alike are one row', async (t) => {
  const whole = await diagnosed();
  const one = unseenOf(whole, '');
  const other = {...one, node: {...one.node, name: 'far-2'}};
  const driver = new DoctorDriver().looked({
    ...whole,
    unseen: [
      {...one, problem: `${one.node.name} (10.0.0.1 port 22): timed out`},
      {...other, problem: 'far-2 (10.0.0.2 port 22): timed out'},
    ],
  });
  t.like(shownRows(driver.state).at(-1), {who: '2 nodes', what: 'not seen: timed out'});
});

test('the cursor stays at the top until somebody moves it, then on its finding while others come', async (t) => {
  const whole = await lookedAt();
  const late = found('compute-4', {code: 'LoopStuck', severity: 'warning', message: 'its loop is stuck'});
  const driver = new DoctorDriver().act({type: 'told', diagnosis: soFar(whole, [late])});
  t.is(selected(driver), 'compute-4');
  driver.act({type: 'told', diagnosis: soFar(whole, [found('compute-3'), late], 2)});
  t.is(selected(driver), 'compute-3', 'nobody has moved');
  driver.press('j');
  t.is(selected(driver), 'compute-4');
  driver.act({type: 'told', diagnosis: soFar(whole, [found('compute-2'), found('compute-3'), late], 3)});
  t.is(selected(driver), 'compute-4');
  t.deepEqual(names(driver), ['2 hosts', 'compute-4'], 'the finding of another host joins its row');
});

test('a look again leaves what is shown until it is whole, and the cursor on its finding', async (t) => {
  const whole = await diagnosed();
  const driver = new DoctorDriver().looked(whole).press('j', 'ctrl-r');
  t.deepEqual(driver.effects, [{kind: 'look'}]);
  driver.act({type: 'told', diagnosis: soFar(whole, [])});
  t.is(names(driver).length, 5);
  t.is(selected(driver), 'compute-2');
  t.deepEqual(driver.press('ctrl-r').effects, [], 'it is being looked at');
  driver.looked({...whole, findings: FINDINGS.slice(1)});
  t.is(selected(driver), 'compute-2');
  t.is(names(driver).length, 4);
});

test('where Nova cannot be asked again, what was found stays', async (t) => {
  const driver = new DoctorDriver().looked(await diagnosed()).press('ctrl-r');
  driver.act({type: 'look-failed', at: NOW, trouble: {message: 'Nova is silent', remedy: undefined}});
  t.is(names(driver).length, 5);
  t.is(driver.state.news.at(-1), 'Error: Nova is silent.');
});

test('f leads to the set-up of exactly these hosts, all of a row together', async (t) => {
  const driver = new DoctorDriver().looked(
    await diagnosed({findings: [found('compute-1'), found('compute-2'), found('compute-3')]}),
  );
  driver.press('f');
  const hosts = ['compute-1', 'compute-2', 'compute-3'];
  t.deepEqual(driver.effects, [
    {kind: 'open', name: 'setup', object: {kind: 'set-up', hosts, interval: '2h'}},
  ]);
  driver.press('enter');
  t.is(
    doctorCommand(driver.state),
    'reprieve apply --hosts compute-1,compute-2,compute-3 --interval 2h --cloud fra1',
  );
});

test('where nobody can know the interval, the set-up asks for it', async (t) => {
  const [remedy] = found('compute-1').remedies;
  const act = {kind: 'apply', hosts: ['compute-1'], intervalSeconds: undefined} as const;
  const remedies = remedy === undefined ? [] : [{...remedy, act}];
  const driver = new DoctorDriver().looked(await diagnosed({findings: [found('compute-1', {remedies})]}));
  driver.press('f');
  const object = {kind: 'set-up', hosts: ['compute-1'], interval: undefined} as const;
  t.deepEqual(driver.effects, [{kind: 'open', name: 'setup', object}]);
  driver.press('enter');
  t.is(doctorCommand(driver.state), 'reprieve apply --hosts compute-1 --interval TIME --cloud fra1');
});

test('of several remedies one is chosen, with Cancel focused', async (t) => {
  const driver = new DoctorDriver().looked(await diagnosed()).press('j', 'j', 'f');
  t.is(selected(driver), 'wiki-2019');
  t.deepEqual(driver.effects, []);
  const dialog = doctorDialog(driver.state);
  t.deepEqual(
    dialog?.buttons.map(({label}) => label),
    ['Cancel', 'Restore it', 'Destroy it'],
  );
  t.is(dialog?.focused, 0);
  const destroy = dialog?.buttons[2]?.action;
  if (destroy !== undefined) driver.act(destroy);
  t.like(driver.effects[0], {
    kind: 'open',
    name: 'watch',
    object: {kind: 'server', doing: 'destroy', listed: {server: {id: 'wiki-2019'}}},
  });
  t.is(doctorDialog(driver.state), undefined);
});

test('--read-only has no key for a remedy; servers and evidence are seen all the same', async (t) => {
  const driver = new DoctorDriver({isReadOnly: true}).looked(await diagnosed());
  t.false(keysOf(driver).includes('doctor.remedy'));
  t.true(keysOf(driver).includes('doctor.servers'));
});

test('w filters the live list by the host, by the id, or by neither where it has no servers', async (t) => {
  const driver = new DoctorDriver().looked(await diagnosed()).press('w');
  t.deepEqual(driver.effects, [{kind: 'open', name: 'watch', object: 'host:/^compute-1$/'}]);
  driver.press('j');
  t.false(keysOf(driver).includes('doctor.servers'));
  driver.press('j', 'w');
  t.deepEqual(driver.effects, [{kind: 'open', name: 'watch', object: 'id:wiki-2019'}]);
});

test('w opens the whole live list where the remedy is to look there, and f does nothing', async (t) => {
  const capacity = found('', {
    code: 'CapacityHeld',
    severity: 'info',
    subject: {kind: 'cloud', hosts: []},
    remedies: [{text: 'look who waits', command: 'reprieve watch', act: {kind: 'watch'}}],
  });
  for (const isReadOnly of [false, true]) {
    const driver = new DoctorDriver({isReadOnly}).looked(await diagnosed({findings: [capacity]}));
    t.false(keysOf(driver).includes('doctor.remedy'));
    t.deepEqual(driver.press('w').effects, [{kind: 'open', name: 'watch', object: ''}]);
    const lines = wholeDetail(driver.state, selectedRow(driver.state) ?? fail(), {columns: 80, rows: 20});
    t.true(lines.some((line) => /^ remedy +w look who waits$/.test(plainText(line).trimEnd())));
  }
});

test('o copies the way to the host, as the inventory has it', async (t) => {
  const whole = await diagnosed();
  const {chart} = whole;
  const nodes = chart?.nodes.map((one) => ({
    ...one,
    node: {...one.node, address: {...one.node.address, hostName: '10.0.0.9', port: 2222, user: 'ops'}},
  }));
  const looked = {...whole, chart: chart && {...chart, nodes: nodes ?? []}};
  const driver = new DoctorDriver().looked(looked).press('o');
  t.deepEqual(driver.effects, [{kind: 'copy', text: 'ssh -p 2222 -l ops 10.0.0.9'}]);
});

test('the filter finds hosts, servers, codes and texts; ! takes away; esc shows all', async (t) => {
  const driver = new DoctorDriver().looked(await diagnosed());
  const filter = (text: string) => names(driver.press('/', 'ctrl-u', ...text.replaceAll(' ', '').split('')));
  t.deepEqual(filter('hostdown'), ['compute-2']);
  t.deepEqual(filter('legacy'), ['compute-1']);
  t.deepEqual(filter('!error'), ['wiki-2019', '2 hosts', 'cloud']);
  t.deepEqual(filter('nothing-like-it'), []);
  driver.press('enter', 'esc');
  t.is(names(driver).length, 5);
});

test('x asks for a name and writes Markdown; what cannot be written is said and asked again', async (t) => {
  const whole = await diagnosed();
  const driver = new DoctorDriver().looked(whole).press('x');
  t.is(driver.state.report?.field.text, 'reprieve-doctor-fra1-20261122-031240.md');
  driver.act({type: 'name-report', field: {text: 'ticket', cursor: 6}}, {type: 'write-report'});
  t.deepEqual(driver.effects, [{kind: 'report', diagnosis: whole, file: 'ticket.md'}]);
  t.deepEqual(driver.act({type: 'write-report'}).effects, [], 'it is being written');
  driver.act({type: 'unwritten', problem: 'ticket.md exists'});
  t.regex(doctorDialog(driver.state)?.sentences.join(' ') ?? '', /ticket\.md exists/);
  driver.act({type: 'written', file: '/home/op/ticket.md'});
  t.is(doctorDialog(driver.state), undefined);
  t.is(driver.state.notice?.text, 'written: /home/op/ticket.md');
});

test('a screen reader is told each error as it is found, once, and what the look came to', async (t) => {
  const whole = await diagnosed();
  const driver = new DoctorDriver();
  driver.act({type: 'told', diagnosis: soFar(whole, FINDINGS.slice(0, 1))});
  driver.act({type: 'told', diagnosis: soFar(whole, FINDINGS.slice(0, 1), 2)});
  driver.looked(whole);
  const causes = whole.extent.causes;
  t.deepEqual(driver.state.news, [
    'Error: compute-1: its interval "2h" is no number.',
    'Error: compute-2: nova-compute is down since 02:51.',
    `2 errors, 2 warnings, 1 note. 5 nodes, 3 servers, ${causes} ${causes === 1 ? 'cause' : 'causes'} looked at in 7.2 s.`,
  ]);
});
