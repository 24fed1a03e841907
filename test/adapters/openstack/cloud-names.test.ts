import test from 'ava';
import {listCloudNames} from '../../../source/adapters/openstack/cloud-names.js';
import {CloudError} from '../../../source/app/errors.js';

function surroundings(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  return {
    env,
    cwd: '/work',
    home: '/home/op',
    async readFile(path: string): Promise<string> {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('absent'), {code: 'ENOENT'});
      return text;
    },
  };
}

const FILE = '/home/op/.config/openstack/clouds.yaml';

test('the clouds of the file in its order, then that of the OS_* variables', async (t) => {
  const files = {
    [FILE]: 'clouds:\n  lab: {}\n  fra1: {}\n',
    '/home/op/.config/openstack/secure.yaml': 'clouds:\n  fra1: {auth: {password: x}}\n  only: {}\n',
  };
  const named = [
    {name: 'lab', isOfEnvironment: false},
    {name: 'fra1', isOfEnvironment: false},
    {name: 'only', isOfEnvironment: false},
  ];
  t.deepEqual(await listCloudNames(surroundings(files)), {clouds: named, file: FILE});
  t.deepEqual(await listCloudNames(surroundings(files, {OS_CLOUD: 'lab', OS_REGION_NAME: 'x'})), {
    clouds: named,
    file: FILE,
  });
  const withVariables = await listCloudNames(surroundings(files, {OS_AUTH_URL: 'http://k/v3'}));
  t.deepEqual(withVariables.clouds.at(-1), {name: 'envvars', isOfEnvironment: true});
});

test('where there is none there is none, and a file that cannot be read is an error', async (t) => {
  t.deepEqual(await listCloudNames(surroundings({})), {clouds: [], file: undefined});
  await t.throwsAsync(() => listCloudNames(surroundings({[FILE]: 'clouds: ['})), {
    instanceOf: CloudError,
    message: /clouds\.yaml/,
  });
});
