import {NodeError} from '../../app/errors.js';
import {orAborted} from './limiter.js';

/** A password on its way to one node. Exactly one of its functions is called when the outcome is known. */
export type PasswordTry = {
  readonly password: string;
  accepted(): void;
  refused(): void;
  /** Sudo was not heard of again. */
  unknown(): void;
};

type Account = {
  password: Promise<string | undefined> | undefined;
  state: 'untried' | 'trying' | 'accepted' | 'refused';
  /** The node that refused. */
  refusedBy: string | undefined;
  /** Settles when the try on the first node has an outcome. */
  outcome: Promise<void>;
};

/**
 * The sudo passwords of accounts, in memory only. A password goes to one node first; the others wait for what
 * becomes of it. One refusal ends an account, so that a typing error is one failed login and not fifty.
 */
export class SudoAccounts {
  readonly #ask: ((account: string) => Promise<string | undefined>) | undefined;
  readonly #accounts = new Map<string, Account>();

  constructor(ask: ((account: string) => Promise<string | undefined>) | undefined) {
    this.#ask = ask;
  }

  /** Whether passwords can be had at all (`--ask-become-pass`). */
  get isAvailable(): boolean {
    return this.#ask !== undefined;
  }

  /** Throws `NodeError` where the account's password was refused by another node. */
  check(account: string, node: string): void {
    const known = this.#accounts.get(account);
    if (known?.state === 'refused') throw wrongPassword(account, node, known.refusedBy ?? node);
  }

  /** Waits for a turn. Rejects with `NodeError` where there is no password or it was refused elsewhere. */
  async obtain(account: string, node: string, signal: AbortSignal): Promise<PasswordTry> {
    const known = this.#account(account);
    known.password ??= this.#ask?.(account) ?? Promise.resolve(undefined);
    const password = await orAborted(known.password, signal);
    if (password === undefined) throw missingPassword(account, node);
    if (/[\0\r\n]/.test(password)) {
      throw new NodeError(node, 'sudo-password-wrong', `${node}: the sudo password has a line break in it.`, {
        remedy: 'Enter it again; nothing was sent.',
      });
    }
    while (known.state === 'trying') await orAborted(known.outcome, signal);
    this.check(account, node);
    let settle: (() => void) | undefined;
    if (known.state === 'untried') {
      known.state = 'trying';
      known.outcome = new Promise((resolve) => {
        settle = resolve;
      });
    }
    const end = (state: Account['state']): void => {
      if (known.state !== 'refused') known.state = state;
      settle?.();
    };
    return {
      password,
      accepted: () => {
        end('accepted');
      },
      refused: () => {
        known.refusedBy ??= node;
        end('refused');
      },
      unknown: () => {
        end(settle === undefined ? known.state : 'untried');
      },
    };
  }

  #account(name: string): Account {
    let account = this.#accounts.get(name);
    if (account === undefined) {
      account = {password: undefined, state: 'untried', refusedBy: undefined, outcome: Promise.resolve()};
      this.#accounts.set(name, account);
    }
    return account;
  }
}

/** The password was refused, here or on another node. */
export function wrongPassword(account: string, node: string, refusedBy: string): NodeError {
  return new NodeError(
    node,
    'sudo-password-wrong',
    refusedBy === node
      ? `${node}: sudo refused the password of ${account}; it is not tried again on any node.`
      : `${node}: not tried, because sudo on ${refusedBy} refused the password of ${account}.`,
    {remedy: 'Start again with the right password.'},
  );
}

/** sudo asks for a password and there is none to give. */
export function missingPassword(account: string, node: string): NodeError {
  return new NodeError(node, 'sudo-password-missing', `${node}: sudo asks ${account} for a password.`, {
    remedy: 'Start again with --ask-become-pass.',
  });
}
