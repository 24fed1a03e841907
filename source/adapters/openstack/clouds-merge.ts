import {numberAsText} from '../../domain/python-number.js';
import {isMap, type Plain, type PlainMap} from './pyyaml.js';
import type {Environment} from './clouds-files.js';

type Draft = Record<string, Plain>;

/** What every cloud begins with (openstack/config/defaults.json), as far as this tool reads it. */
const DEFAULTS: PlainMap = {
  auth_type: 'password',
  interface: 'public',
  verify: true,
  api_timeout: null,
  cacert: null,
  cert: null,
  key: null,
};

/** Variables that choose among clouds and describe none. */
const SELECTORS = new Set([
  'OS_CLOUD',
  'OS_REGION_NAME',
  'OS_CLIENT_CONFIG_FILE',
  'OS_CLIENT_SECURE_FILE',
  'OS_CLOUD_NAME',
]);

/** Options of the authentication plugins that may stand beside `auth` as well as in it. */
const AUTH_OPTIONS = [
  'auth_url',
  'system_scope',
  'domain_id',
  'domain_name',
  'project_id',
  'project_name',
  'project_domain_id',
  'project_domain_name',
  'trust_id',
  'default_domain_id',
  'default_domain_name',
  'user_id',
  'username',
  'user_domain_id',
  'user_domain_name',
  'password',
  'token',
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
];

/** Deep merge, the later one wins; as `merge_clouds` of openstacksdk does for secure.yaml. */
export function mergeDeep(first: PlainMap, second: PlainMap): PlainMap {
  const merged: Draft = {...first};
  for (const [key, value] of Object.entries(second)) {
    const before = merged[key];
    merged[key] = isMap(value) && isMap(before) ? mergeDeep(before, value) : value;
  }
  return merged;
}

/** One level deep only, except `auth`: how a cloud is laid over its profile and its defaults. */
function overlay(under: Draft, over: PlainMap): void {
  for (const [key, value] of Object.entries(over)) {
    const before = under[key];
    under[key] = key === 'auth' && isMap(before) && isMap(value) ? {...before, ...value} : value;
  }
}

/** The cloud that the `OS_*` variables describe; undefined where they only choose one. */
export function cloudOfEnvironment(env: Environment): PlainMap | undefined {
  const names = Object.keys(env).filter(
    (name) => /^OS_(?!TEST|STD|LOG)/.test(name) && env[name] !== undefined,
  );
  if (names.every((name) => SELECTORS.has(name))) return undefined;
  const cloud: Draft = {...DEFAULTS};
  for (const name of names) cloud[name.slice(3).toLowerCase()] = env[name] ?? null;
  return cloud;
}

/** `-` in keys becomes `_`, numbers become text: openstacksdk does this to every configuration. */
export function normalise(map: PlainMap): PlainMap {
  const result: Draft = {};
  for (const [key, value] of Object.entries(map)) {
    const name = key.replaceAll('-', '_');
    if (isMap(value)) result[name] = normalise(value);
    else if (typeof value === 'number') result[name] = numberAsText(value);
    else if (typeof value === 'bigint') {
      result[name] = name === 'api_timeout' ? Number(value) : numberAsText(value);
    } else result[name] = value;
  }
  return result;
}

export type Region = {readonly name: string; readonly values: PlainMap};

/**
 * The regions that a cloud names, in order: `regions`, or `region_name`, which may be a list or hold commas.
 * Throws a sentence where an entry is none.
 */
export function knownRegions(cloud: PlainMap, profile: PlainMap): readonly Region[] {
  const config = normalise(cloud);
  const own = config['regions'] ?? config['region_name'];
  const found = own ?? profile['regions'] ?? profile['region_name'];
  if (found === undefined || found === null || found === '') return [];
  const entries = Array.isArray(found)
    ? (found as readonly Plain[])
    : typeof found === 'string'
      ? found.split(',')
      : [found];
  return entries.map((entry) => {
    if (typeof entry === 'string') return {name: entry, values: {}};
    if (typeof entry === 'number' || typeof entry === 'bigint')
      return {name: numberAsText(entry), values: {}};
    const name = isMap(entry) ? entry['name'] : undefined;
    const values = isMap(entry) ? (entry['values'] ?? {}) : {};
    if (typeof name !== 'string' || !isMap(values)) {
      throw new Error('an entry of "regions" is neither a name nor a map with "name" and "values"');
    }
    return {name, values};
  });
}

/**
 * A cloud's settings as openstacksdk's `OpenStackConfig.get_one` gives them: defaults, profile, cloud, region,
 * then the old names brought to the new ones. Throws a sentence where a `{name}` refers to nothing.
 */
