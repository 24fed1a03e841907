import test from 'ava';
import {
  beginCourse,
  type DrillCourse,
  type NovaView,
  withGuestLine,
  withNovaView,
} from '../../../source/domain/guest/drill-course.js';
import {verdictOf} from '../../../source/domain/guest/drill-verdict.js';
import {createGuestReader, type GuestLine} from '../../../source/domain/guest/guest-lines.js';

const ACTIVE: NovaView = {status: 'ACTIVE', powerState: 'running', taskState: undefined};
const OFF: NovaView = {status: 'SHUTOFF', powerState: 'shutdown', taskState: undefined};

const state = (at: number, text: string): GuestLine => ({kind: 'state', at, state: text});
const fired = (at: number, detail: string): GuestLine => ({kind: 'event', at, event: 'watchdog', detail});

type Step = GuestLine | {readonly at: number; readonly nova: NovaView};

function course(action: string, ...steps: readonly Step[]): DrillCourse {
  let found = beginCourse(action);
  for (const step of steps) {
    found = 'nova' in step ? withNovaView(found, step.nova, step.at) : withGuestLine(found, step);
  }
  return found;
}

test('what virsh prints is read, in whatever pieces it comes', (t) => {
  const text = [
    'begin\tguest',
    'tool\tvirsh',
    'state\t1764.500000000\t=running (booted)',
    "2026-11-23 23:04:12.831+0000: event 'watchdog' for domain 'instance-00000003': pause",
    "2026-11-23 23:04:12.831+0000: event 'lifecycle' for domain 'instance-00000003': Suspended Watchdog",
    "2026-11-23 23:04:08.304+0000: event 'reboot' for domain 'instance-00000002'",
    'silent\t1766.000000000\tZXJyb3I6IGZhaWxlZCB0byBjb25uZWN0CmVycm9yOiBubyBzb2NrZXQK',
    'absent\t1767.000000000\t=error: failed to get domain',
    'deaf\t1768.000000000',
    'event loop timed out',
    'events received: 2',
    'end\tguest',
    '',
  ].join('\n');
  const at = Date.UTC(2026, 10, 23, 23, 4, 12, 831);
  const expected: readonly GuestLine[] = [
    {kind: 'state', at: 1_764_500, state: 'running (booted)'},
    {kind: 'event', at, event: 'watchdog', detail: 'pause'},
    {kind: 'event', at, event: 'lifecycle', detail: 'Suspended Watchdog'},
    {kind: 'event', at: Date.UTC(2026, 10, 23, 23, 4, 8, 304), event: 'reboot', detail: ''},
    {kind: 'silent', at: 1_766_000, reason: 'failed to connect; no socket'},
    {kind: 'absent', at: 1_767_000},
    {kind: 'deaf', at: 1_768_000},
    {kind: 'end'},
  ];
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 7, 64, bytes.length]) {
    const reader = createGuestReader();
    const lines: GuestLine[] = [];
    for (let from = 0; from < bytes.length; from += size)
      lines.push(...reader.push(bytes.slice(from, from + size)));
    t.deepEqual(lines, expected);
  }
});

test('poweroff is kept when the domain is off and Nova shows it, with the times of both', (t) => {
  const begun = [state(1000, 'running (booted)'), {at: 1000, nova: ACTIVE}, fired(5000, 'poweroff')] as const;
  t.is(verdictOf(course('poweroff', ...begun), false), undefined);
  const off = [...begun, state(5300, 'shut off (crashed)')] as const;
  t.is(verdictOf(course('poweroff', ...off), false), undefined);
  t.like(verdictOf(course('poweroff', ...off, {at: 20_500, nova: OFF}), false), {
    kind: 'kept',
    domainMs: 300,
    novaMs: 15_500,
  });
  t.like(verdictOf(course('poweroff', ...off), true), {kind: 'nova-behind', nova: ACTIVE});
});

test('reset is kept when the domain runs on for a while', (t) => {
  const steps = [state(1000, 'running (booted)'), {at: 1000, nova: ACTIVE}, fired(5000, 'reset')] as const;
  t.is(verdictOf(course('reset', ...steps, state(6000, 'running (booted)')), false), undefined);
  t.like(verdictOf(course('reset', ...steps, state(10_100, 'running (booted)')), false), {
    kind: 'kept',
    domainMs: undefined,
    novaMs: undefined,
  });
});

