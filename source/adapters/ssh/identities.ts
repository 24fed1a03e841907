import {readFile} from 'node:fs/promises';
import type {BaseAgent, IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions} from 'ssh2';
import {visible} from '../../domain/fleet/names.js';
import {type AgentKey, isUsableKeyType, listAgentKeys} from './agent.js';
import type {Ssh2} from './load-ssh2.js';
import type {Hop} from './resolve.js';
import type {SshOptions} from './settings.js';

const PASSPHRASE_ATTEMPTS = 3;

/** One key that can be offered to a server. */
export type Identity = {
  /** For messages: a file, or the agent's comment. */
  readonly label: string;
  readonly agent: BaseAgent;
};

export type Identities = {
  readonly usable: readonly Identity[];
  /** What was found and cannot be offered, with the reason. */
  readonly left: readonly string[];
  /** Whether something in `left` would work with the system's ssh: a certificate or a hardware key. */
  readonly needsOpenssh: boolean;
};

type PrivateKey =
  | {readonly kind: 'open'; readonly key: ParsedKey}
  | {readonly kind: 'locked'; readonly publicKey: ParsedKey; readonly pem: Buffer};

/** The user's keys, in the order in which ssh offers them. Passphrases are asked when a server takes the key. */
export class IdentityStore {
  readonly #ssh2: Ssh2;
  readonly #options: SshOptions;
  /** Opened keys, so that a passphrase is asked once for all nodes. */
  readonly #opened = new Map<string, Promise<ParsedKey>>();
  /** Keys that stayed shut, and in which round of questions. */
  readonly #shut = new Map<string, number>();
  readonly #agents = new Map<string, Promise<readonly AgentKey[]>>();

  constructor(ssh2: Ssh2, options: SshOptions) {
    this.#ssh2 = ssh2;
    this.#options = options;
  }

