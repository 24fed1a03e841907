import {accountNameProblem, hostNameProblem, visible} from './names.js';
import {splitWords} from './words.js';

/** What SSH arguments say about the way to a host, and the arguments that were passed over. */
export type SshArguments =
  | {readonly kind: 'read'; readonly proxyJump: string | undefined; readonly ignored: readonly string[]}
  | {readonly kind: 'problem'; readonly message: string};

/** Options of ssh(1) that take a value as the next word. */
const WITH_VALUE = new Set('BbcDEeFIiJLlmOopQRSWw'.split('').map((letter) => `-${letter}`));

/**
 * Reads `ansible_ssh_common_args`: only the jump host counts, as `-J host`, `-o ProxyJump=host` or
 * `-o "ProxyJump host"`. The first one wins, as for ssh itself.
 */
export function readSshArguments(text: string): SshArguments {
  const split = splitWords(text, {comments: false});
  if (split.kind === 'problem') return split;
  let proxyJump: string | undefined;
  const ignored: string[] = [];
  const words = [...split.words];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const flag = word.slice(0, 2);
    const takesValue = WITH_VALUE.has(flag);
    const value = !takesValue ? undefined : word.length > 2 ? word.slice(2) : words.shift();
    const jump = flag === '-J' ? value : flag === '-o' ? jumpOption(value ?? '') : undefined;
    if (jump === undefined) {
      ignored.push(value === undefined || word.length > 2 ? word : `${word} ${value}`);
      continue;
    }
    const problem = jumpProblem(jump);
    if (problem !== undefined) return {kind: 'problem', message: problem};
    proxyJump ??= jump;
  }
  return {kind: 'read', proxyJump, ignored};
}

function jumpOption(option: string): string | undefined {
  return /^\s*proxyjump\s*(?:=|\s)\s*"?([^"\s]+)"?\s*$/i.exec(option)?.[1];
}

/** `[user@]host[:port]` or `ssh://…`, several separated by commas, or `none`. */
function jumpProblem(jump: string): string | undefined {
  for (const hop of jump.replaceAll('ssh://', '').split(',')) {
    const match = /^(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:]*))(?::([0-9]{1,5}))?$/.exec(hop);
    const host = match?.[2] ?? match?.[3];
    if (match === null || host === undefined) return `${visible(hop)} is not a jump host`;
    const problem =
      (match[1] === undefined ? undefined : accountNameProblem(match[1])) ?? hostNameProblem(host);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
