import {defineCommand} from './command.js';
import {runFlavorCheck} from './flavor-check.js';
import {create} from './flavor-create.js';
import {lint} from './flavor-lint.js';
import {releaseFlag} from './flavor-release.js';
import {diff, show} from './flavor-show.js';
import {wizardFlags} from './flavor-wizard-flags.js';

const check = defineCommand({
  name: 'check',
  summary: 'judge flavors offline, as Nova would: stored, bootable, and what the guest gets',
  args: [
    {
      syntax: '[file...]',
      help: 'JSON or YAML: flavors as one writes them, or as openstack and Nova print them; - for stdin',
      completes: 'file',
    },
  ],
  flags: {release: releaseFlag()},
  examples: [
    'reprieve flavor check flavors.yaml --release zed',
    'openstack flavor list --all --long -f json | reprieve flavor check -',
    'reprieve flavor check --json all.json | jq -r \'select(.verdict != "ok").name\'',
  ],
  usesProfile: false,
  run: async (context, {args, flags}) => runFlavorCheck(context, args, flags.release),
});

/** Flavors: watchdog, CPU topology, NUMA. */
export const flavor = defineCommand({
  name: 'flavor',
  summary: 'flavors with watchdog, CPU topology and NUMA, judged as Nova judges them',
  isScreen: true,
  flags: wizardFlags,
  examples: [
    'reprieve flavor',
    'reprieve flavor --clone db.8c32g',
    'reprieve flavor --offline --preset realtime',
  ],
  commands: [check, show, diff, create, lint],
  async run(context, {flags}) {
    const {runFlavorWizard} = await import('./flavor-wizard.js');
    return runFlavorWizard(context, flags);
  },
});
