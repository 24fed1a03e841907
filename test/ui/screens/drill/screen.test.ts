import {once} from 'node:events';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../../../source/app/errors.js';
import type {DrillSubject} from '../../../../source/app/guest/drill.js';
import type {DrillEvent} from '../../../../source/app/guest/watch-drill.js';
import {beginCourse} from '../../../../source/domain/guest/drill-course.js';
import {finalStateOf} from '../../../../source/domain/guest/drill-verdict.js';
import {readDomain} from '../../../../source/domain/guest/guest-domain.js';
import {anyScreen, type ScreenEntry} from '../../../../source/ui/screen.js';
import {drillBindings} from '../../../../source/ui/screens/drill/keys.js';
import {startDrill, updateDrill} from '../../../../source/ui/screens/drill/model.js';
import {drillScreen} from '../../../../source/ui/screens/drill/screen.js';
import {drillCommand} from '../../../../source/ui/screens/drill/view.js';
import {computeNode, domainXml, guestServer} from '../../../helpers/fake-guests.js';
import {checkPlace} from '../../../helpers/key-places.js';
import {showScreens, type ShownOptions} from '../../../helpers/shown-screens.js';

const NOW = Date.parse('2026-11-22T03:12:47Z');

function subject(): DrillSubject {
  const server = guestServer();
  const domain = readDomain(domainXml());
  return {
    server,
    node: computeNode('compute-1'),
    model: 'i6300esb',
    action: 'poweroff',
    verified: {
      kind: 'compared',
      server,
      host: 'compute-1',
      node: computeNode('compute-1'),
      domain,
      state: 'running (booted)',
      wish: {
        asked: undefined,
        today: undefined,
        copy: undefined,
        flavorState: 'untold',
        image: {name: undefined, properties: undefined, from: 'untold'},
      },
      asked: undefined,
      today: undefined,
      traits: [{trait: 'watchdog', verdict: 'same', isByImage: false, mayBeImage: false}],
    },
  };
}

const final = finalStateOf('poweroff');
if (final === undefined) throw new Error('poweroff promises nothing');

const EVENTS: readonly DrillEvent[] = [
  {kind: 'watching', at: NOW, state: 'running (booted)'},
  {kind: 'event', at: NOW + 30_000, event: 'watchdog', detail: 'poweroff'},
  {kind: 'state', at: NOW + 30_300, state: 'shut off (crashed)'},
  {
    kind: 'end',
    at: NOW + 46_000,
    course: beginCourse('poweroff'),
    verdict: {kind: 'kept', domainMs: 300, novaMs: 15_600, final},
  },
];

function open(
  t: ExecutionContext,
  look: () => Promise<DrillSubject> = async () => Promise.resolve(subject()),
  shown: Partial<ShownOptions> = {},
) {
  let tell: (event: DrillEvent) => void = () => t.fail('nobody watches');
  const clock = {now: () => NOW, sleep: async () => Promise.resolve()};
  const entries: readonly ScreenEntry[] = [
    {
      name: 'drill',
      description: 'drill',
      open: (shell) =>
        anyScreen(
          drillScreen(
            {
              clock,
              withinSeconds: 900,
              look,
              watch: async (_subject, onEvent, signal) => {
                tell = onEvent;
                await once(signal, 'abort');
              },
            },
            'web-1',
            shell,
          ),
        ),
    },
  ];
  return {
    ...showScreens(t, entries, {first: 'drill', start: NOW, ...shown}),
    tell: (event: DrillEvent) => tell(event),
  };
}

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
] as const) {
  test(`a drill at ${columns}x${rows}: what the guest needs, the typed name, the crash, and the verdict`, async (t) => {
    const {until, press, tell} = open(t, undefined, {columns, rows});
    const prepared = (await until('THE GUEST NEEDS')).join('\n');
    t.regex(prepared, /i6300esb on compute-1, action poweroff/);
    t.regex(prepared, /sysctl kernel\.panic/);
    t.false(prepared.includes('…'), prepared);
    await press('enter');
    await until('Type the name');
    await press('w', 'e', 'b', '-', '1', 'tab', 'enter');
    const crash = (await until('NOW CRASH THE GUEST')).join('\n');
    t.regex(crash, /watched for \d+ s of 15 min/);
    t.regex(crash, /echo c > \/proc\/sysrq-trigger/);
    for (const event of EVENTS.slice(0, 3)) tell(event);
    t.regex(
      (await until('The watchdog fired')).join('\n'),
      /03:13:17\.0 ▲ libvirt: event watchdog: poweroff/,
    );
    for (const event of EVENTS.slice(3)) tell(event);
    const end = (await until('did what poweroff promises')).join(' ').replaceAll(/\s+/g, ' ');
    t.regex(end, /the domain was shut off after 0\.3 s, and Nova showed SHUTOFF after 15\.6 s/);
    t.regex(end, /openstack server start/);
  });
}

