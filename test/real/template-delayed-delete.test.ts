// What the templates of delayed delete say is what oslo.config, and the YAML that each tool reads, make of them. The
// deployment tools themselves are not here, but for Ansible: a test that would need one says so in its name.
import {spawnSync} from 'node:child_process';
import test from 'ava';
import {parse as parseIni} from 'ini';
import {parse} from 'yaml';
import type {RenderedFile} from '../../source/app/template/template-types.js';
import {renderExamples, renderShipped, textOf, writtenExamples} from '../helpers/shipped-templates.js';
import {askOslo} from './oslo-oracle.js';

const OPTION = 'reclaim_instance_interval';
const options = [{group: 'DEFAULT', name: OPTION, type: 'integer', default: '0'}] as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What oslo.config gives of each list of files, named on a command line in this order; the option alone is in them. */
function osloReads(...lists: readonly (readonly string[])[]): readonly unknown[] {
  const jobs = lists.map((texts) => ({
    files: Object.fromEntries(texts.map((text, index) => [`${index}.conf`, bytes(text)])),
    args: texts.map((_, index) => `--config-file=${index}.conf`),
    options,
    read: [['DEFAULT', OPTION]] as const,
  }));
  return askOslo(jobs).map((answer) => {
    const keys = (answer.sections ?? []).flatMap(([, entries]) =>
      entries.map(([group, key]) => `${group} ${key}`),
    );
    const more = keys.filter((key) => key !== `DEFAULT ${OPTION}`);
    return more.length === 0 ? (answer.values?.[0]?.value ?? answer) : more;
  });
}

const seconds = (count: number): unknown => ({integer: String(count)});

/** One document of each file, as Ansible, Heat, Juju and Kubernetes' tools read it: YAML 1.1, by PyYAML. */
function yaml(texts: readonly string[]): readonly unknown[] {
  const program =
    'import json, sys, yaml; json.dump([yaml.safe_load(text) for text in json.load(sys.stdin)], sys.stdout)';
  const input = JSON.stringify(texts);
  const {status, stdout, stderr} = spawnSync('/usr/bin/python3', ['-c', program], {input, encoding: 'utf8'});
  if (status !== 0) throw new Error(stderr);
  const documents: unknown = JSON.parse(stdout);
  if (!Array.isArray(documents)) throw new Error('there is no list of documents');
  return documents;
}

/** What files of YAML hold, by path; 1.1 and 1.2 must read them alike. */
function read(files: readonly RenderedFile[]): Readonly<Record<string, unknown>> {
  const documents = yaml(files.map(({text}) => text));
  return Object.fromEntries(
    files.map((file, index) => {
      const data = documents[index];
      if (JSON.stringify(data) === JSON.stringify(parse(file.text))) return [file.path, data];
      throw new Error(`${file.path} hangs on the version of YAML`);
    }),
  );
}

/** The text at the end of a path. */
function textAt(data: unknown, steps: readonly string[]): string {
  let at = data;
  for (const step of steps) {
    at =
      typeof at === 'object' && at !== null
        ? Object.entries(at).find(([name]) => name === step)?.[1]
        : undefined;
  }
  if (typeof at !== 'string') throw new Error(`there is no text at ${steps.join('.')}`);
  return at;
}

/** As a service of Nova that is started with `args` finds its files. */
const FOLDERS = `
import json, os, sys, tempfile
from oslo_config import cfg
jobs = json.load(sys.stdin)
root = tempfile.mkdtemp()
os.environ['HOME'] = root
os.makedirs(os.path.join(root, '.nova'))
for name, text in jobs['files'].items():
    path = os.path.join(root, '.nova', name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, 'w').write(text)
def value(prog, args):
    conf = cfg.ConfigOpts()
    conf.register_opt(cfg.IntOpt('${OPTION}', default=0))
    conf([one.replace('ROOT', os.path.join(root, '.nova')) for one in args], project='nova', prog=prog)
    return conf.${OPTION}
json.dump([value(prog, args) for prog, args in jobs['services']], sys.stdout)
`;

