import test from 'ava';
import {lossesOf, type ServerVolume} from '../../source/app/purge/losses.js';
import {type Line, renderLine} from '../../source/text/line.js';
import {formatDisk, formatMemory} from '../../source/text/sizes.js';
import {ASCII_SIGNS, UNICODE_SIGNS} from '../../source/text/signs.js';
import {lossLines, lossSummary} from '../../source/text/volume-words.js';

const volume = (
  name: string | undefined,
  sizeGib: number | undefined,
  isDeletedWithServer?: boolean,
): ServerVolume => ({
  id: '0123456789ab',
  name,
  sizeGib,
  isBoot: name === 'boot' || name === undefined,
  isDeletedWithServer,
});
const plain = (lines: readonly Line[]) => lines.map((line) => renderLine(line, false).trimEnd());

test('a purge says of each volume whether it goes or stays, what is lost first', (t) => {
  const losses = lossesOf([
    volume('billing-binlog', 200, false),
    volume('boot', 40, true),
    volume('odd', undefined),
  ]);
  t.deepEqual(plain(lossLines(losses, 60, UNICODE_SIGNS)), [
    '▲ boot             40 GiB  deleted with it',
    '? odd                   ?  Nova does not say',
    '○ billing-binlog  200 GiB  stays, detached',
  ]);
  t.deepEqual(plain(lossLines(lossesOf([]), 60, UNICODE_SIGNS)), []);
});

test('a name that is too long is cut, and one that is hostile is harmless', (t) => {
  const losses = lossesOf([volume(`\u001B[2J${'x'.repeat(300)}`, 40, true)]);
  const [line = ''] = plain(lossLines(losses, 50, ASCII_SIGNS));
  t.true(line.length <= 50, line);
  t.regex(line, /^! ␛\[2Jx+… {2}40 GiB {2}deleted$/);
});

test('words are shortened before a name is cut', (t) => {
  const losses = lossesOf([volume('web-frontend-02-data', 600, false)]);
  t.deepEqual(plain(lossLines(losses, 50, UNICODE_SIGNS)), [
    '○ web-frontend-02-data  600 GiB  stays, detached',
  ]);
  t.deepEqual(plain(lossLines(losses, 40, UNICODE_SIGNS)), ['○ web-frontend-02-data  600 GiB  stays']);
});

test('several servers are told in numbers', (t) => {
  const boots = Array.from({length: 9}, () => volume('boot', 40, true));
  t.deepEqual(plain(lossSummary(lossesOf(boots), 60, UNICODE_SIGNS)), [
    '▲ 9 boot volumes, 360 GiB, are deleted with them',
  ]);
  const mixed = [volume('data', undefined, true), volume('kept', 1, false), volume('odd', 1)];
  t.deepEqual(plain(lossSummary(lossesOf(mixed), 60, UNICODE_SIGNS)), [
    '▲ 1 volume of unknown size is deleted with them',
    '? Nova does not say what becomes of 1 volume',
    '○ 1 volume stays, detached',
  ]);
  t.deepEqual(plain(lossSummary(lossesOf([]), 60, UNICODE_SIGNS)), []);
});

test('sizes are told in the units that people say', (t) => {
  t.is(formatMemory(512), '512 MiB');
  t.is(formatMemory(1536), '1.5 GiB');
  t.is(formatMemory(32_768), '32 GiB');
  t.is(formatDisk(2000), '2,000 GiB');
});
