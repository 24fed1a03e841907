import {UserError} from '../app/errors.js';
import {whileAlerting} from '../app/watch/alerts.js';
import {followWaiting} from '../app/watch/follow.js';
import type {WatchSink} from '../app/watch/watch-news.js';
import {followPatiently} from '../app/watch/follow-patiently.js';
import {listNow} from '../app/watch/list-now.js';
import {Nudge} from '../app/watch/nudge.js';
import {readWatchView} from '../app/watch/watch-view.js';
import type {WaitingList} from '../app/watch/watch-types.js';
import {formatInterval} from '../domain/duration.js';
import {type ExitCode, userErrorLine} from '../text/errors.js';
import type {Printer} from '../text/printer.js';
import {inOrder, shownNames, waitingLines} from '../text/watch.js';
import {listedToJson} from '../text/watch-json.js';
import type {ScreenEntry} from '../ui/screen.js';
import {type CommandContext, defineCommand} from './command.js';
import {option, toggle} from './flag.js';
import type {NodeFlags} from './rollout-session.js';
import {intervalFlag, runFlags} from './run-flags.js';
import {createScreenSecrets, type ScreenSecrets} from './screen-secrets.js';
import {showScreens} from './show-screens.js';
import {type AlertFlags, alertFlags, alertOf, type AlertSettings, alertsFor} from './watch-alerts.js';
import {type CloudToWatch, cloudsToWatch, watchPlaceFlags} from './watch-clouds.js';

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
    ...alertFlags,
    parallel,
    transport,
    askBecomePass,
  },
  examples: [
    'reprieve watch --once',
    'reprieve watch --once web --exact',
    'reprieve watch --json --interval 2h',
    'reprieve watch --cloud berlin --cloud prague',
    "reprieve watch --alert 15m --exec 'jq -r .name | mail -s soon night@example.org'",
  ],
  takesClouds: true,
  async run(context, {args, flags}) {
    const {output, terminal, signal} = context;
    const [text] = args;
    if (!flags.once && !output.isJson) return showWatch(context, flags, text);
    const clouds = cloudsToWatch(context, await context.compose(), {
      flags,
      options: {
        text: text === '' ? undefined : text,
        isExact: flags.exact,
        areHostsAwaited: true,
        awaitedNames: flags.once && !output.isJson ? shownNames(output.columns) : [],
      },
      asking: {isInteractive: terminal.isStdinTty && terminal.isStderrTty},
      notice: (words) => output.notice(`notice: ${words}`),
    });
    if (flags.once) return listOnce(context, clouds, text ?? '');
    return tellChanges(output, clouds, await alertOf(context, flags), signal);
  },
});

/** The live list. */
async function showWatch(
  context: CommandContext,
  flags: ScreenFlags,
  text: string | undefined,
): Promise<ExitCode> {
  const code = await showScreens(
    context,
    'watch',
    async () => [await watchEntry(context, flags, text, createScreenSecrets())],
    ['reprieve watch --once', 'reprieve watch --json'],
  );
  return code === 130 ? 130 : code === 0 ? 0 : 1;
}

type ScreenFlags = NodeFlags & AlertFlags & {readonly interval: number | undefined};

/** The live list as a screen that others can open too. */
export async function watchEntry(
  context: CommandContext,
  flags: ScreenFlags,
  text: string | undefined,
  secrets: ScreenSecrets,
): Promise<ScreenEntry> {
  const [{watchScreen}, {anyScreen, wordsOf}, {isOpening}] = await Promise.all([
    import('../ui/screens/watch/screen.js'),
    import('../ui/screen.js'),
    import('../ui/screens/watch/opening.js'),
  ]);
  const composition = await context.compose();
  const alert = await alertOf(context, flags);
  const view = readWatchView(context.watchSection);
  return {
    name: 'watch',
    description: 'soft-deleted servers, and how long each has left',
    open: (shell, object) => {
      const clouds = cloudsToWatch(context, composition, {
        flags,
        options: {text: undefined, isExact: false, areHostsAwaited: false, awaitedNames: []},
        // The screen has the terminal.
        asking: {isInteractive: false, secrets: secrets.of(shell)},
        notice: (words) => context.log.write('warning', words),
      });
      const watched = clouds.map((cloud) => ({
        ...cloud,
        async open() {
          secrets.askAgain();
          return cloud.open();
        },
      }));
      return anyScreen(
        watchScreen(
          {
            clouds: watched,
            placeFlags: watchPlaceFlags(context, composition),
            listFlags: flags.interval === undefined ? [] : ['--interval', formatInterval(flags.interval)],
            // What is looked for from elsewhere is not hidden by what this list is usually about.
            text: object === undefined ? text : (wordsOf(object) ?? ''),
            opening: isOpening(object) ? object : undefined,
            view,
            isReadOnly: context.common.readOnly,
            alert,
            files: {writeNew: composition.writeNewPrivateFile, keepView: composition.keepWatchView},
          },
          flags.bell ? shell : {...shell, ring: () => {}},
        ),
      );
    },
  };
}

