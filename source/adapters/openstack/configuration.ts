import path from 'node:path';
import {CloudError} from '../../app/errors.js';
import {hasUserInfo, readCredentials, type AuthMethod, type Scope} from './credentials.js';
import {cleanLine, shownUrl} from './clean-text.js';
import {chooseName, cloudsOf, shownFile} from './cloud-choice.js';
import {findFile, type FoundFile, type Surroundings} from './clouds-files.js';
import {cloudOfEnvironment, knownRegions, mergeDeep, resolveCloud, type Region} from './clouds-merge.js';
import type {ProxyVariables} from './http-client.js';
import {isMap, textIn, type Plain, type PlainMap} from './pyyaml.js';
import {readTls, withBundle, type TlsSettings} from './tls-settings.js';

/** Everything needed to talk to one region of one cloud. */
export type CloudConfiguration = {
  /** Name in clouds.yaml, or `envvars` for the `OS_*` variables. */
  readonly name: string;
  /** Where it was read, in words for people. */
  readonly source: string;
  readonly authUrl: string;
  readonly method: AuthMethod;
  readonly scope: Scope;
  readonly region: string | undefined;
  /** In order of preference, in Keystone's words: public, internal, admin. */
  readonly interfaces: readonly string[];
  readonly computeEndpoint: string | undefined;
  readonly computeServiceType: string;
  readonly computeServiceName: string | undefined;
  /** As they are written: they are asked for only by what needs images, networks or volumes. */
  readonly imageEndpoint: string | undefined;
  readonly networkEndpoint: string | undefined;
  readonly volumeEndpoint: string | undefined;
  readonly placementEndpoint: string | undefined;
  readonly tls: TlsSettings;
  /** The proxy variables of the environment, which Python's requests below openstacksdk follows, too. */
  readonly proxy: ProxyVariables;
  /** Time limit for one answer, milliseconds; undefined: ours. */
  readonly timeoutMs: number | undefined;
  /** Things that openstacksdk passes over in silence and that may not be meant. */
  readonly warnings: readonly string[];
};

export type LoadOptions = Surroundings & {
  /** `--cloud`, also `NAME/REGION`; absent: `OS_CLOUD`, else the `OS_*` variables, else the only cloud there is. */
  readonly name?: string | undefined;
  /** One of the cloud's regions; absent: its first. */
  readonly region?: string | undefined;
};

/** A cloud's settings under openstacksdk's names, and where they were read. */
export type ResolvedCloud = {
  readonly name: string;
  readonly source: string;
  readonly settings: PlainMap;
  readonly warnings: readonly string[];
};

/** Reads the configuration of one cloud. Rejects with a `CloudError` of reason `configuration`. */
export async function loadCloudConfiguration(options: LoadOptions): Promise<CloudConfiguration> {
  const {name, source, settings, warnings} = await resolveConfiguration(options);
  const where = `Cloud "${cleanLine(name)}" (${source})`;
  const {authUrl, method, scope} = readCredentials(where, settings);
  const get = (key: string): string | undefined =>
    textIn(settings[`compute_${key}`]) ?? textIn(settings[key]);
  const timeout = Number(settings['api_timeout'] ?? Number.NaN);
  const endpoint = textIn(settings['compute_endpoint_override']) ?? textIn(settings['compute_endpoint']);
  const isAddress = endpoint !== undefined && /^https?:\/\//i.test(endpoint) && URL.canParse(endpoint);
  if (endpoint !== undefined && (!isAddress || hasUserInfo(endpoint))) {
    throw new CloudError(
      'configuration',
      `${where}: compute_endpoint_override is no http or https address, or holds a password.`,
      {
        remedy: 'Write it as http://HOST:8774/v2.1, or leave it out.',
      },
    );
  }
  return {
    name,
    source,
    authUrl,
    method,
    scope,
    region: get('region_name'),
    interfaces: interfaces(settings),
    computeEndpoint: endpoint,
    computeServiceType: textIn(settings['compute_service_type']) ?? 'compute',
    computeServiceName: textIn(settings['compute_service_name']),
    imageEndpoint: endpointIn(settings, 'image'),
    networkEndpoint: endpointIn(settings, 'network'),
    volumeEndpoint: endpointIn(settings, 'block_storage') ?? endpointIn(settings, 'volume'),
    placementEndpoint: endpointIn(settings, 'placement'),
    tls: await readTls(where, settings, options),
    proxy: proxyVariables(options.env),
    timeoutMs: timeout > 0 ? timeout * 1000 : undefined,
    warnings,
  };
}

function endpointIn(settings: PlainMap, service: string): string | undefined {
  return textIn(settings[`${service}_endpoint_override`]) ?? textIn(settings[`${service}_endpoint`]);
}

