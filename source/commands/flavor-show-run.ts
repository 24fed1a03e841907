import type {FlavorCloud} from '../app/flavor/flavor-ports.js';
import {flavorReference} from '../app/flavor/flavor-reference.js';
import type {LookOptions} from '../app/flavor/look-around.js';
import type {FileNotice, NamingPorts} from '../app/flavor/named-flavor.js';
import {showFlavor} from '../app/flavor/show-flavor.js';
import type {ExitCode} from '../text/errors.js';
import {inputLine} from '../text/flavor-check.js';
import {showLines, type ShowStyle} from '../text/flavor-show.js';
import {shownFields} from '../text/flavor-show-json.js';
import {TEXT_WIDTH} from '../text/paragraph.js';
import type {CommandContext} from './command.js';

/** `flavor show`: 0 where everything could be shown, 1 where a part of the cloud could not be asked. */
export async function runFlavorShow(
  context: CommandContext,
  word: string,
  options: LookOptions,
): Promise<ExitCode> {
  const {output, signal} = context;
  const ports = await namingPorts(context);
  const shown = await showFlavor(flavorReference(word), ports, options, signal);
  tellNotices(context, shown.notices);
  output.json(shownFields(shown));
  output.lines(showLines(shown, showStyle(context)));
  for (const problem of shown.problems) output.notice(`notice: ${problem}`);
  return shown.problems.length === 0 ? 0 : 1;
}

/** How flavors are shown on this terminal. */
export function showStyle({output, looks, env}: CommandContext): ShowStyle {
  return {
    signs: looks.signs,
    width: output.columns ?? TEXT_WIDTH,
    isRead: looks.theme === 'reader' || env['INK_SCREEN_READER'] === 'true',
  };
}

/** What flavors are looked for in: files are read once, and the cloud is opened once, when it is first needed. */
export async function namingPorts(context: CommandContext): Promise<NamingPorts> {
  const {output, common} = context;
  const composition = await context.compose();
  const {inputs, yaml} = composition.flavorInputs();
  const read = new Map<string, ReturnType<typeof inputs.read>>();
  let cloud: Promise<FlavorCloud> | undefined;
  return {
    inputs: {
      yaml,
      inputs: {
        async read(name, most) {
          const before = read.get(name) ?? inputs.read(name, most);
          read.set(name, before);
          return before;
        },
      },
    },
    cloud: async () => {
      cloud ??= composition.flavors({
        cloud: common.cloud,
        notice: (text) => output.notice(`notice: ${text}`),
      });
      return cloud;
    },
  };
}

/** What is wrong with the file of a flavor that is shown all the same. */
export function tellNotices({output}: CommandContext, notices: readonly FileNotice[]): void {
  for (const notice of notices) output.notice(inputLine(notice));
}
