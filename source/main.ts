import {fstatSync} from 'node:fs';
import process from 'node:process';
import type {CommandContext, CommandDefinition, Terminal} from './commands/command.js';
import {commonFlags} from './commands/common-flags.js';
import {flagValues, profileValues, type ProfileValue} from './commands/flag-values.js';
import {looksOf, type Looks} from './commands/looks.js';
import {readCommandLine, describeCommands, type Request} from './commands/program.js';
import {registry} from './commands/registry.js';
import {profileNames} from './commands/profile-names.js';
import type {World} from './app/ports.js';
import {
  NO_PROFILE,
  compose,
  isTerminal,
  loadProfile,
  startLog,
  type Composition,
  type OpenLog,
  type Profile,
} from './compose.js';
import {type Interruption, listenForInterruption} from './interruption.js';
import {wantsColour} from './text/colour.js';
import {errorLines, exitCodeOf, type ExitCode} from './text/errors.js';
import {createPrinter, type Printer, type Sink} from './text/printer.js';
import {sanitize} from './text/sanitize.js';
import {ASCII_SIGNS} from './text/signs.js';
import {readVersion} from './version.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs the program with these arguments in this environment and gives the exit code.
 *
 * @param world time and chance of a test; undefined: the real ones
 */
export async function main(
  args: readonly string[],
  env: Environment = process.env,
  world?: World,
): Promise<ExitCode> {
  const interruption = listenForInterruption();
  try {
    return await runMain(args, env, interruption, world);
  } finally {
    interruption.stop();
  }
}

async function runMain(
  args: readonly string[],
  env: Environment,
  interruption: Interruption,
  world: World | undefined,
  given?: Looks,
): Promise<ExitCode> {
  // Until the flags are read, only their words tell whether a stack is wanted.
  let isVerbose = args.includes('-v') || args.includes('--verbose');
  let printer = makePrinter({
    isJson: args.includes('--json'),
    isColourRefused: args.includes('--no-color'),
    env,
  });
  let log: OpenLog | undefined;
  let composition: Composition | undefined;
  try {
    const terminal = readTerminal(env);
    const canDraw = terminal.isStdinTty && terminal.isStdoutTty && !terminal.isDumb;
    const request = await readCommandLine(args, registry, readVersion(), canDraw ? loadHome : undefined);
    if (request.kind === 'print') {
      process.stdout.write(request.text);
      return 0;
    }
    const {common, clouds, flags, profile, ownLooks} = await settle(request, env);
    const looks = given ?? ownLooks;
    isVerbose = common.verbose;
    printer = makePrinter({isJson: common.json, isColourRefused: common.noColor, env});
    for (const notice of profile.notices) printer.notice(`notice: ${notice}`);
    log = startLog(
      {
        file: common.logFile,
        toScreen:
          isVerbose && !request.definition.isScreen(common.json, flags)
            ? (line) => printer.notice({text: line, tone: 'muted'})
            : undefined,
        notice: (text) => printer.notice(`notice: ${text}`),
        sanitize,
      },
      world,
    );
    const context: CommandContext = {
      output: printer,
      signal: interruption.signal,
      common,
      clouds,
      looks,
      watchSection: profile.watch,
      doctorSection: profile.doctor,
      env,
      terminal,
      log,
      compose: () => {
        composition ??= compose(
          {
            inventory: common.inventory,
            hosts: common.hosts,
            apiHosts: common.apiHosts ?? [],
            profile,
            env,
            signal: interruption.signal,
            whileAsking: async (ask) => printer.whileAsking(ask),
            asking: {isPlain: isPlain(env, looks), isColourless: common.noColor},
          },
          world,
        );
        return Promise.resolve(composition);
      },
      commandNames: registry.map(({name}) => name),
      commandTree: () => describeCommands(registry),
      runCommand: async (words, environment) => runMain(words, environment, interruption, world, looks),
    };
    log.write('debug', `reprieve ${readVersion()}, command ${request.definition.name}`);
    const run = request.definition.run;
    if (run === undefined) throw new Error(`the command ${request.definition.name} has nothing to run`);
    const code = await run(context, {args: request.args, flags});
    log.write('debug', `ends with exit code ${code}`);
    return code;
  } catch (error) {
    return report(error, {printer, log, isVerbose, interruption});
  } finally {
    printer.clearProgress();
    await composition?.close();
    log?.close();
  }
}

/** The command of a command line without one. */
async function loadHome(): Promise<CommandDefinition> {
  return (await import('./commands/home.js')).home;
}

