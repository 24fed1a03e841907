import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {CloudError} from '../errors.js';
import type {Cloud} from '../ports.js';
import type {CloudsFound, Given, InitPorts, NamedCloud, Tell} from './init-types.js';

/** The cloud that was chosen, and what it said. */
export type CloudAnswer = {
  readonly cloud: NamedCloud;
  /** What Nova lists; undefined where it did not answer. */
  readonly services: readonly ComputeService[] | undefined;
};

/**
 * Which cloud, with the sign-in tried at once. A cloud that does not answer is told, and may be taken all the same.
 * Throws `CloudError` where there is none to choose from, or where a flag names one that there is not.
 *
 * @param remembered the cloud of the profile that is there
 */
export async function askCloud(
  ports: InitPorts,
  given: Given,
  remembered: string | undefined,
  tell: Tell,
  signal: AbortSignal,
): Promise<CloudAnswer> {
  const found = await ports.clouds();
  const named = found.clouds.find((cloud) => cloud.name === given.cloud);
  // The adapter knows best how to say that nothing is there, or not that.
  if (given.cloud !== undefined && named === undefined) await ports.openCloud(given.cloud);
  if (found.clouds.length === 0) await ports.openCloud(undefined);
  if (named === undefined && found.file !== undefined) {
    const count = found.clouds.filter(({isOfEnvironment}) => !isOfEnvironment).length;
    const message = `${count === 1 ? '1 cloud' : `${count} clouds`} in ${found.file}`;
    tell({type: 'found', about: 'cloud', state: 'ok', message});
  }
  let cloud = named ?? (await chooseCloud(ports, found, remembered));
  for (;;) {
    tell({type: 'trying', message: `signing in to ${titleOf(cloud)}`});
    try {
      const opened = await ports.openCloud(cloud.name);
      const services = await signIn(opened, cloud, tell, signal);
      tellWhoWins(found, cloud, tell);
      return {cloud, services};
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      tell({type: 'found', about: 'cloud', state: 'failed', message: error.message, remedy: error.remedy});
    }
    const next = await ports.asker.choose({
      title: `${titleOf(cloud)} could not be used. What now?`,
      flag: '--cloud NAME',
      choices: [
        {value: 'again', title: 'try again'},
        ...(found.clouds.length > 1 ? [{value: 'other', title: 'take another cloud'}] : []),
        {value: 'go-on', title: 'go on without it, nothing can be compared with Nova then'},
      ],
      proposed: 0,
      unasked: 'go-on',
    });
    if (next === 'go-on') return {cloud, services: undefined};
    if (next === 'other') cloud = await chooseCloud(ports, found, cloud.name);
  }
}

async function chooseCloud(
  {asker}: InitPorts,
  {clouds}: CloudsFound,
  remembered: string | undefined,
): Promise<NamedCloud> {
  const [first, second] = clouds;
  if (first !== undefined && second === undefined) return first;
  const known = clouds.findIndex(({name}) => name === remembered);
  return asker.choose({
    title: 'Which cloud?',
    flag: '--cloud NAME',
    choices: clouds.map((cloud) => ({value: cloud, title: choiceOf(cloud)})),
    proposed: Math.max(0, known),
    unasked: clouds[known],
  });
}

/** Who logs in tells clouds of like names apart. */
function choiceOf(cloud: NamedCloud): string {
  const more = cloud.problem === undefined ? cloud.login : 'cannot be used as it is';
  return more === '' ? titleOf(cloud) : `${titleOf(cloud)}, ${more}`;
}

function titleOf({name, isOfEnvironment}: NamedCloud): string {
  return isOfEnvironment ? 'the cloud of the OS_* variables' : name;
}

/** As openstacksdk has it; commands later would be about another cloud than this one. */
function tellWhoWins({clouds}: CloudsFound, cloud: NamedCloud, tell: Tell): void {
  if (cloud.isOfEnvironment || !clouds.some(({isOfEnvironment}) => isOfEnvironment)) return;
  tell({
    type: 'found',
    about: 'cloud',
    state: 'warning',
    message: `OS_* variables describe another cloud, and win over ${cloud.name} in the profile while they are set`,
    remedy: 'unset them, or name the cloud with --cloud or OS_CLOUD',
  });
}

/** What Nova lists. Rejects with `CloudError` where it cannot be asked. */
async function signIn(
  opened: Cloud,
  cloud: NamedCloud,
  tell: Tell,
  signal: AbortSignal,
): Promise<readonly ComputeService[]> {
  const {computeUrl} = await opened.identity(signal);
  const services = await opened.services(signal);
  const computes = services.filter(({binary}) => binary === 'nova-compute');
  const up = computes.filter(({state}) => state === 'up').length;
  const count = computes.length === 1 ? '1 compute' : `${computes.length} computes`;
  tell({
    type: 'found',
    about: 'cloud',
    state: 'ok',
    message: `signed in to ${titleOf(cloud)}, Nova at ${computeUrl} lists ${count}, ${up} up`,
  });
  if (!(await opened.honoursFilters(signal))) {
    tell({
      type: 'found',
      about: 'cloud',
      state: 'warning',
      message:
        'this account does not see the servers of all projects, so what a change destroys stays unknown',
      remedy: 'use an account with the role admin',
    });
  }
  return services;
}
