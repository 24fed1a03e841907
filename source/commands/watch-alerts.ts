import type {Clock} from '../app/ports.js';
import {AlertCommands} from '../app/watch/alert-commands.js';
import {Alerts} from '../app/watch/alerts.js';
import {formatInterval} from '../domain/duration.js';
import {alertLines} from '../text/alert.js';
import {alertInput} from '../text/watch-json.js';
import type {WatchScreenOptions} from '../ui/screens/watch/screen.js';
import type {CommandContext} from './command.js';
import {type FlagValues, option, optionWithDefault, parseSwitch, parseText} from './flag.js';
import {intervalFlag} from './run-flags.js';

/** Flags about servers that are nearly gone. */
export const alertFlags = {
  alert: option(
    '--alert <time>',
    'a bell, a line and a row that stands out once less time is left: 10m, off',
    intervalFlag.parse,
  ),
  exec: option(
    '--exec <command>',
    'sh runs it for each alert, the server as a line of JSON on stdin (--alert 10m without it)',
    parseText,
  ),
  bell: optionWithDefault('--bell <switch>', 'whether the screen rings it', parseSwitch, 'on', {
    completes: ['on', 'off'],
  }),
};

export type AlertFlags = FlagValues<typeof alertFlags>;

/** What `--exec` alone means. */
const ALERT_SECONDS = 600;

/** Of what there is an alert, and the flags that say so. */
export type AlertSettings = NonNullable<WatchScreenOptions['alert']>;

/** Of what there is an alert; undefined: of nothing. */
export async function alertOf(
  context: CommandContext,
  {alert, exec}: Pick<AlertFlags, 'alert' | 'exec'>,
): Promise<AlertSettings | undefined> {
  const seconds = alert ?? (exec === undefined ? 0 : ALERT_SECONDS);
  if (seconds === 0) return undefined;
  const flags = ['--alert', formatInterval(seconds), ...(exec === undefined ? [] : ['--exec', exec])];
  if (exec === undefined) return {seconds, commands: undefined, flags};
  const {clock, commands} = await context.compose();
  return {seconds, commands: new AlertCommands({clock, commands: await commands()}, exec), flags};
}

/**
 * Alerts of a cloud without a screen: a command runs, and nothing else is told but that it failed. Undefined where
 * there is no command.
 *
 * @param cloud its name, as far as it is known
 */
export function alertsFor(
  {seconds, commands}: AlertSettings,
  cloud: () => string,
  clock: Clock,
  notice: (text: string) => void,
): Alerts | undefined {
  if (commands === undefined) return undefined;
  return new Alerts(
    clock,
    {
      alertSeconds: seconds,
      // Only those that were asked for are followed.
      wanted: () => () => true,
      isTimed: false,
      exec: {commands, inputOf: (listed) => alertInput(listed, seconds, cloud())},
    },
    (news) => {
      if (news.kind !== 'alerts') for (const {text} of alertLines(news, seconds)) notice(text);
    },
  );
}
