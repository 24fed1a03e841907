import {spawn} from 'node:child_process';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {json} from 'node:stream/consumers';
import test from 'ava';
import {resolveConfiguration} from '../../source/adapters/openstack/configuration.js';
import {asList, asRecord} from '../../source/adapters/openstack/json.js';

/**
 * The settings that openstacksdk (python3-openstacksdk) makes of the same files and variables. One process for
 * all cases, as importing it takes seconds; its search path is made when `loader` is loaded. The authentication
 * plugin is not made: it would refuse some of these, as we do in `credentials.ts`.
 */
const ORACLE = `
import importlib, json, os, sys, warnings
warnings.simplefilter("ignore")
from keystoneauth1 import loading
from openstack.config import loader

def settings_of(case):
    os.chdir(case["cwd"])
    os.environ.clear()
    os.environ.update(case["env"], HOME=case["home"])
    importlib.reload(loader)
    try:
        config = loader.OpenStackConfig()
        region = config.get_one(cloud=case["cloud"] or None, validate=False)
        settings = region.config
        try:
            # What get_one does with what stands beside auth, before it makes the plugin.
            plugin = loading.get_plugin_loader(settings["auth_type"])
            settings = config._validate_auth(settings, plugin)
        except Exception as error:
            return {"error": "plugin: " + repr(error)}
        return {"name": region.name, "config": settings}
    except Exception as error:
        return {"error": type(error).__name__}

print(json.dumps([settings_of(case) for case in json.load(sys.stdin)], default=str))
`;

/** What this tool reads of a cloud's settings. */
const SETTINGS = [
  'auth_type',
  'region_name',
  'interface',
  'compute_interface',
  'compute_region_name',
  'compute_endpoint_override',
  'compute_service_type',
  'identity_api_version',
  'api_timeout',
  'verify',
  'insecure',
  'cacert',
  'cert',
  'key',
];

type Case = {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cloud?: string;
  /** Both refuse it. */
  readonly isRefused?: true;
};

const AUTH = 'auth_url: http://k:5000/v3, username: u, password: p';
const USER = 'user_domain_id: default, project_domain_id: default';

