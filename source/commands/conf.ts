import {runConfDiff} from './conf-diff.js';
import {runConfGet} from './conf-get.js';
import {runConfSet} from './conf-set.js';
import type {OptionType} from '../domain/oslo/options.js';
import {defineCommand} from './command.js';
import {oneOf, option, repeated, toggle, type FlagValues} from './flag.js';

const TYPES = ['integer', 'string', 'boolean', 'list'] as const satisfies readonly OptionType[];

/** Made anew for each command: the parser tells flags apart by identity. */
const sourceFlags = () => ({
  configFile: repeated('--config-file <file>', 'a file that the service reads; repeatable, in its order', {
    completes: 'file',
  }),
  configDir: repeated('--config-dir <directory>', 'a directory whose *.conf files it reads; repeatable', {
    completes: 'file',
  }),
  default: repeated(
    '--default <group.option=value>',
    'an option that the service knows, with its default; repeatable',
  ),
  type: option(
    '--type <type>',
    'how the value is converted: integer, string, boolean, list',
    oneOf(...TYPES),
  ),
});

/** What the flags of `conf get` and `conf set` say. */
export type SourceFlags = FlagValues<ReturnType<typeof sourceFlags>>;

const get = defineCommand({
  name: 'get',
  summary: 'the value that a service gets, the place that decides, and the places that lose',
  args: [
    {syntax: '<group>', help: 'section, for example DEFAULT'},
    {syntax: '<option>', help: 'option, for example reclaim_instance_interval'},
  ],
  flags: sourceFlags(),
  examples: [
    'reprieve conf get DEFAULT reclaim_instance_interval --config-file /etc/nova/nova.conf --config-file /etc/nova/nova-compute.conf',
  ],
  usesProfile: false,
  run: async (context, {args, flags}) => {
    return runConfGet(context, {group: args[0] ?? '', option: args[1] ?? '', flags});
  },
});

const set = defineCommand({
  name: 'set',
  summary: 'edit the file that decides: one line of it, and no other byte',
  args: [
    {syntax: '<group>', help: 'section, for example DEFAULT'},
    {syntax: '<option>', help: 'option, for example reclaim_instance_interval'},
    {syntax: '<value>', help: 'what stands after the =; an interval such as 2h where one is meant'},
  ],
  flags: {...sourceFlags(), dryRun: toggle('--dry-run', 'show what would change, and write nothing')},
  examples: [
    'reprieve conf set DEFAULT reclaim_instance_interval 2h --config-file /etc/nova/nova.conf --dry-run',
  ],
  usesProfile: false,
  run: async (context, {args, flags}) => {
    const [group = '', name = '', value = ''] = args;
    return runConfSet(context, {group, option: name, value, isDryRun: flags.dryRun, flags});
  },
});

const diff = defineCommand({
  name: 'diff',
  summary: 'options that services would read differently from two files or directories',
  args: [
    {syntax: '<left>', help: 'file or directory', completes: 'file'},
    {syntax: '<right>', help: 'file or directory', completes: 'file'},
  ],
  examples: ['reprieve conf diff /etc/nova/nova.conf nova.conf.new'],
  usesProfile: false,
  run: async (context, {args}) => {
    return runConfDiff(context, {left: args[0] ?? '', right: args[1] ?? ''});
  },
});

/** oslo.config files on this machine. */
export const conf = defineCommand({
  name: 'conf',
  summary: 'read or edit oslo.config files on this machine, as Nova reads them',
  usesProfile: false,
  commands: [get, set, diff],
});
