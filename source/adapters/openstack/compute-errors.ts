import {CloudError, type CloudErrorReason} from '../../app/errors.js';
import {cleanLine, shownUrl, withoutSecrets} from './clean-text.js';
import {describeCloud, type CloudConfiguration} from './configuration.js';
import type {HttpAnswer} from './http-client.js';
import {notAnApi} from './http-errors.js';
import type {Token} from './identity.js';
import {asRecord, jsonOrNothing, textOf} from './json.js';

export type AskedFor = {readonly method: string; readonly path: string};

/**
 * A status of Nova's that is no success, as an error with a remedy. Bodies have one key named after the code,
 * with `code` and `message` in it (nova: nova/api/openstack/wsgi.py, Fault); the message is for people only.
 */
export function computeError(
  answer: HttpAnswer,
  asked: AskedFor,
  configuration: CloudConfiguration,
  token: Token,
): CloudError {
  const said = messageIn(answer.body);
  const {status} = answer;
  if (said === undefined && status < 500 && status !== 401 && status !== 413 && status !== 429) {
    return notAnApi(answer.url, status, answer.body, "Nova's answer");
  }
  const words = cleanLine(withoutSecrets(said ?? '', [token.value.reveal()]), 300);
  const call = `${asked.method} ${asked.path.replace(/\?.*$/, '')}`;
  const detail = words === '' ? '' : `: ${words.replace(/\.+$/, '')}`;
  const where = describeCloud(configuration);
  const requestId =
    textOf(answer.headers['x-openstack-request-id']) ?? textOf(answer.headers['x-compute-request-id']);
  const make = (reason: CloudErrorReason, what: string, remedy: string): CloudError =>
    new CloudError(reason, `Nova of ${where} ${what} (HTTP ${status} to ${call}${detail}).`, {
      remedy,
      status,
      ...(requestId === undefined ? {} : {requestId: cleanLine(requestId, 60)}),
    });
  switch (status) {
    case 401:
      return make(
        'authentication',
        'does not accept the token that Keystone gave just now',
        `Check that the clocks agree and that ${shownUrl(answer.url)} belongs to this Keystone.`,
      );
    case 403:
      return /quota/i.test(words)
        ? make('quota', 'refuses for lack of quota', 'Free some, or raise the quota of the project.')
        : make('forbidden', 'does not permit this', forbiddenRemedy(token));
    case 404:
      return make('not-found', 'does not have that', 'Look again: it may be gone by now.');
    case 409:
      return make(
        'conflict',
        'cannot do that now',
        `Look at the ${asked.path.startsWith('/flavors') ? 'flavor' : 'state of the server'}, then try again.`,
      );
    case 413:
    case 429:
      return make('rate-limited', 'takes no more requests now', 'Wait, then try again.');
    default:
      return status >= 500
        ? make('server-error', 'failed', 'Look into the log of nova-api for the request id.')
        : make(
            'bad-request',
            'refuses the request',
            'Run again with -v and report this with the release of Nova.',
          );
  }
}

function forbiddenRemedy(token: Token): string {
  switch (token.scope) {
    case 'system':
      // `enforce_scope` became the default in 2023.2; Zed still lets such a token do everything.
      return "The token is the system's, which newer releases of Nova refuse: set project_name instead of system_scope.";
    case 'domain':
      return "The token is a domain's: set project_name and project_domain_name instead.";
    case 'none':
      return 'The token has no scope: set project_name and project_domain_name.';
    case 'project':
      return 'Use a user, or an application credential, with the role admin in this project.';
  }
}

function messageIn(body: string): string | undefined {
  // A proxy's page has none: the caller tells it from Nova's words by that.
  const record = asRecord(jsonOrNothing(body));
  if (record === undefined) return undefined;
  for (const value of Object.values(record)) {
    const message = asRecord(value)?.['message'];
    if (typeof message === 'string') return message;
  }
  // A version that is not offered answers with a list of errors.
  return Array.isArray(record['errors']) ? JSON.stringify(record['errors']) : undefined;
}
