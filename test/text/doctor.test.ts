import test from 'ava';
import type {Diagnosis} from '../../source/app/doctor/diagnosis.js';
import type {Finding} from '../../source/app/doctor/doctor-types.js';
import {kindsOf} from '../../source/app/doctor/kinds.js';
import {conclusionLines, explanationLines, kindLines, summaryOf} from '../../source/text/doctor.js';
import {doctorReport} from '../../source/text/doctor-report.js';
import {doctorToJson} from '../../source/text/doctor-json.js';
import {renderLine, type Line} from '../../source/text/line.js';
import {ASCII_SIGNS, type Signs} from '../../source/text/signs.js';
import {chartOf, ID, serverOf} from '../helpers/doctor-charts.js';

const finding = (changes: Partial<Finding> = {}): Finding => ({
  code: 'IntervalUnreadable',
  severity: 'error',
  certainty: 'certain',
  because: 'the file was read as oslo.config reads it',
  subject: {kind: 'node', host: 'compute-1'},
  message: 'its interval "2h" is no number',
  evidence: [
    {from: 'file', place: '/etc/nova/nova.conf:14', lines: ['reclaim_instance_interval = 2h'], proof: '2h'},
  ],
  cause: 'oslo.config reads whole seconds only.',
  remedies: [
    {text: 'write seconds', command: 'reprieve apply --hosts compute-1 --interval 2h', act: undefined},
  ],
  servers: [{id: ID, name: 'web-1'}],
  ...changes,
});

const diagnosis = (changes: Partial<Diagnosis> = {}): Diagnosis => ({
  findings: [
    finding(),
    finding({severity: 'warning', code: 'X', subject: {kind: 'cloud', hosts: []}, servers: []}),
  ],
  wells: [{who: '3 API nodes', what: 'on'}],
  unseen: [],
  blind: ['no node was seen'],
  ignored: 0,
  extent: {nodes: 4, nodesInAll: 5, servers: 41, causes: 19},
  now: Date.UTC(2026, 10, 22, 3, 12, 40),
  chart: undefined,
  ...changes,
});

const findingLines = (one: Finding, signs: Signs) => kindsOf([one]).flatMap((kind) => kindLines(kind, signs));

const shown = (lines: readonly Line[]) => lines.map((line) => renderLine(line, false)).join('\n');

test('a finding: who, what, how many, the evidence as it is, its cause, and what to do', (t) => {
  const text = shown(findingLines(finding(), ASCII_SIGNS));
  t.is(
    text,
    [
      'x compute-1: its interval "2h" is no number (1 server)  [IntervalUnreadable]',
      '    file      /etc/nova/nova.conf:14',
      '              reclaim_instance_interval = 2h',
      '    cause     oslo.config reads whole seconds only.',
      '    remedy    write seconds',
      '              reprieve apply --hosts compute-1 --interval 2h',
      '    servers   web-1',
    ].join('\n'),
  );
  const bold = findingLines(finding(), ASCII_SIGNS).map((line) => renderLine(line, true));
  t.true(bold.some((line) => line.includes('= \u001B[1m2h\u001B[0m')));
});

