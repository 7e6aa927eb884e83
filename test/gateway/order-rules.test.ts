/** Contradictions in orders: each is refused with the key at fault, and exactly those that matching would refuse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MatchingCommand } from '../../src/book/matching.js';
import { newOrderRefusal } from '../../src/book/matching-rules.js';
import { loadConfig } from '../../src/config/load.js';
import { startSession } from '../../src/lib/clock.js';
import { ConditionFlags, OrderType, Reason } from '../../src/lib/enums.js';
import { InstrumentTable } from '../../src/lib/instruments.js';
import type { ApiError } from '../../src/workers/gateway/api-error.js';
import { FlatObject } from '../../src/workers/gateway/flat-object.js';
import { RequestParser } from '../../src/workers/gateway/order-request.js';
import { orderContradiction } from '../../src/workers/gateway/order-rules.js';
import { emptyRequest, type OrderRequest } from '../../src/workers/gateway/order-terms.js';
import { LIMIT_ORDER } from '../support/gateway-rig.js';
import { SEED } from '../support/seed.js';

const instruments = new InstrumentTable(loadConfig({ env: {}, flags: [] }).config.instruments);
const session = startSession();
const NOW = 1000;
const { StopPrice, TakeProfit, StopLoss, StopLossLimit } = ConditionFlags;

/** The command that risk and matching would get. */
function commandOf(order: OrderRequest): MatchingCommand {
  const { conditions } = order;
  const price = (bit: number, value: number) => ((conditions.present & bit) === 0 ? Number.NaN : value);
  const { clientOrderId: _text, conditional, conditions: _conditions, ...plain } = order;
  return Object.assign(new MatchingCommand(), plain, conditions, {
    orderId: 5,
    timestamp: NOW,
    conditional: conditional ? 1 : 0,
    stopPrice: price(StopPrice, conditions.stopPrice),
    takeProfitPrice: price(TakeProfit, conditions.takeProfitPrice),
    stopLossPrice: price(StopLoss, conditions.stopLossPrice),
    stopLossLimitPrice: price(StopLossLimit, conditions.stopLossLimitPrice),
  });
}

// Values that are sound one by one; most keys are not given, so that many orders are sound as a whole.
const rarely = <T>(nothing: T, ...values: T[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(nothing) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  );
const conditions = fc.record({
  stopPrice: fc.constant(90),
  displayedQuantity: rarely(0, 1, 10, 11),
  minimumQuantity: rarely(0, 1, 10, 11),
  expireTime: rarely(0, NOW - 1, NOW, NOW + 1),
  linkedOrderId: rarely(0, 7),
  contingency: rarely(0, 1, 2),
  takeProfitPrice: fc.constantFrom(110, 80),
  stopLossPrice: fc.constantFrom(90, 120),
  stopLossLimitPrice: fc.constant(85),
  present: fc.nat(15),
});
const orders = fc.record({
  side: fc.constantFrom(1, 2),
  orderType: fc.constantFrom(1, 2, 3, 4, 5),
  timeInForce: fc.constantFrom(1, 2, 3, 4, 5, 6, 7),
  flags: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constantFrom(1, 2, 3)),
  selfTradePrevention: fc.constantFrom(0, 1, 2, 3, 4),
  conditional: fc.boolean(),
  conditions,
});

it(`the gateway refuses what matching refuses, and nothing else (seed ${SEED})`, () => {
  let sound = 0;
  fc.assert(
    fc.property(orders, (fields) => {
      const order = { ...emptyRequest(), account: 1, price: 100, quantity: 10, ...fields };
      const error = orderContradiction(order, instruments.all[0], session, NOW);
      const reason = newOrderRefusal(commandOf(order), instruments.count);
      expect([reason === Reason.None, fields]).toEqual([error === undefined, fields]);
      if (error === undefined) sound++;
      else if (error.code === 'INVALID_VALUE')
        expect([error.key !== null, error.value !== null, error.allowed !== null]).toEqual([
          true,
          true,
          true,
        ]);
    }),
    { seed: SEED, numRuns: 20_000 },
  );
  expect(sound).toBeGreaterThan(300);
});

