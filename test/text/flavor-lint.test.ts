import test from 'ava';
import type {LintReport} from '../../source/app/flavor/lint-types.js';
import {cellWidth} from '../../source/text/cells.js';
import {lintLines, lintSummary} from '../../source/text/flavor-lint.js';
import {lintJson} from '../../source/text/flavor-lint-json.js';
import {renderLine} from '../../source/text/line.js';
import {ASCII_SIGNS, UNICODE_SIGNS} from '../../source/text/signs.js';
import {serverWith} from '../helpers/cloud-flavors.js';
import {flavorOf, imageOf} from '../helpers/fake-flavors.js';
import {fullReport, HOSTILE, lintReportOf} from '../helpers/lint-report.js';

function linesOf(report: LintReport, isAll = false, signs = UNICODE_SIGNS): string[] {
  return [...lintLines(report, {signs, isAll}), ...lintSummary(report, signs)].map((line) =>
    renderLine(line, false),
  );
}

test('a cloud that is fine takes two lines', async (t) => {
  const dog = flavorOf('dog', {'hw:watchdog_action': 'reset'});
  const report = await lintReportOf({flavors: [dog], servers: [serverWith('web', dog)]});
  t.deepEqual(linesOf(report), [
    '1 flavor judged as Nova zed would, on hosts of at most 16 CPUs and 64 GiB: 1 ok,',
    '0 with warnings, 0 with errors',
    '1 server: 1 with their flavor as it is today',
  ]);
});

test('with --all flavors that are fine are told with what is worth knowing', async (t) => {
  const dog = flavorOf('dog', {'hw:watchdog_action': 'reset'});
  const lines = linesOf(await lintReportOf({flavors: [dog]}), true);
  t.is(lines[0], '✓ dog: ok');
  t.is(lines[1], '    1 vCPU, 512 MiB of memory, 1 GiB of disk, 1 extra spec, no server has it');
  t.regex(lines[2] ?? '', /^ {2}– The guest gets an i6300esb/);
});

test('what is wrong comes worst first: flavors, then servers, then images, then what was not read', async (t) => {
  const lines = linesOf(await fullReport());
  const marks = lines
    .filter((line) => /^(?: {2})?[✗▲?] |^[A-Z]+ /.test(line))
    .map((line) => line.slice(0, 34).trimEnd());
  t.deepEqual(marks, [
    '✗ bad: no server can boot from it',
    '  ✗ hw:numa_nodes must be a plain',
    '  ▲ hw:cpu_socket is refused by No',
    '▲ odd <b a="1">& [x](https://evil.',
    '  ▲ The flavor prefers 3 sockets:',
    'SERVERS WITH ANOTHER COPY OF THEIR',
    '  ▲ 2 servers carry an old copy of',
    'IMAGES THAT REPLACE WHAT FLAVORS S',
    '  ▲ Image image <b a="1">&␛]0;x␇ [',
    '? Not all read: extra specs: Nova',
    '? Not all read: images: page 2: <b',
  ]);
});

test('a flavor that is wrong is told with its servers', async (t) => {
  const lines = linesOf(await fullReport());
  const at = lines.indexOf('    Servers of it:');
  t.is(lines[at + 1], '      odd-1 (id-odd-1) on compute-1');
  t.true(lines.slice(0, at).some((line) => line.includes('1 server of it')));
  t.is(lines.filter((line) => line.includes('Servers of it')).length, 1);
});

test('an old copy is told with both values, its servers, and what to do', async (t) => {
  const flat = linesOf(await fullReport())
    .join(' ')
    .replaceAll(/\s+/g, ' ');
  t.true(flat.includes('hw:watchdog_action is not there, and "reset" in the flavor'), flat);
  t.true(flat.includes('web-2 (id-web-2) on compute-1 What to do:'), flat);
  t.regex(flat, /What to do: Make a copy of dog with another name, and resize each to it: Nova refuses/);
  t.notRegex(flat, /no flavor has that name any more|copy of before/);
  t.regex(
    flat,
    /6 servers: 2 with their flavor as it is today, 2 with an old copy of it, 1 of a flavor that is gone, 1 of one that has another name now/,
  );
});

