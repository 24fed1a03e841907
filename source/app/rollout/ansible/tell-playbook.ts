import type {EventStep} from '../events.js';
import {type RunContext, tell} from '../run-context.js';
import type {HostEvent, PlaybookEvent} from './playbook-event.js';

/** What Ansible says became of a host. It is for people: what counts is the node itself. */
export type HostReport = {
  readonly verdict: 'reached' | 'failed' | 'unreachable';
  /** The task that failed and why; empty where none did. */
  readonly message: string;
};

/** Modules that restart, and those that only look: what else changes a node writes. */
const RESTARTING: ReadonlySet<string> = new Set(['systemd', 'systemd_service', 'service', 'sysvinit']);
const LOOKING: ReadonlySet<string> = new Set(['uri', 'wait_for', 'wait_for_connection', 'pause']);

/** Follows a playbook: tells readers and journal what happens, and remembers how each host fared. */
export class PlaybookTelling {
  readonly reports = new Map<string, HostReport>();
  /** Whether a playbook began at all. */
  hasStarted = false;
  /** Whether it came to its end, well or not. */
  hasEnded = false;
  /** Whether, at its end, it had come to any host. */
  hasHosts = false;
  readonly #context: RunContext;
  readonly #hosts: ReadonlySet<string>;
  /** Hosts whose restart began: what is changed after that is tidied up. */
  readonly #restarting = new Set<string>();

  constructor(context: RunContext, hosts: Iterable<string>) {
    this.#context = context;
    this.#hosts = new Set(hosts);
  }

  hear(event: PlaybookEvent): void {
    switch (event.kind) {
      case 'start':
        this.hasStarted = true;
        return;
      case 'stats':
        this.hasEnded = true;
        this.hasHosts = event.hosts.length > 0;
        for (const host of this.reports.keys()) this.#conclude(host, event);
        return;
      default:
        // A task that is delegated is told of under the host that it is for.
        if (this.#hosts.has(event.host)) this.#hearHost(event);
    }
  }

  #hearHost(event: HostEvent): void {
    const {kind, host, task, message} = event;
    if (!this.reports.has(host)) this.reports.set(host, {verdict: 'reached', message: ''});
    const step = stepOf(event);
    if (step === 'restart') this.#restarting.add(host);
    switch (kind) {
      case 'begin':
        // Most tasks only look or compare: nobody waits for these.
        if (step === 'restart') tell(this.#context, host, step, 'started', `Ansible: ${task}`);
        return;
      case 'changed':
        if (step === 'restart' || (step === 'change' && !this.#restarting.has(host)))
          tell(this.#context, host, step, 'started', `Ansible: ${task}: changed`);
        return;
      case 'failed':
      case 'unreachable': {
        const words = message === '' ? task : `${task}: ${message}`;
        // What rescues a task may fail too: the first failure is the cause.
        const earlier = this.reports.get(host);
        if (earlier?.message === '') this.reports.set(host, {verdict: kind, message: words});
        tell(this.#context, host, step, 'failed', `Ansible: ${words}`);
        return;
      }
      case 'ok':
      case 'skipped':
      case 'ignored':
        return;
    }
  }

  /** A failure that was rescued is none in the end. */
  #conclude(host: string, {failed, unreachable}: PlaybookEvent & {kind: 'stats'}): void {
    const message = this.reports.get(host)?.message ?? '';
    if (unreachable.includes(host)) this.reports.set(host, {verdict: 'unreachable', message});
    else if (failed.includes(host)) this.reports.set(host, {verdict: 'failed', message});
    else this.reports.set(host, {verdict: 'reached', message: ''});
  }
}

function stepOf({action}: HostEvent): EventStep {
  if (RESTARTING.has(action)) return 'restart';
  return LOOKING.has(action) ? 'gate' : 'change';
}
