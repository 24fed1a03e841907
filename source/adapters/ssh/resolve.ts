import path from 'node:path';
import {NodeError} from '../../app/errors.js';
import type {NodeAddress} from '../../domain/fleet/node-address.js';
import {accountNameProblem, hostNameProblem, visible} from '../../domain/fleet/names.js';
import {type HostConfig, configFor} from './config.js';
import type {ConfigItem} from './config-file.js';
import type {SshOptions} from './settings.js';

/** One SSH server on the way to a node, with everything that is needed to log in to it. */
export type Hop = {
  /** What ssh_config was asked for: the name in the inventory or in ProxyJump. */
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias: string | undefined;
  readonly identityFiles: readonly {readonly path: string; readonly isDefault: boolean}[];
  readonly isIdentitiesOnly: boolean;
  /** The agent's socket, where there is one. */
  readonly agentSocket: string | undefined;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  readonly revokedHostKeysFile: string | undefined;
  readonly acceptsNewHostKey: boolean;
  readonly hashesKnownHosts: boolean;
  readonly connectTimeoutMs: number | undefined;
  readonly hasProxyCommand: boolean;
};

const MAX_HOPS = 8;
/** What ssh tries where no IdentityFile is set, without the kinds that this program cannot sign with. */
const DEFAULT_KEYS = ['id_rsa', 'id_ecdsa', 'id_ed25519'];

/**
 * The servers on the way to a node, the node last. Throws `NodeError`: `unresolved` for names that cannot be
 * names, `jump` for jumps in a circle.
 */
export function resolveHops(
  node: NodeAddress,
  items: readonly ConfigItem[],
  options: SshOptions,
): readonly Hop[] {
  const given = new Map<string, readonly string[]>();
  if (node.hostName !== undefined) given.set('hostname', [node.hostName.replaceAll('%', '%%')]);
  if (node.port !== undefined) given.set('port', [String(node.port)]);
  if (node.user !== undefined) given.set('user', [node.user]);
  if (node.proxyJump !== undefined) given.set('proxyjump', [node.proxyJump]);
  const identities = node.identityFile === undefined ? [] : [node.identityFile];
  return chain(node.name, given, identities, {node: node.name, items, options, depth: 0});
}

type Context = {
  readonly node: string;
  readonly items: readonly ConfigItem[];
  readonly options: SshOptions;
  readonly depth: number;
};

function chain(
  alias: string,
  given: ReadonlyMap<string, readonly string[]>,
  identities: readonly string[],
  context: Context,
): readonly Hop[] {
  if (context.depth > MAX_HOPS) {
    throw new NodeError(context.node, 'jump', `${context.node}: ProxyJump goes in a circle or is too long.`, {
      remedy: `Look at it with: ssh -G ${context.node}`,
    });
  }
  const problem = hostNameProblem(alias);
  if (problem !== undefined) throw unresolved(context.node, problem);
  const config = configFor(context.items, {alias, given, localUser: context.options.localUser});
  for (const notice of config.notices) context.options.notice(notice);
  const hop = hopFrom(alias, config, identities, context);
  const jump = config.first.get('proxyjump')?.[0];
  if (jump === undefined || jump.toLowerCase() === 'none') return [hop];
  const tokens = {h: hop.hostName, n: alias, p: String(hop.port), r: hop.user};
  const jumps = expand(jump, tokens, context).split(',');
  // As with `ssh -J a,b`: only the first of them may itself be reached through what its own config says.
  let hops: readonly Hop[] = [];
  for (const [index, text] of jumps.entries()) {
    const {host, wanted} = parseJump(text.trim(), context.node);
    if (index > 0) wanted.set('proxyjump', ['none']);
    hops = [...hops, ...chain(host, wanted, [], {...context, depth: context.depth + 1})];
  }
  return [...hops, hop];
}

/** One hop of ProxyJump: its host, and what it says about user and port. */
export function parseJump(
  text: string,
  node: string,
): {host: string; wanted: Map<string, readonly string[]>} {
  const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?\/?$/.exec(text);
  const host = match?.[2] ?? match?.[3];
  if (host === undefined) throw unresolved(node, `ProxyJump ${visible(text)} is not [user@]host[:port].`);
  const wanted = new Map<string, readonly string[]>();
  if (match?.[1] !== undefined) wanted.set('user', [match[1]]);
  if (match?.[4] !== undefined) wanted.set('port', [match[4]]);
  return {host, wanted};
}

