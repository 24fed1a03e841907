import type {DrillEvent, DrillSubject} from '../app/guest/drill.js';
import {type DrillVerdict, finalStateOf} from '../domain/guest/drill-course.js';
import type {Line, Span} from './line.js';
import {paragraph, signed} from './paragraph.js';
import {clockTime} from './point-in-time.js';
import {type Meaning, sign, type Signs} from './signs.js';

/** What somebody types who crashes a guest on purpose. */
export const CRASH_COMMAND = 'echo c > /proc/sysrq-trigger';

/** What each action does to a guest that hangs, and to whoever runs it. */
const PROMISES: Readonly<Record<string, string>> = {
  reset: 'the guest is reset and boots anew; Nova sees nothing of it and shows ACTIVE all the time',
  poweroff: 'the guest is powered off; Nova shows SHUTOFF, some 15 s later, and starts it only when asked',
  pause: 'the guest is paused with its memory; Nova goes on to show ACTIVE, and its power state Paused',
  none: 'nothing: libvirt tells that the watchdog fired, and the guest hangs on; Nova shows ACTIVE',
};

/** What an action does, a clause. */
export function promiseWords(action: string): string {
  return PROMISES[action] ?? 'libvirt knows this action, and Nova never asks for it';
}

/** What a guest needs so that its watchdog can fire, and how to see it there. */
export const GUEST_NEEDS: readonly {readonly what: string; readonly see: string}[] = [
  {
    what: 'The driver of the device: module i6300esb. Cloud kernels often have none.',
    see: 'lsmod | grep i6300esb; ls -l /dev/watchdog',
  },
  {
    what: 'Something that opens the device and feeds it: systemd with RuntimeWatchdogSec, or a daemon. Until then the watchdog never fires.',
    see: 'grep . /sys/class/watchdog/*/identity /sys/class/watchdog/*/state',
  },
  {
    what: 'The key that crashes it, for root.',
    see: 'cat /proc/sys/kernel/sysrq; writing to /proc/sysrq-trigger as root works whatever it says',
  },
  {
    what: 'No kdump and no kernel.panic: else the guest starts itself again before the watchdog fires.',
    see: 'sysctl kernel.panic; systemctl is-active kdump kdump-tools',
  },
];

