const MASK = '***';

/** Ends of names whose values are secrets. */
const NAME = String.raw`[\w.-]*(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|private[_-]?key|credential)s?`;
const ASSIGNED = new RegExp(String.raw`("?\b${NAME}"?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&]+)`, 'gi');
const IN_ADDRESS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;
/** Of an address with several hosts: those after the first. */
const FURTHER = /,[^\s/@,:]+:[^\s/@,]*@/g;
const HEADER = /\b(x-(?:auth|subject|service)-token|authorization)(\s*[:=]\s*)(?:bearer |basic )?\S+/gi;

/**
 * A text without what looks like a secret: passwords and tokens that something is set to, and who logs in where an
 * address has that in it. Made for texts that leave this machine; where in doubt it takes too much.
 */
export function maskSecrets(text: string): string {
  return text
    .replaceAll(IN_ADDRESS, `$1${MASK}@`)
    .replaceAll(FURTHER, `,${MASK}@`)
    .replaceAll(HEADER, `$1$2${MASK}`)
    .replaceAll(ASSIGNED, `$1${MASK}`);
}
