/** What one nova-api answers. */
import type {Reply} from '../http.js';
import {type Asked, type NovaRequest, onlyAdmin, record, type Route} from './asked.js';
import type {NovaCloud} from './cloud.js';
import {FLAVOR_ROUTES} from './flavor-routes.js';
import {bootProblem, seenFlavor} from './flavors.js';
import {
  createServer,
  deleteServer,
  findServer,
  forceDeleteServer,
  lockServer,
  powerServer,
  resetState,
  restoreServer,
  snapshotServer,
} from './life.js';
import {limitOf, listServers} from './listing.js';
import {Fault, type Server} from './model.js';
import {limitsBody} from './quota.js';
import {actionDetail, actionRow, hypervisorRow, migrationRow, serverRow, serviceRows} from './views.js';

/** Zed. */
export const HIGHEST = 93;

/** The oldest microversion at which servers carry flavor ids is the one that old clients ask for. */
const LOWEST = 1;

const ROUTES: readonly Route[] = [
  ['GET', /^\/servers\/detail$/, (asked) => servers(asked, (row) => serverRow(asked.cloud, row, asked.view))],
  ['GET', /^\/servers$/, (asked) => servers(asked, ({id, name}) => ({id, name, links: []}))],
  ['POST', /^\/servers$/, create],
  [
    'GET',
    /^\/servers\/([^/]+)$/,
    (asked) => ({body: {server: serverRow(asked.cloud, serverOf(asked), asked.view)}}),
  ],
  ['PUT', /^\/servers\/([^/]+)$/, rename],
  ['DELETE', /^\/servers\/([^/]+)$/, remove],
  ['POST', /^\/servers\/([^/]+)\/action$/, act],
  ['GET', /^\/servers\/([^/]+)\/os-instance-actions$/, actions],
  ['GET', /^\/servers\/([^/]+)\/os-instance-actions\/([^/]+)$/, action],
  ['GET', /^\/os-services$/, services],
  ['PUT', /^\/os-services\/([^/]+)$/, changeService],
  ['GET', /^\/os-hypervisors(\/detail)?$/, hypervisors],
  ['GET', /^\/os-migrations$/, migrations],
  ['GET', /^\/limits$/, limits],
  ...FLAVOR_ROUTES,
];

/** Answers one request; refusals too. */
export function answerNova(cloud: NovaCloud, request: NovaRequest): Reply {
  const {microversion, caller, base} = request;
  const version = {'openstack-api-version': `compute 2.${microversion}`, vary: 'OpenStack-API-Version'};
  try {
    if (microversion < LOWEST || microversion > HIGHEST) {
      throw new Fault(
        406,
        `Version 2.${microversion} is not supported by the API. Minimum is 2.${LOWEST} and maximum is 2.${HIGHEST}.`,
      );
    }
    for (const [method, pattern, answer] of ROUTES) {
      const match = method === request.method ? pattern.exec(request.path) : null;
      if (match === null) continue;
      const parts = match.slice(1).map((part) => decodeURIComponent(part ?? ''));
      const reply = answer({...request, cloud, view: {microversion, caller, base}, parts});
      return {...reply, headers: {...version, ...reply.headers}};
    }
    throw new Fault(404, 'The resource could not be found.');
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return {...faultReply(error), headers: version};
  }
}

const FAULTS: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  409: 'conflictingRequest',
};

/** As nova/api/openstack/wsgi.py words a fault. */
export function faultReply({status, message}: Fault): Reply {
  return {status, body: {[FAULTS[status] ?? 'computeFault']: {code: status, message}}};
}

