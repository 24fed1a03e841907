import {restoreServers} from '../app/restore/restore.js';
import {isGood, type RestoreEvent} from '../app/restore/restore-types.js';
import {findServers} from '../app/servers/find-servers.js';
import {withRemedy} from '../app/errors.js';
import {checkLines, restoreSentence, restoreToJson} from '../text/restore.js';
import {sign} from '../text/signs.js';
import {serverWords} from '../text/servers.js';
import {defineCommand, type CommandContext} from './command.js';
import {option, optionWithDefault, parseText, toggle} from './flag.js';
import {cloudName, openCloud, refuseAmbiguous} from './named-servers.js';
import {refuseReadOnly} from './rollout-session.js';
import {intervalFlag, parseLimit} from './run-flags.js';

const ONE_COMMAND = {notInProfile: 'it is about servers that one command names'};

const flags = {
  stop: toggle('--stop', 'power off again when it is ACTIVE; its guest runs until then', ONE_COMMAND),
  lock: option('--lock <reason>', 'lock it at the end, with this reason', parseText, ONE_COMMAND),
  wait: toggle('--wait', 'follow each until it runs, which is done in any case', ONE_COMMAND),
  within: optionWithDefault(
    '--within <time>',
    'how long each is followed; with --stop 30 min at least',
    parseLimit,
    '2m',
    ONE_COMMAND,
  ),
  dryRun: toggle('--dry-run', 'check, and do nothing', ONE_COMMAND),
  interval: {
    ...intervalFlag,
    help: 'what hosts run with, to tell how long a server has left',
  },
};

/** Brings soft-deleted servers back, and follows each until it is there. */
export const restore = defineCommand({
  name: 'restore',
  summary: 'bring soft-deleted servers back, and follow each until it runs',
  args: [{syntax: '<server...>', help: 'names or ids'}],
  flags,
  examples: [
    'reprieve restore web-1',
    'reprieve restore web-1 db-2 --dry-run',
    "reprieve restore web-1 --stop --lock 'do not start: INC-4711'",
  ],
  async run(context, {args, flags: {stop, lock, within, dryRun, interval}}) {
    const {output, signal} = context;
    if (!dryRun) refuseReadOnly(context, 'restore');
    const ports = await openCloud(context);
    const {clock} = await context.compose();
    const wanted = refuseAmbiguous(context, await findServers(ports.namedServers, args, signal));
    if (stop && !dryRun) {
      output.line(
        'Nova starts a guest first: it runs until the stop took effect, usually one to two minutes.',
      );
    }
    const ends = await restoreServers(
      {...ports, servers: ports.namedServers, clock},
      wanted,
      {
        stop,
        lock,
        waitSeconds: within,
        isDryRun: dryRun,
        interval:
          interval === undefined
            ? {kind: 'unknown', problem: 'nobody said'}
            : {kind: 'value', seconds: interval},
      },
      (event) => tell(context, event, cloudName(ports)),
      signal,
    );
    if (ends.some(({kind}) => kind === 'interrupted')) return 130;
    return ends.every(isGood) ? 0 : 1;
  },
});

/** What is good goes to stdout, what is not at once to stderr. */
function tell({output, looks}: CommandContext, event: RestoreEvent, cloud: string | undefined): void {
  switch (event.kind) {
    case 'checked':
      output.lines(checkLines(event, looks.signs));
      return;
    case 'asked':
      output.line({text: `  ${event.server.name}: asks Nova to ${event.what} it`, tone: 'muted'});
      return;
    case 'seen':
      output.line({text: `  ${event.server.name}: ${event.text}`, tone: 'muted'});
      return;
    case 'end': {
      output.json(restoreToJson(event, cloud));
      const {message, remedy} = restoreSentence(event.end, event.target, cloud);
      const {server, word} = event.target;
      const who = server === undefined ? `"${word}"` : serverWords(server);
      if (isGood(event.end)) {
        output.line([sign(looks.signs, 'ok'), ` ${who}: ${message}`]);
      } else {
        const alarm = event.end.kind === 'failed' ? 'ALARM: ' : '';
        output.notice([{text: `reprieve: ${alarm}`, tone: 'bad'}, withRemedy(`${who}: ${message}`, remedy)]);
      }
    }
  }
}