function startedServices(files: Readonly<Record<string, string>>, services: readonly unknown[]): unknown {
  const {status, stdout, stderr} = spawnSync('/usr/bin/python3', ['-c', FOLDERS], {
    input: JSON.stringify({files, services}),
    encoding: 'utf8',
    env: {PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8'},
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

test('nova-conf: oslo.config reads the file from its folder, and which one wins is as the file says', async (t) => {
  const [shared] = await renderShipped('nova-conf', {interval: 7200});
  const [own] = await renderShipped('nova-conf', {interval: 90, folder: 'nova-compute.conf.d'});
  t.is(shared?.path, 'nova.conf.d/90-delayed-delete.conf');
  t.is(own?.path, 'nova-compute.conf.d/90-delayed-delete.conf');
  t.deepEqual(osloReads([shared?.text ?? '']), [seconds(7200)]);
  t.deepEqual({...parseIni(shared?.text ?? '')}, {DEFAULT: {[OPTION]: '7200'}});
  const files = {
    'nova.conf': `[DEFAULT]\n${OPTION} = 1\n`,
    'silent.conf': '[DEFAULT]\nhost = a\n',
    'nova.conf.d/90-delayed-delete.conf': shared?.text ?? '',
    'nova-compute.conf.d/90-delayed-delete.conf': own?.text ?? '',
  };
  t.deepEqual(
    startedServices(files, [
      ['nova-api', []],
      ['nova-compute', []],
      ['nova-compute', ['--config-file=ROOT/nova.conf']],
      ['nova-compute', ['--config-file=ROOT/silent.conf']],
      ['nova-compute', ['--config-file=ROOT/nova.conf', '--config-dir=ROOT/nova.conf.d']],
    ]),
    [7200, 90, 1, 90, 7200],
  );
});

test('kolla: oslo.config gives each service its interval, the later place wins (Kolla-Ansible is not here)', async (t) => {
  const files = await renderShipped('kolla', {
    interval: 7200,
    compute_interval: 3600,
    hosts: ['compute-1'],
    host_interval: 90,
  });
  const all = textOf(files, 'nova.conf');
  const compute = textOf(files, 'nova/nova-compute.conf');
  const host = textOf(files, 'nova/compute-1/nova.conf');
  const [off] = await renderShipped('kolla', {interval: 0});
  t.deepEqual(osloReads([all], [all, compute], [all, compute, host], [off?.text ?? '']), [
    ...[7200, 3600, 90, 0].map(seconds),
  ]);
});

test('osa: Ansible loads the variables as one override of nova.conf (OpenStack-Ansible is not here)', async (t) => {
  const {folder, files} = await writtenExamples(t, 'osa');
  const data = read(files);
  for (const [example, interval] of Object.entries({'a-week': 604_800, off: 0})) {
    const name = `${example}/user_variables_delayed_delete.yml`;
    const wanted = {nova_nova_conf_overrides: {DEFAULT: {[OPTION]: interval}}};
    t.deepEqual(data[name], wanted);
    const args = ['localhost', '-i', 'localhost,', '-c', 'local', '-e', `@${folder}/${name}`];
    const shown = spawnSync('ansible', [...args, '-m', 'debug', '-a', 'var=nova_nova_conf_overrides'], {
      encoding: 'utf8',
    });
    t.is(shown.status, 0, shown.stderr);
    t.deepEqual(JSON.parse(shown.stdout.slice(shown.stdout.indexOf('{'))), wanted);
  }
});

test('openstack-helm: the values set the option for every service of the chart (Helm is not here)', async (t) => {
  const files = await renderShipped('openstack-helm', {interval: 7200});
  t.deepEqual(read(files)['delayed-delete.yaml'], {conf: {nova: {DEFAULT: {[OPTION]: 7200}}}});
});

test('rhoso: oslo.config reads the texts of the ConfigMap and of the patch; names agree (OpenShift is not here)', async (t) => {
  const examples = await renderExamples('rhoso');
  t.deepEqual(
    examples.map(({example}) => example),
    ['a-week', 'own-service', 'off'],
  );
  const all = examples.flatMap(({example, files}) =>
    files.map((file) => ({...file, path: `${example}/${file.path}`})),
  );
  const data = read(all);
  for (const {example, files} of examples) {
    const isOwn = example === 'own-service';
    const name = isOwn ? 'nova-delayed-delete' : 'nova-extra-config';
    const service = isOwn ? 'nova-delayed-delete' : 'nova';
    t.like(data[`${example}/configmap.yaml`], {kind: 'ConfigMap', metadata: {name, namespace: 'openstack'}});
    t.like(data[`${example}/deployment.yaml`], {
      kind: 'OpenStackDataPlaneDeployment',
      spec: {servicesOverride: [service]},
    });
    t.is(files.length, isOwn ? 4 : 3);
  }
  t.like(data['own-service/service.yaml'], {
    kind: 'OpenStackDataPlaneService',
    metadata: {name: 'nova-delayed-delete'},
    spec: {
      playbook: 'osp.edpm.nova',
      dataSources: [
        {secretRef: {name: 'nova-cell1-compute-config'}},
        {secretRef: {name: 'nova-migration-ssh-key'}},
        {configMapRef: {name: 'nova-extra-config', optional: true}},
        {configMapRef: {name: 'nova-delayed-delete'}},
      ],
    },
  });
  const texts = examples.flatMap(({example}) => [
    textAt(data[`${example}/configmap.yaml`], ['data', '25-nova-delayed-delete.conf']),
    textAt(data[`${example}/control-plane.yaml`], [
      ...['spec', 'nova', 'template', 'apiServiceTemplate', 'customServiceConfig'],
    ]),
  ]);
  t.deepEqual(osloReads(...texts.map((text) => [text])), [604_800, 604_800, 7200, 7200, 0, 0].map(seconds));
});

test('tripleo: every role gets the option as hieradata of nova::config (TripleO is not here)', async (t) => {
  const files = await renderShipped('tripleo', {interval: 7200, compute_roles: ['Compute', 'ComputeHCI']});
  const data = {'nova::config::nova_config': {[`DEFAULT/${OPTION}`]: {value: 7200}}};
  t.deepEqual(read(files)['delayed-delete.yaml'], {
    parameter_defaults: {
      ComputeExtraConfig: data,
      ComputeHCIExtraConfig: data,
      ControllerExtraConfig: data,
    },
  });
});

test('puppet: the data is a table for nova::config, which levels are merged for (Puppet is not here)', async (t) => {
  const files = await renderShipped('puppet', {interval: 0});
  t.deepEqual(read(files)['delayed-delete.yaml'], {
    lookup_options: {'nova::config::nova_config': {merge: 'hash'}},
    'nova::config::nova_config': {[`DEFAULT/${OPTION}`]: {value: 0}},
  });
});

test('juju: config-flags keeps what it had, whatever that is, and gets the option (Juju is not here)', async (t) => {
  const flags = `debug=true,my_ip="$(id)",name={{ x }}: 'y' #z`;
  const files = await renderShipped('juju', {interval: 7200, compute_flags: flags});
  const optionsWith = (text: string) => ({options: {'config-flags': text}});
  t.deepEqual(read(files)['delayed-delete-overlay.yaml'], {
    applications: {
      'nova-compute': optionsWith(`${flags},${OPTION}=7200`),
      'nova-cloud-controller': optionsWith(`${OPTION}=7200`),
    },
  });
});
