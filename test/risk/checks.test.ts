import { describe, expect, it } from 'vitest';
import { OrderType, REASON_NAMES, Reason, Side, TimeInForce } from '../../src/lib/enums.js';
import { orderIdOf } from '../../src/lib/order-ids.js';
import { ALL_INSTRUMENTS, type KillScope } from '../../src/risk/controls.js';
import type { NaiveCommand } from './naive-risk.js';
import { createRig, feed, fillCommand, type RigOptions } from './rig.js';

const SOURCE = 16;
const id = (counter: number): number => orderIdOf(SOURCE, counter);

const ORDER: NaiveCommand = {
  orderId: id(1),
  received: 0,
  client: 0,
  price: 100,
  quantity: 10,
  account: 1,
  instrument: 0,
  source: SOURCE,
  side: Side.Buy,
  orderType: OrderType.Limit,
  timeInForce: TimeInForce.GoodTillCancel,
  flags: 0,
};

type Rig = ReturnType<typeof createRig>;

function sendNew(rig: Rig, fields: Partial<NaiveCommand> = {}): Reason {
  fillCommand(rig.engine.command, { ...ORDER, ...fields });
  const reason = rig.engine.checkNewOrder();
  return reason === Reason.None ? rig.engine.admitNewOrder() : reason;
}

function sendAmend(rig: Rig, sequence: number, fields: Partial<NaiveCommand>): Reason {
  fillCommand(rig.engine.command, { ...ORDER, ...fields });
  rig.engine.command.sequence = sequence;
  const reason = rig.engine.checkAmend();
  return reason === Reason.None ? rig.engine.admitAmend() : reason;
}

function sendCancel(rig: Rig, fields: Partial<NaiveCommand> = {}): Reason {
  fillCommand(rig.engine.command, { ...ORDER, ...fields });
  return rig.engine.checkCancel();
}

const market = { orderType: OrderType.Market, price: 0, timeInForce: TimeInForce.ImmediateOrCancel };

