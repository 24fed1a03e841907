import {commonFlags} from './common-flags.js';
import {nameOf, type FlagSet} from './flag.js';
import {lookSettings} from './looks.js';
import {runFlags} from './run-flags.js';

/** What a profile may hold: the flags of every command that talks to nodes, those of one command, and looks. */
export function profileNames(flags: FlagSet): {
  readonly flagNames: readonly string[];
  /** Those that name a file. */
  readonly fileFlags: readonly string[];
} {
  const known = Object.values({...commonFlags, ...runFlags, ...lookSettings, ...flags});
  return {
    flagNames: known.map(nameOf),
    fileFlags: known.filter(({completes}) => completes === 'file').map(nameOf),
  };
}
