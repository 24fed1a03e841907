import {inspect} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {loadCloudConfiguration, type LoadOptions} from '../../../source/adapters/openstack/configuration.js';
import {candidates} from '../../../source/adapters/openstack/clouds-files.js';
import {surroundings} from '../../helpers/http-files.js';

const AUTH = `
      auth_url: https://keystone.example:5000/v3
      username: admin
      password: hunter22
      project_name: operators
      user_domain_name: Default
      project_domain_name: Default`;
const ONE = `clouds:\n  prod:\n    auth:${AUTH}\n    region_name: North\n`;
const HOME = '/home/op/.config/openstack/clouds.yaml';

const load = (
  files: Record<string, string>,
  more: Partial<LoadOptions> = {},
  env: Record<string, string> = {},
) => loadCloudConfiguration({...surroundings(files, env), ...more});

test('the only cloud of the only file is used unasked', async (t) => {
  const configuration = await load({[HOME]: ONE});
  t.is(configuration.name, 'prod');
  t.is(configuration.source, HOME);
  t.is(configuration.authUrl, 'https://keystone.example:5000/v3');
  t.is(configuration.region, 'North');
  t.deepEqual(configuration.interfaces, ['public']);
  t.deepEqual(configuration.scope, {
    kind: 'project',
    project: {name: 'operators', domain: {name: 'Default'}},
  });
  t.is(configuration.method.kind, 'password');
  t.deepEqual(configuration.tls, {isVerified: true});
  t.deepEqual(configuration.warnings, []);
  t.notRegex(inspect(configuration, {depth: 9}) + JSON.stringify(configuration), /hunter22/);
});

test('files are searched for where openstacksdk searches, in its order', (t) => {
  const {env: _env, ...rest} = surroundings({});
  const files = candidates('clouds', undefined, {
    ...rest,
    env: {XDG_CONFIG_HOME: '/xdg', XDG_CONFIG_DIRS: '/site'},
  });
  t.deepEqual(
    files.filter((file) => file.endsWith('.yaml')),
    [
      '/here/clouds.yaml',
      '/xdg/openstack/clouds.yaml',
      '/home/op/.config/openstack/clouds.yaml',
      '/site/openstack/clouds.yaml',
      '/etc/openstack/clouds.yaml',
    ],
  );
  t.deepEqual(files.slice(0, 3), ['/here/clouds.yaml', '/here/clouds.yml', '/here/clouds.json']);
  const [first] = candidates('clouds', 'mine.yaml', {...rest, env: {}});
  t.is(first, '/here/mine.yaml');
});

test('the first readable file wins alone, and one that may not be read is told', async (t) => {
  const other = ONE.replace('prod', 'other');
  const files = {'/here/clouds.yaml': other, [HOME]: ONE};
  t.is((await load(files)).name, 'other');
  const configuration = await loadCloudConfiguration(surroundings(files, {}, ['/here/clouds.yaml']));
  t.is(configuration.name, 'prod');
  t.deepEqual(configuration.warnings, ['/here/clouds.yaml cannot be read; it was passed over.']);
});

test('JSON is read, too', async (t) => {
  const auth = {auth_url: 'http://k:5000', token: 'tok-123456'};
  const clouds = {j: {auth_type: 'v3token', auth, region_name: 7}};
  const configuration = await load({'/here/clouds.json': JSON.stringify({clouds})});
  t.is(configuration.method.kind, 'token');
  t.is(configuration.region, '7');
});

test('secure.yaml is merged deeply over clouds.yaml', async (t) => {
  const open = ONE.replace(/ *password: hunter22\n/, '');
  const secure = 'clouds:\n  prod:\n    auth:\n      password: from-secure\n';
  const {method} = await load({[HOME]: open, '/etc/openstack/secure.yaml': secure});
  t.is(method.kind === 'password' ? method.password.reveal() : '', 'from-secure');
});

test('a profile of clouds-public.yaml is laid below the cloud', async (t) => {
  const cloud = `clouds:
  mine:
    profile: vendor
    auth: {username: u, password: pass, project_id: p, user_domain_id: default}
`;
  const vendor = `public-clouds:
  vendor:
    auth: {auth_url: 'https://vendor.example/v3', username: overridden}
    regions: [East, West]
    interface: internal
`;
  const files = {[HOME]: cloud, '/etc/openstack/clouds-public.yaml': vendor};
  const configuration = await load(files);
  t.is(configuration.authUrl, 'https://vendor.example/v3');
  t.is(configuration.region, 'East');
  t.deepEqual(configuration.interfaces, ['internal']);
  t.is((await load(files, {region: 'West'})).region, 'West');
  const error = await t.throwsAsync(load(files, {region: 'west'}), {instanceOf: CloudError});
  t.regex(error.message, /no region "west"; its regions are "East", "West"/);
});

