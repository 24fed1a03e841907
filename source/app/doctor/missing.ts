import {UserError} from '../errors.js';
import type {Diagnosis} from './diagnosis.js';
import type {GoneServer} from './doctor-types.js';

/** A name or an id of the complaint that no server has, and had. */
export type MissingServer = {readonly word: string; readonly problem: string};

/** The names and ids of the complaint that Nova knows nothing of. No `only` and no `ignored` takes them away. */
export function missingServers({chart}: Pick<Diagnosis, 'chart'>): readonly MissingServer[] {
  return (chart?.inquiry.gone ?? []).filter(isMissing).map((gone) => ({
    word: gone.word,
    problem: problemOf(gone),
  }));
}

/** Whether Nova has neither a row of it nor anything that was asked of it, and Cinder no volume. */
export function isMissing({row, actions = [], attachments = []}: GoneServer): boolean {
  return row === undefined && actions.length + attachments.length === 0;
}

/** Whether an error was found, or a server that was named is not known: for the exit code. */
export function hasErrors(diagnosis: Pick<Diagnosis, 'chart' | 'findings'>): boolean {
  return (
    missingServers(diagnosis).length > 0 || diagnosis.findings.some(({severity}) => severity === 'error')
  );
}

/** What is said where no server that was named exists: most likely its name is mistyped. */
export function unknownServers(gone: readonly GoneServer[]): UserError {
  return new UserError('usage', gone.map((one) => `${one.word}: ${problemOf(one)}`).join('; '), {
    remedy: 'look for it with: openstack server list --all-projects',
  });
}

function problemOf({areGoneShown}: GoneServer): string {
  return areGoneShown
    ? 'Nova has no such server of that name or id, also not among those that it destroyed'
    : 'Nova has no such server of that name or id; those that it destroyed could not be seen';
}
