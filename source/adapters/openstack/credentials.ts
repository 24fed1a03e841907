import {CloudError} from '../../app/errors.js';
import {cleanLine} from './clean-text.js';
import {isMap, type PlainMap} from './pyyaml.js';
import {Secret} from './secret.js';

/** Something of Keystone's by id, or by name within a domain. */
export type Reference =
  | {readonly id: string}
  | {readonly name: string; readonly domain?: {readonly id: string} | {readonly name: string}};

export type AuthMethod =
  | {readonly kind: 'password'; readonly user: Reference; readonly password: Secret}
  | {readonly kind: 'token'; readonly token: Secret}
  | {
      readonly kind: 'application-credential';
      readonly credential: {readonly id: string} | {readonly name: string; readonly user: Reference};
      readonly secret: Secret;
    };

/** What the token is for. `default`: what Keystone chooses, the user's default project or the credential's. */
export type Scope =
  | {readonly kind: 'project'; readonly project: Reference}
  | {readonly kind: 'domain'; readonly domain: {readonly id: string} | {readonly name: string}}
  | {readonly kind: 'system'}
  | {readonly kind: 'trust'; readonly id: string}
  | {readonly kind: 'default'};

/** What people call a scope: the project's or domain's name, `system`; undefined where Keystone chooses. */
export function scopeName(scope: Scope): string | undefined {
  switch (scope.kind) {
    case 'project':
      return 'id' in scope.project ? scope.project.id : scope.project.name;
    case 'domain':
      return 'id' in scope.domain ? scope.domain.id : scope.domain.name;
    case 'system':
      return 'system';
    case 'trust':
    case 'default':
      return undefined;
  }
}

export type Credentials = {
  readonly authUrl: string;
  readonly method: AuthMethod;
  readonly scope: Scope;
};

const SUPPORTED = 'password, v3password, token, v3token and v3applicationcredential';

/**
 * Takes credentials and scope out of a cloud's settings. Throws a `CloudError` that names the missing or wrong
 * setting and never shows a value of it. `where` begins each message.
 */
export function readCredentials(where: string, settings: PlainMap): Credentials {
  const auth = isMap(settings['auth']) ? settings['auth'] : {};
  const fail = (what: string, remedy: string): never => {
    throw new CloudError('configuration', `${where}: ${what}.`, {remedy});
  };
  const get = (key: string): string | undefined => {
    const value = auth[key];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    return fail(
      `auth.${key} is not text (YAML reads an unquoted yes, no, on, off, true or false as true or false)`,
      `Put quotes around the value of ${key}.`,
    );
  };
  const need = (key: string): string =>
    get(key) ??
    fail(
      `auth.${key} is missing`,
      `Set ${key} below "auth" of the cloud, or OS_${key.toUpperCase()} where the OS_* variables are used.`,
    );
  const domain = (kind: string): {id: string} | {name: string} | undefined => {
    // An id wins over a name, even the default's over an own name: so does keystoneauth1/identity/v3.
    const id = get(`${kind}_domain_id`) ?? get('default_domain_id');
    if (id !== undefined) return {id};
    const name = get(`${kind}_domain_name`) ?? get('default_domain_name');
    return name === undefined ? undefined : {name};
  };
  const named = (kind: 'user' | 'project', key: string): Reference => {
    const within =
      domain(kind) ??
      fail(
        `auth.${key} is a name, and the domain it belongs to is missing`,
        `Add ${kind}_domain_name (often Default) or ${kind}_domain_id.`,
      );
    return {name: need(key), domain: within};
  };
  const user = (): Reference => {
    const id = get('user_id');
    return id === undefined ? named('user', 'username') : {id};
  };

  const type = authType(settings, get);
  const method = ((): AuthMethod => {
    switch (type) {
      case 'password':
      case 'v3password':
        return {kind: 'password', user: user(), password: new Secret(need('password'))};
      case 'token':
      case 'v3token':
        return {kind: 'token', token: new Secret(need('token'))};
      case 'v3applicationcredential': {
        const id = get('application_credential_id');
        const credential =
          id === undefined ? {name: need('application_credential_name'), user: user()} : {id};
        const secret = new Secret(need('application_credential_secret'));
        return {kind: 'application-credential', credential, secret};
      }
      default:
        return fail(
          `unsupported auth_type "${cleanLine(type, 60)}"; supported are ${SUPPORTED}`,
          'Make an application credential (openstack application credential create), or log in by other means ' +
            'and use the token of `openstack token issue` with auth_type v3token.',
        );
    }
  })();
  return {
    authUrl: authUrl(need('auth_url'), settings, fail),
    method,
    scope: readScope(get, named, method, fail),
  };
}

