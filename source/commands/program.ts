import {Argument, Command, CommanderError, Option} from 'commander';
import {UserError} from '../app/errors.js';
import {nearestNames} from '../domain/nearest-names.js';
import type {CommandDefinition, CommandNode} from './command.js';
import {commonFlags} from './common-flags.js';
import {isToggle, type Flag, type FlagSet, type Occurrence} from './flag.js';
import type {CommandEntry} from './registry.js';

/** What the command line asks for. */
export type Request =
  | {readonly kind: 'print'; readonly text: string}
  | {
      readonly kind: 'run';
      readonly definition: CommandDefinition;
      readonly args: readonly string[];
      /** What was given for a flag; undefined where it was not. */
      readonly given: (flag: Flag<unknown>) => string | undefined;
      /** What `--cloud` was given with, each once. */
      readonly clouds: readonly string[];
    };

/** Where the parser puts what it found. */
type Found = {definition: CommandDefinition; args: readonly string[]; command: Command} | undefined;

/**
 * Reads the command line. Only the command that it names is loaded. Throws `UserError` (usage) with one line and,
 * where something known is close, a suggestion.
 *
 * @param loadHome what runs where no command is named; undefined: nothing does, and the help is printed
 */
export async function readCommandLine(
  args: readonly string[],
  registry: readonly CommandEntry[],
  version: string,
  loadHome?: () => Promise<CommandDefinition>,
): Promise<Request> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const options = new Map<Flag<unknown>, Option>();
  let found: Found;
  const program = new Command('reprieve');
  program
    .description('A second chance for every server on an OpenStack cloud.')
    .usage('[flags] <command>')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({
      showGlobalOptions: true,
      // Short, so that the summaries beside it fit 80 columns.
      subcommandTerm: (command) =>
        [command.name(), ...command.registeredArguments.map((each) => humanArgument(each))].join(' '),
    })
    .configureOutput({
      writeOut: (text) => printed.push(text),
      writeErr: (text) => complaints.push(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  addFlags(program, commonFlags, options);
  const [first, second] = operandsOf(args);
  const wanted = first === 'help' ? second : first;
  let helpOf = '';
  for (const entry of registry) {
    if (entry.name === wanted) {
      const definition = await entry.load();
      const below = definition.commands.find(({name}) => name === second);
      helpOf = below === undefined ? `${wanted} ` : `${wanted} ${below.name} `;
      // A flag that it has too is that of the command below it, where one is named.
      const isAbove = first === wanted && below !== undefined;
      addCommand(
        program,
        isAbove ? {...definition, flags: {}} : definition,
        options,
        (chosen, positional, command) => {
          found = {definition: chosen, args: positional, command};
        },
      );
    } else program.command(entry.name).description(entry.summary);
  }
  if (first === undefined && loadHome !== undefined) {
    const home = await loadHome();
    program.action(() => {
      found = {definition: home, args: [], command: program};
    });
  } else if (first === undefined && !args.some((arg) => arg.startsWith('-'))) {
    return {kind: 'print', text: program.helpInformation()};
  }
  try {
    await program.parseAsync([...args], {from: 'user'});
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return {kind: 'print', text: printed.join('')};
    throw usageError(
      error,
      complaints,
      wanted,
      helpOf,
      registry.map(({name}) => name),
    );
  }
  if (found === undefined)
    throw new UserError('usage', 'no command was given', {remedy: 'see: reprieve --help'});
  const {definition, command} = found;
  const valueOf = (flag: Flag<unknown>): unknown => {
    const option = options.get(flag);
    if (option === undefined) return undefined;
    const holder = command.options.includes(option) ? command : program;
    const key = option.attributeName();
    return holder.getOptionValueSource(key) === 'cli' ? holder.getOptionValue(key) : undefined;
  };
  const clouds = [...new Set(textsOf(valueOf(commonFlags.cloud)))];
  if (clouds.length > 1 && !definition.takesClouds) {
    throw new UserError(
      'usage',
      `${definition.name} works with one cloud, and --cloud names ${clouds.length}: ${clouds.join(', ')}`,
      {remedy: 'run it for one after the other; watch takes several at once'},
    );
  }
  return {
    kind: 'run',
    definition,
    args: found.args,
    clouds,
    given(flag) {
      const value = valueOf(flag);
      if (value === undefined) return undefined;
      if (flag.isRepeatable === true) return JSON.stringify(value);
      if (flag.takesSeveral === true) return textsOf(value).at(-1);
      if (typeof value === 'string') return value;
      return isToggle(flag) ? 'true' : '';
    },
  };
}

/** What `addFlags` collected of a flag that some commands take several of. */
function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function humanArgument(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** The words that are no flags and no values of common flags; complaints are left to the real parse. */
function operandsOf(args: readonly string[]): readonly string[] {
  const scout = new Command().exitOverride().configureOutput({writeErr: () => undefined});
  addFlags(scout, commonFlags, new Map());
  try {
    return scout.parseOptions([...args]).operands;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return [];
  }
}

type Chosen = (definition: CommandDefinition, args: readonly string[], command: Command) => void;

function addCommand(
  parent: Command,
  definition: CommandDefinition,
  options: Map<Flag<unknown>, Option>,
  choose: Chosen,
): void {
  const command = parent
    .command(definition.name)
    .description(definition.summary)
    .helpOption('-h, --help', 'print this help');
  for (const {syntax, help} of definition.args) command.addArgument(new Argument(syntax, help));
  addFlags(command, definition.flags, options);
  if (definition.examples.length > 0) {
    command.addHelpText('after', `\nExamples:\n${definition.examples.map((line) => `  ${line}\n`).join('')}`);
  }
  if (definition.run !== undefined) {
    command.action(() => choose(definition, command.args, command));
  }
  for (const below of definition.commands) addCommand(command, below, options, choose);
}

function addFlags(command: Command, flags: FlagSet, options: Map<Flag<unknown>, Option>): void {
  let order = 0;
  const collect = (text: string, before: readonly Occurrence[] = []): readonly Occurrence[] => {
    order += 1;
    return [...before, {order, text}];
  };
  const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
  for (const flag of Object.values(flags)) {
    const option = new Option(flag.syntax, flag.help);
    if (flag.isRepeatable === true) option.argParser(collect);
    if (flag.takesSeveral === true) option.argParser(several);
    command.addOption(option);
    options.set(flag, option);
  }
}

/** Commander's complaint and its suggestion as one sentence and one remedy. */
function usageError(
  error: CommanderError,
  complaints: readonly string[],
  wanted: string | undefined,
  helpOf: string,
  commands: readonly string[],
): UserError {
  if (error.code === 'commander.help') {
    const listed = /Commands:\n([\s\S]*)$/.exec(complaints.join(''))?.[1] ?? '';
    const names = Array.from(listed.matchAll(/^ {2}([a-z-]+)/gm), (match) => match[1] ?? '').filter(
      (name) => name !== 'help',
    );
    return incomplete(wanted, names, commands);
  }
  const text = complaints
    .join('')
    .replace(/^error: /, '')
    .trim();
  const suggestion = /\(Did you mean (.+)\?\)/.exec(text)?.[1];
  const message = text.replace(/\s*\(Did you mean .*$/s, '').replaceAll(/\s+/g, ' ');
  const help = `see: reprieve ${helpOf}--help`;
  return new UserError('usage', message, {
    remedy: suggestion === undefined ? help : `did you mean ${suggestion}?`,
  });
}

/** The error for a command line that ends before it names something to run. */
function incomplete(
  wanted: string | undefined,
  below: readonly string[],
  commands: readonly string[],
): UserError {
  if (wanted === undefined) {
    return new UserError('usage', 'no command was given', {remedy: 'see: reprieve --help'});
  }
  if (commands.includes(wanted)) {
    return new UserError('usage', `${wanted} needs a command after it: ${below.join(', ')}`, {
      remedy: `see: reprieve ${wanted} --help`,
    });
  }
  const [nearest] = nearestNames(wanted, commands, 1);
  return new UserError('usage', `unknown command '${wanted}'`, {
    remedy: nearest === undefined ? 'see: reprieve --help' : `did you mean ${nearest}?`,
  });
}

/** Every command with its flags. Loads all of them. */
export async function describeCommands(registry: readonly CommandEntry[]): Promise<CommandNode> {
  const definitions = await Promise.all(registry.map((entry) => entry.load()));
  const flags = [
    ...flagNodes(commonFlags),
    {names: ['--version'], help: 'print the version', takesValue: false, completes: undefined},
  ];
  return {
    name: 'reprieve',
    summary: '',
    flags,
    completes: undefined,
    commands: definitions.map((definition) => commandNode(definition, flagNodes(commonFlags))),
  };
}

function commandNode(definition: CommandDefinition, inherited: CommandNode['flags']): CommandNode {
  return {
    name: definition.name,
    summary: definition.summary,
    flags: [...flagNodes(definition.flags), ...inherited],
    completes: definition.args[0]?.completes,
    commands: definition.commands.map((below) => commandNode(below, inherited)),
  };
}

function flagNodes(flags: FlagSet): CommandNode['flags'] {
  return [
    ...Object.values(flags).map((flag) => ({
      names: flag.syntax.replace(/\s*[<[].*$/, '').split(', '),
      help: flag.help,
      takesValue: !isToggle(flag),
      completes: flag.completes,
    })),
    {names: ['-h', '--help'], help: 'print this help', takesValue: false, completes: undefined},
  ];
}
