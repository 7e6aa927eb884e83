import { describe, expect, it } from 'vitest';
import {
  ConditionFlags,
  Contingency,
  EventFlags,
  ExecutionType,
  OrderStatus,
  OrderType,
  Reason,
  SelfTradePrevention,
  Side,
  TimeInForce,
} from '../../src/lib/enums.js';
import { InstrumentTable } from '../../src/lib/instruments.js';
import { orderIdOf } from '../../src/lib/order-ids.js';
import * as AmendOrder from '../../src/messages/views/amend-order.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import {
  INVALID_ORDER,
  MAXIMUM_OPEN_ORDERS,
  type OrderConditions,
  type OrderRequest,
  type ReportView,
  TOO_MANY_ORDERS,
} from '../../src/strategies/strategy.js';
import { TradingDesk } from '../../src/strategies/trading-desk.js';
import { ThreadContext } from '../../src/workers/entry-context.js';
import { CommandWriter } from '../../src/workers/strategy-commands.js';
import { createSystem } from '../../src/workers/system.js';
import { decode } from '../support/edge.js';
import { pipelineConfig } from '../support/pipeline.js';

const SOURCE = 16;
const id = (counter: number): number => orderIdOf(SOURCE, counter);

/** A desk whose commands go to a ring of their own, and what arrived there since the last look. */
function open() {
  const config = pipelineConfig({ strategies: true, rings: { commands: 4 * 1024 * 1024 } });
  const system = createSystem(config, 1);
  const thread = system.threads.findIndex(({ agents }) => agents.includes('strategies'));
  const context = new ThreadContext(system, thread, { blocking: false }).contextOf('strategies');
  const producer = context.producer('commands.strategies');
  const { all: instruments } = new InstrumentTable(config.instruments);
  const desk = new TradingDesk(
    { source: SOURCE, account: 7, instruments },
    new CommandWriter(producer, context.counters),
  );
  const risk = system.threads.findIndex(({ agents }) => agents.includes('risk'));
  const commands = new ThreadContext(system, risk, { blocking: false })
    .contextOf('risk')
    .consumer('commands.strategies');
  const sent = () => {
    producer.publish();
    const records: Record<string, number>[] = [];
    while (commands.next()) {
      const { type, words, at, length } = commands;
      records.push(decode(type === AmendOrder.TYPE ? AmendOrder : NewOrder, words, at, length));
    }
    commands.release();
    return records;
  };
  return { desk, sent };
}

const order = (conditions?: OrderConditions, rest: Partial<OrderRequest> = {}): OrderRequest => ({
  instrument: 0,
  side: Side.Buy,
  orderType: OrderType.Limit,
  timeInForce: TimeInForce.GoodTillCancel,
  price: 100,
  quantity: 10,
  flags: 0,
  conditions,
  ...rest,
});

const report = (orderId: number, rest: Partial<ReportView>): ReportView => ({
  ...{ orderId, instrument: 0, timestamp: 0, executionType: ExecutionType.New, status: OrderStatus.New },
  ...{ reason: Reason.None, side: Side.Buy, price: 100, quantity: 10, leaves: 10, filled: 0 },
  ...{ orderType: OrderType.Limit, timeInForce: TimeInForce.GoodTillCancel, flags: EventFlags.Resting },
  ...{ displayedQuantity: 0, stopPrice: 0, expireTime: 0, linkedOrderId: 0 },
  ...rest,
});

