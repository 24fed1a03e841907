import path from 'node:path';
import {CloudError} from '../../app/errors.js';
import {hasUserInfo, readCredentials, type AuthMethod, type Scope} from './credentials.js';
import {cleanLine, shownUrl} from './clean-text.js';
import {findFile, type FoundFile, type Surroundings} from './clouds-files.js';
import {cloudOfEnvironment, knownRegions, mergeDeep, resolveCloud, type Region} from './clouds-merge.js';
import type {ProxyVariables} from './http-client.js';
import {isMap, type Plain, type PlainMap} from './pyyaml.js';
import {Secret} from './secret.js';

/** How TLS is done with one cloud: nothing of it touches the process or other clouds. */
export type TlsSettings = {
  /** `false` only where `verify: false` or `insecure: true` asks for it. */
  readonly isVerified: boolean;
  /** PEM of the authorities that alone are trusted; absent: those of Node and of the system. */
  readonly authorities?: string;
  /** PEM of a client certificate, and of its key where that is in a file of its own. */
  readonly certificate?: string;
  readonly key?: Secret;
};

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
  readonly tls: TlsSettings;
  /** The proxy variables of the environment, which Python's requests below openstacksdk follows, too. */
  readonly proxy: ProxyVariables;
  /** Time limit for one answer, milliseconds; undefined: ours. */
  readonly timeoutMs: number | undefined;
  /** Things that openstacksdk passes over in silence and that may not be meant. */
  readonly warnings: readonly string[];
};

export type LoadOptions = Surroundings & {
  /** `--cloud`; absent: `OS_CLOUD`, else the `OS_*` variables, else the only cloud there is. */
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
  const get = (key: string): string | undefined => text(settings[`compute_${key}`]) ?? text(settings[key]);
  const timeout = Number(settings['api_timeout'] ?? Number.NaN);
  const endpoint = text(settings['compute_endpoint_override']) ?? text(settings['compute_endpoint']);
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
    computeServiceType: text(settings['compute_service_type']) ?? 'compute',
    computeServiceName: text(settings['compute_service_name']),
    tls: await readTls(where, settings, options),
    proxy: proxyVariables(options.env),
    timeoutMs: timeout > 0 ? timeout * 1000 : undefined,
    warnings,
  };
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
  const name = chooseName(options, all, fromEnvironment && environmentName, clouds);
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
    const region = chooseRegion(knownRegions(cloud, profile), options.region);
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

function cloudsOf(merged: PlainMap, file: FoundFile): PlainMap {
  const clouds = merged['clouds'];
  if (clouds === undefined || clouds === null) return {};
  if (isMap(clouds)) return clouds;
  throw new CloudError('configuration', `${shownFile(file)}: "clouds" is no map of names to clouds.`, {
    remedy: 'Below "clouds:", write each cloud as an indented name with its settings below it.',
  });
}

function chooseName(
  options: LoadOptions,
  all: PlainMap,
  environmentName: string | undefined,
  file: FoundFile,
): string {
  const names = Object.keys(all);
  const wanted = options.name || options.env['OS_CLOUD'];
  if (wanted) {
    if (Object.hasOwn(all, wanted)) return wanted;
    const origin = options.name ? '--cloud' : 'OS_CLOUD';
    throw new CloudError(
      'configuration',
      `There is no cloud "${cleanLine(wanted)}" (${origin}); ${whatExists(names, file, environmentName)}.`,
      {remedy: names.length === 0 ? NO_CLOUD_REMEDY : 'Choose one of these with --cloud or OS_CLOUD.'},
    );
  }
  if (environmentName !== undefined) return environmentName;
  const [first, second] = names;
  if (first !== undefined && second === undefined) return first;
  throw new CloudError(
    'configuration',
    names.length === 0
      ? `No credentials: ${whatExists(names, file, environmentName)}.`
      : `No cloud was chosen: ${whatExists(names, file, environmentName)}.`,
    {remedy: names.length === 0 ? NO_CLOUD_REMEDY : 'Choose one with --cloud or OS_CLOUD.'},
  );
}

