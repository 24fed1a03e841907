import type {ListedServer} from '../app/watch/watch-types.js';
import {describeReading} from '../domain/fleet/interval-change.js';

/** What is assumed of a host is no ground to say that it is late. */
const NOT_THE_HOSTS = "which may not be the host's";

/** Why a server stands as it does, as a sentence without its end; undefined where there is nothing to say. */
export function reasonSentence({
  server,
  interval,
  intervalSource,
  standing,
}: ListedServer): string | undefined {
  const host = server.host ?? 'its host';
  const given = intervalSource === 'assumed' ? `, by the interval that was given, ${NOT_THE_HOSTS}` : '';
  const reading = `${intervalSource === 'assumed' ? 'taken to be ' : ''}${describeReading(interval)}`;
  switch (standing.cause) {
    case undefined:
      return undefined;
    case 'host-down':
      return `nova-compute on ${host} is down, and nothing is reclaimed there until it is up`;
    case 'forced-down':
      return `${host} is forced down: its nova-compute reclaims only if it runs all the same`;
    case 'loop-late':
      return `nova-compute on ${host} is up, but its periodic task is late${given}`;
    case 'late-unseen':
      return `it is past its time${given}; whether nova-compute on ${host} is up cannot be seen`;
    case 'interval-off':
    case 'interval-unreadable':
      return `the interval on ${host} is ${reading}: nothing there is ever reclaimed`;
    case 'no-host':
      return 'it has no host, so no periodic task ever takes it';
    case 'no-service':
      return `Nova lists no nova-compute on ${host}, so no periodic task ever takes it`;
    case 'task-hangs':
      return `its task ${server.taskState ?? ''} hangs, and the periodic task leaves it alone meanwhile`;
    case 'restore-failed':
      return 'a restore failed and emptied its delete time: the next tick destroys it, whatever the interval';
    case 'task-unknown':
      return 'Nova does not tell whether a task is at it';
    case 'interval-unknown':
      return interval.kind === 'unknown'
        ? `the interval on ${host} is not known: ${interval.problem}`
        : `the interval on ${host} is not known`;
    case 'time-unknown':
      return 'Nova does not tell when it was deleted';
  }
}

/** What follows from the reason, or what it comes from, for a table that has `reasonWords` already. */
export function reasonDetail({interval, intervalSource, standing, unseen}: ListedServer): string {
  switch (standing.cause) {
    case undefined:
      return standing.state === 'due' ? 'restorable until then' : '';
    case 'host-down':
      return 'until it is up again';
    case 'forced-down':
      return 'unless it runs still';
    case 'loop-late':
      return 'its nova-compute is up';
    case 'late-unseen':
      return intervalSource === 'assumed' ? 'by an assumed interval' : 'nova-compute not seen';
    case 'interval-off':
      return describeReading(interval);
    case 'interval-unreadable':
      return interval.kind === 'invalid' ? interval.problem : describeReading(interval);
    case 'no-host':
    case 'no-service':
      return 'nothing reclaims it';
    case 'task-hangs':
      return 'left alone meanwhile';
    case 'restore-failed':
      return 'destroyed at the next tick';
    case 'task-unknown':
    case 'time-unknown':
      return 'Nova does not tell it';
    case 'interval-unknown':
      return unseen ?? (interval.kind === 'unknown' ? interval.problem : '');
  }
}

/** The same in two or three words, for a table. */
export function reasonWords({server, standing}: ListedServer): string {
  switch (standing.cause) {
    case undefined:
      return standing.state === 'due' ? 'next tick' : '';
    case 'host-down':
      return 'host down';
    case 'forced-down':
      return 'forced down';
    case 'loop-late':
      return 'loop late';
    case 'late-unseen':
      return 'past its time';
    case 'interval-off':
      return 'no interval';
    case 'interval-unreadable':
      return 'interval unreadable';
    case 'no-host':
      return 'no host';
    case 'no-service':
      return 'no such service';
    case 'task-hangs':
      return `${server.taskState ?? 'task'} hangs`;
    case 'restore-failed':
      return 'restore failed';
    case 'task-unknown':
      return 'task unknown';
    case 'interval-unknown':
      return 'interval unknown';
    case 'time-unknown':
      return 'delete time unknown';
  }
}
