import test from 'ava';
import {powerBefore} from '../../../source/domain/reclaim/power-before.js';

/** Actions the newest first, `!` before one that failed; each a second older than the one before. */
const done = (words: string) =>
  words.split(' ').map((word, index) => ({
    action: word.replace('!', ''),
    startedAt: 100_000 - index * 1000,
    result: word.startsWith('!') ? ('failed' as const) : ('succeeded' as const),
  }));

for (const [actions, expected] of [
  ['delete create', 'running'],
  ['delete stop create', 'off stop 99000'],
  ['delete start stop create', 'running'],
  ['delete !stop create', 'running'],
  ['delete createImage lock stop create', 'off stop 97000'],
  ['delete suspend create', 'off suspend 99000'],
  ['delete delete stop create', 'off stop 98000'],
  ['delete restore delete stop create', 'running'],
  ['delete !restore delete stop create', 'off stop 97000'],
  ['unlock delete shelve create', 'off shelve 98000'],
  ['delete live-migration', 'unknown'],
  ['stop create', 'unknown'],
] as const) {
  test(`after "${actions}" the guest was ${expected}`, (t) => {
    const before = powerBefore(done(actions));
    const words = before.kind === 'off' ? ['off', before.action, before.since] : [before.kind];
    t.is(words.join(' '), expected);
  });
}
