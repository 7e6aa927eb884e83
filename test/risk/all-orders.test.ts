import { describe, expect, it } from 'vitest';
import { ALL_INSTRUMENTS } from '../../src/book/matching.js';
import { OrderType, Reason, Side, TimeInForce } from '../../src/lib/enums.js';
import { orderIdOf } from '../../src/lib/order-ids.js';
import { toBigInt } from '../../src/risk/exact.js';
import { BASE, HOLDS, MARKED, QUOTE } from '../../src/risk/ledger-layout.js';
import type { RiskTerms } from '../../src/risk/limit-terms.js';
import { OPEN_BUY, OPEN_SELL, POSITION_CELLS, QUANTITY } from '../../src/risk/positions.js';
import { SEED } from '../support/seed.js';
import { plainAmount } from './naive-accounts.js';
import { ACCOUNTS } from './rig.js';
import { INSTRUMENTS, SOURCE, World } from './world.js';

const LIMIT = 60;

/** The ledger is kept, and nothing but the position limit stops an order. */
const OPEN: Partial<RiskTerms> = {
  max_position: String(LIMIT),
  max_order_quantity: '1000',
  max_open_orders: 1000,
  currencies: { XXB: { max_drawdown: '100000000', opening_balance: '1000' } },
};
/** Limits that bite: some accounts in cash, some in margin mode. */
const TIGHT: Partial<RiskTerms> = {
  ...OPEN,
  fee_percent: 0.05,
  accounts: ACCOUNTS.map((id, place) => ({
    id,
    name: `account-${id}`,
    mode: (['none', 'cash', 'margin'] as const)[place],
    initial_margin_percent: 20,
    maintenance_margin_percent: 10,
    currencies: {
      XXA: { opening_balance: '40', max_currency_position: '45' },
      XXB: {
        opening_balance: place === 2 ? '800' : '5000',
        max_currency_notional: '6000',
        max_daily_loss: '400',
        max_drawdown: '500',
      },
      XXC: { opening_balance: '40' },
    },
  })),
};

/** Balances and profits equal the sums over all fills. */
function expectReconciled(world: World): void {
  const { ledger } = world.rig.engine.state;
  for (const [place, account] of ACCOUNTS.entries()) {
    for (const [index, currency] of ledger.currencies.names.entries()) {
      const at = ledger.sumsOf(place, index);
      const value = (cell: number): bigint =>
        plainAmount(ledger.currencies, index, toBigInt(ledger.sums, at + cell));
      expect(value(QUOTE) + value(BASE)).toBe(world.accounts.balance(account, currency));
      if (!world.rig.engine.state.losses.isWatched(place)) continue;
      expect(value(QUOTE) + value(MARKED)).toBe(world.accounts.profit(account, currency));
      expect(toBigInt(ledger.sums, at + HOLDS)).toBeGreaterThanOrEqual(0n);
    }
  }
}

/**
 * No position is past its limit; and none would be if all that is open on one side were filled and nothing of the other, but
 * for the moment between the fill of a linked order and the event that reduces the other.
 */
function expectWithinLimits(world: World): void {
  const { state } = world.rig.engine;
  const { cells } = state.positions;
  for (const [place, account] of ACCOUNTS.entries()) {
    for (const instrument of INSTRUMENTS.keys()) {
      const at = state.positionOf(place, instrument) * POSITION_CELLS;
      const limit = state.controls.limit(account, instrument, 'max_position');
      const position = world.accounts.position(account, instrument);
      expect(cells[at + QUANTITY]).toBe(position);
      expect(Math.abs(position)).toBeLessThanOrEqual(limit);
      if (world.events.length > 0) continue;
      expect(position + cells[at + OPEN_BUY]).toBeLessThanOrEqual(limit);
      expect(cells[at + OPEN_SELL] - position).toBeLessThanOrEqual(limit);
    }
  }
}

