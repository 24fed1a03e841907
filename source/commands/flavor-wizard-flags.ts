import {PRESETS, type PresetName} from '../domain/flavor/presets.js';
import {oneOf, option, parseText, toggle, type FlagValues} from './flag.js';
import {cloudReleaseFlag} from './flavor-release.js';

const ONE_FLAVOR = {notInProfile: 'it is about one flavor'};
const PRESET_NAMES: readonly PresetName[] = PRESETS.map(({name}) => name);

/** Flags of the wizard. */
export const wizardFlags = {
  preset: option(
    '--preset <name>',
    `what to begin with: ${PRESET_NAMES.join(', ')}`,
    oneOf(...PRESET_NAMES),
    {...ONE_FLAVOR, completes: PRESET_NAMES},
  ),
  clone: option('--clone <name>', 'a flavor to begin with a copy of, by name or id', parseText, ONE_FLAVOR),
  offline: toggle('--offline', 'ask no cloud: judge, and show the openstack commands', ONE_FLAVOR),
  force: toggle('--force', 'let what no server can boot from be saved, once its name is typed', ONE_FLAVOR),
  release: cloudReleaseFlag(),
};

export type WizardFlags = FlagValues<typeof wizardFlags>;
