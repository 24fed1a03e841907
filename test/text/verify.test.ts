import test from 'ava';
import type {DrillVerdict} from '../../source/domain/guest/drill-verdict.js';
import {drillWord} from '../../source/text/drill-word.js';
import {timeWithTenths} from '../../source/text/drill.js';
import {drillEventToJson} from '../../source/text/drill-json.js';
import {verdictRemedy, verdictSentence} from '../../source/text/drill-verdict.js';
import {explain} from '../../source/text/verify.js';
import type {GuestWish} from '../../source/app/guest/guest-ports.js';

const WISH: GuestWish = {
  asked: undefined,
  today: undefined,
  copy: undefined,
  flavorState: 'there',
  image: {name: 'debian', properties: {}, from: 'server'},
};

test('each difference has a cause, and a cure where there is one', (t) => {
  const base = {trait: 'watchdog', isByImage: false, mayBeImage: false} as const;
  t.regex(explain({...base, verdict: 'old-copy'}, 'id', WISH).remedy ?? '', /^Resize it/);
  t.regex(explain({...base, verdict: 'differs'}, 'id', WISH).remedy ?? '', /reboot --hard id$/);
  t.regex(explain({...base, verdict: 'same', isByImage: true}, 'id', WISH).cause ?? '', /hw_watchdog_action/);
  t.deepEqual(explain({...base, verdict: 'same'}, 'id', WISH), {cause: undefined, remedy: undefined});
  t.regex(explain({...base, verdict: 'unknown'}, 'id', WISH).cause ?? '', /2\.47/);
  const today: GuestWish = {...WISH, image: {...WISH.image, from: 'image'}};
  const maybe = explain({...base, verdict: 'differs', mayBeImage: true}, 'id', today);
  t.regex(maybe.cause ?? '', /The image is read as it is today/);
});

test('a name that can be typed is typed, and else the begin of the id', (t) => {
  const id = '84f33ec8-5895-49ab-9221-cdd8141bdec6';
  for (const name of ['web-1', 'a', 'two words', 'x'.repeat(40)]) t.is(drillWord({id, name}), name);
  for (const name of ['', 'é', ' web', 'web ', 'x'.repeat(41), 'a\u202Eb'])
    t.is(drillWord({id, name}), '84f33ec8');
});

test('each verdict is a sentence, with what to do next', (t) => {
  const final = {domain: 'paused', status: 'ACTIVE', powerState: 'paused'};
  const verdicts: readonly DrillVerdict[] = [
    {kind: 'kept', domainMs: 133, novaMs: 348, final},
    {kind: 'other-action', did: 'reset'},
    {kind: 'not-watchdog', state: 'shut off (destroyed)'},
    {kind: 'domain-otherwise', state: 'running (booted)', final},
    {kind: 'nova-behind', nova: undefined, final},
    {kind: 'unheard', state: 'shut off (crashed)'},
    {kind: 'gone', nova: undefined},
    {kind: 'unpromised', state: 'running (booted)'},
    {kind: 'nothing'},
  ];
  const sentences = verdicts.map((verdict) => verdictSentence(verdict, 'pause'));
  t.is(new Set(sentences).size, verdicts.length);
  t.is(
    sentences[0],
    'the watchdog fired and did what pause promises: the domain was paused after 0.1 s, and Nova showed ACTIVE with power state paused after 0.3 s',
  );
  for (const verdict of verdicts) t.regex(verdictRemedy(verdict, 'pause', 'id'), /\w/);
});

test('times have tenths of a second, and events for scripts are in UTC', (t) => {
  const at = Date.UTC(2026, 10, 23, 23, 4, 8, 295);
  t.is(timeWithTenths(at), '23:04:08.2');
  t.deepEqual(drillEventToJson({kind: 'event', at, event: 'watchdog', detail: 'reset'}), {
    time: '2026-11-23T23:04:08.295Z',
    event: 'libvirt',
    name: 'watchdog',
    detail: 'reset',
  });
});