/** What happens before, the order, and what risk says. */
const TABLE: readonly [
  string,
  RigOptions['terms'],
  Partial<NaiveCommand>[],
  Partial<NaiveCommand>,
  Reason,
][] = [
  ['an ordinary order', {}, [], {}, Reason.None],
  ['side 0', {}, [], { side: 0 }, Reason.Malformed],
  ['side 3', {}, [], { side: 3 }, Reason.Malformed],
  ['order type 9', {}, [], { orderType: 9 }, Reason.Malformed],
  ['time in force 0', {}, [], { timeInForce: 0 }, Reason.Malformed],
  ['time in force 8', {}, [], { timeInForce: 8 }, Reason.Malformed],
  ['unknown flags', {}, [], { flags: 4 }, Reason.Malformed],
  ['an id of another source', {}, [], { orderId: orderIdOf(17, 1) }, Reason.Malformed],
  ['an id without a counter', {}, [], { orderId: orderIdOf(SOURCE, 0) }, Reason.Malformed],
  ['source 0', {}, [], { source: 0, orderId: 1 }, Reason.Malformed],
  ['the id of a live order', {}, [{}], {}, Reason.DuplicateOrderId],
  ['an id below an earlier one', {}, [{ orderId: id(9) }], { orderId: id(8) }, Reason.DuplicateOrderId],
  ['the id of a refused order', {}, [{ account: 9 }], {}, Reason.DuplicateOrderId],
  ['an id across 2^32', {}, [{ orderId: id(2 ** 32 - 1) }], { orderId: id(2 ** 32) }, Reason.None],
  ['an unknown account', {}, [], { account: 4 }, Reason.UnknownAccount],
  ['account 2^32 - 1', {}, [], { account: 0xffff_ffff }, Reason.UnknownAccount],
  ['an unknown instrument', {}, [], { instrument: 2 }, Reason.UnknownInstrument],
  ['quantity 0', {}, [], { quantity: 0 }, Reason.InvalidQuantity],
  ['a negative quantity', {}, [], { quantity: -5 }, Reason.InvalidQuantity],
  [
    'a quantity of 2^50',
    { max_order_quantity: '9000000000000000' },
    [],
    { quantity: 2 ** 50 },
    Reason.InvalidQuantity,
  ],
  ['price 0', {}, [], { price: 0 }, Reason.InvalidPrice],
  ['a negative price', {}, [], { price: -1 }, Reason.InvalidPrice],
  ['a market order with a price', {}, [], { ...market, price: 100 }, Reason.InvalidPrice],
  ['a market order', {}, [], market, Reason.None],
  ['a client id again', {}, [{ client: 7 }], { client: 7, orderId: id(2) }, Reason.DuplicateClientOrderId],
  [
    'a 64-bit client id again',
    {},
    [{ client: 2 ** 40 }],
    { client: 2 ** 40, orderId: id(2) },
    Reason.DuplicateClientOrderId,
  ],
  [
    "another account's client id",
    {},
    [{ client: 7 }],
    { client: 7, account: 2, orderId: id(2) },
    Reason.None,
  ],
  [
    'the client id of a refused order',
    {},
    [{ client: 7, price: 0 }],
    { client: 7, orderId: id(2) },
    Reason.None,
  ],
  ['the quantity limit', { max_order_quantity: '10' }, [], {}, Reason.None],
  ['past the quantity limit', { max_order_quantity: '9' }, [], {}, Reason.OrderQuantityLimit],
  ['the notional limit', { max_order_notional: '1000' }, [], {}, Reason.None],
  ['past the notional limit', { max_order_notional: '999' }, [], {}, Reason.OrderNotionalLimit],
  [
    'a market order past the notional limit',
    { max_order_notional: '999' },
    [],
    market,
    Reason.OrderNotionalLimit,
  ],
  ['the upper collar', { price_collar_percent: 10 }, [], { price: 110 }, Reason.None],
  ['above the collar', { price_collar_percent: 10 }, [], { price: 111 }, Reason.PriceCollar],
  ['the lower collar', { price_collar_percent: 10 }, [], { price: 90 }, Reason.None],
  ['below the collar', { price_collar_percent: 10 }, [], { price: 89 }, Reason.PriceCollar],
  ['the position limit', { max_position: '20' }, [{}], { orderId: id(2) }, Reason.None],
  ['past the position limit', { max_position: '19' }, [{}], { orderId: id(2) }, Reason.PositionLimit],
  [
    'the other side of open buys',
    { max_position: '10' },
    [{}],
    { orderId: id(2), side: Side.Sell },
    Reason.None,
  ],
  ['past the position limit, short', { max_position: '9' }, [], { side: Side.Sell }, Reason.PositionLimit],
  ['past the open-order limit', { max_open_orders: 1 }, [{}], { orderId: id(2) }, Reason.OpenOrderLimit],
  [
    'past the order burst',
    { order_burst: 1, orders_per_second: 1 },
    [{}],
    { orderId: id(2) },
    Reason.RateLimit,
  ],
  [
    'after the bucket has refilled',
    { order_burst: 1, orders_per_second: 1 },
    [{}],
    { orderId: id(2), received: 1e9 },
    Reason.None,
  ],
  [
    'just before the bucket has refilled',
    { order_burst: 1, orders_per_second: 1 },
    [{}],
    { orderId: id(2), received: 1e9 - 1 },
    Reason.RateLimit,
  ],
  ['the kill switch of the configuration', { kill_switch: true }, [], {}, Reason.KillSwitch],
];

