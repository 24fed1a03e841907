/** The program in a story: the clock is the story's, chance is always the same, and so is who runs it where. */
import process from 'node:process';
import {systemClock} from '../../source/adapters/clock/clock.js';
import type {World} from '../../source/app/ports.js';
import {readStoryTime} from './time.js';

// As source/cli.ts does: before anything imports React.
process.env['NODE_ENV'] ??= 'production';

const {STORY_CLOCK: file = '', ...env} = process.env;
let drawn = 0;
const world: World = {
  // Pauses are real: they wait for programs and services that work meanwhile.
  clock: {...systemClock, now: () => readStoryTime(file)},
  random: () => 0.5,
  randomBytes: (count) => Uint8Array.from({length: count}, () => ((drawn += 1) * 97) % 251),
  user: 'm.keller',
  machine: 'bastion-2',
};
const {main} = await import('../../source/main.js');
process.exitCode = await main(process.argv.slice(2), env, world);