  /** `whileAsking` is told when a person is asked and when they answered, so that no time limit counts it. */
  async identitiesFor(hop: Hop, whileAsking: (isAsking: boolean) => void): Promise<Identities> {
    const left: string[] = [];
    let needsOpenssh = false;
    const agentKeys = new Map<string, AgentKey>();
    if (hop.agentSocket !== undefined) {
      try {
        for (const key of await this.#agentKeys(hop.agentSocket)) {
          if (isUsableKeyType(key.type)) agentKeys.set(key.blob.toString('base64'), key);
          else {
            needsOpenssh = true;
            left.push(`${visible(key.comment)} in the agent (${visible(key.type)})`);
          }
        }
      } catch (error) {
        left.push(`the agent (${error instanceof Error ? error.message : 'no answer'})`);
      }
    }
    const named: Identity[] = [];
    const files: Identity[] = [];
    for (const {path, isDefault} of hop.identityFiles) {
      const found = await this.#identityOfFile(path, whileAsking);
      if (found.kind === 'missing') {
        if (!isDefault) left.push(`${path} (${found.reason})`);
        continue;
      }
      if (found.kind === 'unsupported') {
        needsOpenssh = true;
        left.push(`${path} (${found.reason})`);
        continue;
      }
      const blob = found.publicKey.getPublicSSH().toString('base64');
      const held = agentKeys.get(blob);
      if (held !== undefined && hop.agentSocket !== undefined) {
        agentKeys.delete(blob);
        named.push({label: path, agent: this.#agentFor(held, hop.agentSocket)});
      } else if (found.agent !== undefined) {
        files.push({label: path, agent: found.agent});
      } else {
        left.push(`${path} (only its public half is here, and the agent does not hold it)`);
      }
    }
    const others = hop.isIdentitiesOnly ? [] : [...agentKeys.values()];
    const socket = hop.agentSocket ?? '';
    const fromAgent = others.map((key) => ({
      label: `${visible(key.comment)} of the agent`,
      agent: this.#agentFor(key, socket),
    }));
    return {usable: [...named, ...fromAgent, ...files], left, needsOpenssh};
  }

  #agentKeys(socket: string): Promise<readonly AgentKey[]> {
    let keys = this.#agents.get(socket);
    if (keys === undefined) {
      keys = listAgentKeys(socket);
      this.#agents.set(socket, keys);
      // A list that failed or grew old is asked for again by a later connection.
      const forget = (): void => void this.#agents.delete(socket);
      keys.then(() => setTimeout(forget, 2000).unref(), forget);
    }
    return keys;
  }

  #agentFor(key: AgentKey, socketPath: string): BaseAgent {
    const signer = new this.#ssh2.OpenSSHAgent(socketPath);
    return this.#singleKeyAgent(key.blob, (publicKey, data, options, callback) => {
      signer.sign(publicKey, data, options, callback);
    });
  }

  /** ssh2 asks agents to sign, and waits for them: the one place where it can wait for a passphrase. */
  #singleKeyAgent(
    publicKey: Buffer,
    sign: (key: ParsedKey, data: Buffer, options: SigningRequestOptions, done: SignCallback) => void,
  ): BaseAgent {
    const {BaseAgent: Base} = this.#ssh2;
    return new (class extends Base<Buffer> {
      override getIdentities(callback: IdentityCallback<Buffer>): void {
        callback(undefined, [publicKey]);
      }
      override sign(
        key: Buffer | ParsedKey,
        data: Buffer,
        options: SigningRequestOptions | SignCallback,
        callback?: SignCallback,
      ): void {
        const done = typeof options === 'function' ? options : callback;
        if (done === undefined || Buffer.isBuffer(key)) return;
        sign(key, data, typeof options === 'function' ? {} : options, done);
      }
    })();
  }

  async #identityOfFile(
    file: string,
    whileAsking: (isAsking: boolean) => void,
  ): Promise<
    | {readonly kind: 'missing'; readonly reason: string}
    | {readonly kind: 'unsupported'; readonly reason: string}
    | {readonly kind: 'found'; readonly publicKey: ParsedKey; readonly agent: BaseAgent | undefined}
  > {
    const publicText = await readFile(`${file}.pub`).catch(() => undefined);
    const fromPublic = publicText === undefined ? undefined : this.#ssh2.utils.parseKey(publicText);
    const published = fromPublic instanceof Error ? undefined : fromPublic;
    let pem: Buffer;
    try {
      pem = await readFile(file);
    } catch (error) {
      if (published !== undefined) return {kind: 'found', publicKey: published, agent: undefined};
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return {kind: 'missing', reason: code === 'ENOENT' ? 'not there' : code};
    }
    const key = this.#parse(pem, published);
    if (typeof key === 'string') return {kind: 'unsupported', reason: key};
    if (key.kind === 'open') {
      const isPrivate = key.key.isPrivateKey();
      const agent = isPrivate ? this.#fileAgent(file, key, whileAsking) : undefined;
      return {kind: 'found', publicKey: key.key, agent};
    }
    return {kind: 'found', publicKey: key.publicKey, agent: this.#fileAgent(file, key, whileAsking)};
  }

  #parse(pem: Buffer, published: ParsedKey | undefined): PrivateKey | string {
    const parsed: unknown = this.#ssh2.utils.parseKey(pem);
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    if (isParsedKey(first)) return {kind: 'open', key: first};
    const message = first instanceof Error ? first.message : 'not a key';
    const publicBlob = opensshPublicBlob(pem);
    const type = publicBlob?.subarray(4, 4 + publicBlob.readUInt32BE(0)).toString('latin1');
    if (type !== undefined && !isUsableKeyType(type)) return `a key of type ${visible(type)}`;
    if (!/encrypted/i.test(message)) return message;
    const fromFile = publicBlob === undefined ? undefined : this.#ssh2.utils.parseKey(publicBlob);
    const publicKey = fromFile === undefined || fromFile instanceof Error ? published : fromFile;
    if (publicKey === undefined) return 'encrypted in the old PEM form, and its .pub file is not there';
    return {kind: 'locked', publicKey, pem};
  }

  #fileAgent(file: string, key: PrivateKey, whileAsking: (isAsking: boolean) => void): BaseAgent {
    const publicKey = key.kind === 'open' ? key.key : key.publicKey;
    return this.#singleKeyAgent(publicKey.getPublicSSH(), (_, data, options, done) => {
      const opened = key.kind === 'open' ? Promise.resolve(key.key) : this.#open(file, key.pem, whileAsking);
      opened.then(
        (open) => {
          const signature: unknown = open.sign(data, options.hash);
          if (Buffer.isBuffer(signature)) done(undefined, signature);
          else done(signature instanceof Error ? signature : new Error('The key could not sign.'));
        },
        (error: unknown) => {
          done(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  async #open(file: string, pem: Buffer, whileAsking: (isAsking: boolean) => void): Promise<ParsedKey> {
    const round = this.#options.secrets.round?.() ?? 0;
    let opened = this.#opened.get(file);
    if (opened === undefined || (this.#shut.get(file) ?? round) !== round) {
      opened = this.#askAndOpen(file, pem);
      this.#opened.set(file, opened);
      this.#shut.delete(file);
      // Whoever waits for the key is told; that it is shut is known to the others by this.
      opened.catch(() => this.#shut.set(file, round));
    }
    whileAsking(true);
    try {
      return await opened;
    } finally {
      whileAsking(false);
    }
  }

  async #askAndOpen(file: string, pem: Buffer): Promise<ParsedKey> {
    for (let attempt = 1; attempt <= PASSPHRASE_ATTEMPTS; attempt += 1) {
      const passphrase = await this.#options.secrets.passphrase?.(file, attempt);
      if (passphrase === undefined) {
        throw new Error(
          attempt === 1 ? 'needs a passphrase, none was given' : 'the passphrase does not open it',
        );
      }
      const parsed: unknown = this.#ssh2.utils.parseKey(pem, passphrase);
      const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
      if (isParsedKey(first)) return first;
    }
    throw new Error('the passphrase does not open it');
  }
}

function isParsedKey(value: unknown): value is ParsedKey {
  return typeof value === 'object' && value !== null && 'getPublicSSH' in value;
}

/** The public half, which OpenSSH's private key files hold in the clear (PROTOCOL.key of OpenSSH). */
function opensshPublicBlob(pem: Buffer): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(pem.toString('latin1'));
  if (body?.[1] === undefined) return undefined;
  const bytes = Buffer.from(body[1], 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) return undefined;
  try {
    let at = magic.length;
    for (let skipped = 0; skipped < 3; skipped += 1) at += 4 + bytes.readUInt32BE(at);
    const start = at + 8;
    return bytes.subarray(start, start + bytes.readUInt32BE(at + 4));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
