import type {RunEvent} from '../app/rollout/events.js';

/** An event as `apply --json` gives it, one a line; the last one tells the outcome. A promise to scripts (cli.md). */
export function eventToJson(event: RunEvent): Record<string, unknown> {
  const time = new Date(event.time).toISOString();
  switch (event.kind) {
    case 'step':
      return {
        time,
        run: event.run,
        host: event.host,
        step: event.step,
        state: event.state,
        message: event.message,
      };
    case 'end':
      return {time, run: event.run, outcome: event.outcome, nodes: event.nodes, next: event.next};
  }
}