test('NAME/REGION is a region of a cloud, unless a cloud is called so', async (t) => {
  const own = (name: string, region: string) => `  ${name}:\n    auth:${AUTH}\n    region_name: ${region}\n`;
  const text = `clouds:\n  many:\n    auth:${AUTH}\n    regions: [East, West]\n${own('one', 'North')}${own('one/East', 'Own')}`;
  const region = async (name: string) => (await load({[HOME]: text}, {name})).region;
  t.is(await region('many'), 'East');
  t.is(await region('many/West'), 'West');
  t.is(await region('one/East'), 'Own');
  await t.throwsAsync(load({[HOME]: text}, {name: 'many/South'}), {message: /no region "South"/});
  await t.throwsAsync(load({[HOME]: text}, {name: 'few/West'}), {message: /no cloud "few\/West"/});
  await t.throwsAsync(load({[HOME]: text}, {name: 'many/'}), {message: /no cloud "many\/"/});
});

test('a profile that is not found is told in a warning, and in the error that follows', async (t) => {
  const text = ONE.replace('    auth:', '    profile: elsewhere\n    auth:');
  const {warnings} = await load({[HOME]: text});
  t.regex(warnings[0] ?? '', /asks for the profile "elsewhere".*built into openstacksdk are not known here/);
});

test('OS_* variables make a cloud named envvars', async (t) => {
  const env = {
    OS_AUTH_URL: 'http://k:5000/v3',
    OS_USERNAME: 'admin',
    OS_PASSWORD: '0123',
    OS_PROJECT_NAME: 'admin',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_ID: 'default',
    OS_REGION_NAME: 'R',
    OS_INTERFACE: 'internal',
    OS_TEST_TIMEOUT: 'x',
  };
  const configuration = await load({[HOME]: ONE}, {}, env);
  t.is(configuration.name, 'envvars');
  t.is(configuration.source, 'OS_* variables');
  t.is(configuration.region, 'R');
  t.deepEqual(configuration.interfaces, ['internal']);
  t.deepEqual(configuration.scope, {kind: 'project', project: {name: 'admin', domain: {id: 'default'}}});
  t.is(configuration.method.kind === 'password' ? configuration.method.password.reveal() : '', '0123');
});

test('--cloud wins over OS_CLOUD, and OS_CLOUD over the OS_* variables', async (t) => {
  const two = `${ONE}  stage:\n    auth:${AUTH}\n`;
  const env = {OS_CLOUD: 'prod', OS_USERNAME: 'x', OS_REGION_NAME: 'South'};
  t.is((await load({[HOME]: two}, {name: 'stage'}, env)).name, 'stage');
  const configuration = await load({[HOME]: two}, {}, env);
  t.is(configuration.name, 'prod');
  t.is(configuration.region, 'North');
  t.regex(configuration.warnings[0] ?? '', /OS_REGION_NAME was not used/);
});

const refusal = async (
  t: ExecutionContext,
  files: Record<string, string>,
  more: Partial<LoadOptions> = {},
  env: Record<string, string> = {},
): Promise<CloudError> => {
  const error = await t.throwsAsync(load(files, more, env), {instanceOf: CloudError});
  t.is(error.reason, 'configuration');
  t.is(error.kind, 'usage');
  t.truthy(error.remedy);
  t.notRegex(inspect(error, {depth: 9}), /hunter22/);
  return error;
};

test('an unknown cloud is told with those that exist, and where', async (t) => {
  const files = {[HOME]: `${ONE}  stage\u0007: {}\n`.replaceAll('stage\u0007', '"st\\u001bage"')};
  const byFlag = await refusal(t, files, {name: 'nope'});
  t.is(byFlag.message, `There is no cloud "nope" (--cloud); ${HOME} has "prod", "st age".`);
  const byVariable = await refusal(t, files, {}, {OS_CLOUD: 'Prod', OS_USERNAME: 'u'});
  t.regex(byVariable.message, /"Prod" \(OS_CLOUD\).*, and "envvars" from OS_\* variables/);
});

test('without a choice among several clouds the choice is asked for', async (t) => {
  const error = await refusal(t, {[HOME]: `${ONE}  stage: {}\n`});
  t.is(error.message, `No cloud was chosen: ${HOME} has "prod", "stage".`);
});

test('no credentials at all are told with the ways to give some', async (t) => {
  const error = await refusal(t, {});
  t.regex(error.message, /^No credentials: no clouds\.yaml was found/);
  t.regex(error.remedy ?? '', /clouds\.yaml.*OS_CLIENT_CONFIG_FILE.*OS_\*/);
});