/** Lists once. Of several clouds those that answer are shown, whatever the others do. */
async function listOnce(
  {output, looks, signal}: CommandContext,
  clouds: readonly CloudToWatch[],
  text: string,
): Promise<0 | 1> {
  const looked = await Promise.all(
    clouds.map(async (cloud): Promise<{readonly list: WaitingList} | {readonly error: UserError}> => {
      try {
        const {name, ports, options} = await cloud.open();
        const {list} = await listNow(ports, options, signal);
        return {list: {...list, cloud: name}};
      } catch (error) {
        if (signal.aborted || !(error instanceof UserError)) throw error;
        return {error};
      }
    }),
  );
  const lists = looked.flatMap((one) => ('list' in one ? [one.list] : []));
  const failed = looked.flatMap((one, index) =>
    'error' in one ? [{error: one.error, name: clouds[index]?.name ?? ''}] : [],
  );
  refuseNone(output, lists.length, failed);
  if (output.isJson) {
    for (const list of lists) output.jsonLines(presentToJson(list, list.cloud));
  } else output.lines(waitingLines(lists, output.columns, text === '' ? undefined : text, looks.signs));
  for (const {error, name} of failed) {
    output.notice(`notice: ${name} is not in the list: ${userErrorLine(error)}`);
  }
  for (const list of lists) tellNotices(output, list, prefixOf(list.cloud, clouds));
  const isWhole = lists.every(
    ({problem, timesProblem}) => problem === undefined && timesProblem === undefined,
  );
  return failed.length === 0 && isWhole ? 0 : 1;
}

/** Where no cloud could be had that is the error; of several each is told. */
function refuseNone(output: Printer, had: number, failed: readonly Failed[]): void {
  const [first, ...others] = failed;
  if (had > 0 || first === undefined) return;
  if (others.length > 0) {
    for (const {error, name} of others) output.notice(`notice: ${name}: ${userErrorLine(error)}`);
    throw new UserError(first.error.kind, `${first.name}: ${first.error.message}`, {
      cause: first.error,
      ...(first.error.remedy === undefined ? {} : {remedy: first.error.remedy}),
    });
  }
  throw first.error;
}

type Failed = {readonly error: UserError; readonly name: string};

/** Follows until interrupted. A cloud that refuses is told, and ends it only where no other is left. */
async function tellChanges(
  output: Printer,
  clouds: readonly CloudToWatch[],
  alert: AlertSettings | undefined,
  signal: AbortSignal,
): Promise<never> {
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const failed: Failed[] = [];
  const followOne = async (
    cloud: CloudToWatch,
    until: AbortSignal,
    seeName: (name: string) => void,
    see: WatchSink,
  ): Promise<void> => {
    const prefix = prefixOf(cloud.name, clouds);
    const nudge = new Nudge();
    const follow = async ({name, ports, options}: Awaited<ReturnType<CloudToWatch['open']>>) => {
      seeName(name);
      const tell = tellWith(output, name, prefix);
      const told: WatchSink = (news) => {
        tell(news);
        see(news);
      };
      return followWaiting(ports, options, told, until, nudge);
    };
    try {
      if (clouds.length === 1) await follow(await cloud.open());
      await followPatiently(
        cloud,
        follow,
        (error) => output.notice(`notice: ${prefix}${userErrorLine(error)}; it is tried again`),
        nudge,
        until,
      );
    } catch (error) {
      if (until.aborted || !(error instanceof UserError)) throw error;
      failed.push({error, name: cloud.name});
      if (failed.length < clouds.length) output.notice(`notice: ${prefix}${userErrorLine(error)}`);
    }
  };
  const followAlerting = async (cloud: CloudToWatch): Promise<void> => {
    let {name} = cloud;
    const seeName = (known: string): void => {
      name = known;
    };
    const notice = (text: string): void => output.notice(`notice: ${prefixOf(name, clouds)}${text}`);
    const alerts = alert === undefined ? undefined : alertsFor(alert, () => name, cloud.clock, notice);
    if (alerts === undefined) return followOne(cloud, stop, seeName, () => {});
    return whileAlerting(alerts, stop, async (until) =>
      followOne(cloud, until, seeName, (news) => alerts.see(news)),
    );
  };
  try {
    await Promise.all(clouds.map(followAlerting));
  } finally {
    ended.abort();
  }
  const last = failed.at(-1);
  if (last === undefined) throw new Error('a watch ended by itself');
  throw last.error;
}

/** Which of several clouds a notice is about. */
function prefixOf(name: string, clouds: readonly CloudToWatch[]): string {
  return clouds.length === 1 ? '' : `${name}: `;
}

function presentToJson({servers}: WaitingList, cloud: string): readonly unknown[] {
  return inOrder(servers).map((listed) => listedToJson('present', listed, cloud));
}

/** Prints what happens: servers as JSON, the rest for people. */
function tellWith(output: Printer, cloud: string, prefix: string): WatchSink {
  const notice = (text: string): void => output.notice(`notice: ${prefix}${text}`);
  return (news) => {
    switch (news.kind) {
      case 'list':
        output.jsonLines(presentToJson(news.list, cloud));
        tellNotices(output, news.list, prefix);
        return;
      case 'servers':
        output.jsonLines(news.news.map(({event, listed, by}) => listedToJson(event, listed, cloud, by)));
        return;
      case 'page':
      case 'answered':
        return;
      case 'notice':
        return notice(news.text);
      case 'trouble':
        return notice(
          `${userErrorLine(news.problem)}; the list stays, next try in ${Math.round(news.retryMs / 1000)} s`,
        );
      case 'recovered':
        return notice('Nova answers again');
    }
  };
}

/** Tells what keeps the list from being whole or exact. */
function tellNotices(output: Printer, {problem, timesProblem, unseen}: WaitingList, prefix: string): void {
  const notices = [
    ...(problem === undefined ? [] : [`servers may be missing: ${problem}`]),
    ...(timesProblem === undefined ? [] : [`not all times of deletes could be had: ${timesProblem}`]),
    ...unseen.map((one) => `the interval of ${one.host} was not seen: ${one.problem}`),
  ];
  for (const text of notices) output.notice(`notice: ${prefix}${text}`);
}
