import {followWaiting, type WatchSink} from '../app/watch/follow.js';
import {Nudge} from '../app/watch/nudge.js';
import {listNow} from '../app/watch/list-now.js';
import type {WaitingList, WatchOptions, WatchPorts} from '../app/watch/watch-types.js';
import {type ExitCode, userErrorLine} from '../text/errors.js';
import type {Printer} from '../text/printer.js';
import {inOrder, shownNames, waitingLines} from '../text/watch.js';
import {listedToJson} from '../text/watch-json.js';
import {type CommandContext, defineCommand} from './command.js';
import {option, toggle} from './flag.js';
import type {ScreenEntry} from '../ui/screen.js';
import type {WatchedCloud} from '../ui/screens/watch/follow-cloud.js';
import {type NodeFlags, openSession, placeFlags, placeOf} from './rollout-session.js';
import {intervalFlag, runFlags} from './run-flags.js';
import {createScreenSecrets, type ScreenSecrets} from './screen-secrets.js';
import {showScreens} from './show-screens.js';

const {parallel, transport, askBecomePass} = runFlags;

/** The soft-deleted servers and how long each has left. */
export const watch = defineCommand({
  name: 'watch',
  profileSection: 'watch',
  isScreen: (isJson, flags) => !isJson && !flags.once,
  summary: 'soft-deleted servers, and how long each has left',
  args: [{syntax: '[text]', help: 'only servers with this in their name or id'}],
  flags: {
    once: toggle('--once', 'the list as it is now, then the end; without it changes follow', {
      notInProfile: 'it is about one look',
    }),
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
    'reprieve watch --json --interval 2h',
  ],
  async run(context, {args, flags}) {
    const [text] = args;
    if (!flags.once && !context.output.isJson) return showWatch(context, flags, text ?? '');
    const session = await openSession(context, flags);
    const options: WatchOptions = {
      loadFleet: session.loadFleet,
      parallel: flags.parallel,
      assumedSeconds: flags.interval,
      text: text === '' ? undefined : text,
      isExact: flags.exact,
      areHostsAwaited: true,
      awaitedNames: flags.once && !context.output.isJson ? shownNames(context.output.columns) : [],
    };
    const {ports, signals} = session;
    return flags.once
      ? listOnce(context, ports, options, signals.stop)
      : followWaiting(ports, options, tellWith(context.output), signals.stop, new Nudge());
  },
});

/** The live list. */
async function showWatch(context: CommandContext, flags: ScreenFlags, text: string): Promise<ExitCode> {
  const code = await showScreens(
    context,
    'watch',
    async () => [await watchEntry(context, flags, text, createScreenSecrets())],
    ['reprieve watch --once', 'reprieve watch --json'],
  );
  return code === 130 ? 130 : code === 0 ? 0 : 1;
}

type ScreenFlags = NodeFlags & {readonly interval: number | undefined};

/** The live list as a screen that others can open too. */
async function watchEntry(
  context: CommandContext,
  flags: ScreenFlags,
  text: string,
  secrets: ScreenSecrets,
): Promise<ScreenEntry> {
  const [{watchScreen}, {anyScreen}] = await Promise.all([
    import('../ui/screens/watch/screen.js'),
    import('../ui/screen.js'),
  ]);
  const composition = await context.compose();
  const place = placeOf(context, composition);
  const notice = (words: string) => context.log.write('warning', words);
  return {
    name: 'watch',
    description: 'soft-deleted servers, and how long each has left',
    open: (shell) => {
      const cloud: WatchedCloud = {
        name: place['cloud'] ?? '',
        clock: composition.clock,
        async open() {
          secrets.askAgain();
          const ports = await composition.rollout({
            cloud: place['cloud'],
            transport: flags.transport,
            parallel: flags.parallel,
            askBecomePass: flags.askBecomePass,
            // The screen has the terminal.
            isInteractive: false,
            secrets: secrets.of(shell),
            notice,
          });
          return {
            name: ports.label.name,
            ports,
            options: {
              async loadFleet(novaComputes) {
                const fleet = await composition.fleet(novaComputes, place);
                for (const words of fleet.notices) notice(words);
                return fleet;
              },
              parallel: flags.parallel,
              assumedSeconds: flags.interval,
              text: undefined,
              isExact: false,
              areHostsAwaited: false,
              awaitedNames: [],
            },
          };
        },
      };
      return anyScreen(
        watchScreen(
          {clouds: [cloud], placeFlags: placeFlags(place), text, isReadOnly: context.common.readOnly},
          shell,
        ),
      );
    },
  };
}

async function listOnce(
  {output, looks}: CommandContext,
  ports: WatchPorts,
  options: WatchOptions,
  signal: AbortSignal,
): Promise<0 | 1> {
  const {list} = await listNow(ports, options, signal);
  if (output.isJson) output.jsonLines(presentToJson(list));
  else output.lines(waitingLines(list, output.columns, options.text, looks.signs));
  for (const notice of noticesOf(list)) output.notice(`notice: ${notice}`);
  return list.problem === undefined && list.timesProblem === undefined ? 0 : 1;
}

function presentToJson({servers}: WaitingList): readonly unknown[] {
  return inOrder(servers).map((listed) => listedToJson('present', listed));
}

/** Prints what happens: servers as JSON, the rest for people. */
function tellWith(output: Printer): WatchSink {
  return (news) => {
    switch (news.kind) {
      case 'list':
        output.jsonLines(presentToJson(news.list));
        for (const notice of noticesOf(news.list)) output.notice(`notice: ${notice}`);
        return;
      case 'servers':
        output.jsonLines(news.news.map(({event, listed}) => listedToJson(event, listed)));
        return;
      case 'page':
      case 'answered':
        return;
      case 'notice':
        output.notice(`notice: ${news.text}`);
        return;
      case 'trouble': {
        const why = userErrorLine(news.problem);
        output.notice(`notice: ${why}; the list stays, next try in ${Math.round(news.retryMs / 1000)} s`);
        return;
      }
      case 'recovered':
        output.notice('notice: Nova answers again');
    }
  };
}

/** What keeps the list from being whole or exact. */
function noticesOf({problem, timesProblem, unseen}: WaitingList): readonly string[] {
  return [
    ...(problem === undefined ? [] : [`servers may be missing: ${problem}`]),
    ...(timesProblem === undefined ? [] : [`not all times of deletes could be had: ${timesProblem}`]),
    ...unseen.map((one) => `the interval of ${one.host} was not seen: ${one.problem}`),
  ];
}
