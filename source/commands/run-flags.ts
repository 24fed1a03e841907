import type {RunSettings} from '../app/rollout/wish.js';
import {parseInterval} from '../domain/duration.js';
import {parseBatches} from '../domain/fleet/batches.js';
import {isRunId} from '../domain/fleet/run-id.js';
import {oneOf, option, optionWithDefault, parseList, toggle, wholeNumber, type FlagValues} from './flag.js';

const ONE_RUN = 'it is an answer for one run, not a setting';

/** Flags of commands that talk to many nodes or change them. */
export const runFlags = {
  batch: optionWithDefault(
    '--batch <list>',
    'sizes of the batches, numbers or shares; the last one repeats',
    parseBatches,
    '1,10%,50%',
  ),
  parallel: optionWithDefault(
    '--parallel <n>',
    'nodes that are talked to at the same time',
    wholeNumber(1, 1000),
    '50',
  ),
  maxFailures: optionWithDefault(
    '--max-failures <n>',
    'failed nodes that a run bears; the next one stops it',
    wholeNumber(0, 100_000),
    '2',
  ),
  apiWait: optionWithDefault(
    '--api-wait <time>',
    'how long to wait for an API that is gone',
    parseTime,
    '10m',
  ),
  upWithin: optionWithDefault(
    '--up-within <time>',
    'how long a service may take from its new process to a new heartbeat',
    parseLimit,
    '2m',
  ),
  noRestart: toggle('--no-restart', 'write the files, restart nothing'),
  computesOnly: toggle('--computes-only', 'go on without API nodes'),
  skipUnreachable: toggle('--skip-unreachable', 'go on without nodes that cannot be reached'),
  acceptStuck: optionWithDefault(
    '--accept-stuck <hosts>',
    'go on though these computes are not seen to reclaim',
    (text) => (text === 'none' ? [] : parseList(text)),
    'none',
    {notInProfile: ONE_RUN},
  ),
  strand: option(
    '--strand <n>',
    'leave up to so many servers soft-deleted for ever',
    wholeNumber(0, 100_000_000),
    {notInProfile: ONE_RUN},
  ),
  destroy: option(
    '--destroy <n>',
    'agree that up to so many servers are destroyed',
    wholeNumber(0, 100_000_000),
    {
      notInProfile: ONE_RUN,
    },
  ),
  breakLock: option('--break-lock <run>', 'take over the lock of this run', parseRunId, {
    notInProfile: ONE_RUN,
  }),
  engine: option(
    '--engine <name>',
    'what changes the nodes: builtin, or ansible for your own ansible-playbook; a run that is gone on with keeps its own',
    oneOf('builtin', 'ansible'),
    {
      completes: ['builtin', 'ansible'],
      notInProfile: 'a run that is gone on with keeps the engine that it was begun with',
    },
  ),
  transport: optionWithDefault('--transport <name>', 'ssh2 or openssh', oneOf('ssh2', 'openssh'), 'ssh2', {
    completes: ['ssh2', 'openssh'],
  }),
  askBecomePass: toggle('--ask-become-pass', 'ask for the password that sudo wants'),
};

/** The values of the run flags. */
export type RunFlags = FlagValues<typeof runFlags>;

/** The flags as a run takes them. */
export function runSettings(flags: RunFlags): RunSettings {
  return {
    ...(flags.engine === undefined ? {} : {engine: flags.engine}),
    batches: flags.batch,
    parallel: flags.parallel,
    maxFailures: flags.maxFailures,
    apiWaitSeconds: flags.apiWait,
    upWithinSeconds: flags.upWithin,
    restart: !flags.noRestart,
    computesOnly: flags.computesOnly,
    skipUnreachable: flags.skipUnreachable,
    acceptStuck: flags.acceptStuck,
    strand: flags.strand,
    destroy: flags.destroy,
    breakLock: flags.breakLock,
  };
}

/** `--interval`, for the commands that take one; in seconds, 0 is off. */
export const intervalFlag = option(
  '--interval <time>',
  'how long a deleted server waits: 120, 90s, 2h, 7d, off',
  (text) => {
    const result = parseInterval(text);
    if (result.kind === 'refused') throw new RangeError(result.reason);
    return result.seconds;
  },
);

/** Seconds of a time to wait. An interval's own reasons would mislead here. */
function parseTime(text: string): number {
  const result = parseInterval(text);
  if (result.kind === 'refused' || text === 'off') {
    throw new RangeError(`"${text}" is not a time to wait, such as 90s or 10m`);
  }
  return result.seconds;
}

/** Seconds of a time limit: no time at all would be a mistake. */
export function parseLimit(text: string): number {
  const seconds = parseTime(text);
  if (seconds === 0) throw new RangeError(`"${text}" leaves no time at all`);
  return seconds;
}

function parseRunId(text: string): string {
  if (!isRunId(text)) throw new RangeError(`"${text}" is not the id of a run; see: reprieve runs`);
  return text;
}
