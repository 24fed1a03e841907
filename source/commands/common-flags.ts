import {hostNameProblem} from '../domain/fleet/names.js';
import {option, parseList, parseText, toggle, type FlagValues} from './flag.js';

/** Flags that every command takes, before or after its name. */
export const commonFlags = {
  cloud: option(
    '--cloud <name>',
    'cloud of clouds.yaml (else OS_CLOUD, else the OS_* variables)',
    parseText,
    {
      variable: 'OS_CLOUD',
      takesSeveral: true,
    },
  ),
  profile: option(
    '--profile <file>',
    'profile to use (else $XDG_CONFIG_HOME/reprieve/config.yaml)',
    parseText,
    {
      variable: 'REPRIEVE_PROFILE',
      notInProfile: 'a profile does not name another one',
      completes: 'file',
    },
  ),
  inventory: option(
    '--inventory <file>',
    'Ansible inventory: YAML, INI, or ansible-inventory --list',
    parseText,
    {
      variable: 'REPRIEVE_INVENTORY',
      completes: 'file',
    },
  ),
  hosts: option(
    '--hosts <pattern>',
    'only these nodes: names, groups, globs, ranges, ~regex, !not, &and',
    parseText,
  ),
  apiHosts: option('--api-hosts <list>', 'nodes that run nova-api, with commas', parseHostNames),
  json: toggle('--json', 'print JSON on stdout, and nothing else'),
  yes: toggle('--yes', 'answer every question except those that destroy'),
  readOnly: toggle('--read-only', 'refuse everything that changes a node or the cloud', {
    variable: 'REPRIEVE_READ_ONLY',
  }),
  noColor: toggle('--no-color', 'no colours (also NO_COLOR)', {variable: 'NO_COLOR'}),
  logFile: option('--log-file <file>', 'write a log to this file', parseText, {
    variable: 'REPRIEVE_LOG_FILE',
    completes: 'file',
  }),
  verbose: toggle('-v, --verbose', 'say more on stderr; stack traces of bugs'),
};

/** The values of the common flags. */
export type CommonFlags = FlagValues<typeof commonFlags>;

function parseHostNames(text: string): readonly string[] {
  const names = parseList(text);
  for (const name of names) {
    const problem = hostNameProblem(name);
    if (problem !== undefined) throw new RangeError(problem.replace(/\.$/, ''));
  }
  return names;
}