describe('order entry', () => {
  it('sends a plain order in the short form, and one with conditions in the long form', () => {
    const { desk, sent } = open();
    desk.submit(order(undefined, { selfTradePrevention: SelfTradePrevention.CancelBoth }));
    desk.submit(order({ displayedQuantity: 3, minimumQuantity: 2, expireTime: 5e12 }));
    desk.submit(order({ linkedOrderId: id(1), contingency: Contingency.OneUpdatesOther }));
    desk.buyLimit(0, 99, 1);
    const [plain, iceberg, linked, simple] = sent();
    expect(plain).toMatchObject({
      orderId: id(1),
      account: 7,
      selfTradePrevention: SelfTradePrevention.CancelBoth,
    });
    expect(plain.present).toBeNaN();
    expect(iceberg).toMatchObject({ displayedQuantity: 3, minimumQuantity: 2, expireTime: 5e12, present: 0 });
    expect(iceberg).toMatchObject({ stopPrice: 0, linkedOrderId: 0, contingency: 0, selfTradePrevention: 0 });
    expect(linked).toMatchObject({ linkedOrderId: id(1), contingency: Contingency.OneUpdatesOther });
    expect(simple).toMatchObject({ orderId: id(4), selfTradePrevention: 0 });
    expect(simple.present).toBeNaN();
  });

  it('says which prices are given, because 0 and negative ones are prices too', () => {
    const { desk, sent } = open();
    desk.submit(order({ stopPrice: 0 }, { orderType: OrderType.StopLimit }));
    desk.submit(order({ stopLossPrice: -5, stopLossLimitPrice: -6 }));
    const [stop, bracket] = sent();
    expect(stop).toMatchObject({ stopPrice: 0, present: ConditionFlags.StopPrice });
    const { StopLoss, StopLossLimit } = ConditionFlags;
    expect(bracket).toMatchObject({
      stopLossPrice: -5,
      stopLossLimitPrice: -6,
      present: StopLoss | StopLossLimit,
    });
  });

  it('leaves out the two ids that the exits of a bracket get', () => {
    const { desk, sent } = open();
    expect(desk.submit(order({ takeProfitPrice: 120, stopLossPrice: 90 }))).toBe(id(1));
    expect(desk.buyLimit(0, 99, 1)).toBe(id(4));
    expect(desk.submit(order({ stopLossPrice: 90 }))).toBe(id(5));
    expect(desk.submit(order({ displayedQuantity: 5 }))).toBe(id(8));
    expect(desk.buyLimit(0, 99, 1)).toBe(id(9));
    expect(sent().map(({ orderId }) => orderId)).toEqual([id(1), id(4), id(5), id(8), id(9)]);
  });

  it('takes a price where the type has one only, and nothing but whole numbers', () => {
    const { desk, sent } = open();
    for (const orderType of [OrderType.Market, OrderType.Stop, OrderType.MarketToLimit]) {
      expect(desk.submit(order({ stopPrice: 90 }, { orderType }))).toBe(INVALID_ORDER);
      expect(desk.submit(order({ stopPrice: 90 }, { orderType, price: 0 }))).toBeGreaterThan(0);
    }
    for (const orderType of [OrderType.Limit, OrderType.StopLimit]) {
      expect(desk.submit(order({ stopPrice: 90 }, { orderType, price: 0 }))).toBe(INVALID_ORDER);
    }
    for (const wrong of [0.5, Number.NaN, 2 ** 53]) {
      for (const key of [
        'stopPrice',
        'displayedQuantity',
        'expireTime',
        'linkedOrderId',
        'takeProfitPrice',
      ]) {
        expect(desk.submit(order({ [key]: wrong })), `${key} ${wrong}`).toBe(INVALID_ORDER);
      }
    }
    expect(sent()).toHaveLength(3);
    expect(desk.orders.count).toBe(3);
  });

  it('moves the trigger of a stop, and amends what has no price without one', () => {
    const { desk, sent } = open();
    const stop = desk.submit(order({ stopPrice: 90 }, { orderType: OrderType.Stop, price: 0 }));
    expect([desk.orders.orderType(0), desk.orders.price(0), desk.orders.stopPrice(0)]).toEqual([
      OrderType.Stop,
      0,
      90,
    ]);
    sent();
    expect(desk.amend(stop, 100, 10)).toBe(INVALID_ORDER);
    expect(desk.amend(stop, 0, 12, 0.5)).toBe(INVALID_ORDER);
    expect(desk.amend(stop, 0, 12, 91)).toBe(0);
    const [moved] = sent();
    expect(moved).toMatchObject({
      orderId: stop,
      quantity: 12,
      stopPrice: 91,
      present: ConditionFlags.StopPrice,
    });
    const { Replaced } = ExecutionType;
    const flags = EventFlags.Conditional;
    desk.onReport(
      report(stop, {
        executionType: Replaced,
        orderType: OrderType.Stop,
        price: 0,
        leaves: 12,
        stopPrice: 91,
        flags,
      }),
    );
    expect([desk.orders.stopPrice(0), desk.orders.leaves(0)]).toEqual([91, 12]);
    expect(desk.amend(stop, 0, 13)).toBe(0);
    expect(sent()[0].present).toBeNaN();
  });
});

