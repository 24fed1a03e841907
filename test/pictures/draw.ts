/** Pictures of the real program at work in the embedded cloud. */
import {tmpdir} from 'node:os';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {SCHEMES, type SchemeName} from './colours.js';
import {gridText, withoutEmptyEnd} from './grid.js';
import {openSession, type Session} from './session.js';
import {openStage, type Stage} from './stage.js';
import type {Story} from './story.js';
import {drawSvg} from './svg.js';

/** A file of docs/pictures. */
export type DrawnPicture = {readonly file: string; readonly svg: string};

/** Rows of the terminal where all that is printed is wanted. */
const MANY_ROWS = 200;
const PROGRAM = fileURLToPath(new URL('program.js', import.meta.url));

/** The names of the files that a story draws in this look. */
export function filesOf({pictures}: Story, scheme: SchemeName): readonly string[] {
  return Object.keys(pictures).map((name) => fileOf(name, scheme));
}

function fileOf(name: string, scheme: SchemeName): string {
  return `${name}-${scheme}.svg`;
}

/**
 * Tells a story in a cloud of its own, and draws its pictures in this look. Nothing is left of it.
 *
 * @param place folder for what is there meanwhile
 */
export async function drawStory(
  story: Story,
  schemeName: SchemeName,
  place = tmpdir(),
): Promise<readonly DrawnPicture[]> {
  const {columns, rows, args, isCommandShown, pictures} = story;
  const scheme = SCHEMES[schemeName];
  const drawn: DrawnPicture[] = [];
  const stage = await openStage(story.stage, place);
  try {
    const session = openSession({
      words: [process.execPath, PROGRAM, ...args],
      env: stage.env,
      columns,
      rows: rows === 'fit' ? MANY_ROWS : rows,
      prompt: isCommandShown ? ['reprieve', ...args].join(' ') : undefined,
      scheme,
    });
    try {
      await story.tell({
        stage,
        screen: session,
        async press(keys) {
          await settle(session, stage);
          session.type(keys);
        },
        async take(name, ...texts) {
          const caption = pictures[name];
          if (caption === undefined) throw new Error(`the story ${story.name} knows no picture ${name}`);
          await session.until(...texts);
          await settle(session, stage);
          await session.until(...texts);
          const grid = session.grid();
          const svg = drawSvg(rows === 'fit' ? withoutEmptyEnd(grid) : grid, scheme, caption);
          drawn.push({file: fileOf(name, schemeName), svg});
        },
      });
    } catch (error) {
      const shown = gridText(session.grid()).trim();
      throw new Error(`the story ${story.name} breaks off, and the screen shows:\n${shown}`, {cause: error});
    } finally {
      await session.close();
    }
  } finally {
    await stage.end();
  }
  const missing = filesOf(story, schemeName).filter((name) => !drawn.some(({file}) => file === name));
  if (missing.length > 0) throw new Error(`the story ${story.name} took no picture ${missing.join(', ')}`);
  return drawn;
}

/**
 * Waits until all is drawn. A screen with a clock draws everything that it knows each second: when a second that
 * passed is seen, so is all that was before it.
 */
async function settle(session: Session, stage: Stage): Promise<void> {
  const [title = ''] = gridText(session.grid()).split('\n');
  // The time that something was looked at does not move.
  if (!/(?<!as of )\d\d:\d\d:\d\d UTC/.test(title)) return session.quiet();
  stage.pass(1);
  await session.until(`${new Date(stage.now()).toISOString().slice(11, 19)} UTC`);
}
