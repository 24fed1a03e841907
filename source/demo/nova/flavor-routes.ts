/**
 * What a nova-api answers about flavors (nova: nova/api/openstack/compute/flavors.py, flavors_extraspecs.py and
 * flavor_access.py).
 */
import {bodyProblems, type RequestSchema} from '../../domain/flavor/request-body.js';
import {storeProblem} from '../../domain/flavor/store-verdict.js';
import type {Reply} from '../http.js';
import {type Asked, onlyAdmin, record, type Route} from './asked.js';
import {maySee, RELEASE, replaceFlavor, seenFlavor} from './flavors.js';
import {limitOf} from './listing.js';
import {Fault, type Flavor} from './model.js';
import type {View} from './views.js';

export const FLAVOR_ROUTES: readonly Route[] = [
  ['GET', /^\/flavors\/detail$/, (asked) => flavors(asked, (row) => flavorRow(row, asked.view))],
  ['GET', /^\/flavors$/, (asked) => flavors(asked, ({id, name}) => ({id, name, links: []}))],
  ['POST', /^\/flavors$/, create],
  ['GET', /^\/flavors\/([^/]+)$/, (asked) => ({body: {flavor: flavorRow(flavorOf(asked), asked.view)}})],
  ['PUT', /^\/flavors\/([^/]+)$/, describe],
  ['DELETE', /^\/flavors\/([^/]+)$/, remove],
  ['POST', /^\/flavors\/([^/]+)\/action$/, changeAccess],
  ['GET', /^\/flavors\/([^/]+)\/os-flavor-access$/, access],
  ['GET', /^\/flavors\/([^/]+)\/os-extra_specs$/, (asked) => specsReply(flavorOf(asked))],
  ['POST', /^\/flavors\/([^/]+)\/os-extra_specs$/, setSpecs],
  ['GET', /^\/flavors\/([^/]+)\/os-extra_specs\/([^/]+)$/, spec],
  ['PUT', /^\/flavors\/([^/]+)\/os-extra_specs\/([^/]+)$/, setSpec],
  ['DELETE', /^\/flavors\/([^/]+)\/os-extra_specs\/([^/]+)$/, removeSpec],
];

/** A flavor as Nova's API shows it, by microversion. */
function flavorRow(flavor: Flavor, {microversion, base}: View): object {
  const {id, name, vcpus, ram, disk, ephemeral, swap, rxtxFactor, isPublic, description, extraSpecs} = flavor;
  return {
    id,
    name,
    vcpus,
    ram,
    disk,
    swap: microversion >= 75 || swap > 0 ? swap : '',
    rxtx_factor: rxtxFactor,
    'OS-FLV-EXT-DATA:ephemeral': ephemeral,
    'OS-FLV-DISABLED:disabled': false,
    'os-flavor-access:is_public': isPublic,
    links: [{rel: 'self', href: `${base}/v2.1/flavors/${id}`}],
    ...(microversion >= 55 ? {description: description ?? null} : {}),
    ...(microversion >= 61 ? {extra_specs: extraSpecs} : {}),
  };
}

function flavors(asked: Asked, row: (flavor: Flavor) => object): Reply {
  const {cloud, query, caller, base, path} = asked;
  const wanted = publicness(query.get('is_public'));
  const rows = cloud.flavors
    .filter((one) => (caller.isAdmin ? wanted === undefined || one.isPublic === wanted : maySee(one, caller)))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const marker = query.get('marker');
  const start = marker === null ? 0 : rows.findIndex(({id}) => id === marker) + 1;
  if (marker !== null && start === 0) throw new Fault(400, `marker [${marker}] not found`);
  const limit = limitOf(query);
  const page = rows.slice(start, start + limit);
  const next = new URLSearchParams(query);
  next.set('marker', page.at(-1)?.id ?? '');
  const hasMore = page.length > 0 && page.length === limit;
  const links = hasMore
    ? {flavors_links: [{rel: 'next', href: `${base}/v2.1${path}?${next.toString()}`}]}
    : {};
  return {body: {flavors: page.map(row), ...links}};
}