const NO_CLOUD_REMEDY =
  'Put a clouds.yaml into ~/.config/openstack, name one in OS_CLIENT_CONFIG_FILE, or set the OS_* variables.';

/** Which names exist, and in which files they are or were looked for. */
function whatExists(names: readonly string[], file: FoundFile, environmentName: string | undefined): string {
  const inFile = names.filter((name) => name !== environmentName);
  const unreadable =
    file.unreadable.length === 0
      ? ''
      : `; ${file.unreadable.map((it) => cleanLine(it)).join(', ')} may not be read`;
  const variables =
    environmentName === undefined ? '' : `, and "${cleanLine(environmentName)}" from OS_* variables`;
  if (file.path === undefined) {
    return `no clouds.yaml was found in this folder, ~/.config/openstack or /etc/openstack${unreadable}${variables}`;
  }
  const list = inFile.length === 0 ? 'no cloud' : inFile.map((name) => `"${cleanLine(name)}"`).join(', ');
  return `${shownFile(file)} has ${list}${unreadable}${variables}`;
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
  const wanted = text(cloud['profile'] ?? cloud['cloud']);
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

/** Python's requests, below openstacksdk, takes the authorities from these variables if none are configured. */
function withBundle(settings: PlainMap, env: Surroundings['env']): PlainMap {
  const bundle = env['REQUESTS_CA_BUNDLE'] || env['CURL_CA_BUNDLE'];
  return settings['cacert'] || !bundle ? settings : {...settings, cacert: bundle};
}

function proxyVariables(env: Surroundings['env']): ProxyVariables {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const set = names.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return Object.fromEntries(set);
}

function interfaces(settings: PlainMap): readonly string[] {
  const own = settings['compute_interface'] ?? settings['interface'] ?? 'public';
  const names = (Array.isArray(own) ? (own as readonly Plain[]) : [own])
    .map((name) => text(name)?.replace(/URL$/, ''))
    .filter((name) => name !== undefined);
  return names.length === 0 ? ['public'] : names;
}

async function readTls(where: string, settings: PlainMap, options: LoadOptions): Promise<TlsSettings> {
  const verify = settings['verify'];
  const isOff = verify === false || (typeof verify === 'string' && /^(false|no|0)$/i.test(verify));
  const isVerified = !isOff && settings['insecure'] !== true;
  // A text that is neither true nor false is what requests takes it for: a file of authorities.
  const verifyFile =
    typeof verify === 'string' && !/^(true|yes|1|false|no|0|)$/i.test(verify) ? verify : undefined;
  const caFile = text(settings['cacert']) ?? verifyFile;
  const read = async (key: string, file: string | undefined): Promise<string | undefined> => {
    if (file === undefined) return undefined;
    const place = path.resolve(options.cwd, file.replace(/^~(?=\/|$)/, options.home));
    try {
      return await options.readFile(place);
    } catch (error) {
      throw new CloudError(
        'configuration',
        `${where}: ${key} names ${cleanLine(place)}, which cannot be read.`,
        {
          remedy: 'Name a PEM file that you may read.',
          cause: error,
        },
      );
    }
  };
  const authorities = isVerified ? await read('cacert', caFile) : undefined;
  const certificate = await read('cert', text(settings['cert']));
  const key = certificate === undefined ? undefined : await read('key', text(settings['key']));
  return {
    isVerified,
    ...(authorities === undefined ? {} : {authorities}),
    ...(certificate === undefined ? {} : {certificate}),
    ...(key === undefined ? {} : {key: new Secret(key)}),
  };
}

function text(value: Plain | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function shownFile(file: FoundFile): string {
  return file.path === undefined ? 'clouds.yaml' : cleanLine(file.path);
}

/** The cloud in a message: its name and where it is. */
export function describeCloud(configuration: CloudConfiguration): string {
  return `cloud "${cleanLine(configuration.name)}" (${shownUrl(configuration.authUrl)})`;
}
