/** Tests of `npm run test:lab:full` only: they are right, and take too long for each landing. */
import process from 'node:process';
import test from 'ava';

/** Whether all of the lab's tests are wanted. */
export const isFull = process.env['LAB_FULL'] === '1';

/** `test.serial`, skipped where not all is wanted. */
export const fullTest = isFull ? test.serial : test.serial.skip;
