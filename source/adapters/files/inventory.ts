import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import {InventoryProblem} from '../../domain/fleet/inventory-problem.js';
import {readIniInventory} from '../../domain/fleet/inventory-ini.js';
import {readJsonInventory} from '../../domain/fleet/inventory-json.js';
import type {InventoryReading, InventoryReference, VariableFiles} from '../../domain/fleet/inventory.js';
import type {InventoryTree} from '../../domain/fleet/inventory-tree.js';
import {isMapping, readYamlInventory} from '../../domain/fleet/inventory-yaml.js';
import {runAnsibleInventory} from './ansible-inventory.js';
import {systemReason} from './system-reason.js';
import {readVariableFiles} from './variable-files.js';
import {readYaml, YamlProblem, type YamlDocument} from './yaml.js';

const NO_FILES: VariableFiles = {groups: new Map(), hosts: new Map()};
const YAML_EXTENSIONS = new Set(['.yml', '.yaml', '.json']);

/** Settings of the reader. */
export type InventoryOptions = {
  /** How long `ansible-inventory` may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** The program to ask; another one only in tests. */
  readonly program?: string;
};

type Content = {
  readonly tree: InventoryTree;
  readonly notices: readonly string[];
  /** Whether `group_vars` and `host_vars` are in it already. */
  readonly isComplete: boolean;
};

/**
 * Reads an inventory in the forms of cli.md. What is a folder, a program, a plugin's configuration or TOML is
 * left to `ansible-inventory --list`. Throws `UserError` (usage) and `InventoryProblem`.
 */
export async function readInventory(
  reference: InventoryReference,
  signal: AbortSignal,
  options: InventoryOptions = {},
): Promise<InventoryReading> {
  if (reference.kind === 'inline') {
    const {tree, notices} = readYamlInventory(reference.data);
    return {source: reference.source, tree, notices, files: NO_FILES};
  }
  const file = path.resolve(reference.path);
  const content = await readContent(file, reference.path, signal, options);
  const variables = content.isComplete
    ? {files: NO_FILES, notices: []}
    : await readVariableFiles(path.dirname(file), content.tree);
  return {
    source: reference.path,
    tree: content.tree,
    files: variables.files,
    notices: [...content.notices, ...variables.notices],
  };
}

async function readContent(
  file: string,
  shown: string,
  signal: AbortSignal,
  options: InventoryOptions,
): Promise<Content> {
  const ask = async (why: string): Promise<Content> => {
    const data = await runAnsibleInventory(file, {...options, shown, why, signal});
    return {tree: readJsonInventory(data), notices: [], isComplete: true};
  };
  const bytes = await readBytes(file, shown, signal);
  if (bytes === 'folder') return await ask('it is a folder');
  if (bytes.subarray(0, 2).toString() === '#!' || bytes.includes(0)) return await ask('it is a program');
  const extension = path.extname(file).toLowerCase();
  if (extension === '.toml') return await ask('it is TOML');
  const text = decode(bytes);
  if (text.trim() === '') throw new InventoryProblem('it is empty');
  if (text.trimStart().startsWith('{')) {
    const data = parseJson(text);
    if (isPrintedList(data)) return {tree: readJsonInventory(data), notices: [], isComplete: true};
  }
  const isYamlByName = YAML_EXTENSIONS.has(extension);
  // A first line like [compute] makes a list of it in YAML, never groups: the YAML reader need not be loaded.
  if (!isYamlByName && (extension !== '' || beginsWithSection(text))) return plain(text);
  const document = await readYaml(text).catch((error: unknown) => {
    if (!(error instanceof YamlProblem)) throw error;
    return error;
  });
  if (document instanceof YamlProblem) {
    if (!isYamlByName) return plain(text);
    throw new InventoryProblem(`it is not YAML: ${document.message}`, {line: document.line});
  }
  if (!isYamlByName && !isMapping(document.data)) return plain(text);
  if (isMapping(document.data) && typeof document.data['plugin'] === 'string') {
    return await ask(`it configures the plugin ${document.data['plugin']}`);
  }
  const notices = judgeRepeated(document);
  const read = readYamlInventory(document.data);
  return {tree: read.tree, notices: [...notices, ...read.notices], isComplete: false};
}

function plain(text: string): Content {
  return {tree: readIniInventory(text), notices: [], isComplete: false};
}

async function readBytes(file: string, shown: string, signal: AbortSignal): Promise<Buffer | 'folder'> {
  try {
    const status = await stat(file);
    return status.isDirectory() ? 'folder' : await readFile(file, {signal});
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new UserError('usage', `inventory ${shown}: ${reason}`, {
      cause: error,
      remedy: 'give an Ansible inventory with --inventory FILE',
    });
  }
}

/** Comment lines may be in any encoding, as for Ansible; everything else must be UTF-8. */
function decode(bytes: Buffer): string {
  const strict = new TextDecoder('utf-8', {fatal: true});
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const lines = bytes.toString('latin1').split('\n');
  return lines
    .map((line, index) => {
      if (/^\s*[#;]/.test(line)) return '#';
      try {
        return strict.decode(Buffer.from(line, 'latin1'));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw new InventoryProblem('it has bytes that are not UTF-8', {line: index + 1});
      }
    })
    .join('\n');
}

function beginsWithSection(text: string): boolean {
  const first = text.split('\n').find((line) => !/^\s*(?:[#;]|$)/.test(line));
  return first !== undefined && /^\s*\[[^\]]+\]\s*(?:#.*)?$/.test(first);
}

/** Undefined where the text is no JSON: it may be YAML that begins with a brace. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Whether JSON is what `ansible-inventory --list` prints, and not a YAML inventory written as JSON. */
export function isPrintedList(data: unknown): boolean {
  if (!isMapping(data)) return false;
  if ('_meta' in data) return true;
  return Object.values(data).some(
    (group) =>
      Array.isArray(group) ||
      (isMapping(group) && (Array.isArray(group['hosts']) || Array.isArray(group['children']))),
  );
}

/** A host twice in one list is a slip that would drop a machine unseen; elsewhere Ansible takes the later value. */
function judgeRepeated(document: YamlDocument): string[] {
  return document.repeated.map(({key, parent, line}) => {
    if (parent === 'hosts') {
      throw new InventoryProblem(`the host ${key} is named twice in one group`, {
        line,
        remedy: 'remove one of them',
      });
    }
    return `the key "${key}" is there twice (line ${line}); the later one counts`;
  });
}
