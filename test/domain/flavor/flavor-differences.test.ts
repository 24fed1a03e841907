import test from 'ava';
import {
  flavorContent,
  flavorDifferences,
  haveSameSize,
} from '../../../source/domain/flavor/flavor-differences.js';

const PLAIN = {vcpus: 2, memoryMib: 1024, diskGib: 10, extraSpecs: {}};

test('sizes come first, then extra specs by name; one that is not there has no value', (t) => {
  const before = {...PLAIN, extraSpecs: {b: '1', a: '1', same: 'x'}, swapMib: 0};
  const after = {...PLAIN, vcpus: 4, extraSpecs: {c: '', a: '2', same: 'x'}, swapMib: 512};
  t.deepEqual(flavorDifferences(before, after), [
    {property: 'vcpus', before: '2', after: '4'},
    {property: 'swap', before: '0', after: '512'},
    {property: 'a', before: '1', after: '2'},
    {property: 'b', before: '1', after: undefined},
    {property: 'c', before: undefined, after: ''},
  ]);
  t.deepEqual(flavorDifferences(before, before), []);
});

test('what is not known of one of them is no difference', (t) => {
  const hidden = {...PLAIN, extraSpecs: undefined};
  const local = {...PLAIN, ephemeralGib: 5, extraSpecs: {a: '1'}};
  t.deepEqual(flavorDifferences(hidden, local), []);
  t.true(haveSameSize(hidden, local));
  t.false(haveSameSize({...PLAIN, ephemeralGib: 0}, local));
});

test('flavors of the same content have the same text, whatever the order of their specs', (t) => {
  const one = {...PLAIN, extraSpecs: {a: '1', b: '2'}};
  const other = {...PLAIN, ephemeralGib: 0, extraSpecs: {b: '2', a: '1'}};
  t.is(flavorContent(one), flavorContent(other));
  t.not(flavorContent(one), flavorContent({...one, ephemeralGib: 1}));
  t.not(flavorContent(one), flavorContent({...one, extraSpecs: {'a","1"],["b': '2'}}));
  t.not(flavorContent(PLAIN), flavorContent({...PLAIN, extraSpecs: undefined}));
});
