import {InvalidArgumentError, type Command, Option} from 'commander';
import type {NamedSource} from '../app/conf/sources.js';
import type {Files} from '../app/ports.js';
import type {KnownOption, Machine, OptionType} from '../domain/oslo/options.js';

/** What the conf commands need of the program around them. Printers sanitise what they are given. */
export type ConfContext = {
  readonly output: {
    readonly isJson: boolean;
    /** A line for people on stdout; nothing with JSON. */
    line(text: string): void;
    /** A document on stdout; nothing without JSON. */
    json(value: unknown): void;
    /** A line on stderr in both modes. */
    notice(text: string): void;
  };
  readonly files: Files;
  readonly machine: () => Promise<Machine>;
  /** Of this process: `OS_GROUP__OPTION` beats files. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isReadOnly: boolean;
};

/** What `conf get` and `conf set` have in common. */
export type ConfOptions = {
  readonly named: readonly NamedSource[];
  readonly defaults: readonly KnownOption[];
  readonly type: OptionType | undefined;
};

/** Does a command's work and gives the exit code; rejects with `UserError`. */
export type ConfWork = (context: ConfContext) => Promise<0 | 1>;

const TYPES: readonly OptionType[] = ['integer', 'string', 'boolean', 'list'];

/** Adds `conf get|set|diff`. `choose` is called with the work when the command line asks for it. */
export function registerConf(program: Command, choose: (work: ConfWork) => void): void {
  const conf = program
    .command('conf')
    .description('read or edit oslo.config files on this machine, as Nova reads them');

  const get = conf
    .command('get <group> <option>')
    .description('the value that a service gets, the place that decides, and the places that lose');
  const getOptions = addConfOptions(get);
  get.action((group: string, option: string) =>
    choose(async (context) => {
      const {runConfGet} = await import('./conf-get.js');
      return runConfGet(context, {group, option, ...getOptions()});
    }),
  );

  const set = conf
    .command('set <group> <option> <value>')
    .description('edit the file that decides, one line of it, and nothing else')
    .option('--dry-run', 'show what would change, and write nothing');
  const setOptions = addConfOptions(set);
  set.action((group: string, option: string, value: string) =>
    choose(async (context) => {
      const {runConfSet} = await import('./conf-set.js');
      const isDryRun = set.getOptionValue('dryRun') === true;
      return runConfSet(context, {group, option, value, isDryRun, ...setOptions()});
    }),
  );

  conf
    .command('diff <left> <right>')
    .description('options that services would read differently from two files or directories')
    .action((left: string, right: string) =>
      choose(async (context) => {
        const {runConfDiff} = await import('./conf-diff.js');
        return runConfDiff(context, {left, right});
      }),
    );
}

/** Adds the options and gives a function that reads them. Files and directories keep their common order. */
function addConfOptions(command: Command): () => ConfOptions {
  const named: NamedSource[] = [];
  const defaults: KnownOption[] = [];
  const collect = (kind: NamedSource['kind']) => (path: string) => {
    named.push({kind, path});
    return named;
  };
  command
    .addOption(
      new Option('--config-file <file>', 'a file that the service reads; repeatable, in its order').argParser(
        collect('file'),
      ),
    )
    .addOption(
      new Option('--config-dir <directory>', 'a directory whose *.conf files it reads; repeatable').argParser(
        collect('directory'),
      ),
    )
    .addOption(
      new Option(
        '--default <group.option=value>',
        'an option that the service knows, with its default; repeatable',
      ).argParser((text) => {
        defaults.push(parseDefault(text));
        return defaults;
      }),
    )
    .addOption(new Option('--type <type>', 'how the value is converted').choices(TYPES));
  return () => {
    const type: unknown = command.getOptionValue('type');
    return {named, defaults, type: TYPES.find((one) => one === type)};
  };
}

/** Reads `GROUP.OPTION=VALUE`. The type is the one that is known for the option, else text. */
export function parseDefault(text: string): KnownOption {
  const match = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text);
  if (match === null)
    throw new InvalidArgumentError('write it as GROUP.OPTION=VALUE, for example DEFAULT.my_ip=192.0.2.1');
  return {group: match[1] ?? '', name: match[2] ?? '', type: 'string', default: match[3] ?? ''};
}