function hopFrom(alias: string, config: HostConfig, identities: readonly string[], context: Context): Hop {
  const {options, node} = context;
  const one = (keyword: string): string | undefined => config.first.get(keyword)?.[0];
  const hostName = expand(one('hostname') ?? alias, {h: alias}, context);
  const port = Number(one('port') ?? 22);
  const user = one('user') ?? options.localUser;
  const problem = hostNameProblem(hostName) ?? accountNameProblem(user);
  if (problem !== undefined) throw unresolved(node, problem);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw unresolved(node, `${visible(one('port') ?? '')} is not a port.`);
  }
  const tokens = {
    d: options.home,
    h: hostName,
    k: one('hostkeyalias') ?? alias,
    L: options.localHostName.split('.')[0] ?? '',
    l: options.localHostName,
    n: alias,
    p: String(port),
    r: user,
    u: options.localUser,
  };
  const file = (text: string): string => expandPath(text, tokens, context);
  const files = (keyword: string, fallback: readonly string[]): readonly string[] =>
    (config.first.get(keyword) ?? fallback).filter((name) => name.toLowerCase() !== 'none').map(file);

  const named = [...new Set([...identities, ...config.identityFiles])];
  const isKeyless = named.length > 0 && named.every((name) => name.toLowerCase() === 'none');
  const connectTimeout = Number(one('connecttimeout'));
  return {
    alias,
    hostName,
    port,
    user,
    hostKeyAlias: one('hostkeyalias'),
    identityFiles:
      named.length > 0
        ? named
            .filter((name) => name.toLowerCase() !== 'none')
            .map((name) => ({path: file(name), isDefault: false}))
        : DEFAULT_KEYS.map((name) => ({path: path.join(options.home, '.ssh', name), isDefault: true})),
    isIdentitiesOnly: isKeyless || isYes(one('identitiesonly')),
    agentSocket: agentSocket(one('identityagent'), file, options),
    userKnownHostsFiles: files('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
    globalKnownHostsFiles: files('globalknownhostsfile', [
      path.join(options.systemFolder, 'ssh_known_hosts'),
      path.join(options.systemFolder, 'ssh_known_hosts2'),
    ]),
    revokedHostKeysFile: files('revokedhostkeys', [])[0],
    acceptsNewHostKey: acceptsNew(alias, one('stricthostkeychecking'), options),
    hashesKnownHosts: isYes(one('hashknownhosts')),
    connectTimeoutMs: connectTimeout > 0 ? connectTimeout * 1000 : undefined,
    hasProxyCommand: !['', 'none'].includes((one('proxycommand') ?? '').toLowerCase()),
  };
}

/** Whether a new host key may be written down; everything but accept-new acts as yes, some with a notice. */
export function acceptsNew(alias: string, word: string | undefined, options: SshOptions): boolean {
  const value = word?.toLowerCase();
  if (value === 'accept-new') return true;
  if (value === 'no' || value === 'off' || value === 'ask') {
    options.notice(
      `ssh_config has "StrictHostKeyChecking ${value}" for ${alias}: it acts as "yes" here, ` +
        'a host whose key is not known is not used.',
    );
  }
  return false;
}

function agentSocket(
  setting: string | undefined,
  file: (text: string) => string,
  options: SshOptions,
): string | undefined {
  if (setting === undefined || setting === 'SSH_AUTH_SOCK') return options.environment['SSH_AUTH_SOCK'];
  if (setting.toLowerCase() === 'none') return undefined;
  if (setting.startsWith('$') && !setting.startsWith('${')) return options.environment[setting.slice(1)];
  return file(setting);
}

function isYes(word: string | undefined): boolean {
  return word?.toLowerCase() === 'yes' || word?.toLowerCase() === 'true';
}

function expandPath(text: string, tokens: Readonly<Record<string, string>>, context: Context): string {
  const home = text.replace(/^~(?=\/|$)/, () => context.options.home);
  const named = home.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = context.options.environment[name];
    if (value === undefined) {
      throw unresolved(
        context.node,
        `${visible(text)} in ssh_config needs ${visible(name)}, which is not set.`,
      );
    }
    return value;
  });
  const expanded = expand(named, tokens, context);
  return path.isAbsolute(expanded) ? expanded : path.resolve(expanded);
}

function expand(text: string, tokens: Readonly<Record<string, string>>, context: Context): string {
  return text.replace(/%(.?)/g, (_, token: string) => {
    if (token === '%') return '%';
    const value = tokens[token];
    if (value !== undefined) return value;
    throw new NodeError(
      context.node,
      'unsupported',
      `${context.node}: the token "%${token}" of ssh_config is not known to the built-in transport.`,
      {remedy: 'Use --transport openssh.'},
    );
  });
}

function unresolved(node: string, problem: string): NodeError {
  return new NodeError(node, 'unresolved', `${visible(node)}: ${problem}`, {
    remedy: 'Correct the name in the inventory or in ssh_config; nothing was done on this node.',
  });
}
