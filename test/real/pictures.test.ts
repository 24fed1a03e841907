// The pictures of the documents show what the program shows.
import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {SCHEMES, type SchemeName} from '../pictures/colours.js';
import {drawStory, filesOf} from '../pictures/draw.js';
import {gridText} from '../pictures/grid.js';
import {processesIn} from '../pictures/processes.js';
import {openSession, type Session} from '../pictures/session.js';
import {STORIES} from '../pictures/stories.js';
import type {TestContext} from '../helpers/test-context.js';

const FOLDER = new URL('../../../docs/pictures/', import.meta.url);
const LOOKS: readonly SchemeName[] = ['dark', 'light'];

for (const story of STORIES) {
  for (const look of LOOKS) {
    test.serial(
      `the pictures of ${story.name}, ${look}, are up to date (else: npm run docs:pictures)`,
      async (t) => {
        t.timeout(300_000, 'whole programs take their time on a busy machine');
        for (const {file, svg} of await drawStory(story, look)) {
          t.is(await readFile(new URL(file, FOLDER), 'utf8'), svg, file);
        }
      },
    );
  }
}

test('every picture that lies there is one of a story', async (t) => {
  const drawn = STORIES.flatMap((story) => LOOKS.flatMap((look) => filesOf(story, look)));
  t.deepEqual((await readdir(FOLDER)).toSorted(), drawn.toSorted());
});

test.serial('a story that breaks off leaves no file and no process', async (t) => {
  t.timeout(120_000, 'whole programs take their time on a busy machine');
  const place = await mkdtemp(path.join(tmpdir(), 'reprieve-left-'));
  t.teardown(async () => rm(place, {recursive: true, force: true}));
  const [story] = STORIES.filter(({name}) => name === 'setup');
  if (story === undefined) throw new Error('there is no such story');
  let seen: readonly string[] = [];
  const broken = drawStory(
    {
      ...story,
      stage: {...story.stage, nodes: 6, failures: [], clocksAhead: {}},
      async tell({stage, screen}) {
        await stage.openLooks();
        await screen.until('looked at');
        seen = [...(await readdir(place)), ...processesIn(place).map(String)];
        throw new Error('enough');
      },
    },
    'dark',
    place,
  );
  await t.throwsAsync(broken, {message: /breaks off, and the screen shows:\n[^]*reprieve {2}home/});
  t.true(seen.length >= 2, 'while it is told there are both');
  t.deepEqual(await readdir(place), []);
  t.deepEqual(processesIn(place), []);
});

function open(t: TestContext, program: string): Session {
  const session = openSession({
    words: ['/bin/sh', '-c', program],
    env: {},
    columns: 40,
    rows: 10,
    prompt: 'a command',
    scheme: SCHEMES.dark,
  });
  t.teardown(async () => session.close());
  return session;
}

test('keys are pressed when the screen shows what they answer, and the size is the one that was asked for', async (t) => {
  const session = open(t, 'stty size; printf "name? "; read -r name; echo "it is $name"; exec sleep 60');
  await session.until('name?');
  session.type('ada\r');
  await session.until('it is ada');
  t.is(gridText(session.grid()).trimEnd(), '$ a command\n10 40\nname? ada\nit is ada');
});

test('a program that asks for the background is told that of the scheme', async (t) => {
  const ask = String.raw`stty raw -echo; printf '\033]11;?\033\\'; dd bs=1 count=25 2>/dev/null | tr -d '\033\\'; stty sane`;
  const session = open(t, ask);
  await session.until(/\]11;rgb:1111\/1515\/1a1a/);
  await session.ended();
  t.pass();
});

test('a text that never comes is an error that shows the screen', async (t) => {
  const session = open(t, 'echo this instead');
  await t.throwsAsync(async () => session.until('never'), {
    message: /ended before the screen showed "never":\n\$ a command\nthis instead/,
  });
});

test('a program that is closed is gone, also where it takes its time', async (t) => {
  const session = open(t, `trap 'sleep 0.3; exit' HUP; echo "$$ waits"; while :; do sleep 0.05; done`);
  await session.until(/\d+ waits/);
  const [pid = ''] = /\d+(?= waits)/.exec(gridText(session.grid())) ?? [];
  // Of one that has ended, and is only not fetched yet, this is empty.
  const commandLine = async () => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  t.regex(await commandLine(), /trap/);
  await session.close();
  t.is(await commandLine(), '');
});
