import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import type {Diagnosis} from '../../../../source/app/doctor/diagnosis.js';
import {doctorFrame} from '../../../../source/ui/screens/doctor/frame.js';
import {doctorSentences} from '../../../../source/ui/screens/doctor/sentences.js';
import {doctorLines} from '../../../../source/ui/screens/doctor/view.js';
import {lineCells, paint, plainText, type UiSpan} from '../../../../source/ui/spans.js';
import type {Theme} from '../../../../source/ui/theme.js';
import {diagnosed, DoctorDriver, found, NOW, soFar, unseenOf} from '../../../helpers/doctor-states.js';
import {ASCII, DARK, MONO} from '../../../helpers/themes.js';

/** The body in a window of this size: rows of exactly its width, no more than there are. */
function bodyOf({state}: DoctorDriver, columns = 80, rows = 24, theme: Theme = DARK): readonly string[] {
  const lines = doctorLines(state, {columns, rows: rows - 4}, theme);
  for (const line of lines) {
    if (lineCells(line) !== columns) throw new Error(`not ${columns} wide: ${plainText(line)}`);
  }
  if (lines.length > rows - 4) throw new Error(`too high: ${lines.length}`);
  return lines.map((line) => stripVTControlCharacters(paint(theme, line)).trimEnd());
}

function contextOf({state}: DoctorDriver, columns = 80): string {
  const {context} = doctorFrame(state, {columns, rows: 20}, DARK);
  return context.kind === 'line' ? plainText(context.line).trimEnd() : '';
}

/** One cause, whatever the program knows meanwhile. */
async function whole(changes: Partial<Diagnosis> = {}): Promise<Diagnosis> {
  const diagnosis = await diagnosed(changes);
  return {...diagnosis, extent: {...diagnosis.extent, causes: 19}};
}

test('80x24: findings by harm, what is well, and below them evidence, cause and remedy', async (t) => {
  const driver = new DoctorDriver().looked(await whole());
  t.is(contextOf(driver), '✗ 2 errors   ▲ 2 warnings   – 1 note   5 nodes, 3 servers looked at');
  t.deepEqual(bodyOf(driver), [
    '',
    '▌✗ compute-1    its interval "2h" is no number       3 stuck',
    ' ✗ compute-2    nova-compute is down since 02:51',
    ' ▲ wiki-2019    its restore failed',
    ' ▲ 2 hosts      no [cinder] credentials',
    ' – cloud        soft-deleted servers hold 12 vCPUs',
    ' ✓ 1 API node   on, process newer than its files, clock agrees',
    '',
    ' compute-1  IntervalUnreadable',
    ' file      /etc/nova/nova.conf:14   reclaim_instance_interval = 2h',
    ' log       2026-11-22 03:12:10.118 2217 ERROR oslo_service.periodic_task [-] …',
    "           is not valid: invalid literal for int() with base 10: '2h'",
    ' cause     oslo.config reads whole seconds only. Nova starts, then fails each',
    '           time it looks: nothing there is ever reclaimed, and every final',
    '           delete there ends in ERROR.',
    ' remedy    f write 7200, restart nova-compute   plan and impact come first',
    '           w see the 3 servers first            restore what must live',
    '           o ssh compute-1                      copies it',
    ' command   reprieve apply --hosts compute-1 --interval 2h --cloud fra1',
    '           … enter shows all of it',
  ]);
});

test('evidence of a finding about several nodes names its node', async (t) => {
  const cloud = found('', {subject: {kind: 'cloud', hosts: ['api-2']}, message: 'they differ'});
  const evidence = cloud.evidence.map((one) => ({...one, host: 'api-2'}));
  const driver = new DoctorDriver().looked(await whole({findings: [{...cloud, evidence}]}));
  t.true(
    bodyOf(driver, 120, 40).includes(
      ' file      api-2:/etc/nova/nova.conf:14   reclaim_instance_interval = 2h',
    ),
  );
  t.regex(doctorSentences(driver.state).join('\n'), /^Evidence, file api-2:\/etc\/nova\/nova\.conf:14: /m);
});

