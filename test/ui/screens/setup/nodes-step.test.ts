import test from 'ava';
import type {NodeRow} from '../../../../source/app/setup/nodes.js';
import type {SetupAction} from '../../../../source/ui/screens/setup/actions.js';
import {setupFrame} from '../../../../source/ui/screens/setup/frame.js';
import {updateSetup} from '../../../../source/ui/screens/setup/model.js';
import {nodeItems} from '../../../../source/ui/screens/setup/selectors.js';
import {noNodes, openSetup, type SetupState} from '../../../../source/ui/screens/setup/state.js';
import {setupLines} from '../../../../source/ui/screens/setup/view.js';
import {plainText} from '../../../../source/ui/spans.js';
import {OPTIONS} from '../../../helpers/setup-driver.js';
import {DARK} from '../../../helpers/themes.js';

const ALIKE: Omit<NodeRow, 'id' | 'host'> = {
  roles: ['compute'],
  kind: 'Debian or Ubuntu packages',
  file: '/etc/nova/nova.conf',
  value: {kind: 'value', seconds: 7200},
  sign: 'ok',
  state: 'ready',
  details: [],
};

/** The step of the nodes with these rows, all of them selected. */
function nodesStep(rows: readonly NodeRow[]): SetupState {
  const state: SetupState = {
    ...openSetup(OPTIONS, 0),
    step: 'nodes',
    cloud: 'fra1',
    nodes: {
      ...noNodes(),
      kind: 'seen',
      rows: new Map(rows.map((row) => [row.host, [row]])),
      selected: rows.map(({host}) => host),
      total: rows.length,
      tookSeconds: 1,
    },
  };
  return after(state, {type: 'end-filter'});
}

function after(state: SetupState, ...actions: readonly SetupAction[]): SetupState {
  return actions.reduce((before, action) => updateSetup(before, action).state, state);
}

const MOVE = {
  down: {type: 'move', move: 'next'},
  last: {type: 'move', move: 'last'},
  up: {type: 'move', move: 'previous'},
} as const;

function bodyOf(state: SetupState, rows = 36): readonly string[] {
  return setupLines(state, {columns: 120, rows}, DARK).map((line) => plainText(line).trimEnd());
}

const name = (number: number): string => `compute-${String(number).padStart(3, '0')}`;

test('a key that moves the cursor among 500 nodes looks at no more of them than are in sight', (t) => {
  let looks = 0;
  const rows = Array.from({length: 500}, (_, index): NodeRow => ({
    ...ALIKE,
    id: `${name(index)}/compute`,
    host: name(index),
    get sign() {
      looks += 1;
      return 'ok' as const;
    },
    get roles() {
      looks += 1;
      return ALIKE.roles;
    },
  }));
  let state = after(nodesStep(rows), {type: 'open'}, MOVE.down);
  const paint = (): readonly string[] => {
    setupFrame(state, {columns: 120, rows: 40}, DARK);
    return bodyOf(state);
  };
  t.true(
    paint().includes(
      '▌✓     compute-000     compute   Debian or Ubuntu packages  /etc/nova/nova.conf         2 h          ready',
    ),
  );
  for (const move of [MOVE.down, MOVE.last, MOVE.up]) {
    looks = 0;
    state = after(state, move);
    paint();
    // Each row in sight is asked for its sign and its roles, once or twice.
    t.true(looks > 0 && looks < 300, `${looks} looks`);
  }
});

test('wherever the cursor stands, as many nodes are in sight as there are rows, and the cursor among them', (t) => {
  const wrong = Array.from({length: 30}, (_, index): NodeRow => ({
    ...ALIKE,
    id: name(index),
    host: name(index),
    sign: 'failed',
    state: 'no SSH',
    details: [`${name(index)}: connection refused`, 'start sshd'],
  }));
  const alike = Array.from({length: 60}, (_, index): NodeRow => ({
    ...ALIKE,
    id: `${name(100 + index)}/compute`,
    host: name(100 + index),
  }));
  const closed = nodesStep([...wrong, ...alike]);
  const group = nodeItems(closed).at(-1)?.id ?? '';
  for (const opened of [name(3), name(29), group]) {
    let state: SetupState = {...closed, nodes: {...closed.nodes, opened}};
    const count = nodeItems(state).length;
    for (let moves = 0; moves < count; moves += 1) {
      const body = bodyOf(state, 20);
      t.is(body.length, 18);
      t.is(body.filter((line) => line.startsWith('▌')).length, 1, body.join('\n'));
      const list = body.slice(4, 16);
      t.true(
        list.every((line, at) => line !== '' || list[at + 1] === ' alike' || at === 11),
        body.join('\n'),
      );
      state = after(state, MOVE.down);
    }
    const end = bodyOf(state, 20)[15] ?? '';
    t.regex(end, opened === group ? /^▌✓ +compute-159/ : /^▌✓ +60 computes/);
  }
});

