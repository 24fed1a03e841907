/** Two embedded clouds whose nodes have the same names, reached with one clouds.yaml and one inventory. */
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {DemoOptions} from '../../source/demo/demo.js';
import {type DemoCloud, startDemoCloud} from './demo-cloud.js';

export type TwoClouds = {
  readonly east: DemoCloud;
  readonly west: DemoCloud;
  /** The clouds are called east and west, and nodes after them: east-compute-01. */
  readonly env: Readonly<Record<string, string>>;
};

/** @param isOwned whether the inventory says whose each node is */
export async function startTwoClouds(
  t: Pick<ExecutionContext, 'teardown' | 'timeout'>,
  isOwned: boolean,
  west: Partial<DemoOptions> = {},
): Promise<TwoClouds> {
  const clouds = {
    east: await startDemoCloud(t, {start: 'on', servers: 12, seed: 1}),
    west: await startDemoCloud(t, {start: 'on', servers: 12, seed: 2, ...west}),
  };
  const {operator, env} = clouds.east;
  const settings = Object.entries(clouds).map(([name, cloud]) =>
    cloud.operator
      .cloudsYaml()
      .replace(/^clouds:\n/, '')
      .replaceAll(/^ {2}demo/gm, `  ${name}`),
  );
  const nodes = await Promise.all(
    Object.entries(clouds).map(async ([name, cloud]) => nodesOf(name, cloud, isOwned)),
  );
  const known = Object.values(clouds).map(async ({operator: {home}}) =>
    readFile(path.join(home, '.ssh/known_hosts'), 'utf8'),
  );
  await operator.write('.ssh/known_hosts', (await Promise.all(known)).join(''));
  return {
    ...clouds,
    env: {
      ...env,
      OS_CLIENT_CONFIG_FILE: await operator.write('both.yaml', `clouds:\n${settings.join('')}`),
      OS_CLOUD: 'east',
      REPRIEVE_INVENTORY: await operator.write(
        'both.ini',
        `[compute]\n${nodes.map(({hosts}) => hosts).join('')}`,
      ),
      REPRIEVE_PROFILE: await operator.write(
        'both-profile.yaml',
        `nodes:\n${nodes.map(({rules}) => rules).join('')}`,
      ),
    },
  };
}

async function nodesOf(
  name: string,
  {operator, nodes}: DemoCloud,
  isOwned: boolean,
): Promise<{readonly hosts: string; readonly rules: string}> {
  const config = await readFile(path.join(operator.home, '.ssh/config'), 'utf8');
  const key = path.join(operator.home, '.ssh/id_ed25519');
  const user = /^ {2}User (.*)$/m.exec(config)?.[1] ?? '';
  const computes = [...nodes].filter(([host]) => host.startsWith('compute'));
  const hosts = computes.map(([host]) => {
    const port = new RegExp(String.raw`^Host ${host}\n {2}Port (\d+)$`, 'm').exec(config)?.[1] ?? '';
    const variables = {
      ansible_host: '127.0.0.1',
      ansible_port: port,
      ansible_user: user,
      ansible_ssh_private_key_file: key,
      reprieve_nova_host: host,
      ...(isOwned ? {reprieve_cloud: name} : {}),
    };
    const words = Object.entries(variables).map(([variable, value]) => `${variable}=${value}`);
    return `${name}-${host} ${words.join(' ')}\n`;
  });
  const rules = computes.map(
    ([host, {files}]) => `  ${name}-${host}: {sysroot: ${JSON.stringify(files.root)}}\n`,
  );
  return {hosts: hosts.join(''), rules: rules.join('')};
}