describe('open orders', () => {
  it('wait on for the answer to an amend while the order triggers or is reduced without being asked', () => {
    const { desk } = open();
    const stop = desk.submit(order({ stopPrice: 90 }, { orderType: OrderType.StopLimit }));
    desk.onReport(report(stop, { flags: EventFlags.Answer | EventFlags.Conditional, stopPrice: 90 }));
    expect(desk.orders.pending(0)).toBe(false);
    desk.amend(stop, 101, 10);
    desk.onReport(report(stop, { executionType: ExecutionType.Triggered, leaves: 8, filled: 2 }));
    desk.onReport(report(stop, { executionType: ExecutionType.Restated, leaves: 5, quantity: 7 }));
    expect([desk.orders.pending(0), desk.orders.leaves(0), desk.orders.price(0)]).toEqual([true, 5, 100]);
    desk.onReport(report(stop, { executionType: ExecutionType.Replaced, leaves: 8, price: 101 }));
    expect([desk.orders.pending(0), desk.orders.leaves(0), desk.orders.price(0)]).toEqual([false, 8, 101]);
    desk.onReport(
      report(stop, { executionType: ExecutionType.Triggered, status: OrderStatus.Filled, leaves: 0 }),
    );
    expect(desk.orders.count).toBe(0);
  });

  it('gain the exits of a bracket with their first report, and lose them with their last', () => {
    const { desk } = open();
    const entry = desk.submit(order({ takeProfitPrice: 120, stopLossPrice: 90 }));
    desk.onFill(entry, 0, Side.Buy, 10, 0, false);
    desk.onReport(report(entry, { status: OrderStatus.Filled, leaves: 0, filled: 10 }));
    expect(desk.orders.count).toBe(0);
    const [takeProfit, stopLoss] = [entry + 1, entry + 2];
    const conditional = { side: Side.Sell, flags: EventFlags.Conditional };
    desk.onReport(report(stopLoss, { ...conditional, orderType: OrderType.Stop, price: 0, stopPrice: 90 }));
    // The take profit traded before it came to rest.
    desk.onFill(takeProfit, 0, Side.Sell, 4, 6, false);
    const filled = { status: OrderStatus.PartiallyFilled, leaves: 6, filled: 4 };
    desk.onReport(report(takeProfit, { ...conditional, ...filled, price: 120 }));
    const { orders } = desk;
    const [stop, limit] = [orders.rowOf(stopLoss), orders.rowOf(takeProfit)];
    expect([orders.stopPrice(stop), orders.leaves(stop), orders.pending(stop)]).toEqual([90, 10, false]);
    expect([orders.price(limit), orders.leaves(limit), orders.filled(limit)]).toEqual([120, 6, 4]);
    expect(desk.position(0)).toBe(6);
    expect(desk.cancel(takeProfit)).toBe(0);
    const ended = { executionType: ExecutionType.Canceled, status: OrderStatus.Canceled };
    for (const exit of [takeProfit, stopLoss]) desk.onReport(report(exit, ended));
    expect(desk.orders.count).toBe(0);
    // An exit that is over at once never was open.
    desk.onReport(report(takeProfit, { ...conditional, status: OrderStatus.Filled, leaves: 0 }));
    desk.onReport(report(stopLoss, { executionType: ExecutionType.Rejected, status: OrderStatus.Rejected }));
    expect(desk.orders.count).toBe(0);
  });

  it('have room for the exits of as many brackets as there may be orders', () => {
    const { desk, sent } = open();
    for (let i = 0; i < MAXIMUM_OPEN_ORDERS; i++) {
      expect(desk.submit(order({ takeProfitPrice: 120, stopLossPrice: 90 }))).toBe(id(1 + 3 * i));
    }
    expect(desk.buyLimit(0, 99, 1)).toBe(TOO_MANY_ORDERS);
    expect(sent()).toHaveLength(MAXIMUM_OPEN_ORDERS);
    for (let i = 0; i < MAXIMUM_OPEN_ORDERS; i++) {
      desk.onReport(report(id(1 + 3 * i), { status: OrderStatus.Filled }));
      for (const exit of [2, 3]) desk.onReport(report(id(exit + 3 * i), { side: Side.Sell }));
    }
    expect(desk.orders.count).toBe(2 * MAXIMUM_OPEN_ORDERS);
    expect(desk.buyLimit(0, 99, 1)).toBe(TOO_MANY_ORDERS);
  });
});
