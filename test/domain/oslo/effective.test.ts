import test from 'ava';
import {compareSources} from '../../../source/domain/oslo/compare.js';
import {convert, valueText} from '../../../source/domain/oslo/convert.js';
import {fromLatin1} from '../../../source/domain/oslo/bytes.js';
import {readDocument} from '../../../source/domain/oslo/document.js';
import {effectiveValue, startupFailure, type ConfigSource} from '../../../source/domain/oslo/effective.js';
import {novaOptions, type OptionType} from '../../../source/domain/oslo/options.js';
import {hasReference, replaceReferences} from '../../../source/domain/oslo/substitute.js';

const known = novaOptions({hostname: 'compute-1', address: '192.0.2.1'});

function file(name: string, text: string): ConfigSource {
  return {kind: 'file', file: name, document: readDocument(fromLatin1(text))};
}

function read(text: string, option: string, group = 'DEFAULT', type?: OptionType) {
  const query = {group, option, environment: {}, known};
  return effectiveValue([file('nova.conf', text)], type === undefined ? query : {...query, type});
}

test("Nova's own defaults are followed through their references", (t) => {
  t.like(read('[DEFAULT]\nstate_path = /srv/nova\n', 'instances_path'), {
    kind: 'value',
    value: '/srv/nova/instances',
    source: undefined,
  });
  t.like(read('', 'console_host'), {value: 'compute-1'});
  t.like(read('', 'my_block_storage_ip'), {value: '192.0.2.1'});
  t.like(read('[libvirt]\n', 'snapshots_directory', 'libvirt'), {
    value: '/usr/lib/python3/dist-packages/instances/snapshots',
  });
});

test('a reference to an option that a file sets but that is not known here is followed, with a warning', (t) => {
  const result = read(
    '[DEFAULT]\nreclaim_instance_interval = $house_rule\nhouse_rule = 60\n',
    'reclaim_instance_interval',
  );
  t.like(result, {kind: 'value', value: 60n});
  t.regex(result.warnings.join('\n'), /\[DEFAULT\] house_rule is not among the options known here/);
});

const failures: readonly (readonly [value: string, option: string, group: string, error: string])[] = [
  ['$nosuch', 'x', 'DEFAULT', 'NoSuchOptError'],
  ['$x', 'x', 'DEFAULT', 'NoSuchOptError'],
  ['${nogroup.x}', 'x', 'DEFAULT', 'NoSuchOptError'],
  ['${DEFAULT.host}', 'x', 'DEFAULT', 'NoSuchOptError'],
  ['$nosuch', 'x', 'api', 'NoSuchOptError'],
  ['$x', 'x', 'api', 'RecursionError'],
  ['${nogroup.x}', 'x', 'api', 'NoSuchGroupError'],
  ['$libvirt', 'x', 'api', 'TemplateSubstitutionError'],
];
for (const [value, option, group, error] of failures) {
  test(`${value} in [${group}] raises ${error}`, (t) => {
    t.like(read(`[${group}]\n${option} = ${value}\n`, option, group), {kind: 'access-error', error});
  });
}

test('what stops a start comes in the order in which oslo.config meets it', (t) => {
  const good = file('good', '[DEFAULT]\n');
  const broken = file('broken', 'junk\n');
  const missing = {kind: 'missing-file', file: 'none'} as const;
  const denied = {kind: 'denied', file: 'secret'} as const;
  const folder = {kind: 'missing-directory', directory: 'dir'} as const;
  t.is(startupFailure([good]), undefined);
  t.like(startupFailure([denied, missing, folder, broken]), {error: 'ConfigDirNotFoundError', file: 'dir'});
  t.like(startupFailure([denied, missing, broken, folder]), {error: 'ConfigFileParseError', line: 1});
  t.like(startupFailure([denied, missing, good]), {error: 'ConfigFilesNotFoundError', file: 'none'});
  t.like(startupFailure([denied, good]), {error: 'ConfigFilesPermissionDeniedError', file: 'secret'});
  t.like(startupFailure([{kind: 'unreadable', file: 'x', reason: 'it is a directory'}]), {error: 'OSError'});
});

test('a bad value of the environment has another class where no file sets the option', (t) => {
  const environment = {OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL: 'x'};
  const query = {group: 'DEFAULT', option: 'reclaim_instance_interval', environment, known};
  t.like(effectiveValue([], query), {error: 'ConfigSourceValueError'});
  const set = file('a', '[DEFAULT]\nreclaim_instance_interval = 5\n');
  t.like(effectiveValue([set], query), {error: 'ConfigFileValueError'});
});

test('dollar signs that begin no reference stay', (t) => {
  t.is(
    replaceReferences('$$a $ ${a \\$b $1 ${1}', () => 'X'),
    '$a $ ${a $b $1 ${1}',
  );
  t.is(
    replaceReferences('$a.b-${a.b}', (name) => `<${name}>`),
    '<a.b>-<a.b>',
  );
  t.true(hasReference('x$a'));
  t.false(hasReference('x$$a'));
});

test('values are converted and shown as in Python', (t) => {
  t.like(convert(' ', 'integer'), {value: null});
  t.is(convert('1.0', 'integer').kind, 'invalid');
  t.is(convert(' true', 'boolean').kind, 'invalid');
  t.like(convert('TRUE', 'boolean'), {value: true});
  t.deepEqual(convert(' a, b ,,', 'list'), {kind: 'value', value: ['a', 'b']});
  t.is(valueText(null), '');
  t.is(valueText(true), 'True');
  t.is(
    valueText(["it's", 'a\\b', '\u00e9', '\u0007', '\u200b']),
    "[\"it's\", 'a\\\\b', '\u00e9', '\\x07', '\\u200b']",
  );
});

test('files that say the same in another way do not differ', (t) => {
  const left = [file('a', '[DEFAULT]\nx = 1\ny = 2\n[API]\nz: "3"\n')];
  const right = [file('b', '[api]\nz=3\n'), file('c', '[DEFAULT]\ny = 9\nx = 1\ny = 2\n')];
  t.deepEqual(compareSources(left, right), []);
  t.like(compareSources(left, [file('d', '[DEFAULT]\nx = 1\n[api]\nz = 4\n')]), [
    {group: 'DEFAULT', option: 'y', right: undefined},
    {group: 'api', option: 'z', left: {raw: '3', line: 5}, right: {raw: '4'}},
  ]);
});