type Get = (key: string) => string | undefined;
type Fail = (what: string, remedy: string) => never;

/** A token without user and without a chosen type means `token`, as the openstack command understands it. */
function authType(settings: PlainMap, get: Get): string {
  const own = settings['auth_type'];
  const type = typeof own === 'string' && own !== '' ? own : 'none';
  const hasUser = get('username') !== undefined || get('user_id') !== undefined;
  if (type === 'password' && !hasUser) {
    if (get('token') !== undefined) return 'token';
    if (get('application_credential_secret') !== undefined) return 'v3applicationcredential';
  }
  return type;
}

function authUrl(url: string, settings: PlainMap, fail: Fail): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return fail('auth.auth_url is no http or https address', 'Write it as https://HOST:5000/v3.');
  }
  if (hasUserInfo(url)) {
    return fail(
      'auth.auth_url holds a user name or password',
      'Put them into auth.username and auth.password.',
    );
  }
  const version = settings['identity_api_version'];
  const isOld = /\/v2\.0\/*$/.test(url) || (typeof version === 'string' && /^2(\.0)?$/.test(version));
  if (isOld) {
    return fail(
      'version 2.0 of the identity API is asked for, which Keystone no longer has',
      'Let auth_url end in /v3, and set identity_api_version to 3 or leave it out.',
    );
  }
  return url.replace(/\/+$/, '');
}

/** Whether an address carries credentials: it would be shown and stored. */
export function hasUserInfo(url: string): boolean {
  const {username, password} = new URL(url);
  return username !== '' || password !== '';
}

/** The rules of keystoneauth1/identity/v3/base.py: one target at most. */
function readScope(
  get: Get,
  named: (kind: 'user' | 'project', key: string) => Reference,
  method: AuthMethod,
  fail: Fail,
): Scope {
  // An application credential belongs to one project; Keystone refuses any other word about the scope.
  if (method.kind === 'application-credential') return {kind: 'default'};
  const projectId = get('project_id');
  const projectName = get('project_name');
  const domainId = get('domain_id');
  const domainName = get('domain_name');
  const trust = get('trust_id');
  const system = get('system_scope');
  const hasProject = projectId !== undefined || projectName !== undefined;
  const hasDomain = domainId !== undefined || domainName !== undefined;
  if ([hasProject, hasDomain, trust !== undefined].filter(Boolean).length > 1) {
    return fail(
      'more than one scope is set (project, domain, trust)',
      'Keep project_name or project_id; reprieve works with the rights of a project.',
    );
  }
  if (projectId !== undefined) return {kind: 'project', project: {id: projectId}};
  if (projectName !== undefined) return {kind: 'project', project: named('project', 'project_name')};
  if (domainId !== undefined) return {kind: 'domain', domain: {id: domainId}};
  if (domainName !== undefined) return {kind: 'domain', domain: {name: domainName}};
  if (trust !== undefined) return {kind: 'trust', id: trust};
  if (system === undefined) return {kind: 'default'};
  if (system === 'all') return {kind: 'system'};
  return fail(
    `system_scope is "${cleanLine(system, 40)}", but only "all" exists`,
    'Write system_scope: all.',
  );
}
