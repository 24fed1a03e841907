import test from 'ava';
import {silentCells} from '../../../source/app/watch/silent-cells.js';
import type {ComputeService} from '../../../source/domain/fleet/compute-api.js';

const service = (host: string, more: Partial<ComputeService> = {}): ComputeService => ({
  id: host,
  binary: 'nova-compute',
  host,
  zone: undefined,
  status: 'unknown',
  state: 'unknown',
  disabledReason: undefined,
  isForcedDown: false,
  updatedAt: undefined,
  ...more,
});

test('a cell that does not answer is told with its hosts', (t) => {
  const up = service('near', {status: 'enabled', state: 'up'});
  t.is(
    silentCells([up, service('far-1')]),
    'a cell of Nova does not answer: its servers are missing, those of far-1',
  );
  const many = ['far-1', 'far-1', 'far-2', 'far-3', 'far-4', 'far-5'].map((host) => service(host));
  t.regex(silentCells([up, ...many]) ?? '', /missing, those of far-1, far-2, far-3 and 2 more$/);
  t.is(silentCells([service('UNKNOWN')]), 'a cell of Nova does not answer: its servers are missing');
});

test('hosts that are down or disabled, and services that we may not see, are no cell that is down', (t) => {
  const down = service('near', {status: 'enabled', state: 'down'});
  const disabled = service('other', {status: 'disabled', state: 'up'});
  t.is(silentCells([down, disabled]), undefined);
  t.is(silentCells([]), undefined);
  t.is(silentCells(undefined), undefined);
});