test('no line is wider than a terminal of 80 cells, and in ASCII nothing of ours is else', async (t) => {
  const report = await fullReport();
  for (const line of linesOf(report, true, ASCII_SIGNS)) {
    t.true(cellWidth(line) <= 80 || !line.trim().includes(' '), line);
    t.notRegex(line, /[^ -~\uFFFD\uFFFE␛␇]/);
  }
});

test('nothing that a tenant named reaches the terminal as it is', async (t) => {
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  const unsafe = /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;
  for (const line of linesOf(await fullReport(), true)) t.notRegex(line, unsafe);
});

test('many differences and many servers are counted', async (t) => {
  const many = flavorOf('many', Object.fromEntries(Array.from({length: 20}, (_, at) => [`x:${at}`, '1'])));
  const servers = Array.from({length: 50}, (_, at) => serverWith(`s${at}`, many, {extraSpecs: {}}));
  const flat = linesOf(await lintReportOf({flavors: [many], servers}))
    .join(' ')
    .replaceAll(/\s+/g, ' ');
  t.true(flat.includes('and 12 more differences'), flat);
  t.true(flat.includes('s12 (id-s12) on compute-1 and 45 more servers'), flat);
});

test('images of tenants do not fill the report', async (t) => {
  const cores = flavorOf('cores', {'hw:cpu_cores': '2'}, {vcpus: 2});
  const images = Array.from({length: 100}, (_, at) => imageOf(`i${at}`, {hw_cpu_cores: `${at + 3}`}));
  const lines = linesOf(await lintReportOf({flavors: [cores], images}));
  t.true(lines.length < 100, String(lines.length));
  t.true(lines.some((line) => line.includes('and 80 more values that images have; --json tells all')));
});

test('the summary tells where the release or the hosts are in doubt', async (t) => {
  const flat = (report: LintReport) => linesOf(report).join(' ');
  const report = await lintReportOf({newest: 100, hosts: []});
  t.true(
    flat(report).startsWith('0 flavors judged as Nova 2025.2 (it may be 2025.1: --release says) would: 0 ok'),
  );
});

test('JSON has a line for each flavor and for each server with another copy, and the summary last', async (t) => {
  const rows = [...lintJson(await fullReport())];
  t.deepEqual(
    rows.map(({kind, name, verdict, standing}) =>
      [kind, name, verdict ?? standing].filter(Boolean).join(' '),
    ),
    [
      'flavor bad error',
      'flavor odd <b a="1">& [x](https://evil.example) {0} ]]> warning',
      'flavor hidden unknown',
      'flavor dog ok',
      'flavor fine ok',
      `server web-1 ${HOSTILE} old`,
      'server web-2 old',
      'server old renamed',
      'server db gone',
      'images',
      'summary',
    ],
  );
  t.like(rows[0], {id: 'id-bad', public: false, disabled: false, servers: 0, used_by: []});
  const users = [{id: 'id-odd-1', name: 'odd-1', project_id: 'project', host: 'compute-1'}];
  t.like(rows[1], {servers: 1, used_by: users});
  t.like(rows[3], {servers: 3, used_by: []});
  t.like(rows[6], {
    id: 'id-web-2',
    project_id: 'project',
    status: 'ACTIVE',
    host: 'compute-1',
    flavor: 'dog',
    flavor_id: 'id-dog',
    severity: 'warning',
    code: 'OldFlavorCopy',
    differences: [{property: 'hw:watchdog_action', server: null, flavor: 'reset'}],
    message: '1 server carries an old copy of dog.',
  });
  t.like(rows[7], {flavor: 'before', flavor_id: null, alike: ['dog'], severity: 'info'});
  t.like(rows[9], {
    code: 'WatchdogReplacedByImage',
    value: 'pause',
    flavors: [{value: 'reset', names: ['dog']}],
  });
  t.like(rows[10], {
    release: 'zed',
    release_candidates: ['zed'],
    largest_host: {vcpus: 16, memory: 65_536},
    flavors: {total: 5, ok: 2, warning: 1, error: 1, unknown: 1},
    servers: {total: 6, current: 2, old: 2, gone: 1, renamed: 1, unknown: 0},
    images: 1,
    skipped: [],
    complete: false,
  });
});
