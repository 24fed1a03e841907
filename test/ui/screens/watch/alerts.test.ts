import test from 'ava';
import type {AlertNews} from '../../../../source/app/watch/alerts.js';
import type {WatchNews} from '../../../../source/app/watch/watch-news.js';
import {followAlerting, isAlerted} from '../../../../source/ui/screens/watch/alerts.js';
import {watchEffects} from '../../../../source/ui/screens/watch/effects.js';
import {startWatch} from '../../../../source/ui/screens/watch/model.js';
import {watchSentences} from '../../../../source/ui/screens/watch/sentences.js';
import type {WatchAction} from '../../../../source/ui/screens/watch/state.js';
import {listed, NAMES, NOW} from '../../../helpers/listed-servers.js';
import {VirtualClock} from '../../../helpers/virtual-clock.js';
import {after, happened, told, waitingList} from '../../../helpers/watch-states.js';

const SOON = listed('soon', 6900);
const DUE = listed('due', 7210);
const LATER = listed('later', 60);

function alertOf(...servers: Extract<AlertNews, {kind: 'alerts'}>['servers']): WatchAction {
  return {type: 'alert', cloud: 0, news: {kind: 'alerts', servers, now: NOW}, at: NOW};
}

function state() {
  return after(
    startWatch({clouds: ['fra1'], text: '', isReadOnly: false, alertSeconds: 600}).state,
    {type: 'tick', now: NOW},
    told({kind: 'list', list: waitingList([SOON, DUE, LATER])}),
  ).state;
}

test('an alert rings, has a line in the log, and its rows stand out', (t) => {
  const before = state();
  t.false(isAlerted(before, SOON, NOW));
  const {state: next, effects} = after(before, alertOf(DUE, SOON));
  t.deepEqual(effects, [{kind: 'ring'}]);
  t.deepEqual(
    next.log.slice(0, 2).map(({text}) => text),
    ['alert: due is due: the next tick of its host destroys it', 'alert: soon has 5 min left'],
  );
  t.deepEqual(
    [SOON, DUE, LATER].map((one) => isAlerted(next, one, NOW)),
    [true, true, false],
  );
  t.true(watchSentences(next).some((sentence) => /Alert: soon, /.test(sentence)));
});

test('of several clouds the line says which one it is about', (t) => {
  const {state: two} = startWatch({clouds: ['a', 'b'], text: '', isReadOnly: false, alertSeconds: 600});
  const news: AlertNews = {kind: 'alerts', servers: [SOON], now: NOW};
  t.is(
    after(two, {type: 'alert', cloud: 1, news, at: NOW}).state.log[0]?.text,
    'b: alert: soon has 5 min left',
  );
});

test('it ends with another wait, and when the server leaves', (t) => {
  const alerted = after(state(), alertOf(SOON)).state;
  t.false(isAlerted(alerted, listed('soon', 10), NOW));
  const left = after(alerted, happened({event: 'restored', listed: SOON})).state;
  t.is(left.alerts.size, 0);
});

test('a command that failed is a line of the log, and rings nothing', (t) => {
  const late = {kind: 'command-late', name: 'soon', seconds: 60} as const;
  const news: AlertNews = {kind: 'commands', news: [late]};
  const {state: next, effects} = after(state(), {type: 'alert', cloud: 0, news, at: NOW});
  t.deepEqual(effects, []);
  t.like(next.log[0], {
    meaning: 'failed',
    text: 'the command for the alert of soon was ended after 60 s: it may not take longer',
  });
});

test('the bell rings once a second at most', async (t) => {
  const clock = new VirtualClock();
  let rung = 0;
  const cloud = {name: 'fra1', clock, open: async () => Promise.reject(new Error('not asked for'))};
  const files = {writeNew: async () => '', keepView: async () => ''};
  const run = watchEffects([cloud], {copy: () => {}, ring: () => (rung += 1), afterwards: () => {}}, files, {
    isReadOnly: false,
    placeFlags: [],
  });
  const ring = async () => run({kind: 'ring'}, () => {}, new AbortController().signal);
  await Promise.all([ring(), ring(), ring()]);
  t.is(rung, 1);
  await clock.sleep(1000);
  await ring();
  t.is(rung, 2);
});

/** The names of those that are alerted of when a cloud tells this, with a filter. */
async function alertedOf(
  text: string,
  actions: readonly WatchAction[],
  seconds = 1.5,
): Promise<readonly string[]> {
  const clock = new VirtualClock(NOW);
  const found: string[] = [];
  const heard = (action: WatchAction): void => {
    if (action.type !== 'alert' || action.news.kind !== 'alerts') return;
    found.push(action.news.servers.map(({server}) => server.name).join(','));
  };
  const signal = new AbortController().signal;
  await followAlerting(
    {seconds: 600, commands: undefined, text},
    {name: 'fra1', clock},
    0,
    heard,
    signal,
    async (dispatch) => {
      for (const action of actions) {
        dispatch(action);
        for (let left = seconds; left > 0; left -= 1.5) await clock.sleep(1500);
      }
    },
  );
  return found;
}

const list = (): WatchNews => ({kind: 'list', list: waitingList([SOON, DUE, LATER])});

test('it is about the servers that the watch was begun with', async (t) => {
  t.deepEqual(await alertedOf('', [told(list())]), ['due,soon']);
  t.deepEqual(await alertedOf('!due', [told(list())]), ['soon']);
  t.deepEqual(await alertedOf('nothing', [told(list())]), []);
});

test('what is known by a name later counts then', async (t) => {
  t.deepEqual(await alertedOf('project:shop', [told(list())]), []);
  t.deepEqual(await alertedOf('project:shop', [told(list()), {type: 'names', cloud: 0, names: NAMES}]), [
    'due,soon',
  ]);
});

test('one that time brings into the filter later is alerted of then, once', async (t) => {
  // It has five minutes left.
  t.deepEqual(await alertedOf('left:<4m !due', [told(list())], 45), []);
  t.deepEqual(await alertedOf('left:<4m !due', [told(list())], 180), ['soon']);
});
