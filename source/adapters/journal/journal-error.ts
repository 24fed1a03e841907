import {UserError, type UserErrorKind} from '../../app/errors.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would grow above the size that this account may write (ulimit -f)',
  EROFS: 'the file system is read-only',
  EACCES: 'this account may not',
  EPERM: 'the system does not permit it',
  EIO: 'the disk reports an error',
  EEXIST: 'there is one already',
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'it is a symbolic link, which a journal never is',
  EMFILE: 'too many files are open',
};

/** The code of a system's error, `ENOSPC`; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A system's error as one that a user can act on: what failed, on which path, why. Bugs come back as they are. */
export function journalError(
  action: string,
  path: string,
  error: unknown,
  options: {kind?: UserErrorKind; remedy?: string} = {},
): unknown {
  const code = codeOf(error);
  if (error instanceof UserError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  const remedy = options.remedy ?? remedyFor(code);
  return new UserError(options.kind ?? 'failed', `Cannot ${action} ${path}: ${REASONS[code] ?? code}.`, {
    cause: error,
    ...(remedy === undefined ? {} : {remedy}),
  });
}

function remedyFor(code: string): string | undefined {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'Make room there, or point XDG_STATE_HOME elsewhere.';
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'Give this account the directory, or point XDG_STATE_HOME elsewhere.';
    default:
      return undefined;
  }
}
