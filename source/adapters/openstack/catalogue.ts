import {CloudError} from '../../app/errors.js';
import {cleanLine} from './clean-text.js';
import {describeCloud, type CloudConfiguration} from './configuration.js';
import type {Token} from './identity.js';
import {asList, asRecord, textOf} from './json.js';

type Endpoint = {readonly interface: string; readonly region: string | undefined; readonly url: string};

/** A service of the catalogue. */
type Service = {
  /** As catalogues call it; the first that there is counts. */
  readonly types: readonly string[];
  readonly name: string | undefined;
  /** Where it is instead. */
  readonly override: string | undefined;
  /** As people call it, and how its settings begin. */
  readonly title: string;
  readonly setting: string;
};

/** The address of the compute API: an override, or what the token's catalogue has for region and interface. */
export function findComputeEndpoint(configuration: CloudConfiguration, token: Token): string {
  return findEndpoint(configuration, token, {
    types: [configuration.computeServiceType],
    name: configuration.computeServiceName,
    override: configuration.computeEndpoint,
    title: 'Nova',
    setting: 'compute',
  });
}

/** The same of the image API. */
export function findImageEndpoint(configuration: CloudConfiguration, token: Token): string {
  const {imageEndpoint: override} = configuration;
  return findEndpoint(configuration, token, {
    types: ['image'],
    name: undefined,
    override,
    title: 'Glance',
    setting: 'image',
  });
}

/** The same of the network API. */
export function findNetworkEndpoint(configuration: CloudConfiguration, token: Token): string {
  const {networkEndpoint: override} = configuration;
  return findEndpoint(configuration, token, {
    types: ['network'],
    name: undefined,
    override,
    title: 'Neutron',
    setting: 'network',
  });
}

/** The same of the volume API, by any of the names that it has had (service-types-authority). */
export function findVolumeEndpoint(configuration: CloudConfiguration, token: Token): string {
  const {volumeEndpoint: override} = configuration;
  return findEndpoint(configuration, token, {
    types: ['block-storage', 'volumev3', 'block-store', 'volume', 'volumev2'],
    name: undefined,
    override,
    title: 'Cinder',
    setting: 'block_storage',
  });
}

/** The same of Placement. */
export function findPlacementEndpoint(configuration: CloudConfiguration, token: Token): string {
  const {placementEndpoint: override} = configuration;
  return findEndpoint(configuration, token, {
    types: ['placement'],
    name: undefined,
    override,
    title: 'Placement',
    setting: 'placement',
  });
}

function findEndpoint(configuration: CloudConfiguration, token: Token, service: Service): string {
  const {types, override, title, setting} = service;
  if (override !== undefined) return fillProject(override, token.projectId);
  const endpoints = endpointsOf(service, token);
  if (endpoints.length === 0) {
    const where = describeCloud(configuration);
    const isEmpty = (asList(token.catalogue) ?? []).length === 0;
    const what = isEmpty
      ? `The token of ${where} comes without a catalogue of services`
      : `The catalogue of ${where} has no service of the type "${cleanLine(types[0] ?? '')}"`;
    throw new CloudError('configuration', `${what}, so ${title} cannot be found.`, {
      remedy:
        token.scope === 'none'
          ? 'Name a project: project_name and project_domain_name.'
          : `Register the ${setting} service in Keystone, or set ${setting}_endpoint_override.`,
    });
  }
  const inRegion = endpoints.filter(
    ({region}) => configuration.region === undefined || region === configuration.region,
  );
  for (const wanted of configuration.interfaces) {
    const found = inRegion.find((endpoint) => endpoint.interface === wanted);
    if (found !== undefined) return found.url;
  }
  const asked = `interface ${configuration.interfaces.map((name) => cleanLine(name)).join(' or ')}`;
  const region = configuration.region === undefined ? '' : ` in region "${cleanLine(configuration.region)}"`;
  const known = [
    ...new Set(endpoints.map((it) => `${it.interface} in ${cleanLine(it.region ?? 'no region')}`)),
  ];
  const where = describeCloud(configuration);
  throw new CloudError(
    'configuration',
    `The catalogue of ${where} has no ${setting} endpoint for ${asked}${region}; it has ${known.join(', ')}.`,
    {remedy: `Set region_name and interface of the cloud to one of these (${configuration.source}).`},
  );
}

function endpointsOf({types, name: wanted}: Service, token: Token): readonly Endpoint[] {
  const services = (asList(token.catalogue) ?? []).map(asRecord).filter((entry) => entry !== undefined);
  for (const type of types) {
    const endpoints = services
      .filter((service) => service['type'] === type && (wanted === undefined || service['name'] === wanted))
      .flatMap((service) => (asList(service['endpoints']) ?? []).flatMap(decodeEndpoint));
    if (endpoints.length > 0) return endpoints;
  }
  return [];
}

function decodeEndpoint(item: unknown): readonly Endpoint[] {
  const endpoint = asRecord(item);
  const url = textOf(endpoint?.['url']);
  const name = textOf(endpoint?.['interface'])?.replace(/URL$/, '');
  if (url === undefined || name === undefined) return [];
  return [{interface: name, region: textOf(endpoint?.['region_id'] ?? endpoint?.['region']), url}];
}

/** keystoneauth fills the token's project into an override. */
function fillProject(url: string, projectId: string | undefined): string {
  return url.replace(/[$%]\((?:project|tenant)_id\)s/g, projectId ?? '');
}

/** Addresses below an endpoint of Nova's. */
export type ComputeUrls = {
  /** Where calls go, without a slash at the end: `…/v2.1`, or `…/v2.1/PROJECT` where the catalogue has that. */
  readonly base: string;
  /** The document of version 2.1. */
  readonly version: string;
  /** The list of versions. */
  readonly root: string;
};

/** Catalogues name the endpoint with version, with version and project, or with neither. */
export function computeUrls(endpoint: string, projectId: string | undefined): ComputeUrls {
  const trimmed = endpoint.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const match = /^(.*?)\/v2(?:\.\d+)?(\/[^/]+)?$/.exec(trimmed);
  // A path that only looks like a version, with something else than the project behind it, is kept whole.
  const tail = match?.[2];
  const isVersion = match !== null && (tail === undefined || tail === `/${projectId ?? ''}` || isId(tail));
  const root = isVersion ? (match[1] ?? '') : trimmed;
  return {base: `${root}/v2.1${isVersion ? (tail ?? '') : ''}`, version: `${root}/v2.1/`, root: `${root}/`};
}

function isId(tail: string): boolean {
  return /^\/(?:AUTH_)?[0-9a-f]{32}$/.test(tail);
}
