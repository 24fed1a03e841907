import {commonFlags} from './common-flags.js';
import {nameOf, type FlagSet} from './flag.js';
import {runFlags} from './run-flags.js';

/** What a profile may hold: the flags of every command that talks to nodes, and those of one command. */
export function profileNames(flags: FlagSet): {
  readonly flagNames: readonly string[];
  /** Those that name a file. */
  readonly fileFlags: readonly string[];
} {
  const known = Object.values({...commonFlags, ...runFlags, ...flags});
  return {
    flagNames: known.map(nameOf),
    fileFlags: known.filter(({completes}) => completes === 'file').map(nameOf),
  };
}
