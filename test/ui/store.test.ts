import test from 'ava';
import {createStore, type Program} from '../../source/ui/store.js';

type Action = {readonly type: 'add'; readonly by: number} | {readonly type: 'work'};
type Effect = 'work' | 'break' | 'hang';

const program = (run: Program<number, Action, Effect>['run']): Program<number, Action, Effect> => ({
  start: {state: 0, effects: []},
  update(state, action) {
    return action.type === 'add' ? {state: state + action.by, effects: []} : {state, effects: ['work']};
  },
  run,
});

const noBug = (error: unknown): void => {
  throw error;
};

test('actions change the state, and listeners hear of it', (t) => {
  const store = createStore(
    program(async () => {}),
    noBug,
  );
  let heard = 0;
  const end = store.subscribe(() => heard++);
  store.dispatch({type: 'add', by: 2});
  t.is(store.state(), 2);
  t.is(heard, 1);
  end();
  store.dispatch({type: 'add', by: 1});
  t.is(heard, 1);
});

test('quiet actions change the state at once and are painted with the next one that is not', (t) => {
  const store = createStore(
    program(async () => {}),
    noBug,
  );
  let heard = 0;
  store.subscribe(() => heard++);
  for (let node = 0; node < 500; node++) store.dispatch({type: 'add', by: 1}, 'quiet');
  t.is(store.state(), 500);
  t.is(heard, 0);
  store.dispatch({type: 'add', by: 0});
  t.is(heard, 1);
});

test('what an effect finds comes back as an action', async (t) => {
  const store = createStore(
    program(async (_effect, dispatch) => {
      await Promise.resolve();
      dispatch({type: 'add', by: 7});
    }),
    noBug,
  );
  store.dispatch({type: 'work'});
  await store.stop();
  t.is(store.state(), 7);
});

test('stopping asks effects to end, waits until what is in hand is finished, and begins nothing more', async (t) => {
  let begun = 0;
  const store = createStore(
    program(async (_effect, dispatch, signal) => {
      begun++;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await Promise.resolve();
      dispatch({type: 'add', by: 1});
      dispatch({type: 'work'});
    }),
    noBug,
  );
  store.dispatch({type: 'work'});
  await store.stop();
  t.is(store.state(), 1);
  t.is(begun, 1);
});

test('an effect that throws is a bug and told, but for the abort that was asked for', async (t) => {
  const bugs: unknown[] = [];
  const bug = new Error('bug');
  const broken = createStore(
    program(async () => {
      throw bug;
    }),
    (error) => bugs.push(error),
  );
  broken.dispatch({type: 'work'});
  await broken.stop();
  t.deepEqual(bugs, [bug]);

  const aborted = createStore(
    program(async (_effect, _dispatch, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      signal.throwIfAborted();
    }),
    (error) => bugs.push(error),
  );
  aborted.dispatch({type: 'work'});
  await aborted.stop();
  t.is(bugs.length, 1);
});
