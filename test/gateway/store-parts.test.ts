/** Parts of the order store against naive ones: room for the exits of brackets, orders by session, exact sums, numbers with gaps. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConditionFlags, OrderStatus } from '../../src/lib/enums.js';
import { orderIdOf } from '../../src/lib/order-ids.js';
import { SHARED_STATE_BYTES } from '../../src/topology.js';
import { addProduct, addToSum, SUM_BASE } from '../../src/workers/gateway/exact-sum.js';
import { NONE } from '../../src/workers/gateway/id-index.js';
import { OrderStore } from '../../src/workers/gateway/order-store.js';
import { emptyRequest, idsOf } from '../../src/workers/gateway/order-terms.js';
import { OwnerLists } from '../../src/workers/gateway/owner-lists.js';
import { PendingTable } from '../../src/workers/gateway/pending.js';
import { CommandKind, type Responder } from '../../src/workers/gateway/responder.js';
import { ORDER_CAPACITY, openStore } from '../../src/workers/gateway/store-layout.js';
import { SEED } from '../support/seed.js';

const PLAIN = { ...emptyRequest(), account: 1, price: 100, quantity: 10 };
const BRACKET = {
  ...PLAIN,
  conditional: true,
  conditions: { ...PLAIN.conditions, present: ConditionFlags.TakeProfit | ConditionFlags.StopLoss },
};

it('an order is taken only if the exits of all brackets still have their places', () => {
  const buffer = new SharedArrayBuffer(SHARED_STATE_BYTES['gateway.store']);
  const store = new OrderStore(openStore(buffer));
  for (let number = 1; number <= ORDER_CAPACITY - 3; number++) store.add(orderIdOf(1, number), PLAIN, 0);
  expect([idsOf(PLAIN), idsOf(BRACKET)]).toEqual([1, 3]);
  expect([store.hasRoom(2), store.hasRoom(3)]).toEqual([true, false]);
  const entry = store.add(orderIdOf(1, ORDER_CAPACITY), BRACKET, 0);
  expect(store.hasRoom()).toBe(false);
  // A gateway started anew knows of the announced exits as well.
  const again = new OrderStore(openStore(buffer));
  expect(again.hasRoom()).toBe(false);
  // The place of the entry is free for another order; those of the exits, which are due now, are not.
  again.setStatus(entry, OrderStatus.Filled, 0);
  expect([again.hasRoom(), again.hasRoom(1)]).toEqual([true, false]);
  again.add(orderIdOf(1, ORDER_CAPACITY + 3), PLAIN, 0);
  expect(again.hasRoom()).toBe(false);
  again.addExit(orderIdOf(1, ORDER_CAPACITY + 2), PLAIN, 0, 0);
  expect(again.hasRoom()).toBe(false);
  // The other exit did not come.
  again.endCommand();
  expect([again.hasRoom(), again.hasRoom(1)]).toEqual([true, false]);
  again.add(orderIdOf(1, ORDER_CAPACITY + 4), PLAIN, 0);
  expect(again.find(orderIdOf(1, ORDER_CAPACITY))).toBe(NONE);
  expect(again.hasRoom()).toBe(false);
});

it(`orders by session: sets agree (seed ${SEED})`, () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('link', 'unlink', 'drop'), fc.nat(15)), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (actions) => {
      // Place p belongs to session p % 4; those of session 0 to nobody.
      const owner = Uint32Array.from({ length: 16 }, (_, place) => place % 4);
      const lists = new OwnerLists(owner);
      const naive: number[][] = [[], [], [], []];
      for (const [action, place] of actions) {
        const session = owner[place];
        if (action === 'drop') {
          lists.drop(session);
          naive[session] = [];
        } else {
          const others = naive[session].filter((one) => one !== place);
          if (action === 'unlink') naive[session] = others;
          else if (session !== 0 && others.length === naive[session].length) naive[session].unshift(place);
          lists[action](place);
        }
        for (const one of [0, 1, 2, 3]) {
          const listed: number[] = [];
          for (let at = lists.first(one); at !== NONE; at = lists.next(at)) listed.push(at);
          expect(listed).toEqual(naive[one]);
        }
        const busy = [1, 2, 3].filter((one) => naive[one].length > 0);
        expect([...lists.owners].sort()).toEqual(busy);
      }
    }),
    { seed: SEED },
  );
});

it('sums beyond 2^53 are exact, with either sign', () => {
  const value = fc.maxSafeInteger();
  // The upper limb counts in doubles, so that sums are exact to 2^103.
  const factor = fc.integer({ min: -(2 ** 30), max: 2 ** 30 });
  const terms = fc.array(fc.oneof(fc.tuple(value, fc.constant(1)), fc.tuple(value, factor)), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(terms, (pairs) => {
      const [high, low] = [new Float64Array(1), new Float64Array(1)];
      let exact = 0n;
      for (const [a, b] of pairs) {
        if (b === 1) addToSum(high, low, 0, a);
        else addProduct(high, low, 0, a, b);
        exact += BigInt(a) * BigInt(b);
        expect(low[0] >= 0 && low[0] < SUM_BASE).toBe(true);
      }
      expect(BigInt(high[0]) * BigInt(SUM_BASE) + BigInt(low[0])).toBe(exact);
    }),
    { seed: SEED },
  );
});

it('pending commands whose numbers have gaps never share a place', () => {
  const responder: Responder = { open: true, owner: 0, cancelOnDisconnect: false, answer: () => {} };
  const steps = fc.array(fc.tuple(fc.constantFrom('add', 'bracket', 'take', 'expire'), fc.nat(60)), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (actions) => {
      const table = new PendingTable(16, 1);
      const naive = new Set<number>();
      let next = 1;
      for (const [action, value] of actions) {
        if (action === 'take') {
          expect(table.take(value)?.orderId).toBe(naive.delete(value) ? value : undefined);
        } else if (action === 'expire') {
          for (let one = table.takeOlderThan(value); one !== undefined; one = table.takeOlderThan(value))
            expect(naive.delete(one.orderId)).toBe(true);
          expect([...naive].filter((number) => number < value)).toEqual([]);
        } else {
          const oldest = Math.min(next, ...naive);
          expect(table.hasRoom(next)).toBe(next - oldest < 16);
          if (!table.hasRoom(next)) continue;
          table.add(next, { kind: CommandKind.New, responder, place: 0, orderId: next, received: next });
          naive.add(next);
          next += action === 'bracket' ? 3 : 1;
        }
        expect(table.count).toBe(naive.size);
      }
    }),
    { seed: SEED },
  );
});
