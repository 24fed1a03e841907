import test from 'ava';
import {editKilledEverywhere, putBackKilledEverywhere} from '../helpers/node-killer.js';

// Killed before each command with dash: test/node/change-killed.test.ts.
for (const [when, shell] of [
  ['middle', 'dash'],
  ['before', 'bash'],
] as const) {
  test(`an edit killed at any command (${when} it, ${shell}) leaves a whole file, and again ends well`, async (t) => {
    t.timeout(600_000);
    const commands = await editKilledEverywhere(t, {when, shell});
    t.true(commands > 18, `${commands} commands`);
  });
}

for (const when of ['before', 'middle'] as const) {
  test(`putting back killed at any command (${when} it) leaves a whole file, and again ends well`, async (t) => {
    t.timeout(600_000);
    const commands = await putBackKilledEverywhere(t, {when, shell: 'dash'});
    t.true(commands > 15, `${commands} commands`);
  });
}
