import test from 'ava';
import * as fc from 'fast-check';
import {NOWHERE, RankedQueue} from '../../../source/app/watch/ranked-queue.js';

type Item = {readonly order: number; place: number};

const item = fc.nat(11);
const rank = fc.oneof(fc.integer({min: 0, max: 5}), fc.constantFrom(Number.NEGATIVE_INFINITY, Infinity));
const step = fc.oneof(
  fc.record({do: fc.constant('set' as const), item, rank}),
  fc.record({do: fc.constant('delete' as const), item}),
  fc.record({do: fc.constant('first' as const), most: fc.nat(6)}),
  fc.record({do: fc.constant('take' as const), limit: fc.integer({min: -1, max: 6})}),
);

test('it gives what sorting everything gives', (t) => {
  fc.assert(
    fc.property(fc.array(step, {maxLength: 80}), (steps) => {
      const items: Item[] = Array.from({length: 12}, (_, order) => ({order, place: NOWHERE}));
      const queue = new RankedQueue<Item>({
        get: ({place}) => place,
        set: (one, place) => void (one.place = place),
      });
      const ranks = new Map<Item, number>();
      const sorted = () =>
        [...ranks]
          .toSorted(([one, left], [other, right]) =>
            left === right ? one.order - other.order : left < right ? -1 : 1,
          )
          .map(([one]) => one);
      for (const now of steps) {
        switch (now.do) {
          case 'set': {
            const one = items[now.item];
            if (one === undefined) break;
            queue.set(one, now.rank);
            ranks.set(one, now.rank);
            break;
          }
          case 'delete': {
            const one = items[now.item];
            if (one === undefined) break;
            queue.delete(one);
            ranks.delete(one);
            break;
          }
          case 'first':
            t.deepEqual(queue.first(now.most), sorted().slice(0, now.most));
            break;
          case 'take': {
            const below = sorted().filter((one) => (ranks.get(one) ?? Infinity) < now.limit);
            t.deepEqual(queue.takeBelow(now.limit), below);
            for (const one of below) ranks.delete(one);
          }
        }
      }
      t.deepEqual(queue.first(items.length), sorted());
    }),
  );
});
