import test from 'ava';
import {
  beginCourse,
  type DrillCourse,
  type NovaView,
  verdictOf,
  withGuestLine,
  withNovaView,
} from '../../../source/domain/guest/drill-course.js';
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
  t.deepEqual(verdictOf(course('inject-nmi', begun, fired(2000, 'inject-nmi')), false), {
    kind: 'other-action',
    did: 'inject-nmi',
  });
});

test('nothing is decided before the time is up, and nothing happened then', (t) => {
  const quiet = course('reset', state(1000, 'running (booted)'), state(60_000, 'running (booted)'));
  t.is(verdictOf(quiet, false), undefined);
  t.deepEqual(verdictOf(quiet, true), {kind: 'nothing'});
  t.deepEqual(verdictOf(beginCourse('reset'), true), {kind: 'nothing'});
});
