import type {NodeOverrides} from './inventory.js';
import {InventoryProblem} from './inventory-problem.js';
import type {Variables} from './inventory-tree.js';
import {isMapping, kindOf} from './inventory-yaml.js';
import {readSshArguments} from './ssh-arguments.js';
import {accountNameProblem, hostNameProblem, pathProblem, unitNameProblem, visible} from './names.js';
import type {Become, NodeAddress} from './node-address.js';
import {VAULTED} from './vaulted.js';

/** What a host's variables say about it, and what in them was passed over, in words for people. */
export type HostSettings = {
  readonly address: NodeAddress;
  readonly novaHost: string | undefined;
  readonly deployment: string | undefined;
  readonly cloud: string | undefined;
  readonly overrides: NodeOverrides;
  readonly notices: readonly string[];
};

const TRUE = new Set(['true', 'yes', 'on', 'y', 't', '1']);
const FALSE = new Set(['false', 'no', 'off', 'n', 'f', '0']);
const SECRETS = ['ansible_password', 'ansible_ssh_pass', 'ansible_become_password', 'ansible_become_pass'];

/**
 * Reads the variables that cli.md lists; every other one is left alone. Throws `InventoryProblem` that names the
 * host and the variable where a value is none, is a template or is encrypted.
 */
export function readHostVariables(name: string, variables: Variables): HostSettings {
  const reader = new VariableReader(name, variables);
  const notices: string[] = [];
  const hostName = reader.text(['ansible_host', 'ansible_ssh_host'], hostNameProblem);
  const port = reader.port(['ansible_port', 'ansible_ssh_port']);
  const user = reader.text(['ansible_user', 'ansible_ssh_user'], accountNameProblem);
  const identityFile = reader.text(
    ['ansible_ssh_private_key_file', 'ansible_private_key_file'],
    keyFileProblem,
  );
  const ssh = readSshArguments(reader.text(['ansible_ssh_common_args'], () => undefined) ?? '');
  if (ssh.kind === 'problem') return reader.refuse('ansible_ssh_common_args', ssh.message);
  for (const ignored of ssh.ignored) {
    notices.push(
      `${visible(ignored)} in ansible_ssh_common_args is passed over, only ProxyJump is read; put it in ~/.ssh/config`,
    );
  }
  if (SECRETS.some((secret) => variables.has(secret))) {
    notices.push('passwords in the inventory are not read; use keys, and --ask-become-pass for sudo');
  }
  const connection = variables.get('ansible_connection');
  if (
    connection !== undefined &&
    connection !== 'ssh' &&
    connection !== 'smart' &&
    connection !== 'paramiko'
  ) {
    notices.push('ansible_connection is passed over, every node is reached over SSH');
  }
  const become = reader.become();
  const config = reader.paths('reprieve_config_files');
  const service = reader.text(['reprieve_service'], serviceProblem);
  return {
    address: {
      name,
      ...(hostName === undefined ? {} : {hostName}),
      ...(port === undefined ? {} : {port}),
      ...(user === undefined ? {} : {user}),
      ...(identityFile === undefined ? {} : {identityFile}),
      ...(ssh.proxyJump === undefined ? {} : {proxyJump: ssh.proxyJump}),
      ...(become === undefined ? {} : {become}),
    },
    novaHost: reader.text(['reprieve_nova_host'], hostNameProblem),
    deployment: reader.text(['reprieve_deployment'], deploymentProblem),
    cloud: reader.text(['reprieve_cloud'], cloudProblem),
    overrides: {
      ...(config === undefined ? {} : {config}),
      ...(service === undefined ? {} : {service}),
    },
    notices,
  };
}

/** A unit with or without its suffix, or a container's name. Undefined for a good one, else a sentence. */
export function serviceProblem(name: string): string | undefined {
  return unitNameProblem(name) === undefined || unitNameProblem(`${name}.service`) === undefined
    ? undefined
    : unitNameProblem(name);
}

function deploymentProblem(name: string): string | undefined {
  return /^[a-z][a-z0-9-]{0,40}$/.test(name) ? undefined : `${visible(name)} is not a kind of deployment.`;
}

function cloudProblem(name: string): string | undefined {
  return name.trim() === '' || /[\0-\x1f\x7f]/.test(name)
    ? `${visible(name)} is not a cloud's name.`
    : undefined;
}

function keyFileProblem(path: string): string | undefined {
  return path === '' || /[\0-\x1f\x7f]/.test(path) ? `${visible(path)} is not a file name.` : undefined;
}

class VariableReader {
  readonly #host: string;
  readonly #variables: Variables;

  constructor(host: string, variables: Variables) {
    this.#host = host;
    this.#variables = variables;
  }

  refuse(variable: string, sentence: string): never {
    throw new InventoryProblem(`${variable} of the host ${this.#host}: ${sentence.replace(/\.$/, '')}`);
  }

  /** The first of these variables that is set, as a text that passed the check. */
  text(variables: readonly string[], problemOf: (text: string) => string | undefined): string | undefined {
    const variable = variables.find((name) => this.#has(name));
    if (variable === undefined) return undefined;
    const value = this.#value(variable);
    if (typeof value !== 'string' && typeof value !== 'number') {
      return this.refuse(variable, `a text is wanted, this is ${kindOf(value)}`);
    }
    const problem = problemOf(String(value));
    return problem === undefined ? String(value) : this.refuse(variable, problem);
  }

  port(variables: readonly string[]): number | undefined {
    const text = this.text(variables, (value) =>
      /^[0-9]{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535
        ? undefined
        : `${visible(value)} is not a port from 1 to 65535`,
    );
    return text === undefined ? undefined : Number(text);
  }

  paths(variable: string): readonly string[] | undefined {
    if (!this.#has(variable)) return undefined;
    const value = this.#value(variable);
    const items: unknown[] =
      typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
    if (items.length === 0) this.refuse(variable, 'the list is empty');
    return items.map((item) => {
      if (typeof item !== 'string') return this.refuse(variable, `paths are wanted, one is ${kindOf(item)}`);
      const problem = pathProblem(item.trim());
      return problem === undefined ? item.trim() : this.refuse(variable, problem);
    });
  }

  become(): Become | undefined {
    if (!this.#has('ansible_become')) return undefined;
    const value = this.#value('ansible_become');
    const word = String(value).toLowerCase();
    if (FALSE.has(word)) return {kind: 'none'};
    if (!TRUE.has(word)) this.refuse('ansible_become', `${visible(word)} is neither yes nor no`);
    this.text(['ansible_become_method'], (name) =>
      name === 'sudo' ? undefined : `${visible(name)} is not supported, only sudo is`,
    );
    return {kind: 'sudo', user: this.text(['ansible_become_user'], accountNameProblem) ?? 'root'};
  }

  #has(variable: string): boolean {
    const value = this.#variables.get(variable);
    return value !== undefined && value !== null;
  }

  #value(variable: string): unknown {
    const value = this.#variables.get(variable);
    if (value === VAULTED) {
      return this.refuse(variable, 'it is encrypted with ansible-vault, and vaults are not opened');
    }
    const texts: unknown[] = Array.isArray(value) ? value : [value];
    if (texts.some((text) => typeof text === 'string' && /\{\{|\{%/.test(text))) {
      return this.refuse(
        variable,
        'it is a template ({{ … }}), and templates are not filled in; give this host a plain value',
      );
    }
    if (isMapping(value)) return this.refuse(variable, 'a text is wanted, this is a mapping');
    return value;
  }
}
