/**
 * `npm run docs:pictures`: draws docs/pictures anew with the program as it is built. With `-- --check` nothing is
 * written, and the exit code is 1 where a picture is missing, out of date, or belongs to nothing. With names of
 * stories only theirs are drawn.
 * Needs `script` and `stty` (bsdutils and coreutils).
 */
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {exitOnSignals} from '../helpers/at-exit.js';
import {SCHEMES} from './colours.js';
import {drawStory, filesOf} from './draw.js';
import {STORIES} from './stories.js';

const FOLDER = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
const {values, positionals} = parseArgs({
  options: {check: {type: 'boolean', default: false}},
  allowPositionals: true,
});
const unknown = positionals.filter((word) => !STORIES.some(({name}) => name === word));
if (unknown.length > 0) {
  console.error(
    `there is no story ${unknown.join(', ')}; there are ${STORIES.map(({name}) => name).join(', ')}`,
  );
  process.exit(2);
}

exitOnSignals();
await mkdir(FOLDER, {recursive: true});
const there = new Set((await readdir(FOLDER)).filter((name) => name.endsWith('.svg')));
let isRight = true;
for (const story of STORIES) {
  if (positionals.length > 0 && !positionals.includes(story.name)) continue;
  // A story that breaks off lets the other one come to its end: nothing of them is left then.
  const looks = await Promise.allSettled(
    [SCHEMES.dark, SCHEMES.light].map(async ({name}) => drawStory(story, name)),
  );
  const drawn = looks.flatMap((look) => {
    if (look.status === 'rejected') throw look.reason;
    return look.value;
  });
  for (const {file, svg} of drawn) {
    const place = path.join(FOLDER, file);
    const isThere = there.has(file);
    const isSame = isThere && (await readFile(place, 'utf8')) === svg;
    const state = isSame ? 'is up to date' : isThere ? 'is out of date' : 'is missing';
    console.log(`docs/pictures/${file} ${values.check || isSame ? state : 'is drawn'}`);
    if (values.check) {
      isRight &&= isSame;
      if (isThere) tellDifference(await readFile(place, 'utf8'), svg);
    } else if (!isSame) await writeFile(place, svg);
  }
}
const wanted = new Set(
  STORIES.flatMap((story) => [SCHEMES.dark, SCHEMES.light].flatMap(({name}) => filesOf(story, name))),
);
for (const file of there) {
  if (wanted.has(file)) continue;
  console.log(`docs/pictures/${file} is of nothing in test/pictures/stories.ts`);
  if (values.check) isRight = false;
  else await rm(path.join(FOLDER, file));
}
if (!isRight) console.error('draw them anew with: npm run docs:pictures');
process.exitCode = isRight ? 0 : 1;

/** The first lines that are in one of them only. */
function tellDifference(before: string, after: string): void {
  const [old, drawn] = [before.split('\n'), after.split('\n')];
  for (const line of old.filter((one) => !drawn.includes(one)).slice(0, 5)) console.log(`  - ${line}`);
  for (const line of drawn.filter((one) => !old.includes(one)).slice(0, 5)) console.log(`  + ${line}`);
}
