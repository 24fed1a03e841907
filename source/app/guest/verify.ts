import {virshTools} from '../../deployments/registry.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {domainsVariables} from '../../domain/fleet/node-requests.js';
import {compareGuest} from '../../domain/guest/compare-guest.js';
import {decodeDomains, type DomainsReading} from '../../domain/guest/decode-domains.js';
import {type GuestDomain, readDomain} from '../../domain/guest/guest-domain.js';
import {wantedTraits} from '../../domain/guest/wanted-traits.js';
import {XmlProblem} from '../../domain/guest/xml.js';
import {renderScript} from '../../domain/shell-quote.js';
import {NodeError} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import type {GuestServer} from '../servers/server-ports.js';
import {createNodeFinder} from './find-guest.js';
import type {GuestOptions, GuestPorts, GuestWish, Verified} from './guest-ports.js';
import {createWishReader, type WishReader, withoutImage} from './guest-wish.js';

/** How long one program may take on a node, in milliseconds. */
const TIMEOUT_MS = 120_000;

/** Domains that one program reads: their XML comes in one answer. */
const AT_ONCE = 100;

/**
 * Holds the libvirt domains of servers against what their flavors and images ask for. One connection for each host,
 * `parallel` at the same time; each result is told as it comes. Nothing is changed.
 *
 * @param isAll whether the servers are all of a cloud: those of nodes that `--hosts` leaves out are passed over then
 */
export async function verifyServers(
  ports: GuestPorts,
  servers: readonly GuestServer[],
  {loadFleet, parallel}: GuestOptions,
  isAll: boolean,
  tell: (verified: Verified) => void,
  signal: AbortSignal,
): Promise<void> {
  const services = await ports.cloud.services(signal);
  const fleet = await loadFleet(
    services.flatMap(({binary, host}) => (binary === 'nova-compute' ? [host] : [])),
  );
  const nodeOf = createNodeFinder(fleet);
  const readWish = await createWishReader(ports, isAll, signal);
  const isPart = isAll && fleet.selected.length < fleet.hosts.length;
  const groups = new Map<InventoryHost, GuestServer[]>();
  for (const server of servers) {
    const found = nodeOf(server);
    if (found.kind === 'node') {
      const group = groups.get(found.node);
      if (group === undefined) groups.set(found.node, [server]);
      else group.push(server);
    } else if (!isPart) {
      const {problem, remedy} = found;
      tell({kind: 'unseen', server, host: server.host, isUnreachable: false, problem, remedy});
    }
  }
  await mapLimited([...groups], parallel, async ([node, group]) => {
    for (let at = 0; at < group.length; at += AT_ONCE) {
      await verifyOn(ports, node, group.slice(at, at + AT_ONCE), readWish, tell, signal);
    }
    if (groups.size > 1) await ports.shell.release(node.address);
  });
}

async function verifyOn(
  ports: GuestPorts,
  node: InventoryHost,
  servers: readonly GuestServer[],
  readWish: WishReader,
  tell: (verified: Verified) => void,
  signal: AbortSignal,
): Promise<void> {
  let reading: DomainsReading;
  try {
    reading = await readDomains(
      ports,
      node,
      servers.map(({id}) => id),
      signal,
    );
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    const {message, remedy} = error;
    const isUnreachable = error.reason !== 'unusable';
    for (const server of servers) {
      tell({kind: 'unseen', server, host: node.name, isUnreachable, problem: message, remedy});
    }
    return;
  }
  for (const server of servers) tell(await verifyOne(server, node, reading, readWish, signal));
}

/** Reads domains by their ids, in one exec. Rejects with `NodeError`. */
export async function readDomains(
  ports: Pick<GuestPorts, 'shell' | 'programs'>,
  node: InventoryHost,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<DomainsReading> {
  const {sysroot = ''} = node.overrides;
  const values = domainsVariables({sysroot, tools: virshTools(node.deployment), ids});
  const script = renderScript('domains', ports.programs.domains, values);
  const result = await ports.shell.run(node.address, script, {signal, timeoutMs: TIMEOUT_MS});
  if (result.kind === 'lost') throw new NodeError(node.name, 'lost', `${node.name}: ${result.reason}`);
  try {
    return decodeDomains(result.stdout);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NodeError(node.name, 'unusable', `${node.name}: ${why}`, {
      remedy: 'log in there by hand and look at what virsh says',
    });
  }
}

async function verifyOne(
  server: GuestServer,
  node: InventoryHost,
  reading: DomainsReading,
  readWish: WishReader,
  signal: AbortSignal,
): Promise<Verified> {
  const host = node.name;
  const unseen = (problem: string, remedy: string): Verified => ({
    kind: 'unseen',
    server,
    host,
    isUnreachable: false,
    problem: `${host}: ${problem}`,
    remedy,
  });
  if (reading.kind === 'no-libvirt') {
    return unseen(
      `libvirt does not answer: ${reading.reason}`,
      'look at libvirtd (or virtqemud) there; where it is in a container, name the deployment (reprieve_deployment)',
    );
  }
  const found = reading.domains.get(server.id);
  if (found?.kind !== 'found') {
    return unseen(
      `libvirt tells no domain of it: ${found?.reason ?? 'it was not told of'}`,
      'it may have moved meanwhile, or its host runs no libvirt: look at the server again',
    );
  }
  try {
    const domain = readDomain(found.xml);
    const compare = async (isVolumeAsked: boolean) =>
      compareWith(domain, server, await readWish(server, isVolumeAsked, signal));
    const first = await compare(false);
    // Cinder is asked for no guest that is as its flavor says.
    const mayBeVolume = server.image?.kind === 'volume' && first.traits.some(({mayBeImage}) => mayBeImage);
    const compared = mayBeVolume ? await compare(true) : first;
    return {kind: 'compared', server, host, node, domain, state: found.state, ...compared};
  } catch (error) {
    if (!(error instanceof XmlProblem)) throw error;
    return unseen(`its domain cannot be read: ${error.message}`, `look at: virsh dumpxml ${server.id}`);
  }
}

function compareWith(domain: GuestDomain, {status}: GuestServer, wish: GuestWish) {
  const asked = wish.asked && wantedTraits(wish.asked);
  const today = wish.today && wantedTraits(wish.today);
  const traits = compareGuest(domain, {
    asked,
    today,
    withoutImage: wish.asked && wantedTraits(withoutImage(wish.asked)),
    // In rescue the properties of the rescue image count (nova/virt/libvirt/driver.py, `rescue`).
    isImageKnown: wish.image.from === 'server' && status !== 'RESCUE',
  });
  return {wish, asked, today, traits};
}
