import {VIEW_KEYS} from '../app/watch/view-keys.js';
import type {CommandDefinition} from './command.js';
import {commonFlags} from './common-flags.js';
import {nameOf} from './flag.js';
import {lookSettings} from './looks.js';
import {runFlags} from './run-flags.js';

/** What a profile may hold: the flags of every command that talks to nodes, those of one command, and looks. */
export function profileNames({
  flags,
  profileSection,
}: Pick<CommandDefinition, 'flags'> & Partial<Pick<CommandDefinition, 'profileSection'>>): {
  readonly flagNames: readonly string[];
  /** Those that name a file. */
  readonly fileFlags: readonly string[];
  /** What the section of this command may hold; undefined where it is another's. */
  readonly watchKeys: readonly string[] | undefined;
  readonly doctorKeys: readonly string[] | undefined;
} {
  const known = Object.values({...commonFlags, ...runFlags, ...lookSettings, ...flags});
  return {
    flagNames: known.map(nameOf),
    watchKeys: profileSection === 'watch' ? [...known.map(nameOf), ...VIEW_KEYS] : undefined,
    doctorKeys: profileSection === 'doctor' ? known.map(nameOf) : undefined,
    fileFlags: known.filter(({completes}) => completes === 'file').map(nameOf),
  };
}
