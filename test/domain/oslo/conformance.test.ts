import {readFileSync} from 'node:fs';
import test from 'ava';
import {readDocument} from '../../../source/domain/oslo/document.js';
import {effectiveValue, type ConfigSource} from '../../../source/domain/oslo/effective.js';
import {configFilesIn} from '../../../source/domain/oslo/search.js';

type Case = {
  readonly id: string;
  readonly input: {
    readonly files: readonly {readonly name: string; readonly content: string}[];
    readonly order: readonly string[];
  };
  readonly expect: {
    readonly value?: unknown;
    readonly startup_error?: string;
    readonly access_error?: string;
  };
};

// Integers in the fixture are larger than a JavaScript number holds: they are read from their source text.
const text = readFileSync('test/fixtures/conformance/config_files.json', 'utf8').replaceAll(
  /"value": (-?\d+)/g,
  '"value": "$1n"',
);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const {cases} = JSON.parse(text) as {cases: Case[]};

const known = [
  {group: 'DEFAULT', name: 'my_var', type: 'string', default: '7'},
  {group: 'DEFAULT', name: 'service_down_time', type: 'integer', default: '60'},
  {group: 'DEFAULT', name: 'reclaim_instance_interval', type: 'integer', default: '0'},
] as const;

function sourcesOf({files, order}: Case['input']): ConfigSource[] {
  const read = (name: string): ConfigSource => {
    const file = files.find((one) => one.name === name);
    if (file === undefined) return {kind: 'missing-file', file: name};
    return {kind: 'file', file: name, document: readDocument(new TextEncoder().encode(file.content))};
  };
  return order.flatMap((entry): ConfigSource[] => {
    const [kind, name = ''] = entry.split(':');
    if (kind === 'file') return [read(name)];
    const inside = files.filter((file) => file.name.startsWith(`${name}/`));
    if (inside.length === 0) return [{kind: 'missing-directory', directory: name}];
    return configFilesIn(inside.map((file) => file.name.slice(name.length + 1))).map((entryName) =>
      read(`${name}/${entryName}`),
    );
  });
}

test('there are cases', (t) => {
  t.true(cases.length >= 20);
});

for (const {id, input, expect} of cases) {
  test(`${id} is answered as oslo.config answered it`, (t) => {
    const answer = effectiveValue(sourcesOf(input), {
      group: 'DEFAULT',
      option: 'reclaim_instance_interval',
      environment: {},
      known,
    });
    switch (answer.kind) {
      case 'value': {
        const value = typeof answer.value === 'bigint' ? `${answer.value}n` : answer.value;
        t.deepEqual({value}, expect);
        break;
      }
      case 'access-error':
        t.deepEqual({access_error: answer.error}, expect);
        break;
      case 'startup-error':
        t.deepEqual({startup_error: answer.error}, expect);
        break;
      default:
        t.fail();
    }
  });
}
