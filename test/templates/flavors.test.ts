// What the templates of flavors make, read by what reads such files and held against the flavor that was given.
import test from 'ava';
import {parse} from 'yaml';
import {flavorYaml} from '../../source/adapters/files/flavor-yaml.js';
import {readWishes, type WishEvent} from '../../source/app/flavor/read-wishes.js';
import {flavorValues} from '../../source/app/template/known-values.js';
import {readHcl} from '../helpers/read-hcl.js';
import {renderShipped, textOf} from '../helpers/shipped-templates.js';

/** With whatever means something in one of the languages. */
const ODD = `it's "fast" \\n {{ and }} {% if %} \${HOME} %{x} $$\${y} %%%{z} $(id) \`id\` # é`;
const SPECS = {'hw:watchdog_action': 'poweroff', 'aggregate_instance_extra_specs:pool': ODD};
const FLAVOR = {
  name: `- ${ODD}`,
  vcpus: 4,
  ram: 8192,
  disk: 20,
  ephemeral: 5,
  swap: 512,
  rxtx_factor: 1.5,
  id: 'odd 1',
  description: ODD,
  public: false,
  projects: ['4b3fd5a1c2f54f7c9d1e0a6b7c8d9e0f', ODD],
  extra_specs: SPECS,
};
const PLAIN = {name: 'm1.plain', vcpus: 1, ram: 512};
const SIZES = {vcpus: 4, ram: 8192, disk: 20, ephemeral: 5, swap: 512};

async function wishesOf(text: string): Promise<readonly WishEvent[]> {
  const inputs = {
    read: async () => Promise.resolve({kind: 'bytes' as const, bytes: new TextEncoder().encode(text)}),
  };
  const ports = {inputs, yaml: async () => Promise.resolve(flavorYaml())};
  const events: WishEvent[] = [];
  for await (const event of readWishes('f', ports, {isExact: false, release: undefined})) events.push(event);
  return events;
}

test('the JSON of a flavor is read by flavor create as the flavor that was given', async (t) => {
  const [event, ...others] = await wishesOf(
    textOf(await renderShipped('flavor-file', FLAVOR), 'flavor.json'),
  );
  t.deepEqual(others, []);
  if (event?.kind !== 'wish') return t.fail(JSON.stringify(event));
  const {public: isPublic, ...rest} = flavorValues({
    flavor: event.wish.flavor,
    settings: event.wish.settings,
  });
  t.like({...rest, public: isPublic}, FLAVOR);
  const again = await renderShipped('flavor-file', {}, {flavor: {...rest, public: isPublic}});
  t.is(textOf(again, 'flavor.json'), textOf(await renderShipped('flavor-file', FLAVOR), 'flavor.json'));
});

test('a flavor of name and sizes alone is public and without specs in each of them', async (t) => {
  const file: unknown = JSON.parse(textOf(await renderShipped('flavor-file', PLAIN), 'flavor.json'));
  t.like(file, {...PLAIN, is_public: true, extra_specs: {}});
  const stack: unknown = parse(textOf(await renderShipped('heat', PLAIN), 'flavor.yaml'));
  t.like(stack, {resources: {flavor: {properties: {...PLAIN, is_public: true}}}});
  const {resource} = readHcl(textOf(await renderShipped('terraform', PLAIN), 'flavor.tf'));
  t.like(resource, {
    'openstack_compute_flavor_v2 flavor': {...PLAIN, is_public: true, extra_specs: undefined},
  });
  const script = textOf(await renderShipped('openstack-cli', PLAIN), 'flavor.sh');
  t.notRegex(script, /--private|--description|--property|openstack project/);
});

test('a flavor with projects is private in each of them, whatever is said of public', async (t) => {
  const given = {...PLAIN, public: true, projects: ['shop']};
  const file: unknown = JSON.parse(textOf(await renderShipped('flavor-file', given), 'flavor.json'));
  t.like(file, {is_public: false, projects: ['shop']});
  const stack: unknown = parse(textOf(await renderShipped('heat', given), 'flavor.yaml'));
  t.like(stack, {resources: {flavor: {properties: {is_public: false, tenants: ['shop']}}}});
  const {resource} = readHcl(textOf(await renderShipped('terraform', given), 'flavor.tf'));
  t.like(resource, {'openstack_compute_flavor_v2 flavor': {is_public: false}});
  t.regex(textOf(await renderShipped('openstack-cli', given), 'flavor.sh'), /set -- "\$@" --private/);
  t.regex(textOf(await renderShipped('ansible-flavor', given), 'flavor.yml'), /is_public: false/);
});

