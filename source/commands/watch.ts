import {UserError} from '../app/errors.js';
import {listNow} from '../app/watch/list-now.js';
import type {WaitingList, WatchOptions, WatchPorts} from '../app/watch/watch-types.js';
import {inOrder, waitingLines} from '../text/watch.js';
import {listedToJson} from '../text/watch-json.js';
import {type CommandContext, defineCommand} from './command.js';
import {option, toggle} from './flag.js';
import {openSession} from './rollout-session.js';
import {intervalFlag, runFlags} from './run-flags.js';

const {parallel, transport, askBecomePass} = runFlags;

/** The soft-deleted servers and how long each has left. */
export const watch = defineCommand({
  name: 'watch',
  summary: 'soft-deleted servers, and how long each has left',
  args: [{syntax: '[text]', help: 'only servers with this in their name or id'}],
  flags: {
    once: toggle('--once', 'the list as it is now, then the end', {notInProfile: 'it is about one look'}),
    exact: toggle('--exact', "the time of each delete from the server's actions, not from its last change"),
    interval: option(
      '--interval <time>',
      'what hosts are taken to run with that are not looked at: 2h, 7d',
      intervalFlag.parse,
    ),
    parallel,
    transport,
    askBecomePass,
  },
  examples: [
    'reprieve watch --once',
    'reprieve watch --once web --exact',
    'reprieve watch --once --json --interval 2h',
  ],
  async run(context, {args, flags}) {
    const [text] = args;
    if (!flags.once) throw noScreen();
    const session = await openSession(context, flags);
    const options: WatchOptions = {
      loadFleet: session.loadFleet,
      parallel: flags.parallel,
      assumedSeconds: flags.interval,
      text: text === '' ? undefined : text,
      isExact: flags.exact,
    };
    return listOnce(context, session.ports, options, session.signals.stop);
  },
});

function noScreen(): UserError {
  return new UserError('usage', 'watch has no screen', {
    remedy: 'take --once for the list as it is now',
  });
}

async function listOnce(
  {output, looks}: CommandContext,
  ports: WatchPorts,
  options: WatchOptions,
  signal: AbortSignal,
): Promise<0 | 1> {
  const {list} = await listNow(ports, options, signal);
  if (output.isJson) for (const listed of inOrder(list.servers)) output.json(listedToJson('present', listed));
  else output.lines(waitingLines(list, output.columns, options.text, looks.signs));
  for (const notice of noticesOf(list)) output.notice(`notice: ${notice}`);
  return list.problem === undefined && list.timesProblem === undefined ? 0 : 1;
}

/** What keeps the list from being whole or exact. */
function noticesOf({problem, timesProblem, unseen}: WaitingList): readonly string[] {
  return [
    ...(problem === undefined ? [] : [`servers may be missing: ${problem}`]),
    ...(timesProblem === undefined ? [] : [`not all times of deletes could be had: ${timesProblem}`]),
    ...unseen.map((one) => `the interval of ${one.host} was not seen: ${one.problem}`),
  ];
}
