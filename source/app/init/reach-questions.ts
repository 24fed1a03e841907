import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {accountNameProblem} from '../../domain/fleet/names.js';
import type {Asker} from './ask.js';
import type {Given, PresentProfile, Transport} from './init-types.js';

/** How nodes are reached. */
export type Reach = {
  readonly transport: Transport;
  /** The account that logs in; undefined: as the inventory and ssh_config say. */
  readonly user: string | undefined;
  readonly asksSudoPassword: boolean;
};

/** The pattern of the rule that holds the account. */
export const EVERY_NODE = 'all';

const TRANSPORTS: readonly {readonly value: Transport; readonly title: string}[] = [
  {value: 'ssh2', title: 'by the built-in SSH'},
  {value: 'openssh', title: "by the system's ssh (certificates, FIDO, ProxyCommand)"},
];

/** What a profile says about it. */
export function rememberedReach(present: PresentProfile | undefined): Reach {
  const rule = present?.rules.find(({pattern}) => pattern === EVERY_NODE);
  return {
    transport: present?.values.get('transport') === 'openssh' ? 'openssh' : 'ssh2',
    user: rule?.user,
    asksSudoPassword: present?.values.get('ask-become-pass') === true,
  };
}

/**
 * How nodes are reached and become root. Who logs in is asked only where no node of the inventory says it, the
 * password of sudo only where sudo is needed.
 */
export async function askReach(
  asker: Asker,
  given: Given,
  remembered: Reach,
  hosts: readonly InventoryHost[],
): Promise<Reach> {
  const transport =
    given.transport ??
    (await asker.choose({
      title: 'How are nodes reached?',
      flag: '--transport ssh2|openssh',
      choices: TRANSPORTS,
      proposed: TRANSPORTS.findIndex(({value}) => value === remembered.transport),
      unasked: remembered.transport,
    }));
  const user = given.user ?? (await askUser(asker, remembered.user, hosts));
  const asksSudoPassword = given.asksSudoPassword ?? (await askSudo(asker, remembered, user, hosts));
  return {transport, user, asksSudoPassword};
}

async function askUser(
  asker: Asker,
  remembered: string | undefined,
  hosts: readonly InventoryHost[],
): Promise<string | undefined> {
  // A rule of the profile wins over the inventory: it must not be made for nodes that have their own account.
  if (remembered === undefined && hosts.some(({address}) => address.user !== undefined)) return undefined;
  const answer = await asker.text({
    title: `SSH user on the nodes (${AS_CONFIGURED} is: as ~/.ssh/config says):`,
    flag: '--user NAME',
    proposal: remembered ?? AS_CONFIGURED,
    unasked: remembered ?? AS_CONFIGURED,
    problemOf: (text) => (text.trim() === AS_CONFIGURED ? undefined : accountNameProblem(text.trim())),
  });
  return answer.trim() === AS_CONFIGURED ? undefined : answer.trim();
}

/** No account can be called that. */
const AS_CONFIGURED = '-';

async function askSudo(
  asker: Asker,
  remembered: Reach,
  user: string | undefined,
  hosts: readonly InventoryHost[],
): Promise<boolean> {
  const isRootEverywhere =
    user === 'root' ||
    (hosts.length > 0 &&
      hosts.every(({address}) => (user ?? address.user) === 'root' || address.become?.kind === 'none'));
  if (isRootEverywhere) return false;
  return asker.choose({
    title: 'Does sudo want a password there?',
    flag: '--ask-become-pass',
    choices: [
      {value: false, title: 'no, or root logs in'},
      {value: true, title: 'yes, every command asks for it; it is not kept'},
    ],
    proposed: remembered.asksSudoPassword ? 1 : 0,
    unasked: remembered.asksSudoPassword,
  });
}