describe('a new order', () => {
  it.each(TABLE)('%s', (_, terms, before, order, reason) => {
    const rig = createRig({ terms: terms ?? {} });
    for (const earlier of before) sendNew(rig, earlier);
    expect(REASON_NAMES[sendNew(rig, order)]).toBe(REASON_NAMES[reason]);
    rig.engine.validate();
  });

  it('without a reference price is refused, market orders too', () => {
    const rig = createRig({ instruments: [{ symbol: 'AAA', reference_price: '0' }] });
    expect(sendNew(rig)).toBe(Reason.ReferencePriceMissing);
    expect(sendNew(rig, { ...market, orderId: id(2) })).toBe(Reason.ReferencePriceMissing);
  });

  it('outside the quantities of its instrument is refused', () => {
    const rig = createRig({ instruments: [{ symbol: 'AAA', min_quantity: '5', max_quantity: '20' }] });
    const verdicts = [4, 5, 20, 21].map((quantity, i) => sendNew(rig, { quantity, orderId: id(i + 1) }));
    expect(verdicts).toEqual([Reason.InvalidQuantity, Reason.None, Reason.None, Reason.InvalidQuantity]);
  });

  it('is refused while the table of open orders is full, and passes once there is room', () => {
    const rig = createRig({ capacities: { openOrders: 8, clientOrderIds: 8 } });
    for (let i = 1; i <= 8; i++) expect(sendNew(rig, { orderId: id(i) })).toBe(Reason.None);
    expect(sendNew(rig, { orderId: id(9) })).toBe(Reason.RiskCapacity);
    feed(
      rig.engine,
      {
        report: {
          sequence: 1,
          orderId: id(3),
          executionType: 2,
          price: 100,
          quantity: 10,
          leavesQuantity: 0,
        },
      },
      1,
    );
    expect(sendNew(rig, { orderId: id(10) })).toBe(Reason.None);
    rig.engine.validate();
  });

  it('may use a client id again that has left the memory', () => {
    const rig = createRig({ capacities: { openOrders: 64, clientOrderIds: 8 } });
    for (let i = 1; i <= 9; i++) expect(sendNew(rig, { orderId: id(i), client: i })).toBe(Reason.None);
    expect(sendNew(rig, { orderId: id(10), client: 2 })).toBe(Reason.DuplicateClientOrderId);
    expect(sendNew(rig, { orderId: id(11), client: 1 })).toBe(Reason.None);
  });

  it.each([
    [0.29, 50_000],
    [0.7, 11_000],
    [1.15, 6000],
    [8.2, 1500],
    [4.35, 2 ** 36 * 10_000],
  ])('may stand exactly at a collar of %d percent of %d, and not a tick beyond it', (percent, reference) => {
    const rig = createRig({
      terms: { price_collar_percent: percent, max_order_notional: '99999999999999999999' },
      instruments: [{ symbol: 'AAA', reference_price: String(reference) }],
    });
    const distance = Number((BigInt(reference) * BigInt(Math.round(percent * 100))) / 10_000n);
    const prices = [distance, distance + 1, -distance, -distance - 1].map((offset) => reference + offset);
    const verdicts = prices.map((price, i) => sendNew(rig, { price, quantity: 1, orderId: id(i + 1) }));
    expect(verdicts).toEqual([Reason.None, Reason.PriceCollar, Reason.None, Reason.PriceCollar]);
  });

  it('is collared against the last trade', () => {
    const rig = createRig({ terms: { price_collar_percent: 10 } });
    sendNew(rig, { price: 108 });
    sendNew(rig, { orderId: id(2), price: 108, side: Side.Sell, account: 2 });
    const side = (orderId: number, account: number) => ({ orderId, account, leaves: 0 });
    const trade = {
      price: 108,
      quantity: 10,
      instrument: 0,
      takerSide: Side.Sell,
      maker: side(id(1), 1),
      taker: side(id(2), 2),
    };
    feed(rig.engine, { trade }, 1);
    expect(sendNew(rig, { orderId: id(3), price: 118 })).toBe(Reason.None);
    expect(sendNew(rig, { orderId: id(4), price: 97 })).toBe(Reason.PriceCollar);
  });
});

