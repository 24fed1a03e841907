import test from 'ava';
import * as fc from 'fast-check';
import {decodeChange, decodeForget, decodeLock} from '../../../source/domain/fleet/decode-change.js';
import {decodeFacts} from '../../../source/domain/fleet/decode-facts.js';
import {decodeSigns} from '../../../source/domain/fleet/decode-signs.js';
import {NO_SIGNS} from '../../../source/domain/fleet/node-signs.js';
import {decodeService} from '../../../source/domain/fleet/decode-service.js';
import {decodeAddress, decodeSpan} from '../../../source/domain/fleet/decode-unit.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const DIGEST = 'ab'.repeat(32);
const CONDENSED = `reprieve-condensed 2\n1:0:[DEFAULT]end-of-file\n+\n=${DIGEST}\n`;

const FACTS = `begin\tfacts
hostname\tcompute-1
fqdn\tcompute-1.example
boot\tb00t
os\t"rhel"
now\t1795373765.500000000
uptime\t1000.50
ticks\t100
show\tcompute\tId=nova-compute.service\tLoadState=loaded\tActiveState=active\tMainPID=7\tExecMainStartTimestampMonotonic=9\tTimeoutStopUSec=1min 30s
process\tnova-compute.service\t7\t90050\t${base64('/bin/nova-compute\0')}\t/
environment\tnova-compute.service\tHOME=/h
environment\tnova-compute.service\tOS_DEFAULT__X=1\u00012
listener\tnova-compute.service\t0100007F:2246
stat\t10\t640\troot\tnova\t1\t1795373700.500000000\t1795373760.5\t./etc/nova/nova.conf
file\t0\t1\t\t./etc/nova/nova.conf
content\t./etc/nova/nova.conf
${CONDENSED}kept\t20260101-000000-abcd\tapi\tbackup
record\t20260101-000000-abcd\tapi\toperator\t${base64('ada')}
state\t20260101-000000-abcd\tapi\twriting\t1795373700
unknown\tkey
end\tfacts
`;

const CHANGE = `begin\tchange
show\tapi\tId=nova-api.service\tMainPID=7
written\t1
restart\tasked
digest\t${DIGEST}
result\tok\t
end\tchange
`;

const DECODERS = {
  facts: decodeFacts,
  change: decodeChange,
  service: decodeService,
  lock: decodeLock,
  forget: decodeForget,
};

test('facts are decoded, unknown keys left aside', (t) => {
  const facts = decodeFacts(bytes(FACTS));
  t.like(facts, {
    hostname: 'compute-1',
    osId: 'rhel',
    nowMs: 1_795_373_765_500,
    isClockSynchronized: undefined,
  });
  t.like(facts.units[0], {stopTimeoutSeconds: 90, startId: '7:9', restarts: undefined, sharedWith: []});
  t.like(facts.units[0]?.process, {ageSeconds: 100, argv: ['/bin/nova-compute'], home: '/h'});
  t.deepEqual(facts.units[0]?.process?.environment, {OS_DEFAULT__X: '1\n2'});
  t.like(facts.files[0], {ageSeconds: 65, statusAgeSeconds: 5, digest: DIGEST, owner: 'root', group: 'nova'});
  t.like(facts.records[0], {operator: 'ada', state: 'writing', hasBackup: true, isRunning: false, file: ''});
});

test('signs are told with their times, odd ones are left aside', (t) => {
  const line = (text: string) => bytes(FACTS.replace('unknown\tkey\n', text));
  const signs = decodeSigns(
    line(
      'zone\t-0130\nlog\tu.service\t./var/log/x.log\nsign\tu.service\treclaim_error\tfirst\t9\t2026-11-22 03:00:00,5 a\nsign\tu.service\treclaim_error\tlast\t9\t2026-11-22 03:09:00 b\tc\nsign\tu.service\tother\tlast\t1\tx\nsign\tv.service\tstart\tlast\t1\tx\ndenied\tu.service\t./etc/nova/nova.conf\n',
    ),
  );
  t.deepEqual(signs.logs, [
    {
      unit: 'u.service',
      place: '/var/log/x.log',
      signs: [
        {
          word: 'reclaim-error',
          count: 9,
          first: {text: '2026-11-22 03:00:00,5 a', time: Date.UTC(2026, 10, 22, 4, 30, 0, 500)},
          last: {text: '2026-11-22 03:09:00 b\tc', time: Date.UTC(2026, 10, 22, 4, 39)},
        },
      ],
    },
  ]);
  t.deepEqual(signs.denied, [{unit: 'u.service', path: '/etc/nova/nova.conf'}]);
  t.deepEqual(decodeSigns(line('')), NO_SIGNS);
  t.is(
    decodeSigns(line('zone\todd\nlog\tu\tx\nsign\tu\tstart\tlast\tx\t2026-11-22 03:00:00 a\n')).logs[0]
      ?.signs[0]?.last.time,
    undefined,
  );
});

