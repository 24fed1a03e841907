import {randomBytes, timingSafeEqual} from 'node:crypto';
import type {HttpRequest, Reply} from './http.js';
import type {Caller, Project, User} from './nova/model.js';

/** Somebody who can log in, with one project. */
export type Account = Caller & {readonly password: string};

export type Keystone = {
  /** Answers below `/v3`. */
  answer(request: HttpRequest, path: string): Reply;
  /** Whose token this is; undefined where it is nobody's. */
  callerOf(token: string | string[] | undefined): Caller | undefined;
};

const LIFE_MS = 3_600_000;
const DEFAULT = {id: 'default', name: 'Default'};

/** The address of each service, by its type. */
export type Endpoints = {
  readonly identity: string;
  readonly compute: string;
  readonly image: string;
  readonly network: string;
  readonly 'block-storage': string;
  readonly placement: string;
};

/**
 * A small Keystone: passwords and tokens of projects, a list of these and every user for admins, and a catalogue.
 * Tokens cannot be guessed.
 *
 * @param now its clock, epoch milliseconds
 */
export function createKeystone(
  accounts: readonly Account[],
  {projects, users}: {readonly projects: readonly Project[]; readonly users: readonly User[]},
  endpoints: () => Endpoints,
  now: () => number,
): Keystone {
  const tokens = new Map<string, {readonly caller: Caller; readonly expiresAt: number}>();

  const callerOf: Keystone['callerOf'] = (token) => {
    const known = typeof token === 'string' ? tokens.get(token) : undefined;
    return known !== undefined && known.expiresAt > now() ? known.caller : undefined;
  };

  const tokenBody = (caller: Caller, method: string, expiresAt: number) => ({
    token: {
      methods: [method],
      user: {...caller.user, domain: DEFAULT, password_expires_at: null},
      project: {...caller.project, domain: DEFAULT},
      roles: (caller.isAdmin ? ['admin', 'member', 'reader'] : ['member', 'reader']).map((name) => ({
        id: name,
        name,
      })),
      issued_at: new Date(expiresAt - LIFE_MS).toISOString(),
      expires_at: new Date(expiresAt).toISOString(),
      audit_ids: [],
      is_domain: false,
      catalog: Object.entries(endpoints()).map(([type, url]) => ({
        id: type,
        type,
        name: SERVICE_NAMES[type] ?? type,
        endpoints: ['public', 'internal', 'admin'].map((name) => ({
          id: `${type}-${name}`,
          interface: name,
          region: REGION,
          region_id: REGION,
          url,
        })),
      })),
    },
  });

  const issue = (caller: Caller, method: string): Reply => {
    const value = randomBytes(24).toString('base64url');
    const expiresAt = now() + LIFE_MS;
    for (const [token, known] of tokens) if (known.expiresAt <= now()) tokens.delete(token);
    tokens.set(value, {caller, expiresAt});
    return {status: 201, headers: {'x-subject-token': value}, body: tokenBody(caller, method, expiresAt)};
  };

  const login = (body: unknown): Reply => {
    const identity = at(body, 'auth', 'identity');
    const scope = at(body, 'auth', 'scope', 'project');
    const token = at(identity, 'token', 'id');
    if (typeof token === 'string') {
      const caller = callerOf(token);
      return caller === undefined ? REFUSED : issue(caller, 'token');
    }
    const user = at(identity, 'password', 'user');
    const account = accounts.find(
      (each) => each.user.name === at(user, 'name') || each.user.id === at(user, 'id'),
    );
    const password = at(user, 'password');
    if (account === undefined || typeof password !== 'string' || !isEqual(password, account.password)) {
      return REFUSED;
    }
    const isOther =
      scope !== undefined &&
      at(scope, 'name') !== account.project.name &&
      at(scope, 'id') !== account.project.id;
    return isOther ? REFUSED : issue(account, 'password');
  };

  /** Everybody may see themselves, admins everybody. */
  const showUser = (caller: Caller | undefined, id: string): Reply => {
    if (caller === undefined) return REFUSED;
    if (!caller.isAdmin && caller.user.id !== id) return forbidden('get_user');
    const user = users.find((one) => one.id === id);
    if (user === undefined) return notFound();
    return {body: {user: {...user, domain_id: DEFAULT.id, enabled: true, password_expires_at: null}}};
  };

  /** Everybody may see their own, admins every one. */
  const showProject = (caller: Caller | undefined, id: string): Reply => {
    if (caller === undefined) return REFUSED;
    if (!caller.isAdmin && caller.project.id !== id) return forbidden('get_project');
    const project = projects.find((one) => one.id === id);
    return project === undefined ? notFound() : {body: {project: projectRow(project)}};
  };

  return {
    callerOf,
    answer({method, headers, body, query}, path) {
      if (path === '/v3' || path === '/v3/') return {body: {version: versionEntry(endpoints().identity)}};
      if (path === '/v3/auth/tokens' && method === 'POST') return login(body);
      if (path === '/v3/auth/tokens' && method === 'GET') {
        const shown = callerOf(headers['x-subject-token']);
        if (callerOf(headers['x-auth-token']) === undefined) return REFUSED;
        if (shown === undefined) return notFound();
        return {body: tokenBody(shown, 'token', now() + LIFE_MS)};
      }
      if (path === '/v3/projects' && method === 'GET') {
        const caller = callerOf(headers['x-auth-token']);
        if (caller === undefined) return REFUSED;
        if (!caller.isAdmin) return forbidden('list_projects');
        const name = query.get('name');
        const wanted = projects.filter((project) => name === null || project.name === name);
        return {body: {projects: wanted.map(projectRow)}};
      }
      const [, projectId] = /^\/v3\/projects\/([^/]+)$/.exec(path) ?? [];
      if (projectId !== undefined && method === 'GET') {
        return showProject(callerOf(headers['x-auth-token']), decodeURIComponent(projectId));
      }
      const [, userId] = /^\/v3\/users\/([^/]+)$/.exec(path) ?? [];
      if (userId !== undefined && method === 'GET') {
        return showUser(callerOf(headers['x-auth-token']), decodeURIComponent(userId));
      }
      if (path === '/') {
        return {status: 300, body: {versions: {values: [versionEntry(endpoints().identity)]}}};
      }
      return notFound();
    },
  };
}

function projectRow(project: Project): object {
  return {...project, domain_id: DEFAULT.id, enabled: true};
}

const SERVICE_NAMES: Readonly<Record<string, string>> = {
  identity: 'keystone',
  compute: 'nova',
  image: 'glance',
  network: 'neutron',
  'block-storage': 'cinder',
  placement: 'placement',
};

/** The region of everything here. */
export const REGION = 'RegionOne';

const REFUSED: Reply = {
  status: 401,
  body: {
    error: {code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.'},
  },
};

function forbidden(what: string): Reply {
  return {
    status: 403,
    body: {
      error: {
        code: 403,
        title: 'Forbidden',
        message: `You are not authorized to perform the requested action: identity:${what}.`,
      },
    },
  };
}

function notFound(): Reply {
  return {status: 404, body: {error: {code: 404, title: 'Not Found', message: 'Could not be found.'}}};
}

function versionEntry(url: string): object {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{rel: 'self', href: `${url}/`}],
    'media-types': [{base: 'application/json', type: 'application/vnd.openstack.identity-v3+json'}],
  };
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = new Map<string, unknown>(Object.entries(found)).get(key);
  }
  return found;
}

function isEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