/** What is found before anything happens, and what the guest needs. */
export function drillSubjectLines({model, action, verified}: DrillSubject, signs: Signs): Line[] {
  const isGood = verified.traits.find(({trait}) => trait === 'watchdog')?.verdict === 'same';
  return [
    ...signed(sign(signs, 'ok'), `device ${model}, action ${action}: ${promiseWords(action)}`, 0),
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

/** One thing that was seen, as a time and words. */
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
    case 'lost':
      return {
        meaning: 'unknown',
        text: `${event.who === 'node' ? 'the node' : 'Nova'} is lost: ${event.problem}`,
      };
    case 'back':
      return {meaning: 'ok', text: `${event.who === 'node' ? 'the node' : 'Nova'} answers again`};
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

/** How a verdict is shown. */
export function verdictMeaning({kind}: DrillVerdict): Meaning {
  if (kind === 'kept') return 'ok';
  return kind === 'nothing' || kind === 'nova-behind' ? 'warning' : 'failed';
}

/** What became of the drill, a sentence without its full stop. */
export function verdictSentence(verdict: DrillVerdict, action: string): string {
  switch (verdict.kind) {
    case 'kept': {
      const {domainMs, novaMs, final} = verdict;
      if (domainMs === undefined || novaMs === undefined) {
        return `the watchdog fired and did what ${action} promises: the domain runs on, and Nova shows ${final.status}`;
      }
      return `the watchdog fired and did what ${action} promises: the domain was ${final.domain} after ${seconds(domainMs)}, and Nova showed ${novaWords(final)} after ${seconds(novaMs)}`;
    }
    case 'other-action':
      return `the watchdog fired and did ${verdict.did}, and its domain says ${action}`;
    case 'not-watchdog':
      return `the domain is ${verdict.state}, and its watchdog did not fire: somebody or something else did that`;
    case 'domain-otherwise':
      return `the watchdog fired, and the domain is ${verdict.state} where ${action} promises ${verdict.final.domain}`;
    case 'nova-behind': {
      const {nova, final} = verdict;
      const shown =
        nova === undefined ? 'was not asked' : `shows ${nova.status}, power state ${nova.powerState}`;
      return `the watchdog did what ${action} promises; Nova ${shown}, and not ${novaWords(final)}`;
    }
    case 'nothing':
      return 'the watchdog did not fire in this time';
  }
}

/** What to do next, sentences. */
export function verdictRemedy(verdict: DrillVerdict, action: string, serverId: string): string {
  switch (verdict.kind) {
    case 'kept':
      return afterwards(action, serverId);
    case 'other-action':
      return 'Look at both sides with reprieve verify, and at what else works on this domain.';
    case 'not-watchdog':
    case 'domain-otherwise':
      return `Look at what was asked of it: openstack server event list ${serverId}`;
    case 'nova-behind':
      return 'Nova hears of it by an event of libvirt, else when it compares power states (sync_power_state_interval, 10 min). Where it hears none, restart nova-compute on the host.';
    case 'nothing':
      return 'Either the guest was not crashed, or nothing in it had opened the watchdog, or it started itself again (kdump, kernel.panic). Look with wdctl in the guest, then hold the drill again.';
  }
}

function afterwards(action: string, serverId: string): string {
  switch (action) {
    case 'poweroff':
      return `Start it again with: openstack server start ${serverId}`;
    case 'pause':
      return `Its memory is kept for a look. Nova believes that it is ACTIVE, so unpause is refused; start it anew with: openstack server reboot --hard ${serverId}`;
    case 'none':
      return `The guest still hangs. Start it anew with: openstack server reboot --hard ${serverId}`;
    default:
      return 'The guest boots by itself; look whether its services came back.';
  }
}

function novaWords({status, powerState}: {readonly status: string; readonly powerState: string}): string {
  return powerState === 'paused' ? `${status} with power state paused` : status;
}

/** `0.3 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** An event for scripts. */
export function drillEventToJson(event: DrillEvent): object {
  const time = new Date(event.at).toISOString();
  switch (event.kind) {
    case 'nova': {
      const {status, powerState, taskState} = event.nova;
      return {time, event: 'nova', status, power_state: powerState, task_state: taskState ?? null};
    }
    case 'event':
      return {time, event: 'libvirt', name: event.event, detail: event.detail};
    case 'end': {
      const {verdict, course} = event;
      const {action, firedAt} = course;
      return {
        time,
        event: 'end',
        verdict: verdict.kind,
        action,
        promised: promisedOf(action),
        fired_at: firedAt === undefined ? null : new Date(firedAt).toISOString(),
        domain: course.state ?? null,
        nova: course.nova === undefined ? null : course.nova.status,
        power_state: course.nova === undefined ? null : course.nova.powerState,
        domain_seconds: verdict.kind === 'kept' ? inSeconds(verdict.domainMs) : null,
        nova_seconds: verdict.kind === 'kept' ? inSeconds(verdict.novaMs) : null,
        message: verdictSentence(verdict, action),
      };
    }
    case 'lost':
    case 'back':
      return {
        time,
        event: event.kind,
        who: event.who,
        ...(event.kind === 'lost' && {problem: event.problem}),
      };
    default:
      return {time, event: event.kind, state: event.state};
  }
}

function inSeconds(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : milliseconds / 1000;
}

function promisedOf(action: string): object | null {
  const final = finalStateOf(action);
  if (final === undefined) return null;
  return {domain: final.domain, status: final.status, power_state: final.powerState};
}
