import {readFile} from 'node:fs/promises';
import test from 'ava';
import {CAUSES} from '../../source/app/doctor/causes/causes.js';

const PAGE = new URL('../../../docs/doctor.md', import.meta.url);

test('the page has every cause, in the order of the checklist, and no other', async (t) => {
  const [, table = ''] = (await readFile(PAGE, 'utf8')).split('## Causes');
  const rows = Array.from(table.matchAll(/^\| (`.*?`) \|/gm), ([, codes = '']) => codes);
  const codes = rows.flatMap((row) => Array.from(row.matchAll(/`(\w+)`/g), ([, code]) => code));
  t.deepEqual(
    codes,
    CAUSES.map(({code}) => code),
  );
  t.is(new Set(codes).size, codes.length);
});
