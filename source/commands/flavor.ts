import {
  NEWEST_RELEASE,
  NOVA_RELEASES,
  parseNovaRelease,
  type NovaRelease,
} from '../domain/flavor/nova-release.js';
import {defineCommand} from './command.js';
import {optionWithDefault} from './flag.js';
import {runFlavorCheck} from './flavor-check.js';
import {create} from './flavor-create.js';
import {diff, show} from './flavor-show.js';

const releaseFlag = () =>
  optionWithDefault(
    '--release <name>',
    'the Nova whose rules count: a series or version from ussuri on, such as zed, 2025.1 or 31.2',
    parseRelease,
    NEWEST_RELEASE.name,
    {completes: NOVA_RELEASES.map(({name}) => name), notInProfile: 'flavors are judged without a profile'},
  );

function parseRelease(text: string): NovaRelease {
  const release = parseNovaRelease(text);
  if (release !== undefined) return release;
  throw new RangeError(
    `"${text}" is no Nova that is known: ${NOVA_RELEASES.map(({name}) => name).join(', ')}`,
  );
}

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
    'reprieve flavor check flavors.yaml',
    'openstack flavor list --all --long -f json | reprieve flavor check - --release zed',
    'reprieve flavor check --json flavors.json | jq -r \'select(.verdict != "ok").name\'',
  ],
  usesProfile: false,
  run: async (context, {args, flags}) => runFlavorCheck(context, args, flags.release),
});

/** Flavors: watchdog, CPU topology, NUMA. */
export const flavor = defineCommand({
  name: 'flavor',
  summary: 'flavors with watchdog, CPU topology and NUMA, judged as Nova judges them',
  usesProfile: false,
  commands: [check, show, diff, create],
});
