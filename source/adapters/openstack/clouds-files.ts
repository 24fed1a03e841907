import path from 'node:path';
import {CloudError} from '../../app/errors.js';
import {cleanLine} from './clean-text.js';
import {isMap, parseJson, parseYaml, type PlainMap} from './pyyaml.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a text file. Rejects with an error whose `code` is `ENOENT`, `EACCES` and so on, as `node:fs` does.
 */
export type ReadFile = (path: string) => Promise<string>;

export type Surroundings = {
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  /** The user's home folder, absolute. */
  readonly home: string;
  readonly readFile: ReadFile;
};

/** A file that was found, and what became of those that come before it in the search path. */
export type FoundFile = {
  readonly path: string | undefined;
  readonly content: PlainMap;
  /** Files that exist and may not be read: openstacksdk passes over them in silence, we tell. */
  readonly unreadable: readonly string[];
};

/** The folders that openstacksdk searches, in its order (openstack/config/loader.py, CONFIG_SEARCH_PATH). */
export function searchFolders({env, cwd, home}: Surroundings): readonly string[] {
  const configHome = env['XDG_CONFIG_HOME'] || path.join(home, '.config');
  const unixHome = path.join(env['SNAP_REAL_HOME'] || home, '.config');
  // appdirs joins several XDG_CONFIG_DIRS with colons into one name, so that only a single one is ever found.
  const site = (env['XDG_CONFIG_DIRS'] || '/etc/xdg')
    .split(':')
    .map((folder) => `${folder.replace(/\/+$/, '')}/openstack`)
    .join(':');
  const folders = [
    cwd,
    path.join(configHome, 'openstack'),
    path.join(unixHome, 'openstack'),
    site,
    '/etc/openstack',
  ];
  return folders.map((folder) => path.resolve(cwd, folder));
}

/** The first readable one of `clouds`, `secure` or `clouds-public`, read; an empty map where there is none. */
export async function findFile(
  name: 'clouds' | 'secure' | 'clouds-public',
  override: string | undefined,
  surroundings: Surroundings,
): Promise<FoundFile> {
  const unreadable: string[] = [];
  for (const candidate of candidates(name, override, surroundings)) {
    let text: string;
    try {
      text = await surroundings.readFile(candidate);
    } catch (error) {
      if (!isAbsent(error)) unreadable.push(candidate);
      continue;
    }
    return {path: candidate, content: await parse(candidate, text), unreadable};
  }
  return {path: undefined, content: {}, unreadable};
}

/** Every place where the file is looked for, in order. */
export function candidates(
  name: string,
  override: string | undefined,
  surroundings: Surroundings,
): readonly string[] {
  const files = searchFolders(surroundings).flatMap((folder) =>
    ['yaml', 'yml', 'json'].map((suffix) => path.join(folder, `${name}.${suffix}`)),
  );
  const all = override ? [path.resolve(surroundings.cwd, override), ...files] : files;
  return [...new Set(all)];
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

async function parse(file: string, text: string): Promise<PlainMap> {
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const parsed = file.endsWith('json') ? parseJson(withoutMark) : await parseYaml(withoutMark);
  const shown = cleanLine(file);
  if ('problem' in parsed) {
    const place = parsed.line === undefined ? shown : `${shown}, line ${parsed.line}`;
    throw new CloudError('configuration', `${place}: ${parsed.problem}, so no cloud can be read from it.`, {
      remedy: `Correct the file; \`openstack config show\` must be able to read it too.`,
    });
  }
  if (parsed.value === null) return {};
  if (!isMap(parsed.value)) {
    throw new CloudError(
      'configuration',
      `${shown}, line 1: a map with the key "clouds" was expected, but it holds ` +
        `${Array.isArray(parsed.value) ? 'a list' : 'a single value'}.`,
      {remedy: 'Write the clouds below a line "clouds:".'},
    );
  }
  return parsed.value;
}
