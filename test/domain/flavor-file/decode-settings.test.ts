import test from 'ava';
import {WrittenNumber} from '../../../source/domain/flavor-file/written-number.js';
import {decodeSettings, NO_SETTINGS} from '../../../source/domain/flavor-file/decode-settings.js';

test('one’s own form, Nova’s and the client’s say the same', (t) => {
  const wanted = {
    id: 'gold',
    description: 'for gold',
    ephemeralGib: 5,
    swapMib: 512,
    rxtxFactor: 2,
    isPublic: false,
    projects: ['shop'],
  };
  const own = {
    id: 'gold',
    description: 'for gold',
    ephemeral: 5,
    swap: 512,
    rxtx_factor: 2,
    is_public: false,
    projects: ['shop', 'shop'],
  };
  t.deepEqual(decodeSettings(own), {settings: wanted, problems: []});
  const nova = {
    id: 'gold',
    description: 'for gold',
    'OS-FLV-EXT-DATA:ephemeral': 5,
    swap: 512,
    rxtx_factor: 2,
    'os-flavor-access:is_public': false,
    access_project_ids: ['shop'],
  };
  t.deepEqual(decodeSettings({flavor: nova}).settings, wanted);
  const listed = {ID: 'gold', Ephemeral: 5, Swap: 512, 'RXTX Factor': 2, 'Is Public': false};
  t.like(decodeSettings(listed).settings, {id: 'gold', ephemeralGib: 5, swapMib: 512, isPublic: false});
});

test('what is not there, null, or the client’s word for Nova’s choice says nothing', (t) => {
  t.deepEqual(decodeSettings({name: 'a'}).settings, NO_SETTINGS);
  t.deepEqual(
    decodeSettings({id: 'auto', access_project_ids: null, description: null}).settings,
    NO_SETTINGS,
  );
  t.like(decodeSettings({swap: '', rxtx_factor: '', id: 42}).settings, {swapMib: 0, rxtxFactor: 1, id: '42'});
});

test('a factor with a fraction is one, as the client prints it', (t) => {
  t.is(decodeSettings({rxtx_factor: new WrittenNumber('1.0')}).settings.rxtxFactor, 1);
  t.is(decodeSettings({rxtx_factor: new WrittenNumber('2.5')}).settings.rxtxFactor, 2.5);
  t.is(decodeSettings({swap: new WrittenNumber('1.5')}).problems.length, 1);
});

test('what cannot be meant is told with its name', (t) => {
  const {problems} = decodeSettings({
    id: ['a'],
    description: 3,
    ephemeral: -1,
    swap: 1.5,
    rxtx_factor: 0,
    is_public: 'perhaps',
    projects: 'shop',
  });
  t.deepEqual(
    problems.map((problem) => problem.split(' ')[0]),
    ['id', 'description', 'ephemeral', 'swap', 'rxtx_factor', 'is_public', 'projects'],
  );
});
