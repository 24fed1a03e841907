import {defineCommand} from './command.js';
import {optionalValue, toggle} from './flag.js';
import {cloudReleaseFlag} from './flavor-release.js';

const ONE_COMMAND = {notInProfile: 'it is about the flavors that one command saves'};

/** Flavors of a file, made in the cloud or changed there. */
export const create = defineCommand({
  name: 'create',
  summary: 'make the flavors of a file in the cloud, or change their extra specs there',
  args: [
    {
      syntax: '[file]',
      help: 'JSON or YAML, as flavor check reads it, with swap, is_public, projects and the like; - for stdin',
      completes: 'file',
    },
  ],
  flags: {
    dryRun: toggle('--dry-run', 'show the calls, and the openstack commands; change nothing', ONE_COMMAND),
    prune: toggle('--prune', 'take extra specs away, and access, that the file does not have', ONE_COMMAND),
    force: optionalValue(
      '--force [name]',
      'save it though no server can boot from it, or Nova refuses its specs from 2.86 on; named, or asked for',
      ONE_COMMAND,
    ),
    release: cloudReleaseFlag(),
  },
  examples: [
    'reprieve flavor create flavor.yaml --dry-run',
    'reprieve flavor create flavor.yaml --yes',
    'reprieve flavor create odd.yaml --force m1.odd',
  ],
  async run(context, {args, flags}) {
    const {runFlavorCreate} = await import('./flavor-create-run.js');
    return runFlavorCreate(context, args[0], flags);
  },
});