test('what a login shell says before the program is skipped', (t) => {
  t.is(decodeFacts(bytes(`Welcome\nbegin\tother\n${FACTS}`)).hostname, 'compute-1');
});

test('a file that vanished while it was read is told as unreadable', (t) => {
  const facts = decodeFacts(bytes(FACTS.replace(`content\t./etc/nova/nova.conf\n${CONDENSED}`, '')));
  t.deepEqual(facts.files, []);
  t.deepEqual(facts.unreadable, [{path: '/etc/nova/nova.conf', reason: 'unreadable'}]);
});

test('what stands in a file stays in the file, whatever it looks like', (t) => {
  const condensed = Buffer.from(
    `reprieve-condensed 2\n1:0:a=b\tc\r\n2:6:=${'cd'.repeat(32)}\n3:9:end\tfacts\n4:19:\u00ff\u00ffend-of-file\n+\n1:0:a=b\tc\r\n=${DIGEST}\n`,
    'latin1',
  );
  const [before = '', after = ''] = FACTS.split(CONDENSED);
  const facts = decodeFacts(Buffer.concat([bytes(before), condensed, bytes(after)]));
  t.deepEqual(Buffer.from(facts.files[0]?.condensed ?? []), condensed);
  t.is(facts.files[0]?.digest, DIGEST);
  t.is(facts.records.length, 1);
});

test('a damaged record on the node does not hide the facts', (t) => {
  const facts = decodeFacts(bytes(FACTS.replace(base64('ada'), '%%%')));
  t.like(facts.records[0], {operator: '', state: 'writing'});
});

test('odd values are refused with what is odd', (t) => {
  const refused = (from: string, to: string, message: RegExp) =>
    t.throws(() => decodeFacts(bytes(FACTS.replace(from, to))), {message});
  refused('hostname\tcompute-1\n', '', /did not print "hostname"/);
  refused('1795373765.500000000', 'yesterday', /"yesterday" for the time/);
  refused(DIGEST, DIGEST.toUpperCase(), /as digest of \/etc\/nova\/nova.conf/);
  refused('0100007F:2246', '127.0.0.1:80', /as a listener/);
  refused('show\tcompute', 'show\tqueen', /"queen" for the role of nova-compute.service/);
  t.throws(() => decodeChange(bytes(CHANGE.replace('\tok\t', '\tfine\t'))), {
    message: /"fine" for the result/,
  });
});

test('output that was cut anywhere is refused', (t) => {
  for (const [text, decode] of [
    [FACTS, decodeFacts],
    [CHANGE, decodeChange],
  ] as const) {
    for (let length = 0; length < text.length; length++) {
      t.throws(() => decode(bytes(text.slice(0, length))), {message: /did not begin|was cut/});
    }
  }
});

test('garbage never gives an answer', (t) => {
  for (const [name, decode] of Object.entries(DECODERS)) {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 300}), (garbage) => {
        t.throws(() => decode(garbage), {instanceOf: Error}, name);
      }),
    );
  }
});

test('lines that are garbage give facts or a plain error, nothing else', (t) => {
  const keys = [
    'show',
    'stat',
    'file',
    'digest',
    'content',
    'kept',
    'lock',
    'locked',
    'listener',
    'process',
    'site',
  ];
  const line = fc
    .tuple(fc.constantFrom(...keys), fc.array(fc.string({unit: 'binary'}), {maxLength: 9}))
    .map(([key, fields]) => [key, ...fields.map((field) => field.replaceAll(/[\t\n]/g, ' '))].join('\t'));
  fc.assert(
    fc.property(fc.array(line, {maxLength: 8}), (lines) => {
      const text = FACTS.replace('end\tfacts', `${lines.join('\n')}\nend\tfacts`);
      try {
        t.is(decodeFacts(bytes(text)).hostname, 'compute-1');
      } catch (error) {
        t.true(error instanceof Error && error.constructor === Error, String(error));
        t.regex(String(error), /The node/);
      }
    }),
  );
});

test('addresses of the kernel are decoded', (t) => {
  const cases = {
    '0100007F:2246': ['127.0.0.1', 8774],
    '00000000:0050': ['0.0.0.0', 80],
    '00000000000000000000000000000000:2246': ['::', 8774],
    '00000000000000000000000001000000:0001': ['::1', 1],
    '0000000000000000FFFF00000100007F:0001': ['127.0.0.1', 1],
    'B80D0120000000000000000001000000:01BB': ['2001:db8::1', 443],
    'B80D0120010002000300040005000600:01BB': ['2001:db8:2:1:4:3:6:5', 443],
  } as const;
  for (const [text, [host, port]] of Object.entries(cases)) t.deepEqual(decodeAddress(text), {host, port});
});

test('time spans of the service manager are decoded', (t) => {
  t.is(decodeSpan('1min 30s'), 90);
  t.is(decodeSpan('1h 500ms'), 3600.5);
  t.is(decodeSpan('2d'), 172_800);
  t.is(decodeSpan('infinity'), undefined);
  t.is(decodeSpan(''), undefined);
});
