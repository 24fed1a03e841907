import test from 'ava';
import {Limiter, orAborted} from '../../../source/adapters/ssh/limiter.js';

const never = new AbortController().signal;

test('so many go on at once, the others follow in their order', async (t) => {
  const limiter = new Limiter(2);
  const first = await limiter.enter(never);
  const second = await limiter.enter(never);
  const order: number[] = [];
  const third = limiter.enter(never).then((leave) => {
    order.push(3);
    return leave;
  });
  const fourth = limiter.enter(never).then((leave) => {
    order.push(4);
    return leave;
  });
  t.is(limiter.active, 2);
  first();
  first();
  const leaveThird = await third;
  t.deepEqual(order, [3]);
  second();
  (await fourth)();
  leaveThird();
  t.deepEqual(order, [3, 4]);
  t.is(limiter.active, 0);
});

test('who gives up waiting takes no place, and a lower limit holds', async (t) => {
  const limiter = new Limiter(3);
  const leaves = await Promise.all([limiter.enter(never), limiter.enter(never), limiter.enter(never)]);
  const controller = new AbortController();
  const waiting = limiter.enter(controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  t.is(await t.throwsAsync(waiting), reason);
  limiter.lower(0);
  t.is(limiter.limit, 1);
  for (const leave of leaves) leave();
  const leave = await limiter.enter(never);
  let isIn = false;
  const next = limiter.enter(never).then((done) => {
    isIn = true;
    done();
  });
  await Promise.resolve();
  t.false(isIn);
  leave();
  await next;
  t.true(isIn);
});

test('an abort ends the waiting, not the work', async (t) => {
  const controller = new AbortController();
  const work = new Promise<string>((resolve) => {
    controller.signal.addEventListener('abort', () => {
      setImmediate(resolve, 'done');
    });
  });
  const waiting = orAborted(work, controller.signal);
  controller.abort(new Error('stop'));
  await t.throwsAsync(waiting, {message: 'stop'});
  t.is(await work, 'done');
});