test('a server that was named has its row first, and below it what explains it', async (t) => {
  const looked = await whole();
  const {chart} = looked;
  if (chart === undefined) throw new Error('nothing was charted');
  const servers = chart.servers.map((one) => ({...one, isNamed: one.server.id === 'wiki-2019'}));
  const driver = new DoctorDriver({servers: ['wiki-2019']}).looked({...looked, chart: {...chart, servers}});
  const body = bodyOf(driver, 120, 40);
  t.regex(body[1] ?? '', /^▌▲ wiki-2019 +its restore failed/);
  t.true(body.includes(' server    wiki-2019, SOFT_DELETED on compute-1'));
  t.true(body.includes(' also      compute-1: its interval "2h" is no number [IntervalUnreadable]'));
  const sentences = doctorSentences(driver.state);
  t.true(sentences.includes('Selected: warning, wiki-2019: its restore failed. 1 of 6.'));
  t.true(sentences.includes('Server wiki-2019, SOFT_DELETED on compute-1.'));
});

test('120x40: everything has room, parts are apart', async (t) => {
  const driver = new DoctorDriver().looked(await whole());
  const body = bodyOf(driver, 120, 40);
  t.deepEqual(body.slice(8, 20), [
    ' compute-1  IntervalUnreadable',
    '',
    ' file      /etc/nova/nova.conf:14   reclaim_instance_interval = 2h',
    ' log       2026-11-22 03:12:10.118 2217 ERROR oslo_service.periodic_task [-] Error during',
    '           ComputeManager._reclaim_queued_deletes: oslo_config.cfg.ConfigFileValueError: Value for option',
    '           reclaim_instance_interval from LocationInfo(location=<Locations.user: (4, True)>,',
    "           detail='/etc/nova/nova.conf') is not valid: invalid literal for int() with base 10: '2h'",
    '',
    ' cause     oslo.config reads whole seconds only. Nova starts, then fails each time it looks: nothing there is ever',
    '           reclaimed, and every final delete there ends in ERROR.',
    '',
    ' certain   the file was read as oslo.config reads it',
  ]);
  t.true(body.includes(' command   reprieve apply --hosts compute-1 --interval 2h --cloud fra1'));
});

test('the part of the evidence that proves it is bold, and the deciding line of a file in the colour of loss', async (t) => {
  const driver = new DoctorDriver().looked(await whole());
  const spans = doctorLines(driver.state, {columns: 120, rows: 36}, DARK).flat();
  const styled = spans.filter((span): span is Exclude<UiSpan, string> => typeof span !== 'string');
  const log = styled.filter(({text, isBold}) => isBold === true && text.trim() !== '');
  t.true(log.some(({text}) => text.trim() === 'invalid'));
  t.false(log.some(({text}) => text.trim() === 'valid:'));
  t.true(
    styled.some(
      ({text, colour, isBold}) =>
        text === 'reclaim_instance_interval = 2h' && colour === 'danger' && isBold === true,
    ),
  );
});

test('what is opened takes the body, and scrolls to its end and no further', async (t) => {
  const driver = new DoctorDriver().looked(await whole()).press('enter');
  t.regex(bodyOf(driver).join('\n'), /int\(\) with base 10: '2h'/);
  t.notRegex(bodyOf(driver).join('\n'), /command {3}/);
  driver.press('G');
  const end = bodyOf(driver);
  t.is(end.at(-1), ' command   reprieve apply --hosts compute-1 --interval 2h --cloud fra1');
  driver.press('j', 'ctrl-d');
  t.deepEqual(bodyOf(driver), end);
  driver.press('esc');
  t.regex(bodyOf(driver)[1] ?? '', /^▌✗ compute-1/);
});

test('a window of any size shows no more than it has, in every look', async (t) => {
  const many = Array.from({length: 60}, (_, index) =>
    found(`compute-${index}`, {message: `its clock is ${index} s ahead ${'x'.repeat(index)}`}),
  );
  const driver = new DoctorDriver().looked(await whole({findings: many})).press('G');
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [200, 60],
  ] as const) {
    for (const theme of [DARK, MONO, ASCII]) {
      const body = bodyOf(driver, columns, rows, theme);
      t.is(body.filter((line) => /^[▌>]/.test(line)).length, 1);
      if (theme === ASCII) t.regex(body.join('\n'), /^[\x20-\x7e\n]*$/);
    }
  }
});

