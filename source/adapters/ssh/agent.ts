import {createConnection} from 'node:net';

/** A key that an ssh-agent holds. */
export type AgentKey = {
  readonly type: string;
  /** The public key as it travels. */
  readonly blob: Buffer;
  readonly comment: string;
};

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const ANSWER_LIMIT = 256 * 1024;
const TIMEOUT_MS = 5000;

/**
 * The keys of an agent, also those of kinds that ssh2 leaves out: certificates and hardware keys, so that a
 * message can name them. draft-ietf-sshm-ssh-agent, section 3.5. Rejects where nobody answers.
 */
export async function listAgentKeys(socketPath: string): Promise<readonly AgentKey[]> {
  const answer = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = createConnection(socketPath);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('The agent does not answer.')));
    socket.on('connect', () => socket.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES])));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const all = Buffer.concat(chunks);
      const length = all.length < 4 ? undefined : all.readUInt32BE(0);
      if (length === undefined || length > ANSWER_LIMIT || all.length >= 4 + length) {
        if (length === undefined) return;
        socket.destroy();
        resolve(all.subarray(4, 4 + length));
      }
    });
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error('The agent closed the connection.'));
    });
  });
  return decodeIdentities(answer);
}

function decodeIdentities(answer: Buffer): readonly AgentKey[] {
  if (answer[0] !== IDENTITIES_ANSWER) throw new Error('The agent refused to list its keys.');
  const keys: AgentKey[] = [];
  let at = 5;
  const next = (): Buffer => {
    const start = at + 4;
    at = start + answer.readUInt32BE(at);
    if (at > answer.length) throw new Error('The agent answered with a broken list.');
    return answer.subarray(start, at);
  };
  for (let left = answer.readUInt32BE(1); left > 0; left -= 1) {
    const blob = next();
    const comment = next().toString('utf8');
    const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1');
    keys.push({type, blob, comment});
  }
  return keys;
}

/** Whether ssh2 can log in with a key of this type: no certificates, no hardware keys, no DSA. */
export function isUsableKeyType(type: string): boolean {
  return type === 'ssh-ed25519' || type === 'ssh-rsa' || /^ecdsa-sha2-nistp(256|384|521)$/.test(type);
}
