import process from 'node:process';
import type {ScreenEntry} from '../ui/screen.js';
import type {CommandContext} from './command.js';

/** Opens screens on this terminal, until they are left. Gives the code that they end with. */
export async function showScreens(
  context: CommandContext,
  first: string,
  entries: () => Promise<readonly ScreenEntry[]>,
  commandsInstead: readonly string[],
): Promise<number> {
  const {common, env, signal, looks} = context;
  const {startScreens} = await import('../ui/start.js');
  const {clock} = await context.compose();
  const last = new Map<string, string>();
  const tellLast = (): void => {
    for (const text of last.values()) {
      for (const line of text.split('\n')) context.output.notice(line);
    }
    last.clear();
  };
  const ended = startScreens({
    entries,
    first: {name: first},
    terminal: {stdin: process.stdin, stdout: process.stdout},
    env,
    theme: looks.theme,
    symbols: looks.symbols,
    hasMotion: looks.hasMotion,
    colours: looks.colours,
    ownKeys: looks.keys,
    isColourRefused: common.noColor,
    marks: [...(common.readOnly ? ['read-only'] : []), ...(env['REPRIEVE_MARK'] === 'demo' ? ['demo'] : [])],
    signal,
    now: () => clock.now(),
    exitNow(code) {
      tellLast();
      process.exit(code);
    },
    afterwards(key, text) {
      if (text === undefined) last.delete(key);
      else last.set(key, text);
    },
    commandsInstead,
  });
  return ended.finally(tellLast);
}