test('while it looks it says how far it is, and shows what it has found', async (t) => {
  const driver = new DoctorDriver();
  t.is(contextOf(driver), '· looking: Nova is asked first');
  const early = soFar(await whole(), [], 12);
  const extent = {...early.extent, nodesInAll: 500};
  driver.act({type: 'told', diagnosis: {...early, extent}});
  t.regex(contextOf(driver), /^· looking at 12 of 500 nodes/);
  t.is(bodyOf(driver)[1], ' · Nothing wrong so far; looking at 12 of 500 nodes.');
  driver.act({type: 'told', diagnosis: {...early, extent, findings: [found('compute-9')]}});
  t.regex(contextOf(driver), /^· looking at 12 of 500 nodes +✗ 1 error$/);
  t.regex(bodyOf(driver)[1] ?? '', /^▌✗ compute-9 +its interval/);
});

test('all well: it says so, what was looked at, and what would be seen', async (t) => {
  const driver = new DoctorDriver().looked(await whole({findings: []}));
  t.is(contextOf(driver), '✓ nothing is wrong   5 nodes, 3 servers, 19 causes looked at in 7.2 s');
  t.deepEqual(bodyOf(driver).slice(0, 6), [
    '',
    ' ✓ Nothing is wrong.',
    '   A finding would stand here with its evidence as it was read, its cause, and',
    '   what to do.',
    '',
    ' ✓ 1 API node   on, process newer than its files, clock agrees',
  ]);
  t.is(
    doctorSentences(driver.state)[0],
    'Doctor: Nothing is wrong. 5 nodes, 3 servers, 19 causes looked at in 7.2 s.',
  );
});

test('what it cannot see is a row of its own, and no calm sign stands for it', async (t) => {
  const looked = await whole({findings: [], wells: []});
  const blind =
    'no node was seen over SSH: intervals, processes, logs and clocks are unknown, and so are causes';
  const driver = new DoctorDriver().looked({
    ...looked,
    blind: [blind],
    unseen: [unseenOf(looked, 'the connection was refused, no SSH server listens there')],
  });
  t.is(contextOf(driver), 'nothing wrong was found   ? 2 not seen   5 nodes, 3 servers looked at');
  const body = bodyOf(driver);
  t.regex(body[1] ?? '', /^▌\? \S+ +not seen: the connection was refused/);
  driver.press('j');
  t.regex(bodyOf(driver).join(' ').replaceAll(/\s+/g, ' '), new RegExp(`not seen ${blind}`));
});

test('where Nova cannot be asked it says why and what to do', (t) => {
  const trouble = {message: 'cloud fra1: wrong password', remedy: 'Correct it in clouds.yaml.'};
  const driver = new DoctorDriver().act({type: 'look-failed', at: NOW, trouble});
  const body = bodyOf(driver);
  t.is(body[1], ' ✗ cloud fra1: wrong password');
  t.is(body[2], '   Correct it in clouds.yaml.');
  t.regex(body[4] ?? '', /ctrl-r looks again/);
  t.deepEqual(doctorSentences(driver.state), [
    'Doctor.',
    'Error: cloud fra1: wrong password.',
    'Correct it in clouds.yaml.',
  ]);
});

test('sentences tell the row with its place, evidence, cause, certainty and remedy', async (t) => {
  const driver = new DoctorDriver().looked(await whole());
  const sentences = doctorSentences(driver.state);
  t.true(sentences.includes('Selected: error, compute-1: its interval "2h" is no number, 3 stuck. 1 of 5.'));
  t.true(sentences.includes('Evidence, file /etc/nova/nova.conf:14: reclaim_instance_interval = 2h.'));
  t.true(sentences.includes('That is certain: the file was read as oslo.config reads it.'));
  t.true(sentences.includes('Command: reprieve apply --hosts compute-1 --interval 2h --cloud fra1'));
  t.true(sentences.includes('Well: 1 API node: on, process newer than its files, clock agrees.'));
});

test('text of nodes does nothing to the terminal', async (t) => {
  const bad = 'x\u001B]0;pwned\u0007\nx';
  const driver = new DoctorDriver().looked(
    await whole({
      findings: [
        found(bad, {
          message: bad,
          evidence: [{from: 'log', place: bad, lines: [bad, bad], proof: bad}],
          servers: [{id: bad, name: bad}],
        }),
      ],
    }),
  );
  for (const line of doctorLines(driver.state, {columns: 120, rows: 36}, DARK)) {
    t.notRegex(stripVTControlCharacters(paint(DARK, line)), /[\u0000-\u001F]/);
    t.notRegex(paint(DARK, line), /\u001B\]/);
  }
});
