import {readDocument} from '../../domain/oslo/document.js';
import type {ConfigSource} from '../../domain/oslo/effective.js';
import {configFilesIn} from '../../domain/oslo/search.js';
import type {Files} from '../ports.js';

/** `--config-file` or `--config-dir`, in the order of the command line. */
export type NamedSource = {readonly kind: 'file' | 'directory'; readonly path: string};

export type LoadedSources = {
  /** Reads the texts, which costs more than loading them. */
  readonly parse: () => readonly ConfigSource[];
  /** Content by file. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
};

/** Reads files, and the `*.conf` files of directories, as oslo.config finds them. */
export async function loadSources(files: Files, named: readonly NamedSource[]): Promise<LoadedSources> {
  const sources: (() => ConfigSource)[] = [];
  const contents = new Map<string, Uint8Array>();
  const load = async (file: string): Promise<void> => {
    const result = await files.read(file);
    switch (result.kind) {
      case 'file':
        contents.set(file, result.bytes);
        sources.push(() => ({kind: 'file', file, document: readDocument(result.bytes)}));
        break;
      case 'missing':
        sources.push(() => ({kind: 'missing-file', file}));
        break;
      case 'denied':
        sources.push(() => ({kind: 'denied', file}));
        break;
      case 'failed':
        sources.push(() => ({kind: 'unreadable', file, reason: result.reason}));
        break;
    }
  };
  for (const {kind, path} of named) {
    if (kind === 'file') {
      await load(path);
      continue;
    }
    const folder = await files.list(path);
    if (folder.kind === 'missing') sources.push(() => ({kind: 'missing-directory', directory: path}));
    // A file in the place of a directory holds no files: oslo.config does not mind.
    const entries = folder.kind === 'directory' ? configFilesIn(folder.entries) : [];
    for (const entry of entries) await load(path.endsWith('/') ? path + entry : `${path}/${entry}`);
  }
  return {parse: () => sources.map((make) => make()), contents};
}
