import test from 'ava';
import {toReading} from '../../../source/domain/fleet/role-config.js';

const valueOf = (value: bigint) =>
  toReading({
    type: 'integer',
    source: {kind: 'environment', variable: 'OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL', raw: String(value)},
    overridden: [],
    warnings: [],
    kind: 'value',
    value,
  });

test('an interval of any length is a number that can be printed', (t) => {
  t.deepEqual(valueOf(7200n), {kind: 'value', seconds: 7200});
  t.deepEqual(valueOf(10n ** 18n), {kind: 'value', seconds: 10 ** 18});
  for (const huge of [10n ** 21n, 10n ** 400n]) {
    t.deepEqual(valueOf(huge), {kind: 'value', seconds: 10 ** 20});
    t.deepEqual(valueOf(-huge), {kind: 'value', seconds: -(10 ** 20)});
  }
});