describe('what is said', () => {
  const parser = new RequestParser(instruments, 1, session);
  const body = new FlatObject();
  const order = emptyRequest();
  const problem = (fields: Record<string, unknown>): ApiError | undefined => {
    const { time_in_force: _gtc, ...limit } = LIMIT_ORDER;
    expect(body.parse(JSON.stringify({ ...limit, ...fields }))).toBe(true);
    const error = parser.newOrder(body, order, false);
    return error ?? orderContradiction(order, instruments.all[order.instrument], session, NOW);
  };
  const MARKET = { order_type: 'MARKET', price: null };
  const STOP = { order_type: 'STOP', price: null, stop_price: '59000' };
  const far = `${(BigInt(session.epochSeconds) + 3600n) * 1_000_000_000n}`;

  it.each([
    [{ ...MARKET, time_in_force: 'DAY' }, 'time_in_force', 'DAY', 'GTC, IOC, FOK, AT_THE_OPEN, AT_THE_CLOSE'],
    [{ ...STOP, time_in_force: 'IOC' }, 'time_in_force', 'IOC', 'GTC, DAY, GTD'],
    [{ ...STOP, price: '1' }, 'price', '1', 'no price'],
    [{ ...STOP, stop_price: null }, 'stop_price', null, 'a decimal above 0'],
    [{ ...STOP, stop_price: '0.001' }, 'stop_price', '0.001', 'a multiple of 0.01'],
    [{ stop_price: '59000' }, 'stop_price', '59000', 'a STOP or STOP_LIMIT order'],
    [{ order_type: 'STOP_LIMIT', price: null, stop_price: 1 }, 'price', null, 'a decimal above 0'],
    [{ order_type: 'MARKET_TO_LIMIT' }, 'price', '60000', 'no price'],
    [{ time_in_force: 'GTD' }, 'expire_ns', null, 'a time in the future'],
    [{ time_in_force: 'GTD', expire_ns: '12' }, 'expire_ns', '12', 'a time in the future'],
    [{ time_in_force: 'GTD', expire_ns: 'soon' }, 'expire_ns', 'soon', 'Unix time in nanoseconds'],
    [{ expire_ns: far }, 'expire_ns', far, 'time_in_force GTD'],
    [{ post_only_slide: true }, 'post_only_slide', 'true', 'post_only: true'],
    [{ post_only: true, time_in_force: 'IOC' }, 'post_only', 'true', 'a LIMIT order that is GTC, DAY, GTD'],
    [{ displayed_quantity: '0.02' }, 'displayed_quantity', '0.02', 'at most 0.01'],
    [{ displayed_quantity: '0.001', time_in_force: 'FOK' }, 'displayed_quantity', '0.001', 'that is GTC'],
    [{ minimum_quantity: '0.02' }, 'minimum_quantity', '0.02', 'at most 0.01'],
    [{ minimum_quantity: '0.01', post_only: true }, 'minimum_quantity', '0.01', 'not post-only'],
    [{ linked_order_id: '5' }, 'contingency', null, 'OCO, OUO'],
    [{ contingency: 'OCO' }, 'linked_order_id', null, 'a live order'],
    [{ linked_order_id: 'x', contingency: 'OCO' }, 'linked_order_id', 'x', 'the id of an order'],
    [{ linked_order_id: 5, contingency: 'oto' }, 'contingency', 'oto', 'OCO, OUO'],
    [{ ...MARKET, linked_order_id: 5, contingency: 'OCO' }, 'linked_order_id', '5', 'a LIMIT, STOP or'],
    [{ stop_loss_limit_price: '1' }, 'stop_loss_price', null, 'with stop_loss_limit_price'],
    [
      { take_profit_price: '1', stop_loss_price: '2' },
      'take_profit_price',
      '1',
      'above the stop_loss_price 2',
    ],
    [{ self_trade_prevention: 'MAYBE' }, 'self_trade_prevention', 'MAYBE', 'DECREMENT'],
    [{ order_type: 'PEGGED' }, 'order_type', 'PEGGED', 'LIMIT, MARKET, STOP, STOP_LIMIT, MARKET_TO_LIMIT'],
    [{ hidden: true }, 'hidden', null, 'displayed_quantity'],
  ])('%j: %s', (fields, key, value, allowed) => {
    const error = problem(fields);
    expect(error).toMatchObject({ key, value });
    expect(error?.allowed).toContain(allowed);
  });

  it('null is the same as not given', () => {
    const keys = ['stop_price', 'displayed_quantity', 'minimum_quantity', 'expire_ns', 'linked_order_id'];
    const more = ['contingency', 'take_profit_price', 'stop_loss_price', 'stop_loss_limit_price'];
    expect(problem(Object.fromEntries([...keys, ...more].map((key) => [key, null])))).toBeUndefined();
    expect(order.conditional).toBe(false);
    expect(order.orderType).toBe(OrderType.Limit);
  });
});
