import type {DrillEvent} from '../app/guest/watch-drill.js';
import {finalStateOf} from '../domain/guest/drill-verdict.js';
import {verdictSentence} from './drill-verdict.js';

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
      const {action} = course;
      return {
        time,
        event: 'end',
        verdict: verdict.kind,
        action,
        promised: promisedOf(action),
        fired_at: isoOf(course.firedAt),
        domain: course.state ?? null,
        domain_at: isoOf(course.stateAt),
        nova: course.nova === undefined ? null : course.nova.status,
        power_state: course.nova === undefined ? null : course.nova.powerState,
        nova_at: isoOf(course.novaAt),
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
    case 'deaf':
      return {time, event: 'deaf'};
    case 'watching':
    case 'state':
      return {time, event: event.kind, state: event.state};
  }
}

function isoOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

function inSeconds(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : milliseconds / 1000;
}

function promisedOf(action: string): object | null {
  const final = finalStateOf(action);
  if (final === undefined) return null;
  return {domain: final.domain, status: final.status, power_state: final.powerState};
}
