import {effectiveValue, type Effective, type Query} from '../../domain/oslo/effective.js';
import type {Files} from '../ports.js';
import {loadSources, type NamedSource} from './sources.js';

/** What a service that reads the named files gets for an option. */
export async function getOption(
  files: Files,
  named: readonly NamedSource[],
  query: Query,
): Promise<Effective> {
  const {parse} = await loadSources(files, named);
  return effectiveValue(parse(), query);
}
