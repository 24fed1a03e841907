import {homedir} from 'node:os';
import process from 'node:process';
import type {CloudLabel} from './app/home/home-ports.js';
import type {Cloud, CloudAccount, World} from './app/ports.js';
import type {NamedServers, WaitingServers} from './app/servers/server-ports.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A cloud, and everything that may be asked of it. */
export type CloudPorts = {
  readonly cloud: Cloud;
  readonly label: CloudLabel;
  readonly account: CloudAccount;
  readonly namedServers: NamedServers;
  readonly waitingServers: WaitingServers;
};

/** Which cloud, and where warnings about its configuration go. */
export type CloudRequest = {
  readonly cloud: string | undefined;
  readonly notice: (text: string) => void;
};

/** Where configurations of clouds are looked for. */
export function surroundingsOf(env: Environment) {
  return {env, cwd: process.cwd(), home: env['HOME'] ?? homedir(), readFile: readText};
}

/** What reads files is loaded when first needed: commands that need none start faster without it. */
export async function readText(file: string | URL): Promise<string> {
  const {readFile} = await import('node:fs/promises');
  return readFile(file, 'utf8');
}

/** The adapters of one cloud, and which it is. Nothing is asked of it yet. */
export async function openCloud(
  env: Environment,
  {cloud: wanted, notice}: CloudRequest,
  {clock, random}: World,
) {
  const {loadCloudConfiguration} = await import('./adapters/openstack/configuration.js');
  const {createCloud} = await import('./adapters/openstack/cloud.js');
  const {scopeName} = await import('./adapters/openstack/credentials.js');
  const configuration = await loadCloudConfiguration({name: wanted, ...surroundingsOf(env)});
  for (const warning of configuration.warnings) notice(warning);
  const {name, authUrl, region} = configuration;
  const label: CloudLabel = {name, authUrl, region, scope: scopeName(configuration.scope)};
  return {cloud: createCloud(configuration, {clock, random}), label};
}
