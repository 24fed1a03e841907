import {cloudsOf, shownFile} from './cloud-choice.js';
import {findFile, type Surroundings} from './clouds-files.js';
import {cloudOfEnvironment, mergeDeep} from './clouds-merge.js';

/** The clouds that openstacksdk would know here. Names may hold anything that YAML can. */
export type CloudNames = {
  readonly clouds: readonly {readonly name: string; readonly isOfEnvironment: boolean}[];
  /** The file that they are from, safe to print; undefined where there is none. */
  readonly file: string | undefined;
};

/** Every cloud that can be chosen, in the file's order, that of the `OS_*` variables last. Throws `CloudError`. */
export async function listCloudNames(surroundings: Surroundings): Promise<CloudNames> {
  const {env} = surroundings;
  const [clouds, secure] = await Promise.all([
    findFile('clouds', env['OS_CLIENT_CONFIG_FILE'], surroundings),
    findFile('secure', env['OS_CLIENT_SECURE_FILE'], surroundings),
  ]);
  const names = Object.keys(cloudsOf(mergeDeep(clouds.content, secure.content), clouds));
  const own = env['OS_CLOUD_NAME'] || 'envvars';
  return {
    clouds: [
      ...names.map((name) => ({name, isOfEnvironment: false})),
      ...(cloudOfEnvironment(env) === undefined ? [] : [{name: own, isOfEnvironment: true}]),
    ],
    file: clouds.path === undefined ? undefined : shownFile(clouds),
  };
}
