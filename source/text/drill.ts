import type {DrillSubject} from '../app/guest/drill.js';
import type {DrillEvent, DrillWitness} from '../app/guest/watch-drill.js';
import {verdictMeaning, verdictSentence} from './drill-verdict.js';
import type {Line, Span} from './line.js';
import {paragraph, signed} from './paragraph.js';
import {clockTime} from './point-in-time.js';
import {type Meaning, sign, type Signs} from './signs.js';

/** What somebody types who crashes a guest on purpose. */
export const CRASH_COMMAND = 'echo c > /proc/sysrq-trigger';

const NOT_NOVA = 'Nova never asks for this action';

/** What each action does to a guest that hangs, and to whoever runs it. */
const PROMISES: Readonly<Record<string, string>> = {
  reset: 'the guest is reset and boots anew; Nova sees nothing of it and shows ACTIVE all the time',
  poweroff: 'the guest is powered off; Nova shows SHUTOFF, some 15 s later, and starts it only when asked',
  pause: 'the guest is paused with its memory; Nova goes on to show ACTIVE, and its power state Paused',
  none: 'nothing: libvirt tells that the watchdog fired, and the guest hangs on; Nova shows ACTIVE',
  shutdown: `the guest is asked to shut down, and one that hangs will not; ${NOT_NOVA}`,
  dump: `its memory is dumped on the host, and the guest hangs on; ${NOT_NOVA}`,
  'inject-nmi': `the guest gets an NMI, and its kernel decides what comes of it; ${NOT_NOVA}`,
};

/** What an action does, a clause. */
export function promiseWords(action: string): string {
  return PROMISES[action] ?? NOT_NOVA;
}

/** What a guest needs so that its watchdog can fire, and how to see it there. */
export const GUEST_NEEDS: readonly {readonly what: string; readonly see: string}[] = [
  {
    what: 'The device, and its driver: module i6300esb. Cloud kernels often have none.',
    see: 'lspci -d 8086:25ab; lsmod | grep i6300esb; ls -l /dev/watchdog',
  },
  {
    what: 'Something that opens the device and feeds it: systemd with RuntimeWatchdogSec, or a daemon. Until then the watchdog never fires.',
    see: 'grep . /sys/class/watchdog/*/identity /sys/class/watchdog/*/state',
  },
  {
    what: 'The file that crashes it: root may write to it, whatever kernel.sysrq allows keys.',
    see: 'ls -l /proc/sysrq-trigger',
  },
  {
    what: 'No kdump and no kernel.panic: else the guest starts itself again before the watchdog fires.',
    see: 'sysctl kernel.panic; systemctl is-active kdump kdump-tools',
  },
];

/** What is found before anything happens, and what the guest needs. */
export function drillSubjectLines(
  {server, node, model, action, verified}: DrillSubject,
  signs: Signs,
): Line[] {
  const isGood = verified.traits.find(({trait}) => trait === 'watchdog')?.verdict === 'same';
  return [
    ...signed(
      sign(signs, 'ok'),
      `${server.name} on ${node.name}: device ${model}, action ${action}: ${promiseWords(action)}`,
      0,
    ),
    ...(isGood
      ? []
      : signed(
          sign(signs, 'warning'),
          'its flavor and image ask for another watchdog, now or today: see reprieve verify. The drill shows what the domain has.',
          0,
        )),
    '',
    {text: 'WHAT THE GUEST NEEDS, AND HOW TO SEE IT THERE', tone: 'strong'},
    ...GUEST_NEEDS.flatMap(({what, see}) => [
      ...paragraph(what, 2),
      ['    ', {text: see, tone: 'accent'} satisfies Span],
    ]),
    ...paragraph('The guest half for your distribution: reprieve template render cloud-init', 2),
    '',
  ];
}

/** What to do now. */
export function crashLines({server}: DrillSubject): Line[] {
  return [
    {text: 'NOW CRASH THE GUEST', tone: 'strong'},
    ...paragraph(
      `In a shell or on the console of ${server.name}, as root. Everything that is not on its disk is lost:`,
      2,
    ),
    ['    ', {text: CRASH_COMMAND, tone: 'accent'}],
    ...paragraph('It is watched from here; nothing is changed. Ctrl-C ends the watch.', 2),
    '',
  ];
}

const WITNESSES: Readonly<Record<DrillWitness, string>> = {
  node: 'the node',
  libvirt: 'libvirt',
  nova: 'Nova',
};

/** One thing that was seen, in words. */
export function drillEventWords(event: DrillEvent): {readonly meaning: Meaning; readonly text: string} {
  switch (event.kind) {
    case 'watching':
      return {meaning: 'waiting', text: `watching; the domain is ${event.state}`};
    case 'state':
      return {meaning: 'now', text: `libvirt: the domain is ${event.state}`};
    case 'event': {
      const detail = event.detail === '' ? '' : `: ${event.detail}`;
      const meaning = event.event === 'watchdog' ? 'warning' : 'none';
      return {meaning, text: `libvirt: event ${event.event}${detail}`};
    }
    case 'nova': {
      const {status, powerState, taskState} = event.nova;
      const task = taskState === undefined ? '' : `, ${taskState}`;
      return {meaning: 'now', text: `Nova: ${status}${task}, power state ${powerState}`};
    }
    case 'deaf':
      return {
        meaning: 'unknown',
        text: 'libvirt: its events broke off and are asked for again; what it told meanwhile is missed',
      };
    case 'lost':
      return {
        meaning: 'unknown',
        text: `${WITNESSES[event.who]} does not answer: ${event.problem}`,
      };
    case 'back':
      return {meaning: 'ok', text: `${WITNESSES[event.who]} answers again`};
    case 'end':
      return {
        meaning: verdictMeaning(event.verdict),
        text: verdictSentence(event.verdict, event.course.action),
      };
  }
}

/** A line of the watch. */
export function drillEventLine(event: DrillEvent, signs: Signs): Line {
  const {meaning, text} = drillEventWords(event);
  return [{text: `${timeWithTenths(event.at)} `, tone: 'muted'}, sign(signs, meaning), ` ${text}`];
}

/** `23:04:08.2`, UTC. */
export function timeWithTenths(at: number): string {
  return `${clockTime(at)}.${Math.floor((at % 1000) / 100)}`;
}
