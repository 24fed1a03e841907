import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import type {VariableFiles} from '../../domain/fleet/inventory.js';
import type {InventoryTree, Variables} from '../../domain/fleet/inventory-tree.js';
import {isMapping, kindOf} from '../../domain/fleet/inventory-yaml.js';
import {systemReason} from './system-reason.js';
import {readYaml, YamlProblem} from './yaml.js';

/** In the order in which Ansible looks: the first that exists is the only one that is read. */
const EXTENSIONS = ['', '.yml', '.yaml', '.json'];
const VAULT = '$ANSIBLE_VAULT';

/**
 * Reads `group_vars` and `host_vars` beside an inventory, for the groups and hosts in it, as Ansible finds them:
 * `NAME`, `NAME.yml`, `NAME.yaml` or `NAME.json`; a folder `NAME` with several files in the order of their names.
 * Files encrypted as a whole are passed over with a notice.
 */
export async function readVariableFiles(
  folder: string,
  tree: InventoryTree,
): Promise<{readonly files: VariableFiles; readonly notices: readonly string[]}> {
  const notices: string[] = [];
  const read = (kind: string, names: Iterable<string>): Promise<Map<string, Variables>> =>
    readKind(path.join(folder, kind), names, notices);
  const groups = await read('group_vars', tree.groups.keys());
  const hosts = await read('host_vars', tree.hosts.keys());
  return {files: {groups, hosts}, notices};
}

async function readKind(
  folder: string,
  names: Iterable<string>,
  notices: string[],
): Promise<Map<string, Variables>> {
  const result = new Map<string, Variables>();
  const present = new Set(await entriesOf(folder));
  if (present.size === 0) return result;
  for (const name of names) {
    const entry = EXTENSIONS.map((extension) => name + extension).find((candidate) => present.has(candidate));
    if (entry === undefined) continue;
    const variables: Variables = new Map();
    for (const file of await filesOf(path.join(folder, entry))) {
      for (const [key, value] of await readVariables(file, notices)) variables.set(key, value);
    }
    result.set(name, variables);
  }
  return result;
}

/** The names in a folder; none where there is no such folder. */
async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const isAbsent =
      error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (isAbsent) return [];
    throw unreadable(folder, error);
  }
}

async function filesOf(entry: string): Promise<string[]> {
  if (!(await stat(entry)).isDirectory()) return [entry];
  const names = (await entriesOf(entry))
    .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
    .toSorted();
  const files: string[] = [];
  for (const name of names) {
    const file = path.join(entry, name);
    const isFolder = (await stat(file)).isDirectory();
    if (isFolder && path.extname(name) === '') files.push(...(await filesOf(file)));
    else if (!isFolder && EXTENSIONS.includes(path.extname(name))) files.push(file);
  }
  return files;
}

async function readVariables(file: string, notices: string[]): Promise<[string, unknown][]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (text.startsWith(VAULT)) {
    notices.push(`${file} is encrypted with ansible-vault and is passed over`);
    return [];
  }
  try {
    const {data} = await readYaml(text);
    if (data === null || data === undefined) return [];
    if (isMapping(data)) return Object.entries(data);
    throw new UserError('usage', `${file} must be a mapping of variables, this is ${kindOf(data)}`);
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    throw new UserError('usage', `${file}:${error.line}: it is not YAML: ${error.message}`, {cause: error});
  }
}

function unreadable(file: string, error: unknown): unknown {
  const reason = systemReason(error);
  return reason === undefined ? error : new UserError('usage', `${file}: ${reason}`, {cause: error});
}