test('a file that OS_CLIENT_CONFIG_FILE names and that is not there is told', async (t) => {
  const {warnings} = await load({[HOME]: ONE}, {}, {OS_CLIENT_CONFIG_FILE: '/nowhere.yaml'});
  t.regex(warnings[0] ?? '', /OS_CLIENT_CONFIG_FILE names \/nowhere\.yaml, which cannot be read/);
});

for (const [what, text, message] of [
  ['a missing quote', 'clouds:\n  a:\n    auth:\n      password: "hunter22\n', /clouds\.yaml, line \d: /],
  ['a tab', 'clouds:\n\tprod: {}\n', /clouds\.yaml, line 2: a tab is used to indent/],
  ['bad indentation', 'clouds:\n  prod:\n    auth: 1\n   region_name: hunter22\n', /clouds\.yaml, line \d: /],
  ['two documents', `${ONE}---\n${ONE}`, /clouds\.yaml, line \d+: it holds more than one document/],
  ['a list', '- a\n- b\n', /line 1: a map with the key "clouds" was expected, but it holds a list/],
  ['plain text', 'hello\n', /a single value/],
  ['clouds that are a list', 'clouds: [a, b]\n', /"clouds" is no map/],
  ['a cloud that is text', 'clouds: {prod: hunter22}\n', /cloud "prod" is no map/],
  ['an alias to nothing', 'clouds: {prod: *gone}\n', /clouds\.yaml: its aliases cannot be resolved/],
] as const) {
  test(`a clouds.yaml with ${what} is told with file and reason`, async (t) => {
    t.regex((await refusal(t, {[HOME]: text})).message, message);
  });
}

test('a clouds.json that is none is told', async (t) => {
  t.regex((await refusal(t, {'/here/clouds.json': '{"clouds": {'})).message, /clouds\.json.*it is not JSON/);
});

test('an empty clouds.yaml has no clouds', async (t) => {
  t.regex((await refusal(t, {[HOME]: '# nothing\n'}, {name: 'a'})).message, /has no cloud/);
});

