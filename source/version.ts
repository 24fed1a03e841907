import {readFileSync} from 'node:fs';

/** The program's version, from the package that it is part of. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return /^ {2}"version": "([^"]+)"/m.exec(text)?.[1] ?? 'unknown';
}
