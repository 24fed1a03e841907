import {compareSources, type Difference} from '../../domain/oslo/compare.js';
import {startupFailure} from '../../domain/oslo/effective.js';
import {UserError} from '../errors.js';
import type {Files} from '../ports.js';
import {loadSources} from './sources.js';

/**
 * Which options services would read differently from two files or directories. Rejects with `UserError` (usage)
 * where a service would not start with one of them.
 */
export async function comparePaths(files: Files, left: string, right: string): Promise<Difference[]> {
  const load = async (path: string) => {
    const folder = await files.list(path);
    const kind = folder.kind === 'directory' ? 'directory' : 'file';
    const {parse} = await loadSources(files, [{kind, path}]);
    const sources = parse();
    const failure = startupFailure(sources);
    if (failure === undefined) return sources;
    throw new UserError('usage', failure.message, {remedy: 'oslo.config refuses it too; repair it first'});
  };
  return compareSources(await load(left), await load(right));
}
