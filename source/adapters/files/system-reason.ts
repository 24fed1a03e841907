/** What the system's error codes mean for somebody who named a file. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read or written by this account',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EFBIG: 'it may not become so large',
  EDQUOT: 'the disk quota is used up',
  ELOOP: 'its symbolic links go in a circle, or it is one where none may be',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  ERR_INVALID_ARG_VALUE: 'that cannot be the name of a file',
};

/** Words for an error of the file system; undefined where it is something else. */
export function systemReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return REASONS[error.code] ?? (/^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined);
}