describe('risk with every kind of order, against the naive twin of matching', () => {
  console.log(`all orders seed: MILLRACE_SEED=${SEED}`);

  it.each([
    ['only the position limit', OPEN],
    ['cash, margin, currency and loss limits', TIGHT],
  ])('reconciles with the fills, and no position can pass its limit: %s', (_, terms) => {
    const seen = new Set<number>();
    for (let run = 0; run < 6; run++) {
      const world = new World(SEED + run, terms);
      world.run(1000, () => {
        expectWithinLimits(world);
      });
      expectReconciled(world);
      world.drain();
      expectReconciled(world);
      world.expectSame();
      for (const reason of world.verdicts.keys()) seen.add(reason);
    }
    // The streams must reach what they are meant to test.
    const { InsufficientBalance, InitialMargin, CurrencyNotionalLimit, CurrencyPositionLimit } = Reason;
    const expected = [InsufficientBalance, InitialMargin, CurrencyNotionalLimit, CurrencyPositionLimit];
    if (terms === TIGHT) expect([...seen]).toEqual(expect.arrayContaining(expected));
  });

  it('gives back all holds and exposure when every order is gone', () => {
    for (let run = 0; run < 8; run++) {
      const world = new World(SEED + 100 + run, TIGHT);
      world.run(800);
      for (const account of ACCOUNTS) {
        const command = { ...world.request(true), account, instrument: ALL_INSTRUMENTS, side: Side.None };
        expect(world.decide('massCancel', command)).toBe(Reason.None);
      }
      world.drain();
      world.expectSame();
      const { state } = world.rig.engine;
      expect(state.orders.count).toBe(0);
      expect([...state.openOrders]).toEqual([0, 0, 0]);
      for (let at = 0; at < state.positions.cells.length; at += POSITION_CELLS) {
        expect([state.positions.cells[at + OPEN_BUY], state.positions.cells[at + OPEN_SELL]]).toEqual([0, 0]);
      }
      for (const place of ACCOUNTS.keys()) {
        for (const index of state.ledger.currencies.names.keys()) {
          expect(toBigInt(state.ledger.sums, state.ledger.sumsOf(place, index) + HOLDS)).toBe(0n);
        }
      }
    }
  });

  it('never traps an order that only reduces a position, whatever limits are broken', () => {
    let exits = 0;
    for (let run = 0; run < 8; run++) {
      const world = new World(SEED + 200 + run, { ...OPEN, accounts: margined() });
      world.run(600);
      world.drain();
      const { controls, engine } = world.rig;
      for (const key of [
        'max_position',
        'max_currency_notional',
        'max_currency_position',
        'max_daily_loss',
        'max_drawdown',
        'opening_balance',
      ] as const) {
        controls.setLimit(0, ALL_INSTRUMENTS, key, 0);
      }
      controls.setLimit(0, ALL_INSTRUMENTS, 'initial_margin_percent', 4_000_000);
      controls.setLimit(0, ALL_INSTRUMENTS, 'maintenance_margin_percent', 4_000_000);
      controls.setLimit(0, ALL_INSTRUMENTS, 'cancel_to_trade_minimum', 0);
      controls.setLimit(0, ALL_INSTRUMENTS, 'cancel_to_trade_ratio', 0);
      controls.setLimit(0, ALL_INSTRUMENTS, 'trading', 1);
      for (const account of ACCOUNTS) controls.setAccountState(account, 'reducing_only');
      controls.setLimit(0, ALL_INSTRUMENTS, 'price_collar_percent', 1000);
      for (const [place, account] of ACCOUNTS.entries()) {
        for (const instrument of INSTRUMENTS.keys()) {
          const position = world.accounts.position(account, instrument);
          const side = position > 0 ? Side.Sell : Side.Buy;
          const cells = engine.state.positions.cells;
          const open =
            cells[engine.state.positionOf(place, instrument) * POSITION_CELLS + OPEN_BUY + side - 1];
          const quantity = Math.abs(position) - open;
          if (quantity < 1) continue;
          const orderId = orderIdOf(SOURCE, 1_000_000 + account * 10 + instrument);
          const exit = world.newOrder({ orderId, account, instrument, side, quantity, price: 100, flags: 0 });
          const plain = { orderType: OrderType.Limit, timeInForce: TimeInForce.GoodTillCancel };
          const { conditions: _, expire: __, displayed: ___, ...order } = exit;
          expect(world.decide('newOrder', { ...order, ...plain })).toBe(Reason.None);
          exits++;
        }
      }
      engine.validate();
    }
    expect(exits).toBeGreaterThan(20);
  });
});

const margined = () =>
  ACCOUNTS.map((id) => ({
    id,
    name: `account-${id}`,
    mode: 'margin' as const,
    currencies: { XXA: { opening_balance: '100000' }, XXB: { opening_balance: '100000' } },
  }));
