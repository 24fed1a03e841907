import {CloudError} from '../../app/errors.js';
import type {Clock} from '../../app/ports.js';
import type {CloudConfiguration} from './configuration.js';
import type {Scope} from './credentials.js';
import type {HttpAnswer, HttpClient} from './http-client.js';
import {abortReason, notAnApi} from './http-errors.js';
import {asList, asRecord, decodeTime, parseBody, textOf} from './json.js';
import {loginRefusal} from './login-refusal.js';
import {withRetries, type RetryOptions} from './retry.js';
import {Secret} from './secret.js';

/** A token of Keystone's and what came with it. */
export type Token = {
  readonly value: Secret;
  /** Absent for a token of a domain, of the system, or without scope. */
  readonly projectId: string | undefined;
  readonly scope: 'project' | 'domain' | 'system' | 'none';
  readonly userId: string | undefined;
  readonly userName: string | undefined;
  readonly userDomain: string | undefined;
  readonly projectName: string | undefined;
  readonly roles: readonly string[];
  /** By our clock, epoch milliseconds; undefined where Keystone does not say. */
  readonly endsAt: number | undefined;
  /** As it came; `catalogue.ts` reads it. */
  readonly catalogue: unknown;
  /** By Keystone's clock, epoch milliseconds; undefined for a token that was given to us. */
  readonly issuedAt: number | undefined;
  /** By our clock, epoch milliseconds: from then on another one is fetched first. */
  readonly renewAt: number;
};

export type Identity = {
  /** A token with time left; callers at the same time share one login. */
  token(signal: AbortSignal): Promise<Token>;
  /** Says that a service refused this token, so that the next call logs in again. */
  reject(token: Token): void;
  /** Ends a login that is under way; there is none after it. */
  close(): void;
};

export type IdentityOptions = RetryOptions & {readonly http: HttpClient; readonly clock: Clock};

/** A token is renewed this long before it ends, or after three quarters of a shorter life. */
const RENEW_BEFORE_MS = 120_000;
/** So long a refused login is not tried again: Keystone locks accounts after some failures. */
const REFUSED_FOR_MS = 60_000;

/** Logs in to Keystone, keeps the token, renews it before it ends. */
export function createIdentity(configuration: CloudConfiguration, options: IdentityOptions): Identity {
  const {clock} = options;
  // A login serves many callers, so that none of their signals ends it.
  const closing = new AbortController();
  let current: Token | undefined;
  let pending: Promise<Token> | undefined;
  let refused: {readonly error: CloudError; readonly until: number} | undefined;

  const login = async (): Promise<Token> => {
    if (refused !== undefined && clock.now() < refused.until) throw refused.error;
    try {
      current = await authenticate(configuration, options, closing.signal);
      refused = undefined;
      return current;
    } catch (error) {
      if (error instanceof CloudError && error.reason === 'authentication') {
        refused = {error, until: clock.now() + REFUSED_FOR_MS};
      }
      throw error;
    }
  };
  const sharedLogin = (): Promise<Token> => {
    if (pending !== undefined) return pending;
    const started = login();
    const clear = (): void => {
      pending = undefined;
    };
    started.then(clear, clear);
    pending = started;
    return started;
  };

  return {
    async token(signal) {
      signal.throwIfAborted();
      if (current !== undefined && clock.now() < current.renewAt) return current;
      return await orAborted(sharedLogin(), signal);
    },
    reject(token) {
      if (current === token) current = undefined;
    },
    close() {
      closing.abort(new Error('The cloud was closed'));
    },
  };
}

/** One caller's impatience must not end the login that others wait for. */
async function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const {promise: aborted, reject} = Promise.withResolvers<never>();
  const stop = (): void => reject(abortReason(signal));
  signal.addEventListener('abort', stop, {once: true});
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function authenticate(
  configuration: CloudConfiguration,
  options: IdentityOptions,
  signal: AbortSignal,
): Promise<Token> {
  const {method} = configuration;
  const url = tokensUrl(configuration.authUrl);
  const body = {auth: {identity: identityOf(configuration), ...scopeOf(configuration.scope)}};
  const answer = await withRetries(
    () => options.http.send({method: 'POST', url, body, signal}),
    'read',
    signal,
    options,
  );
  if (answer.status === 200 || answer.status === 201) return readToken(answer, options.clock.now());
  if (method.kind === 'token' && answer.status < 500) {
    // Keystone may forbid to make a token from a token ([token] allow_rescope_scoped_token): use it as it is.
    const value = method.token.reveal();
    const headers = {'X-Auth-Token': value, 'X-Subject-Token': value};
    const shown = await options.http.send({method: 'GET', url, headers, signal});
    if (shown.status === 200) return readToken(shown, options.clock.now(), method.token);
  }
  throw loginRefusal(configuration, answer);
}

/** The rule of keystoneauth1/identity/v3/base.py: an auth_url that does not end in v3 gets it appended. */
function tokensUrl(authUrl: string): string {
  return authUrl.endsWith('v3') ? `${authUrl}/auth/tokens` : `${authUrl}/v3/auth/tokens`;
}

function identityOf({method}: CloudConfiguration): object {
  switch (method.kind) {
    case 'password':
      return {
        methods: ['password'],
        password: {user: {...method.user, password: method.password.reveal()}},
      };
    case 'token':
      return {methods: ['token'], token: {id: method.token.reveal()}};
    case 'application-credential':
      return {
        methods: ['application_credential'],
        application_credential: {...method.credential, secret: method.secret.reveal()},
      };
  }
}

function scopeOf(scope: Scope): {scope?: object} {
  switch (scope.kind) {
    case 'project':
      return {scope: {project: scope.project}};
    case 'domain':
      return {scope: {domain: scope.domain}};
    case 'system':
      return {scope: {system: {all: true}}};
    case 'trust':
      return {scope: {'OS-TRUST:trust': {id: scope.id}}};
    case 'default':
      return {};
  }
}

function readToken(answer: HttpAnswer, now: number, given?: Secret): Token {
  const header = answer.headers['x-subject-token'];
  const value = given ?? (typeof header === 'string' && header !== '' ? new Secret(header) : undefined);
  const token = asRecord(asRecord(parseBody(answer, "Keystone's token"))?.['token']);
  if (token === undefined || value === undefined) {
    throw notAnApi(answer.url, answer.status, answer.body, "Keystone's token");
  }
  // Both times are of Keystone's clock, so that a wrong clock here does not matter.
  const issued = decodeTime(token['issued_at']);
  const expires = decodeTime(token['expires_at']);
  const isOurs = given === undefined && issued !== undefined;
  const life = expires === undefined ? RENEW_BEFORE_MS * 4 : expires - (isOurs ? issued : now);
  const project = asRecord(token['project']);
  const user = asRecord(token['user']);
  const scope =
    project !== undefined
      ? 'project'
      : token['system'] !== undefined
        ? 'system'
        : token['domain'] !== undefined
          ? 'domain'
          : 'none';
  return {
    value,
    projectId: textOf(project?.['id']),
    scope,
    userId: textOf(user?.['id']),
    userName: textOf(user?.['name']),
    userDomain: textOf(asRecord(user?.['domain'])?.['name']),
    projectName: textOf(project?.['name']),
    roles: (asList(token['roles']) ?? []).flatMap((role) => textOf(asRecord(role)?.['name']) ?? []),
    endsAt: expires === undefined ? undefined : now + life,
    catalogue: token['catalog'],
    issuedAt: isOurs ? issued : undefined,
    renewAt: now + Math.max(life - RENEW_BEFORE_MS, (life * 3) / 4),
  };
}
