/**
 * `npm run docs:pictures`: draws docs/pictures anew with the program as it is built. With `-- --check` nothing is
 * written, and the exit code is 1 where a picture is missing, out of date, or belongs to nothing.
 * Needs `script` and `stty` (bsdutils and coreutils).
 */
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {drawPicture} from './draw.js';
import {PICTURES} from './pictures.js';

const FOLDER = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
const {values} = parseArgs({options: {check: {type: 'boolean', default: false}}});

await mkdir(FOLDER, {recursive: true});
const left = new Set((await readdir(FOLDER)).filter((name) => name.endsWith('.svg')));
let isRight = true;
for (const picture of PICTURES) {
  for (const {file, svg} of await drawPicture(picture)) {
    const place = path.join(FOLDER, file);
    const isThere = left.delete(file);
    const isSame = isThere && (await readFile(place, 'utf8')) === svg;
    const state = isSame ? 'is up to date' : isThere ? 'is out of date' : 'is missing';
    console.log(`docs/pictures/${file} ${values.check || isSame ? state : 'is drawn'}`);
    if (values.check) isRight &&= isSame;
    else if (!isSame) await writeFile(place, svg);
  }
}
for (const file of left) {
  console.log(`docs/pictures/${file} is of nothing in test/pictures/pictures.ts`);
  if (values.check) isRight = false;
  else await rm(path.join(FOLDER, file));
}
if (!isRight) console.error('draw them anew with: npm run docs:pictures');
process.exitCode = isRight ? 0 : 1;
