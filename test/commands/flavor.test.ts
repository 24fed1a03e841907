import test from 'ava';
import {flavor} from '../../source/commands/flavor.js';
import {readCommandLine} from '../../source/commands/program.js';
import {cellWidth} from '../../source/text/cells.js';

const registry = [{name: flavor.name, summary: flavor.summary, load: () => Promise.resolve(flavor)}];

for (const words of [['flavor'], ...flavor.commands.map(({name}) => ['flavor', name])]) {
  test(`the help of ${words.join(' ')} fits 80 columns`, async (t) => {
    const request = await readCommandLine([...words, '--help'], registry, '1.2.3');
    if (request.kind !== 'print') throw new Error('no help');
    t.regex(request.text, new RegExp(`^Usage: reprieve ${words.join(' ')} `));
    for (const line of request.text.split('\n')) t.true(cellWidth(line) <= 80, line);
  });
}
