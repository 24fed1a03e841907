import test from 'ava';
import {
  type Choices,
  choicesOf,
  firstChoice,
  fits,
  otherFlavor,
  otherImage,
  placesOf,
} from '../../../source/app/proof/choice.js';
import type {FlavorRow, ImageRow} from '../../../source/app/servers/server-ports.js';
import {FLAVOR, IMAGE} from '../../helpers/fake-servers.js';

const GIB = 1024 ** 3;
const flavor = (name: string, changes: Partial<FlavorRow> = {}): FlavorRow => ({
  ...FLAVOR,
  id: name,
  name,
  ...changes,
});
const image = (name: string, changes: Partial<ImageRow> = {}): ImageRow => ({
  ...IMAGE,
  id: name,
  name,
  ...changes,
});

test('the least demanding flavor and image are taken', (t) => {
  const choices = choicesOf(
    [
      flavor('special', {memoryMib: 64, hasExtraSpecs: true}),
      flavor('diskless', {memoryMib: 64, diskGib: 0}),
      flavor('large', {memoryMib: 8192, diskGib: 80}),
      flavor('small', {memoryMib: 256, diskGib: 2}),
      flavor('off', {memoryMib: 32, isDisabled: true}),
    ],
    [
      image('kernel', {diskFormat: 'aki', bytes: 1}),
      image('installer', {diskFormat: 'iso', bytes: 2}),
      image('volume', {isWhole: false, bytes: 3}),
      image('copy', {isSnapshot: true, bytes: 4}),
      image('cirros', {bytes: 20_000_000}),
      image('debian', {bytes: 3e8, minDiskGib: 3}),
    ],
  );
  t.deepEqual(
    choices.flavors.map(({name}) => name),
    ['small', 'large', 'diskless', 'special'],
  );
  t.deepEqual(
    choices.images.map(({name}) => name),
    ['cirros', 'debian', 'copy'],
  );
  const first = firstChoice(choices);
  t.is(`${first.flavor.name} ${first.image.name}`, 'small cirros');
});

test('an image fits where the flavor has its memory, its least disk and room for its bytes', (t) => {
  t.true(fits(flavor('a'), image('b')));
  t.false(fits(flavor('a', {memoryMib: 64}), image('b', {minMemoryMib: 65})));
  t.false(fits(flavor('a', {diskGib: 2}), image('b', {minDiskGib: 3})));
  t.true(fits(flavor('a', {diskGib: 2}), image('b', {bytes: 2 * GIB})));
  t.false(fits(flavor('a', {diskGib: 2}), image('b', {bytes: 2 * GIB + 1})));
  t.true(fits(flavor('a', {diskGib: 0}), image('b', {bytes: 50 * GIB})), 'its disk is as large as the image');
  t.false(fits(flavor('a', {diskGib: 0}), image('b', {minDiskGib: 1})));
});

test('where nothing fits, what is missing is said', (t) => {
  t.throws(() => choicesOf([FLAVOR], []), {message: /no active image/});
  t.throws(() => choicesOf([FLAVOR], [image('kernel', {diskFormat: 'aki'})]), {message: /no active image/});
  t.throws(() => choicesOf([flavor('a', {diskGib: 1})], [image('b', {minDiskGib: 2})]), {
    message: /no flavor has room/,
  });
});

test('another flavor always has room for the image, another image always has a flavor', (t) => {
  const choices: Choices = choicesOf(
    [
      flavor('s', {diskGib: 1}),
      flavor('m', {diskGib: 4, memoryMib: 1024}),
      flavor('l', {diskGib: 8, memoryMib: 2048}),
    ],
    [image('tiny'), image('big', {minDiskGib: 4})],
  );
  let choice = firstChoice(choices);
  t.like(placesOf(choices, choice), {flavor: 1, flavors: 3, image: 1, images: 2});
  choice = otherImage(choices, choice);
  t.is(`${choice.flavor.name} ${choice.image.name}`, 'm big');
  t.like(placesOf(choices, choice), {flavor: 1, flavors: 2, image: 2, images: 2});
  choice = otherFlavor(choices, choice);
  t.is(choice.flavor.name, 'l');
  choice = otherFlavor(choices, choice);
  t.is(choice.flavor.name, 'm');
  choice = otherImage(choices, choice);
  t.is(`${choice.flavor.name} ${choice.image.name}`, 's tiny');
});
