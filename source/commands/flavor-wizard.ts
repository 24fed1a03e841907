import {UserError} from '../app/errors.js';
import {renderGuestHalf} from '../app/template/guest-half.js';
import type {ExitCode} from '../text/errors.js';
import type {ScreenEntry} from '../ui/screen.js';
import type {KeptDraft} from '../ui/screens/flavor/state.js';
import type {CommandContext} from './command.js';
import type {WizardFlags} from './flavor-wizard-flags.js';
import {showScreens} from './show-screens.js';
import {NO_TEMPLATES, templatesEntry} from './templates-screen.js';

/** `flavor` without a subcommand: the wizard. */
export async function runFlavorWizard(context: CommandContext, flags: WizardFlags): Promise<ExitCode> {
  if (context.common.json) {
    throw new UserError('usage', 'the wizard has no JSON', {remedy: 'use: reprieve flavor check --json'});
  }
  if (flags.offline && flags.clone !== undefined) {
    throw new UserError('usage', '--clone needs a cloud, and --offline asks none', {
      remedy: 'leave one of them out',
    });
  }
  const code = await showScreens(
    context,
    'flavor',
    async () => [await flavorEntry(context, flags), await templatesEntry(context, NO_TEMPLATES)],
    ['reprieve flavor check flavors.yaml', 'reprieve flavor create flavors.yaml'],
  );
  return code === 130 ? 130 : code === 0 ? 0 : 1;
}

/** Every flag as it is where nobody gives it. */
export const NO_WIZARD_FLAGS: WizardFlags = {
  preset: undefined,
  clone: undefined,
  offline: false,
  force: false,
  release: undefined,
};

/** The wizard as a screen that others can open too. What was answered is there again when it is opened again. */
export async function flavorEntry(context: CommandContext, flags: WizardFlags): Promise<ScreenEntry> {
  const [{flavorScreen}, {anyScreen, wordsOf}] = await Promise.all([
    import('../ui/screens/flavor/screen.js'),
    import('../ui/screen.js'),
  ]);
  const composition = await context.compose();
  const {common, log, looks} = context;
  const kept: {last: KeptDraft | undefined} = {last: undefined};
  return {
    name: 'flavor',
    description: 'flavors: watchdog, topology, NUMA, as Nova decides',
    open: (shell, object) => {
      const wanted = wordsOf(object);
      // Who names a flavor begins with that.
      if (wanted !== undefined) kept.last = undefined;
      return anyScreen(
        flavorScreen(
          {
            clock: composition.clock,
            kept,
            async guestHalf() {
              const ports = await composition.templates({profile: common.profile});
              return renderGuestHalf(ports);
            },
            connect: async () =>
              composition.flavors({cloud: common.cloud, notice: (text) => log.write('warning', text)}),
          },
          {
            cloud: common.cloud,
            release: flags.release,
            isOffline: flags.offline,
            isForced: flags.force,
            isReadOnly: common.readOnly,
            preset: flags.preset,
            clone: wanted ?? flags.clone,
            ownKeys: looks.keys,
          },
          shell,
        ),
      );
    },
  };
}