test('Heat is given every text of the flavor as it is', async (t) => {
  const {description: _none, ...given} = FLAVOR;
  const stack: unknown = parse(textOf(await renderShipped('heat', given), 'flavor.yaml'));
  t.like(stack, {
    heat_template_version: '2018-08-31',
    resources: {
      flavor: {
        type: 'OS::Nova::Flavor',
        properties: {
          ...SIZES,
          name: FLAVOR.name,
          flavorid: FLAVOR.id,
          rxtx_factor: 1.5,
          is_public: false,
          tenants: FLAVOR.projects,
          extra_specs: SPECS,
        },
      },
    },
  });
});

test('Terraform is given every text of the flavor as it is, and access by id or by name', async (t) => {
  const {resource} = readHcl(textOf(await renderShipped('terraform', FLAVOR), 'flavor.tf'));
  t.like(resource, {
    'openstack_compute_flavor_v2 flavor': {
      ...SIZES,
      name: FLAVOR.name,
      flavor_id: FLAVOR.id,
      description: FLAVOR.description,
      rx_tx_factor: 1.5,
      is_public: false,
      extra_specs: SPECS,
      lifecycle: {prevent_destroy: true},
    },
    'openstack_compute_flavor_access_v2 access': {
      for_each: {toset: FLAVOR.projects},
      tenant_id: {reference: 'each.value'},
    },
  });
  const named = await renderShipped('terraform', {...FLAVOR, projects_by: 'name', cloud: ODD});
  const {data, ...others} = readHcl(textOf(named, 'flavor.tf'));
  t.like(data, {'openstack_identity_project_v3 project': {for_each: {toset: FLAVOR.projects}}});
  t.like(others['resource'], {
    'openstack_compute_flavor_access_v2 access': {tenant_id: {reference: 'each.value.id'}},
  });
  t.like(readHcl(textOf(named, 'versions.tf')), {provider: {openstack: {cloud: ODD}}});
});

test('the folder of Terraform gets no second provider where it has one', async (t) => {
  const files = await renderShipped('terraform', {...PLAIN, versions: false});
  t.deepEqual(
    files.map(({path}) => path),
    ['flavor.tf'],
  );
});

test('a server of Terraform is made only with a word on force_delete', async (t) => {
  const server = {name: ODD, flavor: 'm1.plain', image: 'debian-12', network: 'shop'};
  await t.throwsAsync(renderShipped('terraform-vm', server), {message: /needs force_delete/});
  for (const force of [true, false]) {
    const files = await renderShipped('terraform-vm', {...server, force_delete: force, interval: '2h'});
    const {resource} = readHcl(textOf(files, 'server.tf'));
    t.like(resource, {
      'openstack_compute_instance_v2 server': {
        name: ODD,
        flavor_name: 'm1.plain',
        image_name: 'debian-12',
        network: {name: 'shop'},
        force_delete: force,
      },
    });
    t.regex(textOf(files, 'server.tf'), force ? /cannot be restored/ : /can be restored for 7200 s/);
  }
});

test('sizes that no flavor has are refused, with the value', async (t) => {
  for (const [name, value] of [
    ['vcpus', 0],
    ['ram', -1],
    ['disk', 2_147_483_648],
    ['rxtx_factor', 0],
    ['name', ' blank'],
    ['id', 'a/b'],
    // Nova has descriptions of one line, which its documentation does not say.
    ['description', 'two\nlines'],
  ] as const) {
    for (const template of ['openstack-cli', 'flavor-file', 'terraform', 'heat', 'ansible-flavor']) {
      if (template === 'heat' && name === 'description') continue;
      await t.throwsAsync(renderShipped(template, {...PLAIN, [name]: value}), {
        message: new RegExp(`^value ${name} `),
      });
    }
  }
});
