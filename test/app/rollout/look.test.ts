import test from 'ava';
import {look} from '../../../source/app/rollout/look.js';
import type {Shell} from '../../../source/app/ports.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';

const NODE = {
  name: 'compute-1',
  address: {name: 'compute-1'},
  roles: ['compute'],
  groups: [],
  novaHost: undefined,
  deployment: undefined,
  overrides: {},
} as const;

test('a login that takes its time does not make a clock look wrong', async (t) => {
  const clock = new VirtualClock();
  const nobody = new Error('is not needed here');
  const shell: Shell = {
    async run(_node, _script, {signal, onSent}) {
      // Somebody types the password of a key.
      await clock.sleep(60_000, signal);
      onSent?.();
      const now = clock.now() / 1000 + 7;
      await clock.sleep(1000, signal);
      const lines = ['begin\tfacts', 'hostname\tcompute-1', 'fqdn\tcompute-1', 'boot\tb', `now\t${now}`];
      const stdout = new TextEncoder().encode([...lines, 'os\tdebian', 'end\tfacts', ''].join('\n'));
      return {kind: 'exited', code: 0, stdout, stderr: ''};
    },
    dial: () => Promise.reject(nobody),
    release: () => Promise.reject(nobody),
    close: () => Promise.reject(nobody),
  };
  const programs = {facts: 'main </dev/null\n', examine: '', change: '', lock: '', service: '', forget: ''};
  const found = await look({shell, clock, programs}, NODE, {}, new AbortController().signal);
  // Half of what the program took is uncertain.
  t.is(found.kind === 'seen' ? found.clockOffsetMs : undefined, 6500);
});