test('what is alike of several hosts is told once, with all of them and the evidence of the first few', (t) => {
  const limit = (host: string, interval = 7200): Finding =>
    finding({
      code: 'StopLimitShort',
      severity: 'info',
      subject: {kind: 'node', host},
      message: 'systemd kills it 15 s after a stop',
      evidence: [
        {from: 'unit', place: 'nova-compute.service', lines: ['TimeoutStopSec=15'], proof: undefined},
      ],
      cause: 'What is under way ends in ERROR.',
      remedies: [
        {
          text: 'set it',
          command: undefined,
          act: {kind: 'apply', hosts: [host], intervalSeconds: interval},
        },
        {text: 'a drop-in', command: `ssh ${host}`, act: undefined},
      ],
      servers: host === 'compute-1' ? [{id: ID, name: 'web-1'}] : [],
    });
  const hosts = Array.from({length: 10}, (_, index) => `compute-${index + 1}`);
  const found = diagnosis({findings: [finding(), ...hosts.map((host) => limit(host))]});
  const [, notes, ...more] = kindsOf(found.findings);
  t.deepEqual(more, []);
  const text = notes === undefined ? '' : shown(kindLines(notes, ASCII_SIGNS));
  t.is(
    text,
    [
      '- 10 hosts: systemd kills it 15 s after a stop (1 server)  [StopLimitShort]',
      '    unit      compute-1:nova-compute.service',
      '              TimeoutStopSec=15',
      '    unit      compute-2:nova-compute.service',
      '              TimeoutStopSec=15',
      '    unit      compute-3:nova-compute.service',
      '              TimeoutStopSec=15',
      '    hosts     compute-1, compute-2, compute-3, compute-4, compute-5, compute-6,',
      '              compute-7, compute-8 and 2 more',
      '    cause     What is under way ends in ERROR.',
      '    remedy    set it',
      `              reprieve apply --hosts ${hosts.join(',')} --interval 2h`,
      '    remedy    a drop-in',
      '              ssh compute-1',
      '              and so for 9 more',
      '    servers   web-1',
    ].join('\n'),
  );
  t.regex(summaryOf(found), /^1 error, 0 warnings, 1 note\. /);
  const report = doctorReport(found, '1');
  t.is(report.match(/^###/gm)?.length, 2);
  t.true(report.includes(`Hosts: ${hosts.join(', ')}`));
  t.regex(report, /^unit, compute-3:nova-compute\.service:$/m);
});

test('a code that stands alone on the next line leaves no space behind', (t) => {
  const long = finding({message: 'systemd kills it 15 s after a stop, Nova may take 60 s', servers: []});
  t.regex(shown(findingLines(long, ASCII_SIGNS)), /^x .* 60 s\n {2}\[IntervalUnreadable\]$/m);
});

test('what is not certain says why, and what a server is called is no command to the terminal', (t) => {
  const odd = finding({
    certainty: 'possible',
    because: 'its log was not read',
    subject: {kind: 'server', server: {id: ID, name: 'a\u001B[2Jb'}, host: undefined},
  });
  const text = shown(findingLines(odd, ASCII_SIGNS));
  t.regex(text, /^ {4}possible {2}its log was not read$/m);
  t.false(text.includes('\u001B'));
});

test('evidence of a finding about several nodes names its node, in text, report and JSON', (t) => {
  const [file] = finding().evidence;
  if (file === undefined) throw new Error('nothing was read');
  const cloud = finding({
    subject: {kind: 'cloud', hosts: ['api-2']},
    evidence: [
      {...file, host: 'api-1'},
      {from: 'environment', host: 'api-2', place: undefined, lines: ['X=1'], proof: undefined},
    ],
  });
  const text = shown(findingLines(cloud, ASCII_SIGNS));
  t.regex(text, /^ {4}file {6}api-1:\/etc\/nova\/nova\.conf:14$/m);
  t.regex(text, /^ {4}environment {0,2}api-2$/m);
  t.regex(doctorReport(diagnosis({findings: [cloud]}), '1'), /^file, api-1:\/etc\/nova\/nova\.conf:14:$/m);
  const asked = {...file, from: 'nova'} as const;
  t.like(doctorToJson(diagnosis({findings: [cloud, finding({evidence: [file, asked]})]})), {
    findings: [
      {evidence: [{host: 'api-1', place: '/etc/nova/nova.conf:14'}, {host: 'api-2'}]},
      {evidence: [{host: 'compute-1'}, {host: null}]},
    ],
  });
});

test('the end says what is well, what was not seen, and what was left out', (t) => {
  const text = shown(conclusionLines(diagnosis({ignored: 2}), ASCII_SIGNS));
  t.regex(text, /^WELL\n {2}\+ 3 API nodes: on\n\nNOT SEEN\n {2}\? no node was seen\n\n2 findings left out/);
  t.regex(text, /x 1 error, 1 warning\. Looked at: 4 of 5 nodes, 41 soft-deleted or named servers/);
  t.regex(
    summaryOf(diagnosis({extent: {nodes: 5, nodesInAll: 5, servers: 1, causes: 1}})),
    /Looked at: 5 nodes, 1 /,
  );
  t.regex(shown(conclusionLines(diagnosis({findings: []}), ASCII_SIGNS)), /^\+ 0 errors, 0 warnings/m);
});

test('a server that was named is answered first', async (t) => {
  const chart = await chartOf();
  const named = {...chart, servers: [serverOf(chart, 100)]};
  const found = diagnosis({
    chart: named,
    findings: [finding(), finding({code: 'HostDown', message: 'down'})],
  });
  t.regex(
    shown(explanationLines(found, ASCII_SIGNS)).replaceAll(/\s+/g, ' '),
    /^x web-1 \(2{8}-.*\): SOFT_DELETED on compute-1: compute-1: its interval "2h" is no number \[IntervalUnreadable\] also: compute-1: down \[HostDown\]/,
  );
  const none = diagnosis({chart: named, findings: []});
  t.regex(
    shown(explanationLines(none, ASCII_SIGNS)),
    /none\s+of the causes that\s+were looked for was\s+found/,
  );
  t.deepEqual(explanationLines(diagnosis(), ASCII_SIGNS), []);
});

test('a name that nobody knows is told with the servers that were named, in text, JSON and report', async (t) => {
  const chart = await chartOf();
  const nobody = {
    word: 'nope',
    row: undefined,
    actions: undefined,
    attachments: undefined,
    areGoneShown: true,
  };
  const found = diagnosis({
    chart: {...chart, servers: [serverOf(chart, 100)], inquiry: {...chart.inquiry, gone: [nobody]}},
    findings: [],
  });
  const problem = 'Nova has no such server of that name or id, also not among those that it destroyed';
  const text = shown(explanationLines(found, ASCII_SIGNS)).replaceAll(/\s+/g, ' ');
  t.regex(text, new RegExp(`was found x nope: ${problem} $`));
  t.like(doctorToJson(found), {missing: [{name: 'nope', problem}]});
  t.regex(doctorReport(found, '1'), new RegExp(`^- nope: ${problem}$`, 'm'));
  t.regex(shown(conclusionLines(found, ASCII_SIGNS)), /^x 1 server not known, 0 errors/m);
});

test('the JSON has the fields that are promised', async (t) => {
  const chart = await chartOf();
  const server = {kind: 'server', server: {id: ID, name: 'web-1'}, host: 'compute-1'} as const;
  const document = doctorToJson(
    diagnosis({
      chart: {...chart, servers: [serverOf(chart, 100)]},
      findings: [
        finding(),
        finding({subject: server, remedies: []}),
        finding({subject: {kind: 'cloud', hosts: []}}),
      ],
    }),
  );
  const read: unknown = JSON.parse(JSON.stringify(document));
  t.like(read, {
    cloud: 'lab',
    as_of: '2026-11-22T03:12:40.000Z',
    findings: [
      {
        severity: 'error',
        certainty: 'certain',
        code: 'IntervalUnreadable',
        host: 'compute-1',
        server: null,
        message: 'its interval "2h" is no number',
        evidence: [
          {from: 'file', place: '/etc/nova/nova.conf:14', lines: ['reclaim_instance_interval = 2h']},
        ],
        remedy: 'write seconds',
      },
      {host: 'compute-1', server: ID, server_name: 'web-1', remedy: null},
      {host: null, server: null},
    ],
    servers: [{id: ID, status: 'SOFT_DELETED', state: 'waiting', explained_by: 'IntervalUnreadable'}],
    looked_at: {nodes: 4, nodes_in_all: 5, servers: 41, causes: 19},
  });
});

test('the report is Markdown in which nothing foreign is markup, and no secret', async (t) => {
  const chart = await chartOf();
  const evil = finding({
    subject: {kind: 'server', server: {id: ID, name: '<img src=x>[a](b)`'}, host: undefined},
    evidence: [
      {from: 'log', place: '/var/log/x', lines: ['``` rabbit://u:hush@mq password=hush'], proof: undefined},
    ],
  });
  const found = diagnosis({chart: {...chart, servers: [serverOf(chart, 1)]}, findings: [evil, finding()]});
  const report = doctorReport(found, '1.2.3');
  t.regex(report, /^# reprieve doctor: lab\n\n1 error|^# reprieve doctor: lab\n\n2 errors/);
  t.regex(report, /^## Servers\n\n- web-1/m);
  t.true(report.includes('### \\<img src=x\\>\\[a\\](b)\\`'));
  t.true(report.includes('````\n``` rabbit://***@mq password=***\n````'));
  t.false(report.includes('hush'));
  t.regex(report, /^## Well$/m);
  t.regex(report, /^## Not seen\n\n- no node was seen$/m);
});
