/** A small Placement: each compute of the embedded cloud is a provider, and servers take from it what their flavor says. */
import {isStandardResourceClass, isStandardTrait} from '../domain/flavor/catalogue/placement-names.js';
import type {HttpRequest, Reply} from './http.js';
import type {NovaCloud} from './nova/cloud.js';
import {RELEASE} from './nova/flavors.js';
import type {Caller, Compute, Server} from './nova/model.js';
import {DISK_GIB, MEMORY_MIB, VCPUS} from './nova/views.js';

/** Newest of Placement 8.0, which came with Zed. */
const HIGHEST = 39;
/** What the answers here are like. */
const LOWEST_HERE = 36;

const TRAITS: readonly string[] = [
  'COMPUTE_NODE',
  'COMPUTE_SECURITY_TPM_2_0',
  'COMPUTE_SECURITY_UEFI_SECURE_BOOT',
  'HW_CPU_HYPERTHREADING',
  'HW_CPU_X86_AVX2',
];
/** Somebody's own, of those hosts that pin CPUs. */
const OWN_TRAIT = 'CUSTOM_LOW_LATENCY';
/** CPUs that guests get for themselves, on those hosts that pin. */
const DEDICATED = 16;
/** Nova's `initial_cpu_allocation_ratio`. */
const CPU_RATIO = 4;

/** What Placement puts before each 400. */
const MALFORMED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect.';

type Amounts = Readonly<Record<string, number>>;

/** A compute as Placement sees it: what all servers may have together, and what those have that are there. */
type Provider = {
  readonly id: string;
  readonly name: string;
  readonly capacity: Amounts;
  readonly used: Amounts;
  readonly traits: readonly string[];
};

/** Answers below the endpoint; `path` begins with a slash. */
export function answerPlacement(
  cloud: NovaCloud,
  caller: Caller | undefined,
  {method, query, headers}: HttpRequest,
  path: string,
): Reply {
  if (path === '/' || path === '') {
    const versions = [
      {id: 'v1.0', max_version: `1.${HIGHEST}`, min_version: '1.0', status: 'CURRENT', links: []},
    ];
    return {body: {versions}};
  }
  if (caller === undefined) return refused(401, 'Unauthorized', 'Authentication required');
  const minor = Number(/placement 1\.(\d+)/.exec(String(headers['openstack-api-version']))?.[1] ?? 0);
  if (minor < LOWEST_HERE || minor > HIGHEST) {
    return refused(406, 'Not Acceptable', `Unacceptable version header: 1.${minor}`);
  }
  if (method === 'GET' && path === '/allocation_candidates') {
    if (!caller.isAdmin) return denied('placement:allocation_candidates:list');
    return candidates(providersOf(cloud), query);
  }
  if (method === 'GET' && path === '/resource_providers') {
    if (!caller.isAdmin) return denied('placement:resource_providers:list');
    const rows = providersOf(cloud).map(({id, name}) => ({
      uuid: id,
      name,
      generation: 1,
      parent_provider_uuid: null,
      root_provider_uuid: id,
      links: [],
    }));
    return {body: {resource_providers: rows}};
  }
  return refused(404, 'Not Found', 'The resource could not be found.');
}

function providersOf(cloud: NovaCloud): readonly Provider[] {
  const servers = Map.groupBy(
    [...cloud.servers.values()].filter(({isDestroyed}) => !isDestroyed),
    ({host}) => host,
  );
  return [...cloud.computes.values()].map((compute) => providerOf(compute, servers.get(compute.host) ?? []));
}

function providerOf({hypervisorId, host, number, status}: Compute, servers: readonly Server[]): Provider {
  const pins = number % 3 === 0;
  const used: Record<string, number> = {};
  for (const {flavor} of servers) {
    const {vcpus, ram, disk, extraSpecs} = flavor;
    const isPinned = pins && extraSpecs['hw:cpu_policy'] === 'dedicated';
    const taken = {[isPinned ? 'PCPU' : 'VCPU']: vcpus, MEMORY_MB: ram, DISK_GB: disk};
    for (const [name, amount] of Object.entries(taken)) used[name] = (used[name] ?? 0) + amount;
  }
  return {
    id: hypervisorId,
    name: host,
    capacity: {
      VCPU: (VCPUS - (pins ? DEDICATED : 0)) * CPU_RATIO,
      ...(pins ? {PCPU: DEDICATED} : {}),
      MEMORY_MB: MEMORY_MIB,
      DISK_GB: DISK_GIB,
    },
    used,
    traits: [
      ...TRAITS,
      ...(pins ? [OWN_TRAIT] : []),
      ...(status === 'disabled' ? ['COMPUTE_STATUS_DISABLED'] : []),
    ],
  };
}

