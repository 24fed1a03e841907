import {expandHost} from './host-range.js';
import {InventoryProblem} from './inventory-problem.js';
import {InventoryTree} from './inventory-tree.js';
import {readPythonLiteral} from './python-literal.js';
import {splitWords} from './words.js';

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/u;
const GROUP_NAME = /^([^:\]\s]+)\s*(?:#.*)?$/u;

type Mode = 'hosts' | 'children' | 'vars';

/** A group that was used before it was declared. */
type Pending = {readonly line: number; readonly mode: 'children' | 'vars'; readonly parent?: string};

/**
 * Reads an inventory in Ansible's INI form, which is not INI: host lines are `name[:port] key=value …` split as a
 * shell would, `[group:vars]` lines are `key=value` to the end of the line. Rules of Ansible's `ini` plugin.
 *
 * Throws `InventoryProblem` with the line.
 */
export function readIniInventory(text: string): InventoryTree {
  const reader = new IniReader();
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .forEach((line, index) => reader.line(line.trim(), index + 1));
  return reader.end();
}

class IniReader {
  readonly #tree = new InventoryTree();
  readonly #declared = new Set(['all', 'ungrouped']);
  readonly #pending = new Map<string, Pending>();
  #group = 'ungrouped';
  #mode: Mode = 'hosts';

  line(line: string, number: number): void {
    if (line === '' || line.startsWith(';') || line.startsWith('#')) return;
    try {
      const section = SECTION.exec(line);
      if (section !== null) this.#section(section[1] ?? '', section[2] ?? 'hosts', number);
      else if (line.startsWith('[') && line.endsWith(']')) {
        throw new InventoryProblem(
          `"${line}" is no section: a group's name has no spaces, colons or brackets`,
        );
      } else if (this.#mode === 'hosts') this.#hosts(line);
      else if (this.#mode === 'vars') this.#variable(line);
      else this.#child(line, number);
    } catch (error) {
      if (error instanceof InventoryProblem && error.line === undefined) {
        throw new InventoryProblem(error.message, {line: number});
      }
      throw error;
    }
  }

  end(): InventoryTree {
    for (const [group, pending] of this.#pending) {
      const {line} = pending;
      throw pending.mode === 'vars'
        ? new InventoryProblem(`[${group}:vars] sets variables of a group that is not declared`, {line})
        : new InventoryProblem(
            `[${pending.parent}:children] names the group ${group}, which is not declared`,
            {
              line,
            },
          );
    }
    return this.#tree.finish();
  }

  #section(group: string, mode: string, line: number): void {
    if (mode !== 'hosts' && mode !== 'children' && mode !== 'vars') {
      throw new InventoryProblem(`[${group}:${mode}] has an unknown kind: only children and vars exist`);
    }
    this.#group = group;
    this.#mode = mode;
    this.#tree.addGroup(group);
    if (mode === 'vars') {
      if (!this.#declared.has(group) && !this.#pending.has(group)) this.#pending.set(group, {line, mode});
      return;
    }
    this.#declared.add(group);
    this.#pending.delete(group);
  }

  #hosts(line: string): void {
    const split = splitWords(line, {comments: true});
    if (split.kind === 'problem') throw new InventoryProblem(`${split.message} in the host line "${line}"`);
    const [pattern, ...settings] = split.words;
    if (pattern === undefined) return;
    if (pattern === '---') throw new InventoryProblem('"---" begins YAML, and the rest is not YAML');
    const {names, port} = expandHost(pattern);
    if (port === undefined && pattern.endsWith(':')) {
      throw new InventoryProblem(`the host "${pattern}" ends in a colon without a port`);
    }
    const variables = settings.map((setting): [string, unknown] => {
      const at = setting.indexOf('=');
      if (at === -1) {
        throw new InventoryProblem(`"${setting}" after the host "${pattern}" is no key=value`);
      }
      return [setting.slice(0, at), readPythonLiteral(setting.slice(at + 1))];
    });
    for (const name of names) {
      this.#tree.addHost(name, this.#group, port);
      for (const [variable, value] of variables) this.#tree.setHostVariable(name, variable, value);
    }
  }

  #variable(line: string): void {
    const at = line.indexOf('=');
    if (at === -1) throw new InventoryProblem(`"${line}" in [${this.#group}:vars] is no key=value`);
    const value = readPythonLiteral(line.slice(at + 1).trim());
    this.#tree.addGroup(this.#group).variables.set(line.slice(0, at).trim(), value);
  }

  #child(line: string, number: number): void {
    const name = GROUP_NAME.exec(line)?.[1];
    if (name === undefined)
      throw new InventoryProblem(`"${line}" in [${this.#group}:children] is no group name`);
    if (!this.#declared.has(name)) {
      this.#pending.set(name, {line: number, mode: 'children', parent: this.#group});
    }
    this.#tree.addChild(this.#group, name);
  }
}