const CASES: readonly Case[] = [
  {
    what: 'numbers where text is meant',
    files: {
      'clouds.yaml': `clouds: {a: {auth: {${AUTH}, project_id: 0123, user_domain_id: 1.10}, region_name: 7, identity_api_version: 3, api_timeout: 30}}`,
    },
  },
  {
    what: 'a project id that looks like a float',
    files: {
      'clouds.yaml': `clouds: {a: {auth: {${AUTH}, project_id: 12345678901234567890123456789e12, ${USER}}}}`,
    },
  },
  {
    what: 'passwords that YAML reads as something else',
    files: {
      'clouds.yaml':
        'clouds: {a: {auth: {auth_url: http://k, username: 1:30, password: 1_000, project_name: 0x1F}}}',
    },
  },
  {
    what: 'tenant and project, dashes and underscores, inside and beside auth',
    files: {
      'clouds.yaml': `clouds: {a: {tenant-name: t, auth: {${AUTH}, project-name: q, tenant_id: old}, user-domain-name: U, project_domain_name: P}}`,
    },
  },
  {
    what: 'one domain for user and project',
    files: {
      'clouds.yaml': `clouds: {a: {domain_name: D, auth: {${AUTH}, project_name: q, user_domain_name: Own}}}`,
    },
  },
  {
    what: 'a domain scope',
    files: {'clouds.yaml': `clouds: {a: {domain_id: d, auth: {${AUTH}, user_domain_id: default}}}`},
  },
  {
    what: 'old words for interface and timeout, auth_plugin without effect',
    files: {
      'clouds.yaml': `clouds: {a: {auth: {${AUTH}, project_id: q}, endpoint_type: internal, compute_endpoint_type: admin, compute_timeout: 9, auth_plugin: token}}`,
    },
  },
  {
    what: 'regions with values',
    files: {
      'clouds.yaml': `clouds: {a: {auth: {${AUTH}, project_id: q}, interface: public, regions: [{name: One, values: {interface: internal, auth: {project_id: r}}}, Two]}}`,
    },
  },
  {
    what: 'several regions by commas',
    files: {'clouds.yaml': `clouds: {a: {auth: {${AUTH}, project_id: q}, region_name: 'One,Two'}}`},
  },
  {
    what: 'secure.yaml',
    files: {
      'clouds.yaml': 'clouds: {a: {auth: {auth_url: http://k, username: u, project_id: q}, cacert: /a.pem}}',
      'secure.yaml': 'clouds: {a: {auth: {password: s3cret}, cacert: /b.pem}}',
    },
  },
  {
    what: 'a profile of clouds-public.yaml',
    files: {
      'clouds.yaml': 'clouds: {a: {profile: v, auth: {username: u, password: p, project_id: q}}}',
      'clouds-public.yaml':
        'public-clouds: {v: {auth: {auth_url: http://v, username: w}, region_name: East, compute_endpoint_override: http://v/compute}}',
    },
  },
  {
    what: 'a profile that does not exist',
    files: {'clouds.yaml': `clouds: {a: {profile: no-such-vendor, auth: {${AUTH}, project_id: q}}}`},
  },
  {
    what: 'an auth_url that refers to other settings',
    files: {
      'clouds.yaml': `clouds: {a: {site: lab, auth: {${AUTH.replace('//k:', '//{site}.{region_name}:').replace('auth_url: ', "auth_url: '").replace('/v3', "/v3'")}, project_id: q}, region_name: R}}`,
    },
  },
  {
    what: 'clouds.yml passed over for clouds.yaml, JSON last',
    files: {
      'clouds.json': '{"clouds": {"j": {"auth": {}}}}',
      'clouds.yml': `clouds: {a: {auth: {${AUTH}, project_id: q}}}`,
    },
  },
  {
    what: 'JSON with numbers',
    files: {
      'clouds.json':
        '{"clouds": {"a": {"auth": {"auth_url": "http://k", "username": 5, "password": 1.0, "project_id": 12345678901234567890}, "verify": false}}}',
    },
  },
  {
    what: 'anchors and merge keys',
    files: {
      'clouds.yaml': `x: &x {auth_url: http://k, username: u, password: p}\nclouds: {a: {auth: {<<: *x, username: v, project_id: q}}}`,
    },
  },
  {
    what: 'keys that stand twice',
    files: {
      'clouds.yaml': `clouds:\n  a:\n    auth: {${AUTH}, project_id: q}\n    region_name: One\n    region_name: Two\n`,
    },
  },
  {
    what: 'insecure as text',
    files: {'clouds.yaml': `clouds: {a: {auth: {${AUTH}, project_id: q}, insecure: 'TRUE', verify: off}}`},
  },
  {
    what: 'an application credential beside auth',
    files: {
      'clouds.yaml':
        'clouds: {a: {auth_type: v3applicationcredential, application_credential_id: i, auth: {auth_url: http://k, application_credential_secret: s}}}',
    },
  },
  {
    what: 'a token',
    files: {
      'clouds.yaml':
        'clouds: {a: {auth_type: v3token, auth_token: top, auth: {auth_url: http://k, token: inner, project_id: q}}}',
    },
  },
  {
    what: 'the OS_* variables alone',
    files: {},
    env: {
      OS_AUTH_URL: 'http://k/v3',
      OS_USERNAME: 'u',
      OS_PASSWORD: '0123',
      OS_TENANT_NAME: 't',
      OS_USER_DOMAIN_NAME: 'D',
      OS_PROJECT_DOMAIN_ID: 'd',
      OS_REGION_NAME: 'R',
      OS_ENDPOINT_TYPE: 'internalURL',
      OS_CACERT: '/c.pem',
      OS_LOG_LEVEL: '1',
      OS_INSECURE: '1',
    },
  },
  {
    what: 'the OS_* variables beside a file',
    files: {'clouds.yaml': `clouds: {a: {auth: {${AUTH}, project_id: q}}}`},
    env: {OS_AUTH_URL: 'http://env/v3', OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_PROJECT_ID: 'q'},
  },
  {
    what: 'OS_CLOUD beside the OS_* variables, and OS_REGION_NAME',
    files: {'clouds.yaml': `clouds: {a: {auth: {${AUTH}, project_id: q}, region_name: Own}, b: {}}`},
    env: {OS_CLOUD: 'a', OS_USERNAME: 'other', OS_REGION_NAME: 'Elsewhere'},
  },
  {
    what: 'OS_CLOUD_NAME',
    files: {'clouds.yaml': `clouds: {a: {auth: {${AUTH}, project_id: q}}}`},
    env: {OS_CLOUD_NAME: 'mine', OS_USERNAME: 'u', OS_AUTH_URL: 'http://m'},
    cloud: 'mine',
  },
  {
    what: 'only a choice in the variables, one cloud in the file',
    files: {'clouds.yaml': `clouds: {only: {auth: {${AUTH}, project_id: q}}}`},
    env: {OS_REGION_NAME: 'R'},
  },
  {
    what: 'an unknown cloud',
    isRefused: true,
    files: {'clouds.yaml': `clouds: {a: {auth: {${AUTH}}}}`},
    cloud: 'b',
  },
  {
    what: 'a file cloud with the name of the variables',
    isRefused: true,
    files: {'clouds.yaml': `clouds: {envvars: {auth: {${AUTH}}}}`},
    env: {OS_USERNAME: 'u'},
  },
  {what: 'YAML that is none', isRefused: true, files: {'clouds.yaml': 'clouds: {a: {auth: [}'}},
  {what: 'a tab', isRefused: true, files: {'clouds.yaml': 'clouds:\n\ta: {}\n'}},
  {
    what: 'an entry of regions without a name',
    isRefused: true,
    files: {'clouds.yaml': 'clouds: {a: {regions: [{values: {}}]}}'},
  },
  {
    what: 'a file that OS_CLIENT_CONFIG_FILE names and that is not there',
    files: {'clouds.yaml': `clouds: {a: {auth: {${AUTH}, project_id: q}}}`},
    env: {OS_CLIENT_CONFIG_FILE: '/no/such/file.yaml'},
  },
];

