import test from 'ava';
import {flavorReference} from '../../../source/app/flavor/flavor-reference.js';

test('words with a slash or the ending of a file, and a hyphen, are files; all others are of the cloud', (t) => {
  for (const word of [
    'm1.small',
    'gpu#2',
    'a json',
    '7b0d3b5c-0000-4000-8000-000000000001',
    'm1.json5',
    '',
  ]) {
    t.deepEqual(flavorReference(word), {kind: 'cloud', word}, word);
  }
  for (const file of ['-', 'f.json', 'F.YAML', 'f.yml', 'f.jsonl', './flavors', '/dev/fd/63', 'dir/f']) {
    t.deepEqual(flavorReference(file), {kind: 'file', file, name: undefined}, file);
    t.deepEqual(flavorReference(`${file}#m1.a#b/c`), {kind: 'file', file, name: 'm1.a#b/c'}, file);
  }
  t.deepEqual(flavorReference('f.json#'), {kind: 'file', file: 'f.json', name: ''});
});

test('a prefix says which it is, whatever it looks like', (t) => {
  t.deepEqual(flavorReference('cloud:f.json'), {kind: 'cloud', word: 'f.json'});
  t.deepEqual(flavorReference('cloud:a/b#c'), {kind: 'cloud', word: 'a/b#c'});
  t.deepEqual(flavorReference('cloud:cloud:x'), {kind: 'cloud', word: 'cloud:x'});
  t.deepEqual(flavorReference('file:flavors'), {kind: 'file', file: 'flavors', name: undefined});
  t.deepEqual(flavorReference('file:-#m1'), {kind: 'file', file: '-', name: 'm1'});
  t.deepEqual(flavorReference('file:flavors#m1'), {kind: 'file', file: 'flavors', name: 'm1'});
});
