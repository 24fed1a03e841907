import {CloudError} from '../../app/errors.js';
import type {CloudEntry, CloudList} from '../../app/ports.js';
import {cleanLine} from './clean-text.js';
import {cloudsOf} from './cloud-choice.js';
import {findFile, type Surroundings} from './clouds-files.js';
import {cloudOfEnvironment, mergeDeep} from './clouds-merge.js';
import {type CloudConfiguration, loadCloudConfiguration} from './configuration.js';
import type {Reference} from './credentials.js';

/**
 * Every cloud that can be chosen, with what is wrong with it: one that cannot be used does not hide the others.
 * Nothing is asked over the network. Rejects with a `CloudError` of reason `configuration` where the file as a
 * whole cannot be read.
 */
export async function listClouds(options: Surroundings): Promise<CloudList> {
  const {env} = options;
  const clouds = await findFile('clouds', env['OS_CLIENT_CONFIG_FILE'], options);
  const secure = await findFile('secure', env['OS_CLIENT_SECURE_FILE'], options);
  const names = Object.keys(cloudsOf(mergeDeep(clouds.content, secure.content), clouds));
  const hasEnvironment = cloudOfEnvironment(env) !== undefined;
  const ofEnvironment = env['OS_CLOUD_NAME'] || 'envvars';
  const all = hasEnvironment && !names.includes(ofEnvironment) ? [...names, ofEnvironment] : names;
  const entries: CloudEntry[] = [];
  const warnings = new Set<string>();
  for (const name of all) {
    // OS_CLOUD only chooses; here each one is read by its name.
    const found = await readOne({...options, env: {...env, OS_CLOUD: undefined}}, name);
    entries.push(found.entry);
    for (const warning of found.warnings) warnings.add(warning);
  }
  return {
    file: clouds.path === undefined ? undefined : cleanLine(clouds.path),
    entries,
    hasEnvironment,
    warnings: [...warnings],
  };
}

async function readOne(
  options: Surroundings,
  name: string,
): Promise<{readonly entry: CloudEntry; readonly warnings: readonly string[]}> {
  try {
    const configuration = await loadCloudConfiguration({...options, name});
    return {
      entry: {name, login: loginOf(configuration), problem: undefined},
      warnings: configuration.warnings,
    };
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const remedy = error.remedy === undefined ? '' : ` ${error.remedy}`;
    return {entry: {name, login: '', problem: `${error.message}${remedy}`}, warnings: []};
  }
}

/** Who logs in, as people say it; never a secret. */
function loginOf({method}: CloudConfiguration): string {
  switch (method.kind) {
    case 'password':
      return nameOf(method.user) ?? 'password';
    case 'token':
      return 'token';
    case 'application-credential':
      return 'application credential';
  }
}

function nameOf(user: Reference): string | undefined {
  if (!('name' in user)) return undefined;
  const {name, domain} = user;
  if (domain === undefined) return name;
  return `${name}@${'name' in domain ? domain.name : domain.id}`;
}
