import test from 'ava';
import {newDraft, withSize, withSpec} from '../../../source/app/flavor/draft.js';
import {KNOWN_PATHS} from '../../../source/app/template/known-paths.js';
import {
  cloudValues,
  draftSource,
  knownBy,
  planValues,
  runValues,
} from '../../../source/app/template/known-values.js';
import {formatLastUses, parseLastUses} from '../../../source/app/template/last-uses.js';
import {summaryOf} from '../../helpers/run-summaries.js';

test('a run gives its interval, its hosts by role, and its cloud', (t) => {
  const values = runValues(summaryOf({run: '20261120-162000-ab12', to: 7200, nodes: 2}));
  t.like(values, {
    interval: 7200,
    interval_in_words: '2h',
    computes: ['fra1-cmp-001', 'fra1-cmp-002'],
    api: [],
  });
  t.is(typeof values?.['cloud'], 'string');
});

test('what a description may name is what a plan, a flavor and a cloud give, and nothing else', (t) => {
  const {plan} = summaryOf({run: '20261120-162000-ab12', to: 7200});
  if (plan === undefined) return t.fail();
  const given = {
    plan: planValues(plan),
    flavor: draftSource(newDraft())?.values ?? {},
    cloud: cloudValues({name: 'a', authUrl: 'http://a', region: 'r', scope: undefined}, []),
  };
  const paths = Object.entries(given).flatMap(([word, values]) =>
    Object.keys(values).map((name) => `${word}.${name}`),
  );
  t.deepEqual(KNOWN_PATHS, paths);
});

test('a run that puts another one back, and one that never came to a plan, give nothing', (t) => {
  const run = summaryOf({run: '20261120-162000-ab12', to: 7200});
  t.is(runValues({...run, intervalSeconds: undefined}), undefined);
  t.is(runValues({...run, plan: undefined}), undefined);
});

test('a flavor that is designed gives what is chosen so far; without a size nothing', (t) => {
  const draft = withSpec({...newDraft(), name: 'db.16'}, 'hw:watchdog_action', 'reset');
  t.like(draftSource(draft), {
    word: 'flavor',
    origin: 'flavor db.16',
    values: {name: 'db.16', vcpus: 2, ram: 4096, public: true, watchdog_action: 'reset'},
  });
  t.like(draftSource({...draft, name: ''}), {origin: 'flavor that is designed', values: {name: undefined}});
  t.deepEqual(draftSource({...draft, isPublic: false, projects: 'a, b'})?.values['projects'], ['a', 'b']);
  t.is(draftSource(withSize(draft, 'vcpus', '')), undefined);
});

test('of two sources with one word the later counts', (t) => {
  const source = (origin: string, interval: number) => ({word: 'plan', origin, values: {interval}}) as const;
  t.deepEqual(knownBy([source('run', 1), source('plan', 2)]), {plan: {interval: 2}});
});

test('where templates were written to is read back, and a damaged memory is none', (t) => {
  const uses = new Map([['kolla', {at: 5, folder: './a b'}]]);
  t.deepEqual(parseLastUses(formatLastUses(uses)), uses);
  t.is(parseLastUses(undefined).size, 0);
  t.is(parseLastUses('{').size, 0);
  t.is(parseLastUses('{"version": 2, "templates": []}').size, 0);
});
