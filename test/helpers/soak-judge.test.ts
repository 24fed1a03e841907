import test from 'ava';
import type {SeenLine} from './lab-watch.js';
import {type Deed, fold, judge, reclaimDelays, type Sample, type SoakFacts} from './soak-judge.js';

const START = Date.parse('2026-11-22T12:00:00Z');
const PATIENCE_MS = 300_000;
const at = (seconds: number) => START + seconds * 1000;

/** A line about `a`, deleted 10 s after the start, so many seconds after the start. */
function line(event: SeenLine['event'], seconds: number, id = 'a'): SeenLine {
  return {
    ...{event, id, at: at(seconds), name: id, project_id: 'p', host: 'compute-1', status: 'SOFT_DELETED'},
    ...{deleted_at: new Date(at(10)).toISOString(), deleted_at_source: 'action', due_at: null},
    ...{interval: 60, interval_source: 'host', state: 'waiting', reason: null, cause: null},
    ...{task_state: null, locked: false},
  };
}
const deed = (kind: Deed['kind'], seconds: number, status: number | undefined = 202): Deed => {
  return {id: 'a', kind, sent: at(seconds), answered: at(seconds) + 500, status};
};
const sample = (seconds: number, ...ids: readonly string[]): Sample => {
  return {began: at(seconds), ended: at(seconds + 1), softDeleted: new Set(ids)};
};
const judged = (facts: Partial<SoakFacts>) =>
  judge({lines: [], deeds: [], reclaims: new Map(), samples: [], forcedDown: [], ...facts}, PATIENCE_MS);

const ADDED = line('added', 15);
const DELETED = deed('delete', 10, 204);

test('an end that was asked for, or is in the log of its host, is right', (t) => {
  const right = (event: SeenLine['event'], facts: Partial<SoakFacts>) =>
    t.deepEqual(
      judged({lines: [ADDED, line(event, 80)], samples: [sample(20, 'a'), sample(90)], ...facts}),
      [],
    );
  right('restored', {deeds: [DELETED, deed('restore', 75)]});
  right('restored', {deeds: [DELETED, deed('reset', 75)]});
  right('restored', {deeds: [DELETED, deed('restore', 75, undefined)]});
  right('purged', {deeds: [DELETED, deed('destroy', 75)]});
  // An API that stood still began with it when it went on.
  right('purged', {deeds: [{...deed('destroy', 2), answered: at(11)}]});
  right('reclaimed', {deeds: [DELETED], reclaims: new Map([['a', at(76)]])});
  right('restored', {
    deeds: [DELETED, deed('restore', 75), deed('delete', 82, 204)],
    samples: [sample(90, 'a')],
  });
});

test('an end that nothing has caused, or that did not happen, is found', (t) => {
  const wrong = (event: SeenLine['event'], words: RegExp, facts: Partial<SoakFacts>) => {
    const found = judged({lines: [ADDED, line(event, 80)], ...facts});
    t.is(found.length, 1);
    t.regex(found[0] ?? '', words);
  };
  wrong('restored', /nothing has caused that/, {deeds: [DELETED]});
  wrong('restored', /nothing has caused that/, {deeds: [DELETED, deed('restore', 85)]});
  wrong('restored', /nothing has caused that/, {deeds: [deed('restore', 5), DELETED]});
  wrong('restored', /nothing has caused that/, {deeds: [DELETED, deed('restore', 75, 409)]});
  wrong('reclaimed', /nothing has caused that/, {deeds: [DELETED, deed('destroy', 75)]});
  wrong('purged', /nothing has caused that/, {deeds: [], reclaims: new Map([['a', at(76)]])});
  wrong('purged', /its host has reclaimed it/, {deeds: [DELETED], reclaims: new Map([['a', at(76)]])});
  for (const event of ['restored', 'purged', 'reclaimed'] as const) {
    wrong(event, /it is soft-deleted/, {
      deeds: [DELETED, deed('restore', 75), deed('destroy', 75)],
      reclaims: new Map([['a', at(76)]]),
      samples: [sample(90, 'a')],
      ...(event === 'restored' ? {deeds: [deed('restore', 75)]} : {}),
    });
  }
});

test('a destruction that fails on its host leaves it in ERROR', (t) => {
  const end = line('restored', 80);
  const deeds = [DELETED, deed('destroy', 75)];
  t.is(judged({lines: [ADDED, end], deeds}).length, 1);
  t.deepEqual(judged({lines: [ADDED, {...end, status: 'ERROR'}], deeds}), []);
});

test('a log that comes after the purge is about what is left of it', (t) => {
  const lines = [ADDED, line('purged', 80)];
  t.deepEqual(judged({lines, deeds: [deed('delete', 75, 204)], reclaims: new Map([['a', at(100)]])}), []);
});

test('who destroyed one on a host that was forced down cannot be told', (t) => {
  const facts = {lines: [ADDED, line('reclaimed', 80)], deeds: [DELETED, deed('destroy', 75)]};
  const forced = (host: string, began: number) => [{host, began: at(began), ended: at(78)}];
  t.deepEqual(judged({...facts, forcedDown: forced('compute-1', 60)}), []);
  t.is(judged({...facts, forcedDown: forced('compute-1', 76)}).length, 1);
  t.is(judged({...facts, forcedDown: forced('compute-2', 60)}).length, 1);
});

test('what comes twice, and what changes or ends without having come, is found', (t) => {
  const deeds = [DELETED, deed('restore', 12)];
  t.deepEqual(
    judged({
      lines: [ADDED, line('changed', 20), line('added', 30), line('restored', 40), line('restored', 50)],
      deeds,
    }),
    ['12:00:30.000 added of a, which was there already', '12:00:50.000 restored of a, which was not there'],
  );
});

test('one that was soft-deleted for long without a word is found', (t) => {
  const samples = [0, 100, 200, 290].map((seconds) => sample(seconds, 'a'));
  t.deepEqual(judged({samples}), []);
  const longer = [...samples, sample(310, 'a')];
  t.is(judged({samples: longer}).length, 1);
  t.deepEqual(judged({samples: longer, lines: [ADDED]}), []);
  t.deepEqual(judged({samples: [sample(0, 'a'), sample(100), sample(310, 'a')]}), []);
});

test('the lines come to those that did not end, as they were told last', (t) => {
  const there = fold([line('present', 0, 'b'), ADDED, line('changed', 20), line('purged', 30, 'b')]);
  t.deepEqual([...there.keys()], ['a']);
  t.is(there.get('a')?.at, at(20));
});

test('a reclaim is told so long after the log of its host', (t) => {
  const reclaims = new Map([['a', at(76)]]);
  const facts = {lines: [ADDED, line('reclaimed', 80)], reclaims, deeds: [], samples: [], forcedDown: []};
  t.deepEqual(reclaimDelays(facts), [4000]);
});
