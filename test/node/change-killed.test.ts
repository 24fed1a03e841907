import test from 'ava';
import {editKilledEverywhere} from '../helpers/node-killer.js';

// The other shells, moments and ways back are in test/real/node-killed.test.ts: they take minutes.
test('an edit killed before any of its commands leaves a whole file, and again ends well', async (t) => {
  t.timeout(180_000);
  const commands = await editKilledEverywhere(t, {when: 'before', shell: 'dash'});
  t.true(commands > 20, `${commands} commands`);
});