/** Administrators see public ones only, unless they say otherwise; `None` stands for all. */
function publicness(text: string | null): boolean | undefined {
  const word = text?.toLowerCase() ?? 'true';
  if (word === 'none') return undefined;
  if (['1', 't', 'true', 'on', 'y', 'yes'].includes(word)) return true;
  if (['0', 'f', 'false', 'off', 'n', 'no'].includes(word)) return false;
  throw new Fault(400, `Invalid is_public filter [${text ?? ''}]`);
}

function flavorOf({cloud, parts, caller}: Asked): Flavor {
  const id = parts[0] ?? '';
  const found = seenFlavor(cloud, id, caller);
  if (found === undefined) throw new Fault(404, `Flavor ${id} could not be found.`);
  return found;
}

function checkBody(schema: RequestSchema, {body}: Asked): void {
  const [problem] = bodyProblems(schema, body);
  if (problem === undefined) return;
  throw new Fault(400, `Invalid input for field/attribute ${problem.path}. It ${problem.detail}.`);
}

function create(asked: Asked): Reply {
  const {cloud, microversion} = asked;
  onlyAdmin(asked, 'os_compute_api:os-flavor-manage:create');
  checkBody(microversion >= 55 ? 'flavor_create_2.55' : 'flavor_create_2.1', asked);
  const wanted = record(record(asked.body)['flavor']);
  const name = String(wanted['name']);
  const id = idIn(wanted['id']) ?? cloud.random.uuid();
  if (cloud.flavors.some((one) => one.name === name)) {
    throw new Fault(409, `Flavor with name ${name} already exists.`);
  }
  if (cloud.flavors.some((one) => one.id === id)) {
    throw new Fault(409, `Flavor with ID ${id} already exists.`);
  }
  const {description} = wanted;
  const flavor: Flavor = {
    id,
    name,
    vcpus: Number(wanted['vcpus']),
    ram: Number(wanted['ram']),
    disk: Number(wanted['disk']),
    ephemeral: Number(wanted['OS-FLV-EXT-DATA:ephemeral'] ?? 0),
    swap: Number(wanted['swap'] ?? 0),
    rxtxFactor: Number(wanted['rxtx_factor'] ?? 1),
    isPublic: !isFalse(wanted['os-flavor-access:is_public']),
    description: typeof description === 'string' && microversion >= 55 ? description : undefined,
    extraSpecs: {},
    // Nova gives nobody access, not even who made it (bug 1209101).
    access: [],
  };
  cloud.flavors.push(flavor);
  return {body: {flavor: flavorRow(flavor, asked.view)}};
}

