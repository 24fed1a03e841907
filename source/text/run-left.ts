import type {RunEvent} from '../app/rollout/events.js';
import type {Plan} from '../app/rollout/plan-types.js';
import {spansOf} from './line.js';
import {runTextReader} from './run.js';
import type {Signs} from './signs.js';

/**
 * Makes what is told of a run once the screens that carried it out are gone. Given each event in turn: at its end the
 * same as `apply` tells, before that how far it came for whoever does not wait for its end.
 */
export function runLeftReader(plan: Plan, signs: Signs): (event: RunEvent) => string {
  const read = runTextReader({hosts: [], isVerbose: false, signs});
  const open = new Map<string, number>();
  for (const {host, step} of plan.targets) {
    if (step !== undefined) open.set(host, (open.get(host) ?? 0) + 1);
  }
  const total = open.size;
  return (event) => {
    const lines = read(event);
    const {run} = event;
    if (event.kind === 'step') {
      if (event.step === 'result' && event.state === 'done') {
        const left = (open.get(event.host) ?? 0) - 1;
        if (left > 0) open.set(event.host, left);
        else open.delete(event.host);
      }
      return `reprieve: run ${run} was cut off with ${total - open.size} of ${total} nodes done; reprieve resume ${run} goes on with it`;
    }
    return lines
      .map((line) =>
        spansOf(line)
          .map((span) => (typeof span === 'string' ? span : span.text))
          .join(''),
      )
      .join('\n')
      .trim();
  };
}