for (const [what, from, to, message] of [
  ['no auth_url', / *auth_url: .*\n/, '', /auth\.auth_url is missing/],
  ['no password', / *password: .*\n/, '', /auth\.password is missing/],
  ['no user', / *username: .*\n/, '', /auth\.username is missing/],
  ['no domain of the user', / *user_domain_name: .*\n/, '', /auth\.username is a name, and the domain/],
  [
    'no domain of the project',
    /\n *project_domain_name: .*/,
    '',
    /auth\.project_name is a name, and the domain/,
  ],
  ['a boolean password', 'hunter22', 'yes', /auth\.password is not text/],
  ['an address that is none', 'https://keystone.example:5000/v3', 'keystone:5000', /auth_url is no http/],
  [
    'a password in the address',
    '//keystone',
    '//admin:hunter22@keystone',
    /auth_url holds a user name or password/,
  ],
  ['version 2.0', 'example:5000/v3', 'example:5000/v2.0', /version 2\.0/],
  [
    'version 2 as a setting',
    '    region_name',
    '    identity_api_version: 2\n    region_name',
    /version 2\.0/,
  ],
  ['two scopes', 'project_name: operators', 'project_name: a\n      trust_id: b', /more than one scope/],
  [
    'OpenID Connect',
    '    region_name',
    '    auth_type: v3oidcpassword\n    region_name',
    /unsupported auth_type "v3oidcpassword"/,
  ],
  [
    'auth_type none',
    '    region_name',
    '    auth_type: none\n    region_name',
    /unsupported auth_type "none"/,
  ],
  ['an odd system scope', 'project_name: operators', 'system_scope: some', /system_scope is "some"/],
  ['a broken reference', 'keystone.example', '{nothing}', /refers to \{nothing\}/],
  [
    'a cacert that is not there',
    '    region_name',
    '    cacert: ~/ca.pem\n    region_name',
    /cacert names \/home\/op\/ca\.pem/,
  ],
  [
    'a cert that is not there',
    '    region_name',
    '    cert: c.pem\n    region_name',
    /cert names \/here\/c\.pem/,
  ],
  ['an odd region', 'region_name: North', 'regions: [{nom: x}]', /"regions" is neither/],
  [
    'an odd endpoint',
    '    region_name',
    '    compute_endpoint_override: nova\n    region_name',
    /compute_endpoint_override is no/,
  ],
] as const) {
  test(`a cloud with ${what} is refused with the setting's name`, async (t) => {
    const text = ONE.replace(from, to);
    t.not(text, ONE);
    const error = await refusal(t, {[HOME]: text});
    t.regex(error.message, message);
    t.regex(error.message, /^Cloud "prod" \(\/home\/op/);
  });
}

test('a cloud in the file must not have the name of the variables', async (t) => {
  const error = await refusal(t, {[HOME]: ONE.replace('prod', 'envvars')}, {}, {OS_USERNAME: 'u'});
  t.regex(error.message, /has a cloud named "envvars"/);
});

const setting = async (lines: string, files: Record<string, string> = {}, env: Record<string, string> = {}) =>
  load({[HOME]: ONE + lines.replace(/^/gm, '    '), ...files}, {}, {OS_CLOUD: 'prod', ...env});

test('TLS settings are read for this cloud alone', async (t) => {
  const files = {'/home/op/ca.pem': 'CA', '/c.pem': 'CERT', '/k.pem': 'KEY', '/bundle.pem': 'BUNDLE'};
  t.deepEqual((await setting('cacert: ~/ca.pem', files)).tls, {isVerified: true, authorities: 'CA'});
  t.deepEqual((await setting('verify: false\ncacert: ~/ca.pem', files)).tls, {isVerified: false});
  t.false((await setting('insecure: true')).tls.isVerified);
  t.false((await setting('insecure: "True"')).tls.isVerified);
  t.true((await setting('insecure: "1"')).tls.isVerified, 'openstacksdk takes only true');
  const withCertificate = (await setting('cert: /c.pem\nkey: /k.pem', files)).tls;
  t.is(withCertificate.certificate, 'CERT');
  t.is(withCertificate.key?.reveal(), 'KEY');
  const bundle = await setting('', files, {REQUESTS_CA_BUNDLE: '/bundle.pem'});
  t.is(bundle.tls.authorities, 'BUNDLE');
  t.is((await setting('cacert: ~/ca.pem', files, {REQUESTS_CA_BUNDLE: '/bundle.pem'})).tls.authorities, 'CA');
});

test('settings of the compute service win over general ones', async (t) => {
  const configuration = await setting(
    `interface: public
compute_interface: internalURL
compute_region_name: Edge
compute_service_type: compute-edge
compute_service_name: nova-edge
compute_endpoint_override: https://edge/v2.1
api_timeout: 30`,
  );
  t.deepEqual(configuration.interfaces, ['internal']);
  t.is(configuration.region, 'Edge');
  t.is(configuration.computeServiceType, 'compute-edge');
  t.is(configuration.computeServiceName, 'nova-edge');
  t.is(configuration.computeEndpoint, 'https://edge/v2.1');
  t.is(configuration.timeoutMs, 30_000);
});

test('an application credential needs no user when it has an id', async (t) => {
  const text = `clouds:
  a:
    auth_type: v3applicationcredential
    auth: {auth_url: 'http://k:5000', application_credential_id: i, application_credential_secret: s}
`;
  const {method, scope} = await load({[HOME]: text});
  t.like(method, {kind: 'application-credential', credential: {id: 'i'}});
  t.deepEqual(scope, {kind: 'default'});
  const byName = text.replace('application_credential_id: i', 'application_credential_name: n, user_id: u');
  t.like((await load({[HOME]: byName})).method, {credential: {name: 'n', user: {id: 'u'}}});
});

const scopeOf = async (line: string) => {
  const text = ONE.replace(/project_name: operators/, line).replace(/ *project_domain_name.*\n/, '');
  return (await load({[HOME]: text})).scope;
};

test('scopes of domain, system and trust are read', async (t) => {
  t.deepEqual(await scopeOf('domain_name: D'), {kind: 'domain', domain: {name: 'D'}});
  t.deepEqual(await scopeOf('domain_id: d'), {kind: 'domain', domain: {id: 'd'}});
  t.deepEqual(await scopeOf('system_scope: all'), {kind: 'system'});
  t.deepEqual(await scopeOf('trust_id: tr'), {kind: 'trust', id: 'tr'});
});

test('OS_TOKEN without a user is a token login', async (t) => {
  const env = {OS_AUTH_URL: 'http://k:5000', OS_TOKEN: 'tok-123456', OS_PROJECT_ID: 'p'};
  t.is((await load({}, {}, env)).method.kind, 'token');
});

test('the proxy variables of the environment are kept', async (t) => {
  const env = {https_proxy: 'http://proxy:3128', NO_PROXY: '.example', HTTP_PROXY: ''};
  t.deepEqual((await load({[HOME]: ONE}, {}, env)).proxy, {
    https_proxy: 'http://proxy:3128',
    NO_PROXY: '.example',
  });
});