/** The version document of `/v2.1/` and of `/`. */
export function versionEntry(base: string): object {
  return {
    id: 'v2.1',
    status: 'CURRENT',
    version: `2.${HIGHEST}`,
    min_version: `2.${LOWEST}`,
    updated: '2013-07-23T11:33:21Z',
    links: [{rel: 'self', href: `${base}/v2.1/`}],
    'media-types': [{base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1'}],
  };
}

function serverOf({cloud, parts, caller}: Asked): Server {
  return findServer(cloud, parts[0] ?? '', caller);
}

function servers(asked: Asked, row: (server: Server) => object): Reply {
  const {query, base} = asked;
  const page = listServers(asked.cloud, query, asked.caller, asked.microversion);
  const last = page.servers.at(-1);
  const next = new URLSearchParams(query);
  next.set('marker', last?.id ?? '');
  const links =
    page.hasMore && last !== undefined
      ? {servers_links: [{rel: 'next', href: `${base}/v2.1${asked.path}?${next.toString()}`}]}
      : {};
  return {body: {servers: page.servers.map(row), ...links}};
}

function create(asked: Asked): Reply {
  const {cloud, caller, body, base} = asked;
  const wanted = record(record(body)['server']);
  const {name, flavorRef, imageRef, availability_zone: zone, metadata: items, networks} = wanted;
  if (typeof name !== 'string' || name === '')
    throw new Fault(400, 'Invalid input for field/attribute name.');
  const flavor = seenFlavor(cloud, String(flavorRef), caller);
  const image = cloud.images.find(({id}) => id === imageRef);
  if (flavor === undefined) throw new Fault(400, `Flavor ${String(flavorRef)} could not be found.`);
  if (image === undefined) throw new Fault(400, `Image ${String(imageRef)} could not be found.`);
  const problem = bootProblem(flavor, image);
  if (problem?.stage === 'api') throw new Fault(problem.status, problem.message);
  const host = typeof zone === 'string' ? zone.split(':')[1] : undefined;
  const metadata = Object.fromEntries(
    Object.entries(record(items)).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  );
  const request = {caller, requestId: cloud.requestId()};
  const server = createServer(cloud, request, {
    name,
    flavor,
    image,
    host,
    metadata,
    hasNetwork: networks !== 'none',
    problem: problem?.message,
  });
  return {
    status: 202,
    body: {
      server: {
        id: server.id,
        links: [{rel: 'self', href: `${base}/v2.1/servers/${server.id}`}],
        'OS-DCF:diskConfig': 'MANUAL',
        adminPass: '',
        security_groups: [],
      },
    },
  };
}

function rename(asked: Asked): Reply {
  const server = serverOf(asked);
  const {name} = record(record(asked.body)['server']);
  if (typeof name === 'string' && name !== '') server.name = name;
  server.updatedAt = asked.cloud.now();
  return {body: {server: serverRow(asked.cloud, server, asked.view)}};
}

function remove(asked: Asked): Reply {
  const {cloud, caller, reading} = asked;
  deleteServer(cloud, serverOf(asked), {caller, requestId: cloud.requestId()}, reading);
  return {status: 204};
}

function act(asked: Asked): Reply {
  const {cloud, caller} = asked;
  const [word = '', details] = Object.entries(record(asked.body))[0] ?? [];
  const server = serverOf(asked);
  const request = {caller, requestId: cloud.requestId()};
  switch (word) {
    case 'restore':
      restoreServer(cloud, server, request);
      break;
    case 'forceDelete':
      forceDeleteServer(cloud, server, request);
      break;
    case 'os-start':
      powerServer(cloud, server, request, 'start');
      break;
    case 'os-stop':
      powerServer(cloud, server, request, 'stop');
      break;
    case 'reboot':
      powerServer(cloud, server, request, 'reboot');
      break;
    case 'createImage':
      snapshotServer(cloud, server, request);
      break;
    case 'os-resetState':
      resetState(cloud, server, request, record(details)['state'] === 'active' ? 'active' : 'error');
      break;
    case 'lock': {
      const reason = record(details)['locked_reason'];
      lockServer(cloud, server, true, typeof reason === 'string' ? reason : undefined);
      break;
    }
    case 'unlock':
      lockServer(cloud, server, false);
      break;
    default:
      throw new Fault(400, `There is no such action: ${word}`);
  }
  return {status: 202};
}

/** From 2.21 on actions of a destroyed server are shown too. */
function withActions(asked: Asked): Server {
  const {cloud, parts, caller, microversion} = asked;
  const server = cloud.servers.get(parts[0] ?? '');
  const isMine = server !== undefined && (caller.isAdmin || server.projectId === caller.project.id);
  if (isMine && server.isDestroyed && microversion >= 21) return server;
  return serverOf(asked);
}

function actions(asked: Asked): Reply {
  const server = withActions(asked);
  const rows = server.actions.toReversed().map((each) => actionRow(each, server.id, asked.view));
  return {body: {instanceActions: rows}};
}

function action(asked: Asked): Reply {
  const server = withActions(asked);
  const found = server.actions.find(({requestId}) => requestId === asked.parts[1]);
  if (found === undefined)
    throw new Fault(404, `Action for request_id ${asked.parts[1] ?? ''} on instance ${server.id} not found`);
  return {body: {instanceAction: actionDetail(found, server.id, asked.view)}};
}

function services(asked: Asked): Reply {
  onlyAdmin(asked, 'os_compute_api:os-services:list');
  const {query} = asked;
  const rows = serviceRows(asked.cloud, asked.view).filter((row) =>
    ['binary', 'host'].every((key) => {
      const wanted = query.get(key);
      return wanted === null || record(row)[key] === wanted;
    }),
  );
  return {body: {services: rows}};
}

function changeService(asked: Asked): Reply {
  onlyAdmin(asked, 'os_compute_api:os-services:update');
  if (asked.microversion < 53) throw new Fault(404, 'The resource could not be found.');
  const compute = [...asked.cloud.computes.values()].find(({id}) => id === asked.parts[0]);
  if (compute === undefined) throw new Fault(404, `Service ${asked.parts[0] ?? ''} could not be found.`);
  const {status, disabled_reason: reason, forced_down: isForced} = record(asked.body);
  if (status === 'enabled' || status === 'disabled') {
    compute.status = status;
    compute.disabledReason = status === 'disabled' && typeof reason === 'string' ? reason : undefined;
  }
  if (typeof isForced === 'boolean') compute.isForcedDown = isForced;
  const row = serviceRows(asked.cloud, asked.view).find((each) => record(each)['id'] === compute.id);
  return {body: {service: row}};
}

function limits(asked: Asked): Reply {
  const wanted = asked.query.get('tenant_id');
  if (wanted !== null) onlyAdmin(asked, 'os_compute_api:limits:other_project');
  return {body: limitsBody(asked.cloud, wanted ?? asked.caller.project.id)};
}

function hypervisors(asked: Asked): Reply {
  onlyAdmin(asked, 'os_compute_api:os-hypervisors:list-detail');
  const {cloud, query, view} = asked;
  const isPaged = asked.microversion >= 33;
  const rows = [...cloud.computes.values()];
  const idOf = (index: number) => {
    const compute = rows[index];
    return asked.microversion >= 53 ? compute?.hypervisorId : String(compute?.number);
  };
  const marker = query.get('marker');
  const start = marker === null || !isPaged ? 0 : rows.findIndex((_, index) => idOf(index) === marker) + 1;
  if (marker !== null && isPaged && start === 0) throw new Fault(400, `Marker ${marker} not found.`);
  const limit = isPaged ? limitOf(query) : rows.length;
  const page = rows.slice(start, start + limit);
  const hasMore = isPaged && start + limit < rows.length;
  const withServers = query.get('with_servers') === 'true';
  const next = new URLSearchParams({limit: String(limit), marker: idOf(start + page.length - 1) ?? ''});
  return {
    body: {
      hypervisors: page.map((compute) => hypervisorRow(cloud, compute, view, withServers)),
      ...(hasMore
        ? {hypervisors_links: [{rel: 'next', href: `${asked.base}/v2.1${asked.path}?${next.toString()}`}]}
        : {}),
    },
  };
}

function migrations(asked: Asked): Reply {
  onlyAdmin(asked, 'os_compute_api:os-migrations:index');
  const {cloud, query, view} = asked;
  const host = query.get('host');
  const status = query.get('status');
  const rows = cloud.migrations
    .filter((row) => host === null || row.source === host || row.destination === host)
    .filter((row) => status === null || row.status === status)
    .toReversed();
  const marker = query.get('marker');
  const start = marker === null ? 0 : rows.findIndex(({uuid}) => uuid === marker) + 1;
  const page = asked.microversion >= 59 ? rows.slice(start, start + limitOf(query)) : rows;
  return {body: {migrations: page.map((row) => migrationRow(row, view))}};
}
