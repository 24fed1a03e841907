import {CloudError} from '../../app/errors.js';
import {cleanLine} from './clean-text.js';
import type {Environment, FoundFile} from './clouds-files.js';
import {isMap, type PlainMap} from './pyyaml.js';

/** The clouds of a file that was read. Throws where `clouds` is no map. */
export function cloudsOf(merged: PlainMap, file: FoundFile): PlainMap {
  const clouds = merged['clouds'];
  if (clouds === undefined || clouds === null) return {};
  if (isMap(clouds)) return clouds;
  throw new CloudError('configuration', `${shownFile(file)}: "clouds" is no map of names to clouds.`, {
    remedy: 'Below "clouds:", write each cloud as an indented name with its settings below it.',
  });
}

/**
 * The cloud that is meant, and its region where one was asked for as `NAME/REGION`: a cloud of exactly that name comes
 * first. Throws with those that exist and where, if none is meant.
 */
export function chooseName(
  options: {readonly name?: string | undefined; readonly env: Environment},
  all: PlainMap,
  environmentName: string | undefined,
  file: FoundFile,
): {readonly name: string; readonly region: string | undefined} {
  const names = Object.keys(all);
  const wanted = options.name || options.env['OS_CLOUD'];
  if (wanted) {
    if (Object.hasOwn(all, wanted)) return {name: wanted, region: undefined};
    const slash = wanted.indexOf('/');
    const [name, region] = [wanted.slice(0, slash), wanted.slice(slash + 1)];
    if (slash > 0 && region !== '' && Object.hasOwn(all, name)) return {name, region};
    const origin = options.name ? '--cloud' : 'OS_CLOUD';
    throw new CloudError(
      'configuration',
      `There is no cloud "${cleanLine(wanted)}" (${origin}); ${whatExists(names, file, environmentName)}.`,
      {remedy: names.length === 0 ? NO_CLOUD_REMEDY : 'Choose one of these with --cloud or OS_CLOUD.'},
    );
  }
  if (environmentName !== undefined) return {name: environmentName, region: undefined};
  const [first, second] = names;
  if (first !== undefined && second === undefined) return {name: first, region: undefined};
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

/** A file in a message. */
export function shownFile(file: FoundFile): string {
  return file.path === undefined ? 'clouds.yaml' : cleanLine(file.path);
}
