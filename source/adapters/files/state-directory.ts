import path from 'node:path';

/** Where this program keeps what it did and saw: `$XDG_STATE_HOME/reprieve`, or below `~/.local/state`. A relative one does not count. */
export function stateDirectory(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const state = environment['XDG_STATE_HOME'] ?? '';
  return path.join(path.isAbsolute(state) ? state : path.join(home, '.local/state'), 'reprieve');
}
