import test from 'ava';
import {bodyProblems, type RequestSchema} from '../../../source/domain/flavor/request-body.js';
import {conformanceCases} from '../../helpers/flavor-cases.js';

type Input = {readonly schema: RequestSchema; readonly body: unknown};

for (const {id, input, expect} of conformanceCases<Input, unknown>('request_bodies')) {
  test(`${id} is what Nova answered`, (t) => {
    const isValid = bodyProblems(input.schema, input.body).length === 0;
    t.deepEqual(isValid ? {valid: true} : {valid: false, code: 400, error: 'ValidationError'}, expect);
  });
}

const FLAVOR = {name: 'm1', ram: 64, vcpus: 1, disk: 1};

for (const [what, schema, body, problems] of [
  ['a body that is a list', 'flavor_create_2.1', [], [': must be an object']],
  [
    'a flavor without sizes',
    'flavor_create_2.1',
    {flavor: {name: 'x', ram: 1}},
    ['flavor.vcpus: is missing', 'flavor.disk: is missing'],
  ],
  [
    'a description below 2.55',
    'flavor_create_2.1',
    {flavor: {...FLAVOR, description: 'x'}},
    ['flavor.description: is not known'],
  ],
  [
    'a factor from 2.102 on',
    'flavor_create_2.102',
    {flavor: {...FLAVOR, rxtx_factor: 1}},
    ['flavor.rxtx_factor: is not known'],
  ],
  [
    'a name with a line end inside',
    'flavor_create_2.55',
    {flavor: {...FLAVOR, name: 'a\nb'}},
    ['flavor.name: must have printable characters only'],
  ],
  [
    'a name outside the first plane',
    'flavor_create_2.55',
    {flavor: {...FLAVOR, name: '🦆'}},
    ['flavor.name: must have printable characters only'],
  ],
  [
    'a name with a no-break space at its end',
    'flavor_create_2.55',
    {flavor: {...FLAVOR, name: 'a\u00A0'}},
    ['flavor.name: must not begin or end with a blank'],
  ],
  [
    'two specs in one update',
    'extra_specs_update',
    {a: '1', b: '1'},
    [': must have exactly one spec, not 2'],
  ],
  [
    'a spec that is null',
    'extra_specs_create',
    {extra_specs: {a: null}},
    ['extra_specs.a: must be a text of at most 255 characters or a number'],
  ],
  [
    'a name of a spec with a slash',
    'extra_specs_create',
    {extra_specs: {'a/b': ''}},
    ['extra_specs.a/b: must be 1 to 255 of letters, digits, blanks and - _ : .'],
  ],
  [
    'access without a project',
    'flavor_access_add',
    {addTenantAccess: {}},
    ['addTenantAccess.tenant: is missing'],
  ],
  ['access', 'flavor_access_remove', {removeTenantAccess: {tenant: 'p'}}, []],
  [
    'a name of Object itself',
    'flavor_create_2.55',
    {flavor: {...FLAVOR, constructor: 1}},
    ['flavor.constructor: is not known'],
  ],
] as const) {
  test(`${what} in ${schema} has ${problems.length === 0 ? 'no problem' : 'its problem named'}`, (t) => {
    t.deepEqual(
      bodyProblems(schema, body).map(({path, detail}) => `${path}: ${detail}`),
      [...problems],
    );
  });
}
