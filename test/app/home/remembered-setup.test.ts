import test from 'ava';
import {recallSetup, withSetup, type RememberedSetup} from '../../../source/app/home/remembered-setup.js';
import {LABEL} from '../../helpers/home-fleet.js';

const SETUP: RememberedSetup = {
  at: 1_000,
  verdict: 'wrong',
  api: {good: 3, of: 3},
  computes: {good: 493, of: 496},
  intervalSeconds: 7200,
};

test('what was written of a cloud is read again, and of no other', (t) => {
  const text = withSetup(undefined, LABEL, SETUP);
  t.deepEqual(recallSetup(text, LABEL), SETUP);
  t.is(recallSetup(text, {...LABEL, name: 'other'}), undefined);
  t.is(recallSetup(text, {...LABEL, region: undefined}), undefined);
  t.is(recallSetup(text, {...LABEL, authUrl: 'http://b'}), undefined);
  t.deepEqual(recallSetup(text, {...LABEL, scope: undefined}), SETUP);
});

test('an interval that is not known stays so', (t) => {
  const setup: RememberedSetup = {...SETUP, verdict: 'off', intervalSeconds: undefined};
  t.deepEqual(recallSetup(withSetup(undefined, LABEL, setup), LABEL), setup);
});

test('clouds are remembered side by side, the newest of each, twenty at most', (t) => {
  let text: string | undefined;
  for (let number = 1; number <= 25; number += 1) {
    text = withSetup(text, {...LABEL, name: `cloud-${number}`}, {...SETUP, at: number});
  }
  text = withSetup(text, {...LABEL, name: 'cloud-25'}, {...SETUP, at: 99});
  t.is(recallSetup(text, {...LABEL, name: 'cloud-25'})?.at, 99);
  t.is(recallSetup(text, {...LABEL, name: 'cloud-6'})?.at, 6);
  t.is(recallSetup(text, {...LABEL, name: 'cloud-5'}), undefined);
});

test('nonsense in the file is no memory, and is replaced', (t) => {
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"version":2,"clouds":[]}',
    '{"version":1,"clouds":[{"name":1}]}',
  ]) {
    t.is(recallSetup(text, LABEL), undefined, text);
    t.deepEqual(recallSetup(withSetup(text, LABEL, SETUP), LABEL), SETUP, text);
  }
});
