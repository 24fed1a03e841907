import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {readInventory} from '../../source/adapters/files/inventory.js';
import {readProfile} from '../../source/adapters/files/profile.js';
import {loadFleet} from '../../source/app/inventory.js';
import {VIEW_KEYS} from '../../source/app/watch/view-keys.js';
import {readWatchView} from '../../source/app/watch/watch-view.js';
import {commonFlags} from '../../source/commands/common-flags.js';
import {nameOf} from '../../source/commands/flag.js';
import {flagValues} from '../../source/commands/flag-values.js';
import {ACTIONS} from '../../source/ui/actions.js';
import {NAMED_KEYS} from '../../source/ui/keys.js';
import {lookSettings, looksOf} from '../../source/commands/looks.js';
import {runFlags} from '../../source/commands/run-flags.js';
import {alertFlags} from '../../source/commands/watch-alerts.js';

const NEWEST_FIRST = {column: 'deleted', direction: 'descending'} as const;
const PAGE = new URL('../../../docs/inventory-and-profile.md', import.meta.url);
const flags = {...commonFlags, ...runFlags, ...lookSettings};

test('the profiles that the page shows are valid, and mean something', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-docs-'));
  t.teardown(() => rm(folder, {recursive: true}));
  const blocks = Array.from(
    (await readFile(PAGE, 'utf8')).matchAll(/```yaml\n([^]*?)```/g),
    (match) => match[1] ?? '',
  );
  t.is(blocks.length, 5);
  const [settings, nodes, looks, watch, keys] = await Promise.all(
    blocks.map(async (text, index) => {
      const file = path.join(folder, `${index}.yaml`);
      await writeFile(file, text);
      const flagNames = Object.values(flags).map(nameOf);
      const alertNames = Object.values(alertFlags).map(nameOf);
      const watchKeys = [...flagNames, ...alertNames, 'interval', ...VIEW_KEYS];
      return await readProfile({file, env: {}, home: folder, flagNames, fileFlags: [], watchKeys});
    }),
  );
  t.deepEqual(
    [settings, nodes, looks, watch, keys].flatMap((profile) => profile?.notices ?? []),
    [],
  );
  t.is(settings?.nodes.length, 3);
  const values = flagValues(flags, {
    commandLine: () => undefined,
    environment: {},
    profile: settings?.flags ?? new Map(),
  });
  t.is(values.cloud, 'production');
  t.is(values.apiWait, 900);
  t.is(values.batch.length, 3);
  t.like(looks === undefined ? {} : await looksOf(looks, {}), {
    theme: 'light',
    symbols: 'ascii',
    hasMotion: false,
  });
  t.deepEqual(readWatchView(watch?.watch ?? new Map()), {
    columns: ['name', 'project', 'host', 'left', 'fuse'],
    sort: NEWEST_FIRST,
    filter: '!ci host:fra1',
  });
  t.is(watch?.watch.get('interval')?.value, '2h');
  t.deepEqual(
    flagValues(alertFlags, {
      commandLine: () => undefined,
      environment: {},
      profile: watch?.watch ?? new Map(),
    }),
    {alert: 600, exec: "jq -r .name | mail -s 'soon gone' night@example.org", bell: false},
  );
  t.is(looks?.colors.size, 2);
  t.deepEqual(
    [...(keys === undefined ? [] : (await looksOf(keys, {})).keys)],
    [
      ['quit', ['Q']],
      ['help', ['f1', '?']],
      ['set-up.pause', ['p']],
    ],
  );
  const fleet = await loadFleet(
    {inventory: nodes?.inventory, pattern: undefined, apiHosts: [], novaComputes: [], rules: []},
    readInventory,
    new AbortController().signal,
  );
  t.deepEqual(
    fleet.hosts.map(({name, roles}) => `${name} ${roles.join()}`),
    ['compute-1 compute', 'compute-2 compute', 'controller-1 api'],
  );
});

test('the page has every action of the screens with its keys, and every key that can be taken', async (t) => {
  const [, page = ''] = (await readFile(PAGE, 'utf8')).split('\n### Keys\n');
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  t.deepEqual(
    rows,
    Object.entries(ACTIONS).map(([name, {keys, does}]) => [
      `\`${name}\``,
      keys.map((key) => `\`${key}\``).join(', '),
      does,
    ]),
  );
  const told = page.slice(0, page.indexOf('Two things'));
  for (const key of NAMED_KEYS.filter((one) => !/^f\d|tab$/.test(one)))
    t.true(told.includes(`\`${key}\``), key);
});
