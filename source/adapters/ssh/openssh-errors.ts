import {NodeError, type NodeErrorReason} from '../../app/errors.js';
import {shellQuote} from '../../domain/shell-quote.js';
import {visible} from '../../domain/fleet/names.js';

/** The server hung up before anybody could be checked: another try may do. */
const DROPPED =
  /kex_exchange_identification|Connection (closed|reset) by|banner exchange: Connection|ssh_dispatch_run_fatal.*(closed|reset)/;

/** What a message of ssh in the C locale means: first match wins. */
const MEANINGS: readonly {
  readonly pattern: RegExp;
  readonly reason: NodeErrorReason;
  readonly what: string;
  readonly remedy: string;
}[] = [
  {
    pattern: /REVOKED HOST KEY|marked as revoked|revoked/i,
    reason: 'host-key-revoked',
    what: 'it shows a host key that is revoked',
    remedy: 'Do not log in to it; the machine needs a new host key.',
  },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    reason: 'host-key-changed',
    what: 'it shows another host key than the one in known_hosts',
    remedy: 'Somebody may be in between. If it was installed anew, take the old key away:',
  },
  {
    pattern: /Host key verification failed/,
    reason: 'host-key-unknown',
    what: 'it shows a host key that is in no known_hosts file',
    remedy: 'If it is right (compare it on the machine itself), add it with:',
  },
  {
    pattern: /stdio forwarding (request )?failed/i,
    reason: 'jump',
    what: 'its jump host cannot reach it',
    remedy: 'Look at it with:',
  },
  {
    pattern: /Could not resolve hostname/,
    reason: 'unresolved',
    what: 'its name cannot be resolved',
    remedy: 'Give its address: HostName in ssh_config, or ansible_host in the inventory.',
  },
  {
    pattern: /Unable to negotiate/,
    reason: 'unsupported',
    what: 'ssh and the server have no algorithm in common',
    remedy: 'Look at it with:',
  },
  {
    pattern: /Permission denied|Too many authentication failures/,
    reason: 'authentication',
    what: 'cannot log in',
    remedy: 'Keys with a passphrase must be in the agent (ssh-add). Try it with:',
  },
  {
    pattern: /timed out|Timeout/,
    reason: 'connect-timeout',
    what: 'no answer in time',
    remedy: 'Look whether it is up and whether a firewall is in between.',
  },
  {
    pattern: /Connection refused/,
    reason: 'connect-failed',
    what: 'the connection was refused, no SSH server listens there',
    remedy: 'Look at it with:',
  },
  {
    pattern: /No route to host|Network is unreachable/,
    reason: 'connect-failed',
    what: 'there is no route to it',
    remedy: 'Look at it with:',
  },
];

/** Why the system's ssh did not log in, from its debug output; `dropped` where another try may do. */
export function explainSshFailure(node: string, alias: string, output: string): NodeError | 'dropped' {
  const said = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(debug\d|OpenSSH_)/.test(line))
    .join('\n');
  const meaning = MEANINGS.find(({pattern}) => pattern.test(said));
  if (meaning === undefined && DROPPED.test(said)) return 'dropped';
  const ssh = `ssh ${shellQuote(alias)}`;
  if (meaning === undefined) {
    const last = visible(said.split('\n').at(-1)?.slice(0, 300) ?? '');
    return new NodeError(node, 'connect-failed', `${node}: ssh failed: ${last}.`, {
      remedy: `Look at it with: ${ssh}`,
    });
  }
  const remedy = meaning.remedy.endsWith(':')
    ? `${meaning.remedy} ${command(meaning.reason, alias, said)}`
    : meaning.remedy;
  const details = detailsOf(meaning.reason, output);
  return new NodeError(node, meaning.reason, `${node}: ${meaning.what}${details}.`, {remedy});
}

function command(reason: NodeErrorReason, alias: string, said: string): string {
  if (reason !== 'host-key-changed') {
    const option = reason === 'host-key-unknown' ? '-o StrictHostKeyChecking=ask ' : '';
    return `ssh ${option}${shellQuote(alias)} true`;
  }
  const file = /Offending .* key in (.+):\d+/.exec(said)?.[1] ?? '~/.ssh/known_hosts';
  const name = /Host key for (\S+) has changed/.exec(said)?.[1] ?? alias;
  return `ssh-keygen -R ${shellQuote(name)} -f ${shellQuote(file)}`;
}

function detailsOf(reason: NodeErrorReason, output: string): string {
  if (reason.startsWith('host-key')) {
    const key = /Server host key: (\S+) (SHA256:\S+)/.exec(output);
    return key === null ? '' : `: ${key[1] ?? ''} ${key[2] ?? ''}`;
  }
  if (reason !== 'authentication') return '';
  const tried = [...output.matchAll(/Offering public key: (\S+)/g)].map((match) => visible(match[1] ?? ''));
  return tried.length === 0 ? ': there is no key to log in with' : `; tried ${tried.join(', ')}`;
}
