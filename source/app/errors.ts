/**
 * What can go wrong that a user can cause or cure, as opposed to a bug.
 *
 * - `usage`: wrong flags or bad input; nothing was done (exit code 2)
 * - `refused`: a confirmation is missing, read-only mode or a safety rule; nothing was done (3)
 * - `unreachable`: could not reach or log in to what is needed; nothing was done (4)
 * - `failed`: ran, but part of it failed, or a check found an error (1)
 */
export type UserErrorKind = 'usage' | 'refused' | 'unreachable' | 'failed';

/** An error that a user can cause: one sentence for what and where, one for what to do. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  readonly kind: UserErrorKind;
  /** What to do next; absent only where the message already says it. */
  readonly remedy: string | undefined;

  constructor(kind: UserErrorKind, message: string, options: {remedy?: string; cause?: unknown} = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause});
    this.kind = kind;
    this.remedy = options.remedy;
  }
}

/** A message without its full stop or semicolon: ours end the sentence. */
export function withoutStop(message: string): string {
  return message.replace(/[.;\s]+$/, '');
}

/** What happened and what to do, in one line: a remedy that is a sentence of its own begins as one. */
export function withRemedy(message: string, remedy: string | undefined): string {
  if (remedy === undefined) return message;
  return `${withoutStop(message)}${/^\p{Lu}/u.test(remedy) ? '.' : ';'} ${remedy}`;
}

/** Why a node could not be used. The words are stable: exit codes and tests depend on them. */
export type NodeErrorReason =
  | 'unresolved'
  | 'connect-failed'
  | 'connect-timeout'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'host-key-revoked'
  | 'unsupported'
  | 'authentication'
  | 'jump'
  | 'sudo-password-missing'
  | 'sudo-password-wrong'
  | 'sudo-not-allowed'
  | 'sudo-missing'
  | 'no-shell'
  | 'unusable'
  | 'step-timeout'
  | 'lost';

/** A node that could not be used. Nothing ran on it, except after `step-timeout` and `lost`. */
export class NodeError extends UserError {
  override readonly name: string = 'NodeError';
  readonly node: string;
  readonly reason: NodeErrorReason;

  constructor(
    node: string,
    reason: NodeErrorReason,
    message: string,
    options: {remedy?: string; cause?: unknown} = {},
  ) {
    super('unreachable', message, options);
    this.node = node;
    this.reason = reason;
  }
}

/** Why a cloud's API could not be used or asked. */
export type CloudErrorReason =
  | 'configuration'
  | 'unreachable'
  | 'not-an-api'
  | 'authentication'
  | 'forbidden'
  | 'quota'
  | 'not-found'
  | 'conflict'
  | 'bad-request'
  | 'server-error'
  | 'rate-limited';

const SILENT: ReadonlySet<CloudErrorReason> = new Set([
  'unreachable',
  'server-error',
  'rate-limited',
  'not-an-api',
]);

/** Whether nothing answered that could, as against an answer that refuses: it may be another one a moment later. */
export function isSilence(reason: CloudErrorReason): boolean {
  return SILENT.has(reason);
}

/** An API that could not be asked, or that answered with an error. */
export class CloudError extends UserError {
  override readonly name: string = 'CloudError';
  readonly reason: CloudErrorReason;
  /** HTTP status where there was an answer. */
  readonly status: number | undefined;
  /** `X-OpenStack-Request-Id` where there was one. */
  readonly requestId: string | undefined;

  constructor(
    reason: CloudErrorReason,
    message: string,
    options: {remedy?: string; cause?: unknown; status?: number; requestId?: string} = {},
  ) {
    super(reason === 'configuration' ? 'usage' : 'unreachable', message, options);
    this.reason = reason;
    this.status = options.status;
    this.requestId = options.requestId;
  }
}

/** What Nova answers where we may look, undefined where it does not let us. */
export async function ifAllowed<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CloudError && error.reason === 'forbidden') return undefined;
    throw error;
  }
}