/** Numbers are ids, too. */
function idIn(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function isFalse(value: unknown): boolean {
  return value === false || (typeof value === 'string' && /^(?:false|0|off|no)$/i.test(value));
}

function describe(asked: Asked): Reply {
  if (asked.microversion < 55) throw new Fault(404, 'The resource could not be found.');
  onlyAdmin(asked, 'os_compute_api:os-flavor-manage:update');
  checkBody('flavor_update_2.55', asked);
  const {description} = record(record(asked.body)['flavor']);
  const flavor = {
    ...flavorOf(asked),
    description: typeof description === 'string' ? description : undefined,
  };
  replaceFlavor(asked.cloud, flavor);
  return {body: {flavor: flavorRow(flavor, asked.view)}};
}

/** Servers keep their copies. */
function remove(asked: Asked): Reply {
  onlyAdmin(asked, 'os_compute_api:os-flavor-manage:delete');
  const {flavors: all} = asked.cloud;
  all.splice(all.indexOf(flavorOf(asked)), 1);
  return {status: 202};
}

function specsReply({extraSpecs}: Flavor): Reply {
  return {body: {extra_specs: extraSpecs}};
}

function spec(asked: Asked): Reply {
  const [name, value] = specOf(asked);
  return {body: {[name]: value}};
}

function specOf(asked: Asked): readonly [name: string, value: string] {
  const {id, extraSpecs} = flavorOf(asked);
  const name = asked.parts[1] ?? '';
  const value = Object.hasOwn(extraSpecs, name) ? extraSpecs[name] : undefined;
  if (value === undefined) throw new Fault(404, `Flavor ${id} has no extra specs with key ${name}.`);
  return [name, value];
}

/** Adds and replaces, all or none; nothing is taken away. */
function setSpecs(asked: Asked): Reply {
  onlyAdmin(asked, 'os_compute_api:os-flavor-extra-specs:create');
  checkBody('extra_specs_create', asked);
  const specs = textsOf(record(asked.body)['extra_specs']);
  storeSpecs(asked, specs);
  return {body: {extra_specs: specs}};
}

function setSpec(asked: Asked): Reply {
  onlyAdmin(asked, 'os_compute_api:os-flavor-extra-specs:update');
  checkBody('extra_specs_update', asked);
  const specs = textsOf(asked.body);
  if (!Object.hasOwn(specs, asked.parts[1] ?? '')) throw new Fault(400, 'Request body and URI mismatch');
  storeSpecs(asked, specs);
  return {body: specs};
}

function storeSpecs(asked: Asked, specs: Flavor['extraSpecs']): void {
  const flavor = flavorOf(asked);
  if (asked.microversion >= 86) {
    for (const [name, value] of Object.entries(specs)) {
      const problem = storeProblem(name, value, RELEASE);
      if (problem === undefined) continue;
      const what =
        problem.kind === 'name'
          ? `extra spec '${name}' does not appear to be a valid extra spec`
          : `'${value}' of extra spec '${name}' ${problem.detail}`;
      throw new Fault(400, `Validation failed; ${what}.`);
    }
  }
  replaceFlavor(asked.cloud, {...flavor, extraSpecs: {...flavor.extraSpecs, ...specs}});
}

function textsOf(value: unknown): Flavor['extraSpecs'] {
  return Object.fromEntries(Object.entries(record(value)).map(([name, text]) => [name, String(text)]));
}

function removeSpec(asked: Asked): Reply {
  onlyAdmin(asked, 'os_compute_api:os-flavor-extra-specs:delete');
  const [gone] = specOf(asked);
  const flavor = flavorOf(asked);
  const rest = Object.entries(flavor.extraSpecs).filter(([name]) => name !== gone);
  replaceFlavor(asked.cloud, {...flavor, extraSpecs: Object.fromEntries(rest)});
  return {status: 200};
}

function access(asked: Asked): Reply {
  onlyAdmin(asked, 'os_compute_api:os-flavor-access');
  const flavor = flavorOf(asked);
  if (flavor.isPublic) throw new Fault(404, 'Access list not available for public flavors.');
  return accessReply(flavor);
}

function accessReply({id, access: projects}: Flavor): Reply {
  return {body: {flavor_access: projects.map((project) => ({flavor_id: id, tenant_id: project}))}};
}

function changeAccess(asked: Asked): Reply {
  const {cloud, body, microversion} = asked;
  const isAdding = Object.hasOwn(record(body), 'addTenantAccess');
  const word = isAdding ? 'addTenantAccess' : 'removeTenantAccess';
  onlyAdmin(asked, `os_compute_api:os-flavor-access:${isAdding ? 'add' : 'remove'}_tenant_access`);
  checkBody(isAdding ? 'flavor_access_add' : 'flavor_access_remove', asked);
  const project = String(record(record(body)[word])['tenant']);
  if (!cloud.projects.some(({id}) => id === project)) {
    throw new Fault(400, `Project ID ${project} is not a valid project.`);
  }
  const flavor = flavorOf(asked);
  if (isAdding && flavor.isPublic && microversion >= 7) {
    throw new Fault(409, 'Can not add access to a public flavor.');
  }
  const had = flavor.access.includes(project);
  if (isAdding && had) {
    throw new Fault(
      409,
      `Flavor access already exists for flavor ${flavor.id} and project ${project} combination.`,
    );
  }
  if (!isAdding && !had) {
    throw new Fault(404, `Flavor access not found for ${flavor.id} / ${project} combination.`);
  }
  const rest = flavor.access.filter((id) => id !== project);
  const changed = {...flavor, access: isAdding ? [...rest, project] : rest};
  replaceFlavor(cloud, changed);
  return accessReply(changed);
}