type Wanted = {
  /** Of all groups together: a compute is one provider. */
  readonly resources: ReadonlyMap<string, number>;
  readonly required: readonly string[];
  readonly forbidden: readonly string[];
  /** Groups that want a provider each. */
  readonly apart: number;
};

function candidates(providers: readonly Provider[], query: URLSearchParams): Reply {
  const wanted = readWanted(query);
  if (typeof wanted === 'string') return refused(400, 'Bad Request', `${MALFORMED}\n\n ${wanted}  `);
  const fitting = providers.filter((provider) => couldTake(provider, wanted));
  const page = fitting.slice(0, Number(query.get('limit') ?? fitting.length));
  const resources = Object.fromEntries(wanted.resources);
  return {
    body: {
      allocation_requests: page.map(({id}) => ({allocations: {[id]: {resources}}, mappings: {'': [id]}})),
      provider_summaries: Object.fromEntries(page.map((provider) => [provider.id, summaryOf(provider)])),
    },
  };
}

function couldTake({capacity, used, traits}: Provider, wanted: Wanted): boolean {
  if (wanted.apart > 1) return false;
  return (
    wanted.required.every((trait) => traits.includes(trait)) &&
    !wanted.forbidden.some((trait) => traits.includes(trait)) &&
    Array.from(wanted.resources).every(
      ([name, amount]) => (used[name] ?? 0) + amount <= (capacity[name] ?? 0),
    )
  );
}

function summaryOf({id, capacity, used, traits}: Provider): object {
  const resources = Object.fromEntries(
    Object.entries(capacity).map(([name, amount]) => [name, {capacity: amount, used: used[name] ?? 0}]),
  );
  return {resources, traits, parent_provider_uuid: null, root_provider_uuid: id};
}

/** The query, or why it is none (placement: placement/lib.py and placement/handlers/allocation_candidate.py). */
function readWanted(query: URLSearchParams): Wanted | string {
  const resources = new Map<string, number>();
  const required: string[] = [];
  const forbidden: string[] = [];
  let granular = 0;
  for (const [name, value] of query) {
    if (name === 'limit' || name === 'group_policy') continue;
    const [, kind, suffix = ''] = /^(resources|required)([a-zA-Z0-9_-]{1,64})?$/.exec(name) ?? [];
    if (kind === undefined && name !== 'root_required') {
      return `Invalid query string parameters: Additional properties are not allowed ('${name}' was unexpected)`;
    }
    if (kind === 'resources') {
      if (suffix !== '') granular += 1;
      for (const pair of value.split(',')) {
        const [, className = '', amount = '0'] = /^([^:]+):([1-9]\d*)$/.exec(pair) ?? [];
        if (className === '') return `Malformed resources parameter: ${value}`;
        if (!isStandardResourceClass(className, RELEASE.version)) {
          return `Invalid resource class in resources parameter: No such resource class ${className}.`;
        }
        resources.set(className, (resources.get(className) ?? 0) + Number(amount));
      }
      continue;
    }
    const words = value.split(',');
    required.push(...words.filter((word) => !word.startsWith('!')));
    forbidden.push(...words.filter((word) => word.startsWith('!')).map((word) => word.slice(1)));
  }
  if (resources.size === 0) return 'At least one group of resources is required.';
  const unknown = [...required, ...forbidden].filter(
    (trait) => trait !== OWN_TRAIT && !isStandardTrait(trait, RELEASE.version),
  );
  if (unknown.length > 0) return `No such trait(s): ${unknown.join(', ')}.`;
  const policy = query.get('group_policy');
  if (granular > 1 && policy === null) {
    return 'The "group_policy" parameter is required when specifying more than one "resources{N}" parameter.';
  }
  return {resources, required, forbidden, apart: policy === 'isolate' ? granular : 1};
}

function denied(policy: string): Reply {
  return refused(
    403,
    'Forbidden',
    `Access was denied to this resource.\n\n Policy does not allow ${policy} to be performed.  `,
  );
}

function refused(status: number, title: string, detail: string): Reply {
  return {status, body: {errors: [{status, title, detail, request_id: 'req-placement'}]}};
}