describe('an amend or cancel', () => {
  it('is for the owner of an open order', () => {
    const rig = createRig();
    sendNew(rig);
    expect(sendCancel(rig, { orderId: id(5) })).toBe(Reason.UnknownOrder);
    expect(sendCancel(rig, { account: 2 })).toBe(Reason.NotOrderOwner);
    expect(sendCancel(rig, { account: 9 })).toBe(Reason.UnknownAccount);
    expect(sendAmend(rig, 2, { account: 2, quantity: 5 })).toBe(Reason.NotOrderOwner);
    expect(sendAmend(rig, 2, { orderId: id(5) })).toBe(Reason.UnknownOrder);
    expect(sendCancel(rig)).toBe(Reason.None);
  });

  it('cancels have a rate of their own; mass cancels use it up but always pass', () => {
    const rig = createRig({ terms: { cancel_burst: 2, cancels_per_second: 1 } });
    sendNew(rig);
    expect([sendCancel(rig), sendCancel(rig), sendCancel(rig)]).toEqual([0, 0, Reason.RateLimit]);
    fillCommand(rig.engine.command, { ...ORDER, orderId: 0, side: Side.None, instrument: ALL_INSTRUMENTS });
    expect(rig.engine.checkMassCancel()).toBe(Reason.None);
    fillCommand(rig.engine.command, { ...ORDER, orderId: 0, side: 3, instrument: 0 });
    expect(rig.engine.checkMassCancel()).toBe(Reason.Malformed);
    fillCommand(rig.engine.command, { ...ORDER, orderId: 0, side: Side.None, instrument: 2 });
    expect(rig.engine.checkMassCancel()).toBe(Reason.UnknownInstrument);
  });

  it('an amend reserves the larger total until it is answered, and a refusal gives it back', () => {
    const rig = createRig({ terms: { max_position: '30' } });
    sendNew(rig);
    expect(sendAmend(rig, 2, { quantity: 25 })).toBe(Reason.None);
    expect(sendNew(rig, { orderId: id(2) })).toBe(Reason.PositionLimit);
    const answer = { orderId: id(1), executionType: 5, price: 100, quantity: 10, leavesQuantity: 10 };
    feed(rig.engine, { report: { ...answer, sequence: 1 } }, 1);
    expect(sendNew(rig, { orderId: id(3) })).toBe(Reason.PositionLimit);
    feed(rig.engine, { report: { ...answer, sequence: 2 } }, 2);
    expect(sendNew(rig, { orderId: id(4) })).toBe(Reason.None);
    rig.engine.validate();
  });

  it('an amend that only takes quantity away passes limits that have become tighter', () => {
    const rig = createRig();
    sendNew(rig);
    rig.controls.setLimit(1, ALL_INSTRUMENTS, 'max_order_quantity', 1);
    rig.controls.setLimit(1, ALL_INSTRUMENTS, 'max_position', 1);
    expect(sendAmend(rig, 2, { quantity: 11 })).toBe(Reason.OrderQuantityLimit);
    expect(sendAmend(rig, 3, { quantity: 9 })).toBe(Reason.None);
  });

  it('ignores the answers of risk itself, which may name a live order', () => {
    const rig = createRig();
    sendNew(rig);
    feed(
      rig.engine,
      {
        report: {
          sequence: 0,
          orderId: id(1),
          executionType: 4,
          price: 100,
          quantity: 10,
          leavesQuantity: 0,
        },
      },
      1,
    );
    expect(rig.engine.state.orders.count).toBe(1);
  });
});

describe('kill switches', () => {
  const scopes: readonly [string, KillScope, Reason][] = [
    ['everything', {}, Reason.KillSwitch],
    ['the account', { account: 1 }, Reason.KillSwitch],
    ['another account', { account: 2 }, Reason.None],
    ['the instrument', { instrument: 0 }, Reason.KillSwitch],
    ['another instrument', { instrument: 1 }, Reason.None],
  ];
  it.each(scopes)('over %s', (_, scope, reason) => {
    const rig = createRig();
    sendNew(rig);
    rig.controls.engageKillSwitch(scope);
    rig.controls.engageKillSwitch(scope);
    expect(rig.controls.isEngaged(scope)).toBe(true);
    expect(sendNew(rig, { orderId: id(2) })).toBe(reason);
    expect(sendAmend(rig, 2, { quantity: 5 })).toBe(reason);
    expect(sendCancel(rig)).toBe(Reason.None);
    rig.controls.releaseKillSwitch(scope);
    rig.controls.releaseKillSwitch(scope);
    expect(sendNew(rig, { orderId: id(3) })).toBe(Reason.None);
    rig.engine.validate();
  });

  it('is read after the checks: what is engaged between check and admission stops the order', () => {
    const rig = createRig();
    fillCommand(rig.engine.command, ORDER);
    expect(rig.engine.checkNewOrder()).toBe(Reason.None);
    rig.controls.engageKillSwitch({});
    expect(rig.engine.admitNewOrder()).toBe(Reason.KillSwitch);
    expect(rig.engine.state.orders.count).toBe(0);
    rig.engine.validate();
  });
});
