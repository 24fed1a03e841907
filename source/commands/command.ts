import type {Composition} from '../compose.js';
import type {Log} from '../app/ports.js';
import type {ExitCode} from '../text/errors.js';
import type {Printer} from '../text/printer.js';
import type {CommonFlags} from './common-flags.js';
import type {FlagSet, FlagValues} from './flag.js';
import type {ProfileValue} from './flag-values.js';
import type {Looks} from './looks.js';

/** What the terminal can. */
export type Terminal = {
  readonly isStdinTty: boolean;
  readonly isStdoutTty: boolean;
  readonly isStderrTty: boolean;
  /** `TERM=dumb`: no cursor, no screen. */
  readonly isDumb: boolean;
};

/** What every command is given. */
export type CommandContext = {
  readonly output: Printer;
  /** Aborted by the first Ctrl-C, by SIGTERM and SIGHUP, and when nobody reads stdout any more. */
  readonly signal: AbortSignal;
  readonly common: CommonFlags;
  /**
   * Every cloud that was named, each once: those of the command line, else the one of the environment or the profile;
   * empty where none was. Several only for commands that take them.
   */
  readonly clouds: readonly string[];
  readonly looks: Looks;
  /** What stands in the section of the profile that is about watching. */
  readonly watchSection: ReadonlyMap<string, ProfileValue>;
  /** The same about the doctor. */
  readonly doctorSection: ReadonlyMap<string, ProfileValue>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly log: Log;
  /** The adapters, made when first asked for. */
  readonly compose: () => Promise<Composition>;
  /** Names of all commands. */
  readonly commandNames: readonly string[];
  /** Every command with its flags, for shell completion. */
  readonly commandTree: () => Promise<CommandNode>;
  /**
   * Runs another command in this process, with an environment of its own, and gives its exit code. It looks as this one
   * does: the terminal is the same.
   */
  readonly runCommand: (
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
  ) => Promise<ExitCode>;
};

/** A command as the shell sees it. */
export type CommandNode = {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly {
    readonly names: readonly string[];
    readonly help: string;
    readonly takesValue: boolean;
    readonly completes: 'file' | readonly string[] | undefined;
  }[];
  /** What may stand in the place of its arguments. */
  readonly completes: 'file' | readonly string[] | undefined;
  readonly commands: readonly CommandNode[];
};

/** A positional argument: `[PLAN]`, `<SERVER...>`. */
export type ArgumentDefinition = {
  /** As commander takes it. */
  readonly syntax: string;
  readonly help: string;
  readonly completes?: 'file' | readonly string[];
};

/** What a command is given besides its context. */
export type CommandInput<Flags extends FlagSet> = {
  /** Positional arguments in order; what may be left out is then absent. */
  readonly args: readonly string[];
  readonly flags: FlagValues<Flags>;
};

/** A command as data: the parser, the help and the completion are made from it. */
export type CommandDefinition = {
  readonly name: string;
  readonly summary: string;
  readonly args: readonly ArgumentDefinition[];
  readonly flags: FlagSet;
  readonly examples: readonly string[];
  /** False for commands that must work, and start fast, without one; `looks`: nothing else of it counts. */
  readonly usesProfile: boolean | 'looks';
  /** The section of the profile that is about this command alone. */
  readonly profileSection: 'watch' | 'doctor' | undefined;
  /** It draws on the whole terminal: nothing else is written there meanwhile. */
  readonly isScreen: (isJson: boolean, flags: FlagValues<FlagSet>) => boolean;
  /** Whether `--cloud` may be given several times. */
  readonly takesClouds: boolean;
  readonly commands: readonly CommandDefinition[];
  /** Absent where one of `commands` must be named. */
  readonly run: ((context: CommandContext, input: CommandInput<FlagSet>) => Promise<ExitCode>) | undefined;
};

/** What a command file writes down. */
export type CommandDescription<Flags extends FlagSet> = {
  readonly name: string;
  readonly summary: string;
  readonly args?: readonly ArgumentDefinition[];
  readonly flags?: Flags;
  readonly examples?: readonly string[];
  readonly usesProfile?: CommandDefinition['usesProfile'];
  readonly profileSection?: CommandDefinition['profileSection'];
  readonly isScreen?: boolean | ((isJson: boolean, flags: FlagValues<Flags>) => boolean);
  readonly takesClouds?: boolean;
  readonly commands?: readonly CommandDefinition[];
  readonly run?: (context: CommandContext, input: CommandInput<Flags>) => Promise<ExitCode>;
};

/** Makes a command of its description; inside `run` the flags have the types of their definitions. */
export function defineCommand<const Flags extends FlagSet = FlagSet>(
  description: CommandDescription<Flags>,
): CommandDefinition {
  const {
    name,
    summary,
    args = [],
    flags,
    examples = [],
    usesProfile = true,
    profileSection,
    isScreen = false,
    takesClouds = false,
    commands = [],
    run,
  } = description;
  return {
    name,
    summary,
    args,
    flags: flags ?? {},
    examples,
    usesProfile,
    profileSection,
    takesClouds,
    commands,
    // The values that arrive were made from these very flags (flag-values.ts).
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    isScreen: (typeof isScreen === 'boolean' ? () => isScreen : isScreen) as CommandDefinition['isScreen'],
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    run: run as CommandDefinition['run'],
  };
}
