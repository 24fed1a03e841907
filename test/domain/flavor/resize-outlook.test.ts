import test from 'ava';
import {resizeProblems, type ResizedFlavor} from '../../../source/domain/flavor/resize-outlook.js';

const FLAVOR: ResizedFlavor = {id: 'a', diskGib: 20, ephemeralGib: 10, isDisabled: false};

test('a resize needs another flavor that is there, is not disabled, and has no smaller disks', (t) => {
  const to = (different: Partial<ResizedFlavor>) =>
    resizeProblems(FLAVOR, {...FLAVOR, id: 'b', ...different});
  t.deepEqual(to({}), []);
  t.deepEqual(to({diskGib: 40, ephemeralGib: 20}), []);
  t.deepEqual(to({id: 'a', diskGib: 0}), ['same-flavor']);
  t.deepEqual(to({id: undefined}), ['not-there']);
  t.deepEqual(to({isDisabled: true}), ['disabled']);
  t.deepEqual(to({diskGib: 0}), ['no-disk']);
  t.deepEqual(to({diskGib: 19}), ['smaller-disk']);
  t.deepEqual(to({ephemeralGib: 9}), ['smaller-ephemeral']);
  t.deepEqual(to({ephemeralGib: undefined, isDisabled: undefined}), []);
});

test('two flavors of files have no id, and are two', (t) => {
  const file = {...FLAVOR, id: undefined, ephemeralGib: undefined, isDisabled: undefined};
  t.deepEqual(resizeProblems(file, file), ['not-there']);
});
