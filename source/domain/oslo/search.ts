/** One file or directory that a service reads. A directory stands for its `*.conf` files in byte order. */
export type ConfigLocation = {
  readonly kind: 'file' | 'directory';
  readonly path: string;
  /** Named on the command line: then it is an error if it is missing. */
  readonly isExplicit: boolean;
};

/** The process that reads the configuration. */
export type Program = {
  /** `nova`. */
  readonly project: string;
  /** Last part of argv[0], without `.py`: `nova-compute`. */
  readonly name: string;
  /** What follows argv[0]. */
  readonly arguments: readonly string[];
  /** Home directory of its user, without a slash at the end. */
  readonly home: string;
  readonly workingDirectory: string;
  /** `SNAP` and `SNAP_COMMON` of its environment. */
  readonly snap?: string;
  readonly snapCommon?: string;
};

/**
 * Where oslo.config looks for default files and directories, each list best first: of each list the first path
 * that exists is read (oslo_config/cfg.py, `_get_config_dirs`, `find_config_files`, `find_config_dirs`).
 */
export function defaultCandidates(program: Program): {
  readonly files: readonly (readonly string[])[];
  readonly directories: readonly (readonly string[])[];
} {
  const {project, name, home, snap, snapCommon} = program;
  const places = [`${home}/.${project}`, home, `/etc/${project}`, '/etc'];
  if (snapCommon !== undefined && snapCommon !== '') places.push(`${snapCommon}/etc/${project}`);
  if (snap !== undefined && snap !== '') places.push(`${snap}/etc/${project}`);
  const under = (base: string) => places.map((place) => `${place === '/' ? '' : place}/${base}`);
  return {
    files: [under(`${project}.conf`), under(`${name}.conf`)],
    directories: [under(`${project}.conf.d`), under(`${name}.conf.d`)],
  };
}

/**
 * What a service reads, in order: default files unless `--config-file` is given, default directories unless
 * `--config-dir` is given, then both options in command-line order (oslo_config/cfg.py,
 * `_parse_config_files`). What is read later wins. `exists` answers for the candidates above.
 */
export function searchLocations(program: Program, exists: (path: string) => boolean): ConfigLocation[] {
  const explicit = explicitLocations(program);
  const candidates = defaultCandidates(program);
  const defaults = (kind: 'file' | 'directory', lists: readonly (readonly string[])[]): ConfigLocation[] => {
    if (explicit.some((location) => location.kind === kind)) return [];
    return lists.flatMap((list) => {
      const path = list.find(exists);
      return path === undefined ? [] : [{kind, path, isExplicit: false}];
    });
  };
  return [
    ...defaults('file', candidates.files),
    ...defaults('directory', candidates.directories),
    ...explicit,
  ];
}

/** `--config-file X`, `--config-file=X`, `--config-dir X` and `--config-dir=X` of a command line. */
function explicitLocations(program: Program): ConfigLocation[] {
  const locations: ConfigLocation[] = [];
  for (const [index, argument] of program.arguments.entries()) {
    const match = /^--config-(file|dir)(?:=(.*))?$/s.exec(argument);
    const path = match?.[2] ?? program.arguments[index + 1];
    if (match === null || path === undefined) continue;
    const kind = match[1] === 'file' ? 'file' : 'directory';
    locations.push({kind, path: absolute(path, program), isExplicit: true});
  }
  return locations;
}

function absolute(path: string, {home, workingDirectory}: Program): string {
  if (path === '~' || path.startsWith('~/')) return `${home}${path.slice(1)}`;
  return path.startsWith('/') ? path : `${workingDirectory}/${path}`;
}

/**
 * The files that nova-api reads under a WSGI server, where there is no command line of its own (nova:
 * nova/api/openstack/wsgi_app.py, `_get_config_files`). They take the place of the default files.
 */
export function wsgiFiles(environment: Readonly<Record<string, string | undefined>>): string[] {
  const directory = (environment['OS_NOVA_CONFIG_DIR'] ?? '/etc/nova').trim();
  const named = environment['OS_NOVA_CONFIG_FILES'] ?? '';
  const files = named === '' ? ['api-paste.ini', 'nova.conf'] : named.split(';');
  return files.map((file) => (file.startsWith('/') ? file : `${directory.replace(/\/$/, '')}/${file}`));
}

/** Which entries of a directory oslo.config reads, in its order: `*.conf` but no hidden ones, by code point. */
export function configFilesIn(entries: readonly string[]): string[] {
  return entries
    .filter((entry) => entry.endsWith('.conf') && !entry.startsWith('.'))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
