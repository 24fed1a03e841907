/** The embedded cloud's APIs on loopback over a Nova whose clock a test moves, and adapters that talk to them. */
import type {ExecutionContext} from 'ava';
import {createCloud, type OpenStackCloud} from '../../source/adapters/openstack/cloud.js';
import type {CloudConfiguration} from '../../source/adapters/openstack/configuration.js';
import {Secret} from '../../source/adapters/openstack/secret.js';
import {type Intercept, startOpenStack} from '../../source/demo/openstack.js';
import type {TestNova} from './demo-nova.js';
import {manualClock} from './http-clock.js';
import {configurationFor} from './http-openstack.js';

export type ServedNova = {
  /** Signed in as an administrator, or as somebody of the first project. */
  cloud(as: 'admin' | 'member', changes?: Partial<CloudConfiguration>): OpenStackCloud;
};

/** Serves it until the test ends. */
export async function serveNova(
  t: Pick<ExecutionContext, 'teardown'>,
  nova: TestNova,
  intercept?: Intercept,
): Promise<ServedNova> {
  const accounts = (['admin', 'member'] as const).map((name, place) => {
    const [project, user] = [nova.cloud.projects[place], nova.cloud.users[place]];
    if (project === undefined || user === undefined) throw new Error('nobody there');
    return {name, project, user, isAdmin: place === 0, password: `secret of ${name}`};
  });
  const openstack = await startOpenStack(nova.cloud, accounts, intercept);
  t.teardown(async () => openstack.close());
  await openstack.listen({name: 'api-1', reading: () => nova.api});
  return {
    cloud(as, changes = {}) {
      const account = accounts.find(({name}) => name === as);
      if (account === undefined) throw new Error(`there is no ${as}`);
      const domain = {name: 'Default'};
      const made = createCloud(
        {
          ...configurationFor(openstack.authUrl.replace(/\/v3$/, '')),
          method: {
            kind: 'password',
            user: {name: account.user.name, domain},
            password: new Secret(account.password),
          },
          scope: {kind: 'project', project: {name: account.project.name, domain}},
          ...changes,
        },
        {clock: manualClock(), random: () => 0.5},
      );
      t.teardown(() => made.close());
      return made;
    },
  };
}