test('who quits while a guest is watched is asked, and is told afterwards that there is no verdict', async (t) => {
  const told = new Map<string, string | undefined>();
  const afterwards = (key: string, text: string | undefined) => void told.set(key, text);
  const {until, press, tell, code} = open(t, undefined, {afterwards});
  await until('THE GUEST NEEDS');
  await press('enter');
  await until('Type the name');
  await press('w', 'e', 'b', '-', '1', 'tab', 'enter');
  await until('NOW CRASH THE GUEST');
  for (const event of EVENTS.slice(0, 1)) tell(event);
  await press('q');
  t.regex((await until('Stay')).join(' ').replaceAll(/[│ ]+/g, ' '), /its guest may be crashed already/);
  await press('enter');
  await until('NOW CRASH THE GUEST');
  await press('q', 'tab', 'enter');
  t.is(await code, 130);
  t.regex(told.get('drill') ?? '', /^web-1: the drill ended without a verdict; .*openstack server show/);
});

test('nothing begins where the name is another', async (t) => {
  const {until, press, screen} = open(t);
  await until('THE GUEST NEEDS');
  await press('enter');
  await until('Type the name');
  await press('w', 'e', 'b', '-', '2', 'tab', 'enter');
  await press('esc');
  await until('THE GUEST NEEDS');
  t.notRegex(screen().join('\n'), /NOW CRASH/);
});

test('what stands in the way of a drill is told, and looked at again', async (t) => {
  let isThere = false;
  const {until, press} = open(t, async () => {
    if (!isThere)
      throw new UserError('refused', 'web-1: its domain has no watchdog', {remedy: 'give it one'});
    return Promise.resolve(subject());
  });
  t.regex((await until('its domain has no watchdog')).join('\n'), /give it one\./);
  isThere = true;
  await press('ctrl-r');
  await until('THE GUEST NEEDS');
});

test('the bindings of a drill are those of the table', (t) => {
  const looking = startDrill('web-1', 900, NOW).state;
  const prepared = updateDrill(looking, {type: 'looked', subject: subject()}).state;
  const failed = updateDrill(looking, {type: 'failed', trouble: {message: 'm', remedy: undefined}}).state;
  for (const state of [looking, prepared, failed])
    t.notThrows(() => checkPlace(drillBindings(state), 'drill'));
});

test('what comes for a step that is over changes nothing', (t) => {
  const looking = startDrill('web-1', 900, NOW).state;
  const [first] = EVENTS;
  if (first === undefined) throw new Error('there are events');
  t.is(updateDrill(looking, {type: 'seen', event: first}).state, looking);
  t.is(updateDrill(looking, {type: 'agree'}).state, looking);
  const prepared = updateDrill(looking, {type: 'looked', subject: subject()}).state;
  t.deepEqual(updateDrill(prepared, {type: 'agree'}).effects, []);
});

test('the command that does the same is one that a shell takes as it is meant', (t) => {
  t.is(drillCommand({word: 'web-1'}), 'reprieve drill web-1');
  t.is(drillCommand({word: ''}), 'reprieve drill SERVER');
  t.is(drillCommand({word: 'two words; reboot'}), "reprieve drill 'two words; reboot'");
});
