import test from 'ava';
import type {DrillVerdict} from '../../source/domain/guest/drill-verdict.js';
import {drillWord} from '../../source/text/drill-word.js';
import {timeWithTenths} from '../../source/text/drill.js';
import {drillEventToJson} from '../../source/text/drill-json.js';
import {verdictRemedy, verdictSentence} from '../../source/text/drill-verdict.js';
import {explain} from '../../source/text/verify-causes.js';
import {verifiedLines, verifySummary} from '../../source/text/verify.js';
import type {GuestWish, Verified} from '../../source/app/guest/guest-ports.js';
import {compareGuest} from '../../source/domain/guest/compare-guest.js';
import {readDomain} from '../../source/domain/guest/guest-domain.js';
import {type Line, renderLine} from '../../source/text/line.js';
import {ASCII_SIGNS} from '../../source/text/signs.js';
import {computeNode, domainXml, guestServer} from '../helpers/fake-guests.js';

const SERVER = {id: 'id', status: 'ACTIVE'};
const WISH: GuestWish = {
  asked: undefined,
  today: undefined,
  copy: undefined,
  flavorState: 'there',
  image: {name: 'debian', properties: {}, from: 'server'},
};

test('each difference has a cause, and a cure where there is one', (t) => {
  const base = {trait: 'watchdog', isByImage: false, mayBeImage: false} as const;
  t.regex(explain({...base, verdict: 'old-copy'}, SERVER, WISH).remedy ?? '', /^Resize it/);
  t.regex(explain({...base, verdict: 'differs'}, SERVER, WISH).remedy ?? '', /reboot --hard id$/);
  t.regex(
    explain({...base, verdict: 'same', isByImage: true}, SERVER, WISH).cause ?? '',
    /hw_watchdog_action/,
  );
  t.deepEqual(explain({...base, verdict: 'same'}, SERVER, WISH), {cause: undefined, remedy: undefined});
  t.regex(explain({...base, verdict: 'unknown'}, SERVER, WISH).cause ?? '', /2\.47/);
  const today: GuestWish = {...WISH, image: {...WISH.image, from: 'image'}};
  const maybe = explain({...base, verdict: 'differs', mayBeImage: true}, SERVER, today);
  t.regex(maybe.cause ?? '', /The image is read as it is today/);
  const differs = {...base, verdict: 'differs'} as const;
  const remedyOf = (status: string) => explain(differs, {id: 'id', status}, WISH).remedy ?? '';
  t.regex(remedyOf('SHUTOFF'), /server start id$/);
  t.regex(remedyOf('RESCUE'), /unrescue id$/);
  t.regex(remedyOf('VERIFY_RESIZE'), /look again/);
  const rescued = explain({...differs, mayBeImage: true}, {id: 'id', status: 'RESCUE'}, WISH);
  t.regex(rescued.cause ?? '', /rescue image/);
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

const shown = (lines: readonly Line[]): string => lines.map((line) => renderLine(line, false)).join('\n');

/** A server whose guest is asked for with one action, and whose flavor says another today. */
function withOldCopy(name: string): Verified {
  const domain = readDomain(domainXml('poweroff'));
  const today = {...domain.traits, watchdog: {model: 'i6300esb', action: 'reset', isOfMachine: false}};
  const sides = {asked: domain.traits, withoutImage: domain.traits, today, isImageKnown: true};
  return {
    kind: 'compared',
    server: guestServer({name}),
    host: 'compute-1',
    node: computeNode('compute-1'),
    domain,
    state: 'running (booted)',
    wish: WISH,
    asked: domain.traits,
    today,
    traits: compareGuest(domain, sides),
  };
}

test('of many servers each is told with its sides, and what holds for several is explained once', (t) => {
  const told = new Set<string>();
  const [first, second] = ['web-1', 'web-2'].map((name) =>
    shown(verifiedLines(withOldCopy(name), ASCII_SIGNS, told)),
  );
  t.regex(first ?? '', /Resize it to a flavor/);
  t.regex(second ?? '', /^! web-2[^]*asked for +i6300esb, poweroff\n +flavor today +i6300esb, reset$/);
  t.notRegex(second ?? '', /topology/);
  t.regex(shown(verifiedLines(withOldCopy('web-3'), ASCII_SIGNS)), /\+ CPU topology[^]*\+ memory backing/);
});

test('where the flavor is gone it is said that the copy alone was looked at', (t) => {
  const old = withOldCopy('web-1');
  if (old.kind !== 'compared') return t.fail('it is compared');
  const sides = {asked: old.asked, withoutImage: old.asked, today: undefined, isImageKnown: true};
  const traits = compareGuest(old.domain, sides);
  const gone = {...old, traits, today: undefined, wish: {...WISH, flavorState: 'gone'} as const};
  const words = shown(verifiedLines(gone, ASCII_SIGNS)).replaceAll(/\s+/g, ' ');
  t.regex(words, /ask for\. That is the copy that it carries: no flavor has that name any more\.$/);
});

test('the summary tells old copies from guests that are otherwise, and what was not looked at', (t) => {
  const unseen: Verified = {
    kind: 'unseen',
    server: guestServer(),
    host: undefined,
    isUnreachable: false,
    problem: 'gone',
    remedy: undefined,
  };
  t.is(
    shown(verifySummary([withOldCopy('a')], 0, ASCII_SIGNS)),
    '! 0 guests as asked for, 1 with an old copy of the flavor.',
  );
  t.is(
    shown(verifySummary([unseen], 2, ASCII_SIGNS)),
    '? 0 guests as asked for, 1 not looked at, 2 shelved, without a guest.',
  );
  t.is(shown(verifySummary([], 0, ASCII_SIGNS)), '- No server runs there.');
  t.is(shown(verifySummary([], 2, ASCII_SIGNS)), '- No server runs there, 2 shelved, without a guest.');
});