type Settings = Readonly<Record<string, unknown>>;
type Outcome = {readonly error: string} | {readonly name: string; readonly config: Settings};
type Place = {readonly cwd: string; readonly home: string};

let base = '';
const places: Place[] = [];
let theirs: readonly Outcome[] = [];

test.before(async (t) => {
  t.timeout(60_000);
  base = await mkdtemp(path.join(tmpdir(), 'reprieve-clouds-'));
  for (const [index, {files}] of CASES.entries()) {
    const home = path.join(base, String(index));
    const folder = path.join(home, '.config', 'openstack');
    const cwd = path.join(home, 'work');
    await mkdir(folder, {recursive: true});
    await mkdir(cwd);
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
    places.push({home, cwd});
  }
  const cases = CASES.map(({env = {}, cloud = ''}, index) => ({env, cloud, ...places[index]}));
  theirs = (asList(await askOracle(JSON.stringify(cases))) ?? []).map(outcome);
});

test.after.always(() => rm(base, {recursive: true, force: true}));

async function askOracle(input: string): Promise<unknown> {
  const child = spawn('/usr/bin/python3', ['-c', ORACLE], {stdio: ['pipe', 'pipe', 'inherit']});
  child.stdin.end(input);
  return await json(child.stdout);
}

function outcome(value: unknown): Outcome {
  const record = asRecord(value);
  const config = asRecord(record?.['config']);
  if (config !== undefined) return {name: String(record?.['name']), config};
  return {error: JSON.stringify(value)};
}

async function ourSettings({env = {}, cloud = ''}: Case, place: Place): Promise<Outcome> {
  try {
    const {name, settings} = await resolveConfiguration({
      name: cloud,
      env,
      ...place,
      readFile: (file) => readFile(file, 'utf8'),
    });
    return {name, config: settings};
  } catch (error) {
    return {error: String(error)};
  }
}

const pick = (config: Settings): Settings =>
  Object.fromEntries(SETTINGS.map((key) => [key, config[key] ?? null]));

for (const [index, example] of CASES.entries()) {
  test(`openstacksdk and we understand alike: ${example.what}`, async (t) => {
    const place = places[index];
    const their = theirs[index];
    if (place === undefined || their === undefined) {
      t.fail('openstacksdk gave no answer');
      return;
    }
    const ours = await ourSettings(example, place);
    if ('error' in their || 'error' in ours) {
      t.is('error' in ours, 'error' in their, `${JSON.stringify(ours)} ${JSON.stringify(their)}`);
      t.is('error' in their, example.isRefused === true, JSON.stringify(their));
      return;
    }
    t.is(ours.name, their.name);
    t.deepEqual(pick(ours.config), pick(their.config));
    t.deepEqual(ours.config['auth'], their.config['auth']);
  });
}
