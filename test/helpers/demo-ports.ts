/** The adapters that the program has in an embedded cloud, in the process of the test. */
import type {ExecutionContext} from 'ava';
import {profileNames} from '../../source/commands/profile-names.js';
import {compose, type Composition, loadProfile} from '../../source/compose.js';
import type {Demo} from '../../source/demo/demo.js';

export type DemoPorts = {
  readonly composition: Composition;
  /** What a screen that looks at nodes and acts on servers is given. */
  readonly ports: Awaited<ReturnType<Composition['rollout']>>;
};

/** Opens them as the operator of the cloud; they are closed with the test. `cloud`: another name in clouds.yaml. */
export async function openDemoPorts(
  t: Pick<ExecutionContext, 'teardown'>,
  {env, operator}: Demo,
  cloud?: string,
): Promise<DemoPorts> {
  const composition = compose({
    inventory: operator.inventory,
    hosts: undefined,
    apiHosts: [],
    profile: await loadProfile(undefined, env, profileNames({flags: {}})),
    env,
    signal: new AbortController().signal,
    whileAsking: async (ask) => ask(),
    asking: {isPlain: true, isColourless: true},
  });
  t.teardown(async () => composition.close());
  const ports = await composition.rollout({
    cloud,
    transport: 'ssh2',
    parallel: 10,
    askBecomePass: false,
    isInteractive: false,
    notice: () => {},
  });
  return {composition, ports};
}
