import type {ProofWish, LeftServer} from '../app/proof/proof-types.js';
import {MARK} from '../app/proof/proof-types.js';
import {commandLine} from './command-line.js';
import {openstackWords} from './openstack-words.js';

/** The microversion from which a server can be made without a network. */
const MICROVERSION = '2.37';

/** What removes a test server that was left, by hand; what finds it, where its id is not known. */
export function removalCommand(
  {id, name}: Pick<LeftServer, 'id' | 'name'>,
  cloud: string | undefined,
): string {
  return id === undefined
    ? commandLine([...openstackWords(cloud), 'server', 'list', '--name', `^${name}$`])
    : commandLine([...openstackWords(cloud), 'server', 'delete', '--force', id]);
}

/** A proof by hand, one command for each step. */
export function proofCommands(
  {name, flavor, image}: Pick<ProofWish, 'name' | 'flavor' | 'image'>,
  cloud: string | undefined,
): readonly string[] {
  const openstack = commandLine(openstackWords(cloud));
  const make = commandLine([
    ...openstackWords(cloud),
    ...['--os-compute-api-version', MICROVERSION, 'server', 'create', '--wait', '-f', 'value', '-c', 'id'],
    ...['--flavor', flavor.id, '--image', image.id, '--nic', 'none', '--property', `${MARK}=${name}`, name],
  ]);
  return [
    // With --wait the client prints an empty line first.
    `id=$(${make} | tail -n 1)`,
    `${openstack} server delete "$id"`,
    `until ${openstack} server show -f value -c status "$id" | grep SOFT_DELETED; do sleep 2; done`,
    `${openstack} server restore "$id"`,
    `${openstack} server delete --force --wait "$id"`,
  ];
}