test("pause is kept though the event was missed: libvirt's reason tells", (t) => {
  const paused: NovaView = {...ACTIVE, powerState: 'paused'};
  const steps = [state(1000, 'running (booted)'), state(9000, 'paused (watchdog)')] as const;
  t.like(verdictOf(course('pause', ...steps, {at: 9500, nova: paused}), false), {kind: 'kept', novaMs: 500});
});

test('a domain that changes without its watchdog is not taken for it', (t) => {
  const off = [state(1000, 'running (booted)'), state(3000, 'shut off (destroyed)')] as const;
  t.is(verdictOf(course('poweroff', ...off), false), undefined);
  t.like(verdictOf(course('poweroff', ...off, state(8000, 'shut off (destroyed)')), false), {
    kind: 'not-watchdog',
    state: 'shut off (destroyed)',
  });
});

test('a watchdog that does another thing, or a domain that does not follow, is told', (t) => {
  const begun = state(1000, 'running (booted)');
  t.deepEqual(verdictOf(course('poweroff', begun, fired(2000, 'reset')), false), {
    kind: 'other-action',
    did: 'reset',
  });
  const late = course('poweroff', begun, fired(2000, 'poweroff'), state(40_000, 'running (booted)'));
  t.like(verdictOf(late, false), {kind: 'domain-otherwise', state: 'running (booted)'});
});

test('an action that Nova never asks for is promised nothing, and told when it fired', (t) => {
  const nmi = [state(1000, 'running (booted)'), fired(2000, 'inject-nmi')] as const;
  t.is(verdictOf(course('inject-nmi', ...nmi), false), undefined);
  const after = course('inject-nmi', ...nmi, state(7100, 'running (booted)'));
  t.deepEqual(verdictOf(after, false), {kind: 'unpromised', state: 'running (booted)'});
});

test("the domain's time is that of libvirt's event, where one says when it changed", (t) => {
  const stopped: GuestLine = {kind: 'event', at: 5310, event: 'lifecycle', detail: 'Stopped Failed'};
  const off = course(
    'poweroff',
    state(5000, 'running (booted)'),
    fired(5300, 'poweroff'),
    stopped,
    state(6000, 'shut off (crashed)'),
    {at: 20_300, nova: OFF},
  );
  t.like(verdictOf(off, false), {kind: 'kept', domainMs: 10, novaMs: 15_000});
});

test('what changed while events were missed is not laid at anybody', (t) => {
  const begun = state(1000, 'running (booted)');
  const deaf: GuestLine = {kind: 'deaf', at: 2000};
  const off = [state(3000, 'shut off (crashed)'), state(8000, 'shut off (crashed)')] as const;
  t.deepEqual(verdictOf(course('poweroff', begun, deaf, ...off), false), {
    kind: 'unheard',
    state: 'shut off (crashed)',
  });
  // Long after events were heard again.
  const later = [
    state(3000, 'running (booted)'),
    state(60_000, 'paused (user)'),
    state(65_000, 'paused (user)'),
  ];
  t.like(verdictOf(course('pause', begun, deaf, ...later), false), {kind: 'not-watchdog'});
  t.like(verdictOf(course('reset', begun, deaf, state(60_000, 'running (booted)')), true), {kind: 'unheard'});
  const silent: GuestLine = {kind: 'silent', at: 2000, reason: 'failed to connect'};
  t.deepEqual(verdictOf(course('reset', silent), true), {kind: 'unheard', state: undefined});
});

test('a domain that is away for long is gone, and one that comes back is not', (t) => {
  const away = (at: number): GuestLine => ({kind: 'absent', at});
  const begun = [state(1000, 'running (booted)'), {at: 1000, nova: ACTIVE}, away(2000)] as const;
  t.is(verdictOf(course('reset', ...begun, away(9000)), false), undefined);
  t.deepEqual(verdictOf(course('reset', ...begun, away(17_000)), false), {kind: 'gone', nova: ACTIVE});
  t.is(verdictOf(course('reset', ...begun, state(5000, 'running (booted)')), false), undefined);
});

test('nothing is decided before the time is up, and nothing happened then', (t) => {
  const quiet = course('reset', state(1000, 'running (booted)'), state(60_000, 'running (booted)'));
  t.is(verdictOf(quiet, false), undefined);
  t.deepEqual(verdictOf(quiet, true), {kind: 'nothing'});
  t.deepEqual(verdictOf(beginCourse('reset'), true), {kind: 'nothing'});
});
