import {CloudError} from '../../app/errors.js';
import {cleanLine, withoutSecrets} from './clean-text.js';
import {describeCloud, type CloudConfiguration} from './configuration.js';
import type {Reference} from './credentials.js';
import type {HttpAnswer} from './http-client.js';
import {notAnApi} from './http-errors.js';
import {asRecord, jsonOrNothing, textOf} from './json.js';

/** Why there is no token, and what to do; never with a password or token in it. */
export function loginRefusal(configuration: CloudConfiguration, answer: HttpAnswer): CloudError {
  const {method, source} = configuration;
  const where = describeCloud(configuration);
  const said = asRecord(asRecord(jsonOrNothing(answer.body))?.['error']);
  const message = cleanLine(withoutSecrets(textOf(said?.['message']) ?? '', secretsOf(configuration)), 200);
  const detail = message === '' ? `HTTP ${answer.status}` : `HTTP ${answer.status}: ${message}`;
  const requestId = textOf(answer.headers['x-openstack-request-id']);
  const options = {status: answer.status, ...(requestId === undefined ? {} : {requestId})};
  if (answer.status >= 500) {
    return new CloudError('server-error', `Keystone of ${where} failed (${detail}).`, {
      remedy: 'Try again; if it stays, look into the log of Keystone.',
      ...options,
    });
  }
  if (said === undefined) return notAnApi(answer.url, answer.status, answer.body, 'Keystone');
  if (answer.status === 429 || answer.status === 413) {
    return new CloudError('rate-limited', `Keystone of ${where} takes no more logins now (${detail}).`, {
      remedy: 'Wait, then try again.',
      ...options,
    });
  }
  const isAboutToken = method.kind === 'token' && (answer.status === 404 || answer.status === 403);
  if (answer.status !== 401 && !isAboutToken) {
    return new CloudError(
      answer.status === 403 ? 'forbidden' : 'bad-request',
      `Keystone of ${where} refuses the login as it is asked for (${detail}).`,
      {remedy: `Check the names and domains of user and project (${source}).`, ...options},
    );
  }
  switch (method.kind) {
    case 'password':
      return new CloudError(
        'authentication',
        `Keystone of ${where} refuses ${shownUser(method.user)} (${detail}).`,
        {
          remedy:
            `Check user name, password, project and domains (${source}); a locked account, an expired password ` +
            'and a project without a role look the same.',
          ...options,
        },
      );
    case 'token':
      return new CloudError('authentication', `Keystone of ${where} refuses the token (${detail}).`, {
        remedy: `It has expired or was revoked: get another with \`openstack token issue\` (${source}).`,
        ...options,
      });
    case 'application-credential':
      return new CloudError(
        'authentication',
        `Keystone of ${where} refuses the application credential (${detail}).`,
        {
          remedy: `Check its id and secret (${source}); it may have expired or been deleted. Make another with \`openstack application credential create\`.`,
          ...options,
        },
      );
  }
}

function shownUser(user: Reference): string {
  return 'id' in user ? `the user with id ${cleanLine(user.id, 64)}` : `user "${cleanLine(user.name, 64)}"`;
}

function secretsOf({method}: CloudConfiguration): readonly string[] {
  switch (method.kind) {
    case 'password':
      return [method.password.reveal()];
    case 'token':
      return [method.token.reveal()];
    case 'application-credential':
      return [method.secret.reveal()];
  }
}