export function resolveCloud(cloud: PlainMap, profile: PlainMap, region: Region): PlainMap {
  let config: Draft = {...DEFAULTS};
  overlay(config, profile);
  config['auth'] ??= {};
  overlay(config, cloud);
  delete config['cloud'];
  delete config['regions'];
  for (const [key, value] of Object.entries(region.values)) {
    if (value !== null) overlay(config, {[key]: value});
  }
  config['region_name'] = region.name;
  config = renameTimeouts(config);
  if ('endpoint_type' in config) config = renameKey(config, 'endpoint_type', 'interface');
  const auth: Draft = isMap(config['auth']) ? {...config['auth']} : {};
  // `auth_type` always wins, because the defaults have it; `auth_plugin` is an old name without effect.
  delete config['auth_plugin'];
  renameProject(config, auth);
  for (const key of Object.keys(config)) {
    if (key.endsWith('endpoint_type')) {
      config = renameKey(config, key, key.replace('endpoint_type', 'interface'));
    }
  }
  spreadDomain(config, auth);
  for (const key of ['insecure', 'cache']) {
    const value = config[key];
    if (value !== undefined && typeof value !== 'boolean') {
      config[key] = typeof value === 'string' && value.toLowerCase() === 'true';
    }
  }
  const url = auth['auth_url'];
  if (typeof url === 'string') auth['auth_url'] = expand(url, config);
  const result: Draft = {...normalise({...config, auth})};
  const normalAuth: Draft = isMap(result['auth']) ? {...result['auth']} : {};
  moveIntoAuth(result, normalAuth);
  result['auth'] = normalAuth;
  for (const [key, value] of Object.entries(result)) {
    if (typeof value === 'string' && key !== 'password') result[key] = expand(value, result);
  }
  return result;
}

function renameKey(config: Draft, from: string, to: string): Draft {
  const {[from]: value, ...rest} = config;
  return value === undefined ? rest : {...rest, [to]: value};
}

/** Any old `<service>_timeout` sets `api_timeout`. */
function renameTimeouts(config: Draft): Draft {
  const result: Draft = {};
  let timeout: Plain | undefined;
  for (const [key, value] of Object.entries(config)) {
    if (key.endsWith('timeout') && key !== 'timeout' && key !== 'api_timeout') timeout = value;
    else result[key] = value;
  }
  if (timeout !== undefined && timeout !== null) result['api_timeout'] = timeout;
  return result;
}

/** Moves what names project, domains and token into `auth`; of two names the later in the list wins. */
function renameProject(config: Draft, auth: Draft): void {
  const names: Readonly<Record<string, readonly string[]>> = {
    domain_id: ['domain_id', 'domain-id'],
    domain_name: ['domain_name', 'domain-name'],
    user_domain_id: ['user_domain_id', 'user-domain-id'],
    user_domain_name: ['user_domain_name', 'user-domain-name'],
    project_domain_id: ['project_domain_id', 'project-domain-id'],
    project_domain_name: ['project_domain_name', 'project-domain-name'],
    token: ['auth-token', 'auth_token', 'token'],
    project_id: ['tenant_id', 'tenant-id', 'project_id', 'project-id'],
    project_name: ['tenant_name', 'tenant-name', 'project_name', 'project-name'],
  };
  for (const [target, sources] of Object.entries(names)) {
    let winner: string | undefined;
    for (const source of sources) {
      for (const place of [config, auth]) {
        const value = place[source];
        if (value !== undefined && value !== null) winner = asText(value);
        delete place[source];
      }
    }
    if (winner) auth[target] = winner;
  }
}

function asText(value: Plain): string {
  if (typeof value === 'number' || typeof value === 'bigint') return numberAsText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : '';
}

/** With a project, one `domain_*` stands for the user's and the project's domain. */
function spreadDomain(config: Draft, auth: Draft): void {
  const hasProject = [config, auth].some((place) => 'project_id' in place || 'project_name' in place);
  for (const kind of ['id', 'name']) {
    const own = `domain_${kind}`;
    if (!hasProject) continue;
    const value = auth[own];
    for (const target of [`user_domain_${kind}`, `project_domain_${kind}`]) {
      if (value !== undefined && !(target in auth)) auth[target] = value;
    }
    delete config[own];
    delete auth[own];
  }
}

/** What stands in `auth` wins, what stands beside it is moved there; what is empty counts as absent. */
function moveIntoAuth(config: Draft, auth: Draft): void {
  for (const option of AUTH_OPTIONS) {
    const sources = option === 'username' ? ['username', 'user_name'] : [option];
    const values = [auth, config].flatMap((place) => sources.map((source) => place[source]));
    const winner = values.find((value) => value !== undefined && value !== null && value !== '');
    for (const place of [auth, config]) for (const source of sources) delete place[source];
    if (winner !== undefined) auth[option] = winner;
  }
}

/** Python's `str.format` with plain names only, the one form that configurations use. */
function expand(text: string, config: PlainMap): string {
  return text.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return whole.slice(1);
    const value = config[name];
    if (value === undefined || value === null || isMap(value)) {
      throw new Error(`it refers to {${name}}, which is not set`);
    }
    return asText(value);
  });
}
