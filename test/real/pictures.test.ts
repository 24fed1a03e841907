// The pictures of the documents show what the program shows.
import {readdir, readFile} from 'node:fs/promises';
import test from 'ava';
import {drawPicture} from '../pictures/draw.js';
import {SCHEMES} from '../pictures/colours.js';
import {gridText} from '../pictures/grid.js';
import {PICTURES} from '../pictures/pictures.js';
import {runSession, type Step} from '../pictures/session.js';

const FOLDER = new URL('../../../docs/pictures/', import.meta.url);

for (const picture of PICTURES) {
  test.serial(`the picture ${picture.name} is up to date (else: npm run docs:pictures)`, async (t) => {
    t.timeout(120_000, 'a whole program takes its time on a busy machine');
    for (const {file, svg} of await drawPicture(picture)) {
      t.is(await readFile(new URL(file, FOLDER), 'utf8'), svg, file);
    }
  });
}

test('every picture that lies there is one of the list', async (t) => {
  const drawn = PICTURES.flatMap(({name, schemes}) => schemes.map((scheme) => `${name}-${scheme}.svg`));
  t.deepEqual((await readdir(FOLDER)).toSorted(), drawn.toSorted());
});

const session = (program: string, steps: readonly Step[]) =>
  runSession({
    words: ['/bin/sh', '-c', program],
    env: {},
    columns: 40,
    rows: 10,
    prompt: 'a command',
    steps,
    scheme: SCHEMES.dark,
  });

test('keys are pressed when the screen shows what they answer, and the size is the one that was asked for', async (t) => {
  const grid = await session('stty size; printf "name? "; read -r name; echo "it is $name"; sleep 60', [
    {until: 'name?', type: 'ada\r'},
    {until: 'it is ada'},
  ]);
  t.is(gridText(grid).trimEnd(), '$ a command\n10 40\nname? ada\nit is ada');
});

test('a program that asks for the background is told that of the scheme', async (t) => {
  const ask = String.raw`stty raw -echo; printf '\033]11;?\033\\'; dd bs=1 count=25 2>/dev/null | tr -d '\033\\'; stty sane`;
  t.regex(gridText(await session(ask, [])), /\]11;rgb:1111\/1515\/1a1a/);
});

test('a text that never comes is an error that shows the screen', async (t) => {
  await t.throwsAsync(() => session('echo this instead', [{until: 'never'}]), {
    message: /ended before the screen showed "never":\n\$ a command\nthis instead/,
  });
});