/** Finds, merges and chooses as openstacksdk does; nothing is judged yet. */
export async function resolveConfiguration(options: LoadOptions): Promise<ResolvedCloud> {
  const {env} = options;
  const clouds = await findFile('clouds', env['OS_CLIENT_CONFIG_FILE'], options);
  const secure = await findFile('secure', env['OS_CLIENT_SECURE_FILE'], options);
  const merged = mergeDeep(clouds.content, secure.content);
  const fromFiles = cloudsOf(merged, clouds);
  const fromEnvironment = cloudOfEnvironment(env);
  const environmentName = env['OS_CLOUD_NAME'] || 'envvars';
  if (Object.hasOwn(fromFiles, environmentName)) {
    throw new CloudError(
      'configuration',
      `${shownFile(clouds)} has a cloud named "${cleanLine(environmentName)}", which is also the name of the ` +
        'cloud that the OS_* variables describe.',
      {remedy: 'Rename the cloud in the file, or set OS_CLOUD_NAME to another name.'},
    );
  }
  const all: PlainMap =
    fromEnvironment === undefined ? fromFiles : {...fromFiles, [environmentName]: fromEnvironment};
  const {name, region: named} = chooseName(options, all, fromEnvironment && environmentName, clouds);
  const cloud = all[name];
  if (!isMap(cloud)) {
    throw new CloudError('configuration', `${shownFile(clouds)}: cloud "${cleanLine(name)}" is no map.`, {
      remedy: 'Write its settings (auth, region_name, …) indented below its name.',
    });
  }
  const isOfEnvironment = name === environmentName && fromEnvironment !== undefined;
  const source = isOfEnvironment ? 'OS_* variables' : shownFile(clouds);
  const warnings = warn(options, clouds, secure, isOfEnvironment);
  const profile = await findProfile(cloud, environmentName, options, warnings, name);
  try {
    const region = chooseRegion(knownRegions(cloud, profile), options.region ?? named);
    const settings = resolveCloud(cloud, profile, region);
    return {name, source, settings: withBundle(settings, env), warnings};
  } catch (error) {
    if (error instanceof CloudError) throw error;
    const reason = cleanLine(error instanceof Error ? error.message : String(error));
    throw new CloudError('configuration', `Cloud "${cleanLine(name)}" (${source}): ${reason}.`, {
      remedy: 'Correct that setting.',
    });
  }
}

function warn(
  options: LoadOptions,
  clouds: FoundFile,
  secure: FoundFile,
  isOfEnvironment: boolean,
): string[] {
  const warnings: string[] = [];
  const {env} = options;
  const named = env['OS_CLIENT_CONFIG_FILE'];
  if (named && clouds.path !== path.resolve(options.cwd, named)) {
    warnings.push(
      `OS_CLIENT_CONFIG_FILE names ${cleanLine(named)}, which cannot be read; it was passed over.`,
    );
  }
  for (const file of [...clouds.unreadable, ...secure.unreadable]) {
    warnings.push(`${cleanLine(file)} cannot be read; it was passed over.`);
  }
  if (!isOfEnvironment && env['OS_REGION_NAME']) {
    warnings.push(
      'OS_REGION_NAME was not used, because the cloud comes from a file (openstacksdk does the same); ' +
        'set region_name there.',
    );
  }
  return warnings;
}

async function findProfile(
  cloud: PlainMap,
  environmentName: string,
  options: LoadOptions,
  warnings: string[],
  name: string,
): Promise<PlainMap> {
  const wanted = textIn(cloud['profile'] ?? cloud['cloud']);
  if (wanted === undefined || wanted === environmentName) return {};
  const file = await findFile('clouds-public', undefined, options);
  const profiles = file.content['public-clouds'];
  const profile = isMap(profiles) && Object.hasOwn(profiles, wanted) ? profiles[wanted] : undefined;
  if (isMap(profile)) return profile;
  warnings.push(
    `Cloud "${cleanLine(name)}" asks for the profile "${cleanLine(wanted)}", which ` +
      `${file.path === undefined ? 'no clouds-public.yaml was found to hold' : `${shownFile(file)} does not have`}; ` +
      'profiles that are built into openstacksdk are not known here.',
  );
  return {};
}

function chooseRegion(regions: readonly Region[], wanted: string | undefined): Region {
  const first = regions[0];
  if (!wanted) return first ?? {name: '', values: {}};
  if (first === undefined) return {name: wanted, values: {}};
  const found = regions.find((region) => region.name === wanted);
  if (found !== undefined) return found;
  const names = regions.map((region) => `"${cleanLine(region.name)}"`).join(', ');
  throw new CloudError(
    'configuration',
    `The cloud has no region "${cleanLine(wanted)}"; its regions are ${names}.`,
    {remedy: 'Choose one of these; upper and lower case count.'},
  );
}

function proxyVariables(env: Surroundings['env']): ProxyVariables {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const set = names.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return Object.fromEntries(set);
}

function interfaces(settings: PlainMap): readonly string[] {
  const own = settings['compute_interface'] ?? settings['interface'] ?? 'public';
  const names = (Array.isArray(own) ? (own as readonly Plain[]) : [own])
    .map((name) => textIn(name)?.replace(/URL$/, ''))
    .filter((name) => name !== undefined);
  return names.length === 0 ? ['public'] : names;
}

/** The cloud in a message: its name and where it is. */
export function describeCloud(configuration: CloudConfiguration): string {
  return `cloud "${cleanLine(configuration.name)}" (${shownUrl(configuration.authUrl)})`;
}
