import {UserError} from '../app/errors.js';
import type {Named} from '../app/servers/find-servers.js';
import type {CloudPorts} from '../compose.js';
import {sanitize} from '../text/sanitize.js';
import {serverPlace} from '../text/servers.js';
import type {CommandContext} from './command.js';

/** The cloud of a command that looks at no node. */
export async function openCloud(context: CommandContext): Promise<CloudPorts> {
  const {output, common} = context;
  const composition = await context.compose();
  return composition.cloud({cloud: common.cloud, notice: (text) => output.notice(`notice: ${text}`)});
}

/** The `--os-cloud` of commands that are proposed; undefined where variables alone say which cloud it is. */
export function cloudName({label}: Pick<CloudPorts, 'label'>): string | undefined {
  return label.name === 'envvars' ? undefined : label.name;
}

/** What was named once. Where a name is several servers' all of these are listed, and the command is refused. */
export function refuseAmbiguous(
  {output}: CommandContext,
  named: readonly Named[],
): readonly Exclude<Named, {kind: 'several'}>[] {
  const several = named.filter((one) => one.kind === 'several');
  for (const {word, servers} of several) {
    output.notice(`"${sanitize(word)}" is the name of ${servers.length} soft-deleted servers:`);
    for (const server of servers) output.notice(`  ${serverPlace(server)}`);
  }
  const [first] = several;
  if (first !== undefined) {
    throw new UserError(
      'usage',
      `${several.map(({word}) => `"${word}"`).join(', ')} ${several.length === 1 ? 'names' : 'name'} several servers; nothing was done`,
      {remedy: `name the one that is meant by its id, such as ${first.servers[0]?.id ?? ''}`},
    );
  }
  return named.filter((one) => one.kind !== 'several');
}
