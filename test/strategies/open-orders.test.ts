import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderIdOf } from '../../src/lib/order-ids.js';
import { OpenOrders, PENDING_AMEND, PENDING_CANCEL, PENDING_NEW } from '../../src/strategies/open-orders.js';
import { SEED } from '../support/seed.js';

interface Kept {
  readonly id: number;
  readonly instrument: number;
  readonly side: number;
  readonly orderType: number;
  readonly stopPrice: number;
  readonly sentAt: number;
  price: number;
  leaves: number;
  filled: number;
  pending: number;
}

/** Compares every row with the twin: a plain map. */
function expectSame(orders: OpenOrders, twin: ReadonlyMap<number, Kept>): void {
  expect(orders.count).toBe(twin.size);
  const seen = new Set<number>();
  for (let row = 0; row < orders.count; row++) {
    const kept = twin.get(orders.orderId(row));
    if (kept === undefined) throw new Error(`order ${orders.orderId(row)} is not open`);
    expect(orders.rowOf(kept.id)).toBe(row);
    const { instrument, side, sentAt, price, leaves, filled } = kept;
    expect([orders.instrument(row), orders.side(row), orders.sentAt(row)]).toEqual([
      instrument,
      side,
      sentAt,
    ]);
    expect([orders.orderType(row), orders.stopPrice(row)]).toEqual([kept.orderType, kept.stopPrice]);
    expect([orders.price(row), orders.leaves(row), orders.filled(row)]).toEqual([price, leaves, filled]);
    expect(orders.pending(row)).toBe(kept.pending !== 0);
    for (const bit of [PENDING_NEW, PENDING_AMEND, PENDING_CANCEL]) {
      expect(orders.awaits(row, bit)).toBe((kept.pending & bit) !== 0);
    }
    seen.add(kept.id);
  }
  expect(seen.size).toBe(twin.size);
}

const CAPACITY = 16;
type Step = {
  readonly kind: 'add' | 'remove' | 'fill' | 'amend' | 'expect';
  readonly pick: number;
  readonly skip: number;
};
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('add', 'add', 'remove', 'fill', 'amend', 'expect'),
  pick: fc.nat(1000),
  // Gaps in the counter make hash runs of every shape; 32 is the number of hash places.
  skip: fc.constantFrom(1, 1, 1, 2, 31, 32, 33),
});

describe('open orders', () => {
  it('agree with a map along random streams, up to the last place', () => {
    const run = (steps: readonly Step[]): void => {
      const orders = new OpenOrders(CAPACITY);
      const twin = new Map<number, Kept>();
      let counter = 2 ** 32 - 5; // the low word of ids wraps on the way
      for (const { kind, pick, skip } of steps) {
        const kept = [...twin.values()][pick % Math.max(twin.size, 1)];
        if (kind === 'add') {
          if (twin.size === CAPACITY) continue;
          counter += skip;
          const id = orderIdOf(16, counter);
          const one = {
            id,
            instrument: pick % 3,
            side: 1 + (pick % 2),
            orderType: 1 + (pick % 5),
            stopPrice: pick % 7,
            sentAt: counter,
            price: pick,
            leaves: 9,
            filled: 0,
            pending: PENDING_NEW,
          };
          const { instrument, side, orderType, price, leaves, sentAt } = one;
          const row = orders.add(id, instrument, side, orderType, price, leaves, sentAt);
          expect([row, orders.stopPrice(row)]).toEqual([orders.count - 1, 0]);
          orders.setStopPrice(row, one.stopPrice);
          twin.set(id, one);
        } else if (kept !== undefined) change(orders, twin, kept, kind, pick);
        expectSame(orders, twin);
        expect(orders.rowOf(orderIdOf(16, counter + 1))).toBe(-1);
        expect(orders.rowOf(0)).toBe(-1);
      }
    };
    fc.assert(fc.property(fc.array(step, { maxLength: 120 }), run), { seed: SEED, numRuns: 200 });
  });
});

function change(
  orders: OpenOrders,
  twin: Map<number, Kept>,
  kept: Kept,
  kind: Step['kind'],
  pick: number,
): void {
  const row = orders.rowOf(kept.id);
  if (kind === 'remove') {
    orders.remove(row);
    twin.delete(kept.id);
    expect(orders.rowOf(kept.id)).toBe(-1);
  } else if (kind === 'fill') {
    orders.fill(row, 2, kept.leaves - 2);
    kept.filled += 2;
    kept.leaves -= 2;
  } else if (kind === 'amend') {
    orders.confirm(row, pick, 7);
    orders.answered(row, PENDING_NEW | PENDING_AMEND);
    kept.price = pick;
    kept.leaves = 7;
    kept.pending &= PENDING_CANCEL;
  } else {
    orders.expect(row, pick % 2 === 0 ? PENDING_AMEND : PENDING_CANCEL);
    kept.pending |= pick % 2 === 0 ? PENDING_AMEND : PENDING_CANCEL;
  }
}
