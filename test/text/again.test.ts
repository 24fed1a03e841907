import test from 'ava';
import type {FinalReason, Rescue, UnsureReason} from '../../source/domain/reclaim/another-delete.js';
import {
  againSentence,
  anotherDeleteSentence,
  apiHostWords,
  reasonWords,
  rescueCommand,
  rescueSentence,
} from '../../source/text/again.js';

test('each reason against another DELETE is told with its host', (t) => {
  const unset = {kind: 'unset'} as const;
  const cases: readonly (readonly [FinalReason | UnsureReason, RegExp])[] = [
    [{kind: 'api-off', host: 'a1', reading: unset}, /nova-api on a1 is not set \(off\), .* is final$/],
    [{kind: 'host-down', host: 'c1'}, /nova-compute of c1 is down, and Nova destroys at once/],
    [{kind: 'forced-down', host: 'c1'}, /nova-compute of c1 is forced down, and Nova destroys at once/],
    [{kind: 'no-service', host: 'c1'}, /lists no nova-compute on its host c1/],
    [{kind: 'no-host'}, /it has no host/],
    [{kind: 'api-not-looked-at', problem: 'nobody looked'}, /was not seen: nobody looked$/],
    [{kind: 'no-api-host'}, /no API host is known: name them.*--api-hosts/],
    [{kind: 'api-unseen', host: 'a1', problem: 'refused'}, /nova-api on a1 was not seen: refused$/],
    [{kind: 'api-old', host: 'a1', ageSeconds: 75}, /a1 was seen 1 min 15 s ago/],
    [
      {kind: 'api-odd', host: 'a1', reading: {kind: 'value', seconds: -5}},
      /a1 is -5 s, which nobody can mean/,
    ],
    [
      {kind: 'api-turns-off', host: 'a1', next: unset},
      /only until its next start: its files say not set \(off\)/,
    ],
    [{kind: 'service-unseen'}, /its host is up cannot be seen/],
    [{kind: 'service-unknown', host: 'c1'}, /c1 is up is unknown to Nova/],
  ];
  for (const [reason, words] of cases) t.regex(reasonWords(reason), words);
});

test('another interval is told in whole sentences, whatever the wait', (t) => {
  const sentence = (seconds: number | undefined) => anotherDeleteSentence({kind: 'soft', seconds});
  t.is(
    sentence(7200),
    'One more DELETE gives it 2 h (7,200 s) anew. Every API host holds deletes back, and nova-compute of its host is up.',
  );
  t.regex(sentence(undefined), /gives it the interval of its host anew, which is not known\./);
  t.regex(sentence(Infinity), /changes nothing but its delete time, since its host reclaims nothing\./);
  t.is(
    anotherDeleteSentence({kind: 'final', reasons: [{kind: 'no-host'}, {kind: 'no-api-host'}]}),
    `One more DELETE would be final, and nothing brings the server back then: ${reasonWords({kind: 'no-host'})}; ${reasonWords({kind: 'no-api-host'})}.`,
  );
  t.regex(
    anotherDeleteSentence({kind: 'unsure', reasons: [{kind: 'service-unseen'}]}),
    /^One more DELETE may be final, so it is not offered: /,
  );
});

test('a rescue says what it does, why it is that one, and which command does it', (t) => {
  const again: Rescue = {kind: 'delete-again', seconds: undefined};
  t.is(rescueCommand(again, 'id-1', 'lab'), 'openstack --os-cloud lab server delete id-1');
  const error = (isAdmin: boolean | undefined): Rescue => ({
    kind: 'set-error',
    reasons: [{kind: 'forced-down', host: 'c1'}],
    isAdmin,
  });
  t.is(rescueCommand(error(true), 'id-1', undefined), 'openstack server set --state error id-1');
  t.regex(
    rescueSentence(error(true), 'c1'),
    /nova-compute on c1\. Do not DELETE it again, .*and here nova-compute of c1 is forced down, and/,
  );
  t.regex(rescueSentence(error(undefined), 'c1'), /That takes an admin\. Do not/);
  t.regex(
    rescueSentence(error(false), undefined),
    /on its host\. That takes an admin, .* ask one at once\. Do not/,
  );
  const none: Rescue = {kind: 'not-needed', interval: {kind: 'value', seconds: 0}};
  t.is(rescueCommand(none, 'id-1', 'lab'), undefined);
  t.regex(rescueSentence(none, 'c1'), /reclaims nothing, since its interval is 0 \(off\)/);
});

test('an API host is told with its value and the age of the look', (t) => {
  const seen = {kind: 'value', seconds: 60} as const;
  t.is(
    apiHostWords({host: 'a1', seenAt: 1000, look: {kind: 'seen', running: seen, next: seen}}, 13_500),
    'a1 runs with 60 s, seen 12 s ago',
  );
  t.is(
    apiHostWords({host: 'a1', seenAt: 1000, look: {kind: 'unseen', problem: 'no route'}}, 1000),
    'a1 was not seen: no route',
  );
});

test('another interval that was given is told with how long it lasts', (t) => {
  const server = {
    id: 'id-1',
    name: 'web',
    projectId: 'p',
    host: 'c1',
    status: 'SOFT_DELETED',
    taskState: undefined,
    updatedAt: 0,
    isLocked: false,
    lockedReason: undefined,
    vcpus: 1,
    memoryMib: 1,
    fault: undefined,
  };
  const message = (seconds: number | undefined) =>
    againSentence({kind: 'given', server, deletedAt: 0, seconds}, 'id-1', undefined).message;
  t.is(message(90), 'deleted again: it waits 90 s anew');
  t.regex(message(undefined), /which is not known$/);
  t.regex(message(Infinity), /its host reclaims nothing$/);
});
