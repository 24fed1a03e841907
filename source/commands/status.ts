import {readStatus} from '../app/rollout/status.js';
import {isCoherent} from '../app/rollout/status-types.js';
import {statusLines} from '../text/status.js';
import {statusToJson} from '../text/status-json.js';
import {defineCommand} from './command.js';
import {openSession} from './rollout-session.js';
import {runFlags} from './run-flags.js';

const {parallel, transport, askBecomePass} = runFlags;

/** How delayed delete is set up on every node now. */
export const status = defineCommand({
  name: 'status',
  summary: 'per node: effective value, the file it comes from, service, clock, drift',
  flags: {parallel, transport, askBecomePass},
  examples: ['reprieve status', 'reprieve status --json'],
  async run(context, {flags}) {
    const {output} = context;
    const session = await openSession(context, flags);
    let looked = 0;
    const found = await readStatus(
      session.ports,
      session.loadFleet,
      flags.parallel,
      session.signals.stop,
      (host) => {
        if (host === undefined) return;
        looked += 1;
        output.progress({
          label: 'nodes looked at',
          done: looked,
          total: Math.max(looked, session.fleetSize()),
        });
      },
    );
    output.clearProgress();
    if (output.isJson) output.json(statusToJson(found));
    else output.lines(statusLines(found, output.columns, context.looks.signs));
    return isCoherent(found) ? 0 : 1;
  },
});