function readTerminal(env: Environment): Terminal {
  return {
    isStdinTty: isTerminal(0),
    isStdoutTty: isTerminal(1),
    isStderrTty: isTerminal(2),
    isDumb: env['TERM'] === 'dumb',
  };
}

type Settled = {
  readonly common: CommandContext['common'];
  readonly clouds: CommandContext['clouds'];
  readonly flags: Readonly<Record<string, unknown>>;
  readonly profile: Profile;
  readonly ownLooks: Looks;
};

/** The values of all flags, from the command line, the environment and the profile. */
async function settle(
  {definition, given, clouds}: Extract<Request, {kind: 'run'}>,
  env: Environment,
): Promise<Settled> {
  const sources = {commandLine: given, environment: env};
  const withoutProfile = {...sources, profile: new Map<string, ProfileValue>()};
  const first = flagValues(commonFlags, withoutProfile);
  const held = definition.usesProfile
    ? await loadProfile(first.profile, env, profileNames(definition))
    : NO_PROFILE;
  const profile = definition.usesProfile === true ? held : NO_PROFILE;
  // What stands in the section of a command is meant for it, and wins over what is meant for all.
  const section =
    definition.profileSection === undefined ? NO_PROFILE.watch : profile[definition.profileSection];
  const all = {...sources, profile: profileValues(new Map([...profile.flags, ...section]), env)};
  const common = flagValues(commonFlags, all);
  const judged = clouds.flatMap(
    (text) =>
      flagValues({cloud: commonFlags.cloud}, {...withoutProfile, commandLine: () => text}).cloud ?? [],
  );
  return {
    common,
    clouds: clouds.length > 0 ? judged : common.cloud === undefined ? [] : [common.cloud],
    flags: flagValues(definition.flags, all),
    profile,
    ownLooks: await looksOf(held, env),
  };
}

type Circumstances = {
  readonly printer: Printer;
  readonly log: OpenLog | undefined;
  readonly isVerbose: boolean;
  readonly interruption: Interruption;
};

/** Says what went wrong, on stderr and in the log, and gives the exit code. */
function report(error: unknown, {printer, log, isVerbose, interruption}: Circumstances): ExitCode {
  printer.clearProgress();
  if (interruption.signal.aborted && isAbort(error, interruption.signal)) {
    log?.write('info', 'interrupted');
    // A reader that went away, as in `| head`, wanted no more: that is no failure of ours.
    if (interruption.isOutputGone()) return 0;
    printer.notice('reprieve: interrupted');
    return 130;
  }
  const [first = '', ...rest] = errorLines(error, isVerbose);
  log?.write('error', first);
  printer.notice([{text: 'reprieve: ', tone: 'bad'}, first]);
  for (const line of rest) printer.notice({text: line, tone: 'muted'});
  return exitCodeOf(error);
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

/** Whether questions are lines and numbers: where no cursor moves, where what is drawn is read out, and in ASCII. */
function isPlain(env: Environment, {theme, signs}: Looks): boolean {
  const isReader = theme === 'reader' || !['', '0', 'false'].includes(env['INK_SCREEN_READER'] ?? '');
  return env['TERM'] === 'dumb' || isReader || signs === ASCII_SIGNS;
}

/** Whether another program reads this: what it prints on the same terminal would tear a line that is overwritten. */
function isPiped(descriptor: number): boolean {
  const kind = fstatSync(descriptor);
  return kind.isFIFO() || kind.isSocket();
}

/** Also ends where nobody reads any more: that is told as an error of the stream. */
async function drained(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      stream.off('drain', end).off('close', end);
      resolve();
    };
    stream.on('drain', end).on('close', end);
  });
}

function makePrinter(options: {
  readonly isJson: boolean;
  readonly isColourRefused: boolean;
  readonly env: Environment;
}): Printer {
  const sink = (stream: NodeJS.WriteStream): Sink => ({
    write: (text) => void stream.write(text),
    drained: async () => drained(stream),
    hasColour: wantsColour({isTty: stream.isTTY, isRefused: options.isColourRefused, env: options.env}),
    // A terminal that does not say how wide it is has 0 columns.
    columns: stream.isTTY ? stream.columns || 80 : undefined,
  });
  return createPrinter({
    stdout: sink(process.stdout),
    stderr: sink(process.stderr),
    isJson: options.isJson,
    canOverwrite: process.stderr.isTTY && options.env['TERM'] !== 'dumb' && !isPiped(1),
  });
}
