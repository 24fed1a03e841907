import type {NovaView} from '../domain/guest/drill-course.js';
import type {DrillVerdict, FinalState} from '../domain/guest/drill-verdict.js';
import type {Meaning} from './signs.js';

const WARNINGS: readonly DrillVerdict['kind'][] = ['nothing', 'nova-behind', 'unheard', 'unpromised'];

/** How a verdict is shown. */
export function verdictMeaning({kind}: DrillVerdict): Meaning {
  if (kind === 'kept') return 'ok';
  return WARNINGS.includes(kind) ? 'warning' : 'failed';
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
    case 'unheard': {
      const {state} = verdict;
      const now = state === undefined ? 'its domain was never seen' : `the domain is ${state}`;
      return `whether the watchdog fired is not known, because what libvirt told was missed for a while; ${now}`;
    }
    case 'gone':
      return `the host has its domain no longer: the server was moved or deleted${novaShows(verdict.nova)}`;
    case 'unpromised':
      return `the watchdog fired, and the domain is ${verdict.state}; Nova never asks for ${action}, so nothing is promised`;
    case 'domain-otherwise':
      return `the watchdog fired, and the domain is ${verdict.state} where ${action} promises ${verdict.final.domain}`;
    case 'nova-behind': {
      const {nova, final} = verdict;
      const task = nova?.taskState === undefined ? '' : `, ${nova.taskState}`;
      const shown =
        nova === undefined ? 'did not answer' : `shows ${nova.status}${task}, power state ${nova.powerState}`;
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
    case 'gone':
      return `Look at what was asked of it: openstack server event list ${serverId}`;
    case 'nova-behind':
      return 'Nova hears of it by an event of libvirt, else when it compares power states (sync_power_state_interval, 10 min). Where it hears none, restart nova-compute on the host.';
    case 'unheard':
      return `Look at its state with reprieve verify ${serverId}, and hold the drill again over a line that lasts.`;
    case 'unpromised':
      return 'Ask for another action with hw:watchdog_action: reset, poweroff, pause or none.';
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

function novaShows(nova: NovaView | undefined): string {
  return nova === undefined ? '' : `, and Nova shows ${nova.status}`;
}

function novaWords({status, powerState}: FinalState): string {
  return powerState === 'paused' ? `${status} with power state paused` : status;
}

/** `0.3 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
