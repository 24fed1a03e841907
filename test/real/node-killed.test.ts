import test from 'ava';
import {editKilledEverywhere, putBackKilledEverywhere} from '../helpers/node-killer.js';

for (const shell of ['dash', 'bash']) {
  for (const when of ['before', 'middle'] as const) {
    test(`an edit killed at any command (${when} it, ${shell}) leaves a whole file, and again ends well`, async (t) => {
      t.timeout(300_000);
      const commands = await editKilledEverywhere(t, {when, shell});
      t.true(commands > 30, `${commands} commands`);
    });

    test(`putting back killed at any command (${when} it, ${shell}) leaves a whole file, and again ends well`, async (t) => {
      t.timeout(300_000);
      const commands = await putBackKilledEverywhere(t, {when, shell});
      t.true(commands > 20, `${commands} commands`);
    });
  }
}
