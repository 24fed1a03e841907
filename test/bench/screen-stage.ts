/** What the benches of the screens share: a cloud, a state folder, and the program in a pseudo-terminal on them. */
import {rmSync} from 'node:fs';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {atExit} from '../helpers/at-exit.js';
import {writePastRuns} from './live-run.js';
import {openPty, type Pty, type PtyOptions} from './pty.js';
import {startQuietCloud} from './quiet-cloud.js';
import {reprieve} from './reprieve.js';

/** How many runs the list of runs has. */
export const PAST_RUNS = 200;

export type ScreenStage = {
  readonly env: Readonly<Record<string, string>>;
  /** The program with these arguments on it. */
  open(args: readonly string[], options?: PtyOptions): Promise<Pty>;
  stop(): Promise<void>;
};

/** A quiet cloud of so many computes, and past runs on them where they are wanted; `stop` must be called. */
export async function startScreenStage(nodes: number, pastRuns = PAST_RUNS): Promise<ScreenStage> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reprieve-screens-'));
  const whole = {recursive: true, force: true, maxRetries: 10, retryDelay: 200};
  const forget = atExit(() => rmSync(folder, whole));
  const hosts = Array.from({length: nodes}, (_, index) => ({
    name: `fra1-cmp-${String(index + 1).padStart(3, '0')}`,
  }));
  const cloud = await startQuietCloud(hosts);
  const env = {
    ...cloud.env,
    HOME: folder,
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_CONFIG_HOME: path.join(folder, 'config'),
  };
  // The nodes are not there: who looks at them is refused at once, and nobody is asked for their addresses.
  await mkdir(path.join(folder, '.ssh'), {mode: 0o700});
  await writeFile(path.join(folder, '.ssh/config'), 'Host *\n  HostName 127.0.0.1\n  Port 1\n');
  await writePastRuns(env, pastRuns, nodes);
  return {
    env,
    open: async (args, options) => openPty(reprieve(args, env), options),
    async stop() {
      await cloud.stop();
      await rm(folder, whole);
      forget();
    },
  };
}