test('what is left out, filtered and opened is seen at once', (t) => {
  const rows = Array.from({length: 12}, (_, index): NodeRow => ({
    ...ALIKE,
    id: `${name(index)}/compute`,
    host: name(index),
  }));
  const opened = after(nodesStep(rows), {type: 'open'}, MOVE.down);
  const out = after(opened, {type: 'leave-out'});
  t.regex(bodyOf(out).join('\n'), /11 can be changed +– 1 left out/);
  t.regex(bodyOf(out).join('\n'), /12 computes .* ready, 1 left out\n▌– +compute-000 .* left out/);
  const filter = {text: '-01', cursor: 3};
  const some = after(out, {type: 'filter', field: filter});
  t.regex(bodyOf(some).join('\n'), / 2 computes [^]* compute-010[^]* compute-011[^]*10 hidden/);
  t.notRegex(bodyOf(some).join('\n'), /compute-009/);
  t.regex(bodyOf(after(some, {type: 'clear-filter'})).join('\n'), /compute-009/);
});

test('what is wrong with a node is told whole, and the last column stays free', (t) => {
  const words = ['clock 14 s ahead', 'host key changed', 'no SSH, API: down', 'unknown to Nova'];
  const rows = words.map((state, index): NodeRow => ({
    ...ALIKE,
    id: name(index),
    host: name(index),
    value: {kind: 'value', seconds: 86_340},
    sign: 'warning',
    state,
  }));
  const state = nodesStep(rows);
  for (const columns of [80, 100, 120, 200]) {
    const body = setupLines(state, {columns, rows: 36}, DARK).map((line) => plainText(line));
    for (const text of words)
      t.true(
        body.some((line) => line.trimEnd().endsWith(` ${text}`)),
        `${columns}: ${text}`,
      );
    t.true(body.every((line) => line.trimEnd().length < columns));
    if (columns >= 120) t.true(body.some((line) => line.includes(' 23 h 59 min ')));
  }
});

test('what --hosts did not choose stands below, says so, and cannot be left out', (t) => {
  const rows = Array.from({length: 12}, (_, index): NodeRow => ({
    ...ALIKE,
    id: `${name(index)}/compute`,
    host: name(index),
    // One that is broken and no part of it comes after what will change.
    ...(index === 0 ? {sign: 'failed', state: 'broken value', details: ['compute-000: no number']} : {}),
  }));
  const all = nodesStep(rows);
  const some = after({...all, nodes: {...all.nodes, selected: [name(5), name(10)]}}, {type: 'end-filter'});
  const body = bodyOf(some).join('\n');
  t.regex(body, /12 computes.* 2 can be changed +– 10 not chosen/);
  t.regex(body, /\n▌✓ +2 computes .* ready\n/);
  t.regex(body, /not chosen by --hosts: these stay as they are\n –( .*) not chosen\n –( .*) not chosen\n/);
  t.notRegex(body, /broken value/);
  const opened = after(some, {type: 'open'}, MOVE.down);
  t.regex(bodyOf(opened).join('\n'), /\n▌✓ +compute-005 /);
  const below = after(some, MOVE.last, {type: 'leave-out'});
  t.deepEqual([...below.nodes.leftOut], []);
  t.regex(below.notice?.text ?? '', /compute-000 is not chosen by --hosts/);
  const none = after(some, {type: 'leave-out-all'});
  t.deepEqual([...none.nodes.leftOut].toSorted(), [name(5), name(10)]);
  t.regex(bodyOf(none).join('\n'), / 0 can be changed +– 2 left out +– 10 not chosen/);
});
