import {NodeError} from '../../app/errors.js';
import {accountNameProblem, visible} from '../../domain/fleet/names.js';
import type {NodeAddress} from '../../domain/fleet/node-address.js';
import {missingPassword} from './sudo-accounts.js';

/** What stands between the account that logs in and root. */
export type Elevation = {readonly kind: 'none'} | {readonly kind: 'sudo'; readonly user: string};

/** Marks of one session: random, so that nothing on the node can know them beforehand. */
export type Marks = {
  /** Printed by the shell before the script, on both streams. */
  readonly start: string;
  /** Sudo's prompt. */
  readonly prompt: string;
  /** Printed when sudo let us in. */
  readonly ready: string;
};

/** Sudo to root unless the account that logs in is already the wanted one. */
export function elevationFor(node: NodeAddress, loginUser: string): Elevation {
  if (node.become?.kind === 'none') return {kind: 'none'};
  const user = node.become?.user ?? 'root';
  const problem = accountNameProblem(user);
  if (problem !== undefined)
    throw new NodeError(node.name, 'unresolved', `${visible(node.name)}: ${problem}`);
  return user === loginUser ? {kind: 'none'} : {kind: 'sudo', user};
}

/**
 * The command line of a session. Nothing in it comes from outside but an account name that was checked; the
 * script goes to stdin. It is plain enough for every login shell (csh and fish too).
 */
export function remoteCommand(elevation: Elevation, withPassword: boolean, marks: Marks): string {
  if (elevation.kind === 'none') return 'exec sh';
  const user = elevation.user === 'root' ? '' : ` -u ${elevation.user}`;
  return withPassword
    ? `exec env LC_ALL=C sudo -S -H -p ${marks.prompt}${user} -- sh -c 'echo ${marks.ready} >&2; exec sh'`
    : `exec env LC_ALL=C sudo -n -H${user} -- sh`;
}

/** Why no shell started, from what was said instead, in the C locale (texts of sudo 1.8 and 1.9, and of env). */
export function explainNoShell(
  node: string,
  account: string,
  elevation: Elevation,
  code: number,
  text: string,
): NodeError {
  const lines = text.split('\n').map((line) => line.trim());
  const last = lines.findLast((line) => line !== '') ?? '';
  const said = last === '' ? `exit code ${code}` : visible(last.slice(0, 300));
  if (elevation.kind === 'none' || !/sudo|not allowed to (run|execute)/i.test(text)) {
    return new NodeError(node, 'no-shell', `${node}: ${account} cannot run programs there: ${said}.`, {
      remedy: `The account needs a login shell and no forced command; look at: ssh ${node} true`,
    });
  }
  if (
    /a password is required|terminal is required to read|no askpass program|no password was provided/.test(
      text,
    )
  ) {
    return missingPassword(account, node);
  }
  if (/sudo.*: (No such file|not found|command not found)|sudo: not found/i.test(text)) {
    return new NodeError(node, 'sudo-missing', `${node}: there is no sudo.`, {
      remedy: 'Log in as root (user: root), or install sudo there.',
    });
  }
  const isTty = /must have a tty/.test(text);
  return new NodeError(
    node,
    'sudo-not-allowed',
    `${node}: ${account} gets no root rights from sudo: ${said}.`,
    {
      remedy: isTty
        ? `Take requiretty away for ${account} in sudoers.`
        : `Allow it in sudoers (${account} ALL=(root) ALL), or log in as another account.`,
    },
  );
}

/** Whether sudo said that a password is wrong, as against that the account has no right. */
export function isPasswordRefusal(stderr: string): boolean {
  return !/not in the sudoers|may not run sudo|not allowed to (run|execute)|account validation|expired|must have a tty|unknown user/i.test(
    stderr,
  );
}
