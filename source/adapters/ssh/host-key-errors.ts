import {NodeError} from '../../app/errors.js';
import {shellQuote} from '../../domain/shell-quote.js';
import {type HostKeyVerdict, knownHostName} from './known-hosts.js';
import type {Hop} from './resolve.js';

const FILES: Readonly<Record<string, string>> = {
  'ssh-ed25519': 'ed25519',
  'ssh-rsa': 'rsa',
  'ecdsa-sha2-nistp256': 'ecdsa',
  'ecdsa-sha2-nistp384': 'ecdsa',
  'ecdsa-sha2-nistp521': 'ecdsa',
};

/** Why a host key stops a node, with its fingerprint and the command that looks at it or mends it. */
export function hostKeyError(
  node: string,
  hop: Hop,
  verdict: Exclude<HostKeyVerdict, {kind: 'known'}>,
  shown: {readonly keyType: string; readonly fingerprint: string},
  isBehindJump: boolean,
): NodeError {
  const name = hop.hostKeyAlias ?? knownHostName(hop.hostName, hop.port);
  const kind = FILES[shown.keyType] ?? 'ed25519';
  const key = `${shown.keyType} key ${shown.fingerprint}`;
  const compare = `compare it on the machine itself (ssh-keygen -lf /etc/ssh/ssh_host_${kind}_key.pub)`;
  switch (verdict.kind) {
    case 'revoked':
      return new NodeError(
        node,
        'host-key-revoked',
        `${node}: ${name} shows the ${key}, which is revoked in ${place(verdict.entry)}.`,
        {remedy: 'Do not log in to it; the machine needs a new host key, or it is not the machine you mean.'},
      );
    case 'changed':
      return new NodeError(
        node,
        'host-key-changed',
        `${node}: ${name} shows the ${key}, which is not the one in ${place(verdict.entry)}.`,
        {
          remedy:
            `Somebody may be in between. If it was installed anew, ${compare}, then: ` +
            `ssh-keygen -R ${shellQuote(name)} -f ${shellQuote(verdict.entry.file)}`,
        },
      );
    case 'unknown':
      if (verdict.hasAuthority) {
        return new NodeError(
          node,
          'unsupported',
          `${node}: ${name} is known by a certificate authority (@cert-authority), ` +
            'which the built-in transport cannot check.',
          {remedy: 'Use --transport openssh.'},
        );
      }
      return new NodeError(
        node,
        'host-key-unknown',
        `${node}: ${name} shows the ${key}, which is in no known_hosts file` +
          (verdict.otherTypes.length === 0 ? '.' : ` (known there: ${verdict.otherTypes.join(', ')}).`),
        {remedy: `If it is right (${compare}), add it: ${addCommand(hop, name, kind, isBehindJump)}`},
      );
  }
}

function addCommand(hop: Hop, name: string, kind: string, isBehindJump: boolean): string {
  // ssh-keyscan knows neither jumps nor aliases: there, ssh itself asks and adds.
  if (isBehindJump || hop.hostKeyAlias !== undefined) {
    return `ssh -o StrictHostKeyChecking=ask ${shellQuote(hop.alias)} true`;
  }
  const file = hop.userKnownHostsFiles[0] ?? '~/.ssh/known_hosts';
  const port = hop.port === 22 ? '' : `-p ${hop.port} `;
  return `ssh-keyscan ${port}-t ${kind} ${hop.hostName} >> ${shellQuote(file)}  # ${name}`;
}

function place(entry: {readonly file: string; readonly line: number}): string {
  return `${entry.file}:${entry.line}`;
}
