/**
 * Orders with conditions as the gateway writes them: the same record whichever way it came in, and the events of matching as clients
 * see them. The core is the test itself.
 */
import { Builder } from 'flatbuffers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  Contingency,
  EventFlags,
  ExecutionType,
  MessageType,
  OrderStatus,
  OrderType,
  Reason,
  SelfTradePrevention,
  Side,
  StatusFlags,
  TimeInForce,
  TradingPhase,
} from '../../src/lib/enums.js';
import * as official from '../../src/messages/official.js';
import { GatewayRig, LIMIT_ORDER, until } from '../support/gateway-rig.js';
import { type Fields, ScriptedCore } from '../support/scripted-core.js';
import { Client, type Message } from '../support/websocket-client.js';

const { Answer, Auction, Conditional, EndOfCommand, Resting } = EventFlags;
const OWN = Answer | EndOfCommand;
const ACCEPTED = { executionType: ExecutionType.New, status: OrderStatus.New };

let rig: GatewayRig;
let core: ScriptedCore;
let client: Client;
beforeAll(async () => {
  rig = await GatewayRig.start();
  core = new ScriptedCore(rig);
  client = await Client.open(rig);
  await client.ask({ op: 'subscribe', channel: 'orders' });
});
afterAll(async () => {
  await client.close();
  await rig.stop();
});
beforeEach(() => {
  client.messages.length = 0;
});

const get = async (id: number): Promise<Message> => (await rig.get(`/api/orders/${id}`)).body;
const told = (): Message[] => client.messages.filter(({ type }) => type === 'execution');
/** The types and statuses of what subscribers were told, waited for. */
async function events(count: number): Promise<unknown[]> {
  await until(() => told().length >= count);
  return told().map(({ execution_type, order_id, status }) => [execution_type, Number(order_id), status]);
}

/** Enters an order that matching accepts with `flags`; returns the command and the reply. */
async function entered(fields: Message, flags = OWN | Resting): Promise<[Fields, Message]> {
  const asked = rig.order(fields);
  const command = await core.command();
  core.answer(command, { ...ACCEPTED, flags });
  return [command, (await asked).body];
}

/** A table with one or two structs, by the official builder. */
function record(first: (b: Builder) => number, second?: (b: Builder) => number): Uint8Array {
  const builder = new Builder(256);
  builder.startObject(2);
  if (second !== undefined) builder.addFieldStruct(1, second(builder), 0);
  builder.addFieldStruct(0, first(builder), 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}

let requests = 1000;
async function askBinary(type: number, flatbuffer: Uint8Array): Promise<() => Promise<Message>> {
  const id = requests++;
  const message = new Uint8Array(8 + flatbuffer.length);
  new DataView(message.buffer).setUint32(0, type, true);
  new DataView(message.buffer).setUint32(4, id, true);
  message.set(flatbuffer, 8);
  client.socket.send(message);
  return () => client.wait((one) => one.id === id);
}

describe('one order by REST, WebSocket and FlatBuffer is one record', () => {
  const session = () => rig.system.session;
  const unix = (nanoseconds: number): string => {
    const { epochSeconds, epochNanoseconds } = session();
    return String(BigInt(epochSeconds) * 1_000_000_000n + BigInt(epochNanoseconds + nanoseconds));
  };
  const FAR = 3_600_000_000_000;
  const PLAIN = { price: 0, flags: 0, selfTradePrevention: 0 };
  const NOTHING = {
    ...{ stopPrice: 0, displayedQuantity: 0, minimumQuantity: 0, expireTime: 0, linkedOrderId: 0 },
    ...{ takeProfitPrice: 0, stopLossPrice: 0, stopLossLimitPrice: 0, contingency: 0, present: 0 },
  };
  const { Limit, Stop, StopLimit, MarketToLimit } = OrderType;
  const { GoodTillCancel, GoodTillDate, AtTheOpen } = TimeInForce;

  it.each<[string, () => Message, Fields]>([
    [
      'stop',
      () => ({ order_type: 'STOP', price: null, stop_price: '61000.5' }),
      { ...NOTHING, orderType: Stop, stopPrice: 6_100_050, present: 1 },
    ],
    [
      'stop-limit iceberg that prevents self-trades',
      () => ({
        ...{ order_type: 'STOP_LIMIT', stop_price: 61000, displayed_quantity: '0.002' },
        self_trade_prevention: 'cancel_oldest',
      }),
      {
        ...{ ...NOTHING, orderType: StopLimit, price: 6_000_000, stopPrice: 6_100_000, present: 1 },
        ...{ displayedQuantity: 20, selfTradePrevention: SelfTradePrevention.CancelOldest },
      },
    ],
    [
      'market-to-limit, good till date',
      () => ({ order_type: 'MARKET_TO_LIMIT', price: null, time_in_force: 'GTD', expire_ns: unix(FAR) }),
      { ...NOTHING, orderType: MarketToLimit, timeInForce: GoodTillDate, expireTime: FAR },
    ],
    [
      'post-only with slide',
      () => ({ post_only: true, post_only_slide: true }),
      { orderType: Limit, price: 6_000_000, flags: 3 },
    ],
    [
      'at the open',
      () => ({ time_in_force: 'AT_THE_OPEN' }),
      { orderType: Limit, price: 6_000_000, timeInForce: AtTheOpen },
    ],
    [
      'minimum quantity',
      () => ({ minimum_quantity: '0.0040' }),
      { ...NOTHING, orderType: Limit, price: 6_000_000, minimumQuantity: 40 },
    ],
    [
      'linked',
      () => ({ linked_order_id: '77', contingency: 'OUO' }),
      {
        ...{ ...NOTHING, orderType: Limit, price: 6_000_000, linkedOrderId: 77 },
        contingency: Contingency.OneUpdatesOther,
      },
    ],
    [
      'bracket',
      () => ({
        ...{ take_profit_price: '62000', stop_loss_price: '59000', stop_loss_limit_price: '58990' },
      }),
      {
        ...{ ...NOTHING, orderType: Limit, price: 6_000_000, present: 2 | 4 | 8 },
        ...{ takeProfitPrice: 6_200_000, stopLossPrice: 5_900_000, stopLossLimitPrice: 5_899_000 },
      },
    ],
  ])('%s', async (_name, body, wanted) => {
    const expected: Fields = {
      ...PLAIN,
      timeInForce: GoodTillCancel,
      side: Side.Buy,
      quantity: 100,
      ...wanted,
    };
    const isLong = 'present' in wanted;
    const linked = expected.linkedOrderId ? { linkedOrderId: expected.linkedOrderId } : {};
    const accepted = { ...ACCEPTED, flags: OWN | Resting, ...linked };
    const byRest = rig.order(body());
    const first = await core.command();
    core.answer(first, accepted);
    const rest = (await byRest).body;
    expect(first).toMatchObject(expected);
    expect('present' in first).toBe(isLong);
    const ids = 'take_profit_price' in body() ? 3 : 1;

    const bySocket = client.ask({ op: 'order', ...LIMIT_ORDER, ...body() });
    const second = await core.command();
    core.answer(second, accepted);
    expect(second).toEqual({ ...first, orderId: first.orderId + ids, received: expect.any(Number) });
    const { seq: _seq, type: _type, id: _id, ...socketReply } = await bySocket;

    const answer = await askBinary(MessageType.NewOrder, officialOrder(expected, isLong));
    const third = await core.command();
    core.answer(third, accepted);
    expect(third).toEqual({ ...second, orderId: second.orderId + ids, received: expect.any(Number) });
    const { seq: _seq2, type: _type2, id: _id2, ...binaryReply } = await answer();
    const times = { order_id: expect.any(String), received_ns: expect.any(String) };
    expect(socketReply).toEqual({ ...rest, ...times });
    expect(binaryReply).toEqual({ ...rest, ...times });
    // What was asked for is in the reply, in the words of the request.
    for (const [key, value] of Object.entries(body())) {
      if (value === null) expect(rest[key] ?? null).toBe(null);
      else if (key === 'self_trade_prevention') expect(rest[key]).toBe(String(value).toUpperCase());
      else expect([key, rest[key]]).toEqual([key, plainText(value)]);
    }
  });

  /** The order as the official runtime of any language writes it. */
  function officialOrder(fields: Fields, isLong: boolean): Uint8Array {
    const big = (name: string): bigint => BigInt(fields[name] ?? 0);
    return record(
      (b) =>
        official.NewOrderData.createNewOrderData(
          b,
          ...([0n, 0n, 0n, 0n, 0n, big('price'), big('quantity'), 1, 0] as const),
          ...([fields.side, fields.orderType, fields.timeInForce, fields.flags, 0] as const),
          ...([fields.selfTradePrevention, 0] as const),
        ),
      isLong
        ? (b) =>
            official.OrderConditions.createOrderConditions(
              b,
              ...([big('stopPrice'), big('displayedQuantity'), big('minimumQuantity')] as const),
              ...([big('expireTime'), big('linkedOrderId'), big('takeProfitPrice')] as const),
              ...([big('stopLossPrice'), big('stopLossLimitPrice')] as const),
              ...([fields.contingency, fields.present, 0, 0] as const),
            )
        : undefined,
    );
  }
});

/** A value of a request as a reply has it. */
function plainText(value: unknown): unknown {
  if (typeof value === 'boolean' || !/^[\d.]+$/.test(String(value))) return value;
  return String(value).includes('.') ? String(value).replace(/\.?0+$/, '') : String(value);
}

it('values of an extended record that are out of range are named, and a damaged second struct is refused', async () => {
  const conditions = (fields: Partial<Record<'stop' | 'linked', bigint>>, contingency = 0, present = 0) =>
    record(
      (b) =>
        official.NewOrderData.createNewOrderData(
          b,
          ...([0n, 0n, 0n, 0n, 0n, 100n, 100n, 1, 0] as const),
          ...([Side.Buy, OrderType.Limit, TimeInForce.GoodTillCancel, 0, 0, 0, 0] as const),
        ),
      (b) =>
        official.OrderConditions.createOrderConditions(
          b,
          ...([fields.stop ?? 0n, 0n, 0n, 0n, fields.linked ?? 0n, 0n, 0n, 0n] as const),
          ...([contingency, present, 0, 0] as const),
        ),
    );
  for (const [flatbuffer, key] of [
    [conditions({ stop: -1n }, 0, 1), 'stop_price'],
    [conditions({ stop: 2n ** 60n }, 0, 1), 'stop_price'],
    [conditions({ linked: 2n ** 63n }, 1), 'linked_order_id'],
    [conditions({ linked: 7n }, 3), 'contingency'],
    [conditions({}, 0, 16), 'present'],
    [conditions({ stop: 5n }, 0, 1), 'stop_price'],
  ] as const) {
    const answer = await (await askBinary(MessageType.NewOrder, flatbuffer))();
    expect(answer).toMatchObject({ type: 'error', error: { code: 'INVALID_VALUE', key } });
  }
  const damaged = conditions({ stop: 5n }, 0, 1);
  const view = new DataView(damaged.buffer, damaged.byteOffset, damaged.length);
  const vtable = view.getUint32(0, true) - view.getInt32(view.getUint32(0, true), true);
  view.setUint16(vtable + 6, 60_000, true);
  await askBinary(MessageType.NewOrder, damaged);
  await client.wait(({ error }) => (error as Message | undefined)?.code === 'MALFORMED_RECORD');
  expect(core.idle).toBe(true);
});

describe('stops', () => {
  it('waits, is amended, triggers, and its price cannot be changed any more', async () => {
    const stop = { side: 'SELL', order_type: 'STOP_LIMIT', price: '58990', stop_price: '59000' };
    const [{ orderId }, reply] = await entered(stop, OWN | Conditional);
    expect(reply).toMatchObject({ status: 'NEW', working: false, stop_price: '59000', price: '58990' });

    const amend = rig.request('PATCH', `/api/order/${orderId}`, { stop_price: '59100' });
    const command = await core.command();
    expect(command).toMatchObject({
      orderId,
      stopPrice: 5_910_000,
      present: 1,
      price: 5_899_000,
      quantity: 100,
    });
    const replaced = { executionType: ExecutionType.Replaced, status: OrderStatus.New, side: Side.Sell };
    core.answer(command, { ...replaced, flags: OWN | Conditional, stopPrice: 5_910_000 });
    expect((await amend).body).toMatchObject({ working: false, stop_price: '59100', status: 'NEW' });

    const order = { orderId, price: 5_899_000, quantity: 100, side: Side.Sell };
    core.trade({
      ...{ takerSource: 1, takerOrderId: orderId, takerLeaves: 60, price: 5_899_500, quantity: 40 },
      ...{ tradeId: 9, takerSide: Side.Sell },
    });
    core.report({
      ...{ ...order, leavesQuantity: 60, filledQuantity: 40, stopPrice: 5_910_000 },
      ...{ executionType: ExecutionType.Triggered, status: OrderStatus.PartiallyFilled },
      flags: Resting | Conditional,
    });
    await events(4);
    expect(told().slice(2)).toMatchObject([
      { execution_type: 'TRADE', fill: { price: '58995', liquidity: 'TAKER' } },
      { execution_type: 'TRIGGERED', working: true, leaves_quantity: '0.006', fill: null },
    ]);
    const late = await rig.request('PATCH', `/api/order/${orderId}`, { stop_price: '59200' });
    expect(late.status).toBe(400);
    expect(late.body).toMatchObject({
      error: { key: 'stop_price', value: '59200', message: 'the order has triggered' },
    });
  });

  it('what an order does not have cannot be amended', async () => {
    const [{ orderId }] = await entered({});
    const [{ orderId: stop }] = await entered(
      { order_type: 'STOP', price: null, stop_price: '61000' },
      OWN | Conditional,
    );
    for (const [id, body, key] of [
      [orderId, { stop_price: '1' }, 'stop_price'],
      [stop, { price: '1' }, 'price'],
      [stop, {}, 'price'],
    ] as const) {
      const reply = await rig.request('PATCH', `/api/order/${id}`, body);
      expect([reply.status, (reply.body.error as Message).key]).toEqual([400, key]);
    }
    const amended = await askBinary(
      MessageType.AmendOrder,
      record(
        (b) =>
          official.AmendOrderData.createAmendOrderData(
            b,
            ...([0n, 0n, 0n, BigInt(stop), 0n, 0n, 0n, 1, 0, 0, 0, 0] as const),
          ),
        (b) =>
          official.OrderConditions.createOrderConditions(
            b,
            6_200_000n,
            0n,
            0n,
            0n,
            0n,
            0n,
            0n,
            0n,
            0,
            1,
            0,
            0,
          ),
      ),
    );
    const command = await core.command();
    expect(command).toMatchObject({ orderId: stop, stopPrice: 6_200_000, quantity: 100, price: 0 });
    core.answer(command, { executionType: ExecutionType.CancelRejected, reason: Reason.UnknownOrder });
    expect(await amended()).toMatchObject({ type: 'amend', reason: 'UNKNOWN_ORDER', status: 'NEW' });
  });
});

describe('at the close', () => {
  const CLOSE = { time_in_force: 'AT_THE_CLOSE' };

  it('an order waits unless the closing auction is on', async () => {
    const [{ orderId }, waiting] = await entered(
      { ...CLOSE, order_type: 'MARKET', price: null },
      OWN | Conditional,
    );
    expect(waiting).toMatchObject({ working: false, time_in_force: 'AT_THE_CLOSE', price: null });
    core.status({ phase: TradingPhase.ClosingAuction, previousPhase: TradingPhase.Continuous });
    const order = { orderId, quantity: 100, leavesQuantity: 100, side: Side.Buy };
    const triggered = { executionType: ExecutionType.Triggered, status: OrderStatus.New };
    core.report({ ...order, ...triggered, flags: Conditional, displayedQuantity: 0 });
    await until(async () => (await get(orderId)).working === true);
    const [, during] = await entered({ ...CLOSE, order_type: 'MARKET', price: null }, OWN | Conditional);
    expect(during.working).toBe(true);
    core.trade({
      ...{
        makerSource: 1,
        makerOrderId: orderId,
        makerLeaves: 0,
        price: 5_950_000,
        quantity: 100,
        tradeId: 10,
      },
      ...{ flags: Auction, makerFee: 123, takerFee: 456 },
    });
    core.status({ phase: TradingPhase.Closed, previousPhase: TradingPhase.ClosingAuction });
    await until(async () => (await get(orderId)).status === 'FILLED');
    expect(await get(orderId)).toMatchObject({
      working: false,
      average_price: '59500',
      // A tick of 0.01 times a lot of 0.0001.
      fees: '0.000123',
      fills: [{ liquidity: 'AUCTION', fee: '0.000123', quantity: '0.01' }],
    });
    core.status({ phase: TradingPhase.Continuous, previousPhase: TradingPhase.Closed });
  });
});

describe('events nobody asked for', () => {
  it('orders end for every reason, and shrink', async () => {
    for (const reason of [
      ...[Reason.SelfTradePrevented, Reason.LinkedOrderFilled, Reason.SessionEnded, Reason.Expired],
      ...[Reason.AuctionRemainder, Reason.MassCancelRequested, Reason.StaticPriceBand],
    ]) {
      const [{ orderId }] = await entered({ displayed_quantity: '0.001' });
      const order = { orderId, price: 6_000_000, side: Side.Buy, displayedQuantity: 10 };
      core.report({
        ...{ ...order, quantity: 70, leavesQuantity: 70, previousLeaves: 100, flags: Resting | Conditional },
        ...{ executionType: ExecutionType.Restated, status: OrderStatus.New },
      });
      await until(async () => (await get(orderId)).quantity === '0.007');
      expect(await get(orderId)).toMatchObject({ status: 'NEW', leaves_quantity: '0.007', reason: null });
      core.report({
        ...{ ...order, quantity: 70, previousLeaves: 70, flags: Resting | Conditional, reason },
        ...{ executionType: ExecutionType.Canceled, status: OrderStatus.Canceled },
      });
      await until(async () => (await get(orderId)).status === 'CANCELED');
    }
    expect(await events(21)).toHaveLength(21);
    expect(new Set(told().map(({ execution_type }) => execution_type))).toEqual(
      new Set(['NEW', 'RESTATED', 'CANCELED']),
    );
    expect(told().at(-1)).toMatchObject({ reason: 'STATIC_PRICE_BAND', displayed_quantity: '0.001' });
  });

  it('the own report is the answer, what follows it is not, and Completed is nobody', async () => {
    const asked = rig.order();
    const command = await core.command();
    core.answer(command, { ...ACCEPTED, flags: Answer | Resting });
    expect((await asked).body.status).toBe('NEW');
    core.report({ executionType: ExecutionType.Completed, flags: EndOfCommand });
    const { orderId } = command;
    core.report({
      ...{ orderId, price: 6_000_000, quantity: 100, previousLeaves: 100, flags: EndOfCommand },
      ...{ executionType: ExecutionType.Canceled, status: OrderStatus.Canceled, reason: Reason.Expired },
    });
    expect(await events(2)).toEqual([
      ['NEW', orderId, 'NEW'],
      ['CANCELED', orderId, 'CANCELED'],
    ]);
  });

  it('fees add up exactly, rebates too', async () => {
    const [{ orderId }] = await entered({});
    const fill = { makerSource: 1, makerOrderId: orderId, price: 6_000_000, quantity: 10 };
    const huge = Number.MAX_SAFE_INTEGER;
    [huge, huge, -5, -huge].forEach((makerFee, i) => {
      core.trade({ ...fill, makerLeaves: 90 - i * 10, tradeId: 20 + i, makerFee, takerFee: 1 });
    });
    await until(async () => (await get(orderId)).execution_count === 4);
    const sum = BigInt(huge) - 5n;
    const text = `${sum / 1_000_000n}.${String(sum % 1_000_000n).padStart(6, '0')}`.replace(/0+$/, '');
    expect((await get(orderId)).fees).toBe(text);
    const fills = (await get(orderId)).fills as Message[];
    expect(fills[2].fee).toBe('-0.000005');
  });
});

describe('linked orders', () => {
  it('both know of the link, and of its end', async () => {
    const [{ orderId: first }] = await entered({ side: 'SELL', price: '61000' });
    const asked = rig.order({
      ...{ side: 'SELL', order_type: 'STOP', price: null, stop_price: '59000' },
      ...{ linked_order_id: String(first), contingency: 'OCO' },
    });
    const command = await core.command();
    const flags = OWN | Conditional;
    core.answer(command, { ...ACCEPTED, flags, linkedOrderId: first, stopPrice: 5_900_000 });
    const { orderId: second } = command;
    expect((await asked).body).toMatchObject({ linked_order_id: String(first), contingency: 'OCO' });
    expect(await get(first)).toMatchObject({ linked_order_id: String(second), contingency: 'OCO' });
    const canceled = { executionType: ExecutionType.Canceled, status: OrderStatus.Canceled };
    core.trade({
      makerSource: 1,
      makerOrderId: first,
      makerLeaves: 50,
      price: 6_100_000,
      quantity: 50,
      tradeId: 30,
    });
    core.report({
      orderId: second,
      quantity: 100,
      reason: Reason.LinkedOrderFilled,
      ...canceled,
      stopPrice: 5_900_000,
      flags: Conditional,
    });
    await until(async () => (await get(second)).status === 'CANCELED');
    expect(await get(second)).toMatchObject({ reason: 'LINKED_ORDER_FILLED' });
    for (const id of [first, second]) expect(Object.keys(await get(id))).not.toContain('linked_order_id');
  });
});

describe('brackets', () => {
  const BRACKET = { take_profit_price: '62000', stop_loss_price: '59000' };
  const exits = (entry: number) => [entry + 1, entry + 2];

  it('the exits become orders of the account that can be seen, amended and canceled', async () => {
    const asked = rig.order({ ...BRACKET, client_order_id: 'entry', account: 2 });
    const command = await core.command();
    const { orderId } = command;
    core.answer(command, { ...ACCEPTED, flags: OWN | Resting | Conditional, stopPrice: 0 });
    expect((await asked).body).toMatchObject({ take_profit_price: '62000', stop_loss_price: '59000' });
    const [profit, loss] = exits(orderId);
    for (const id of [profit, loss]) expect((await rig.get(`/api/orders/${id}`)).status).toBe(404);
    core.trade({ makerSource: 1, makerOrderId: orderId, price: 6_000_000, quantity: 100, tradeId: 40 });
    const exit = { side: Side.Sell, quantity: 100, leavesQuantity: 100, account: 2, ...ACCEPTED };
    const { GoodTillCancel } = TimeInForce;
    core.report({
      ...exit,
      orderId: loss,
      orderType: OrderType.Stop,
      timeInForce: GoodTillCancel,
      flags: Conditional,
      stopPrice: 5_900_000,
    });
    core.report({
      ...{
        ...exit,
        orderId: profit,
        orderType: OrderType.Limit,
        timeInForce: GoodTillCancel,
        price: 6_200_000,
      },
      ...{ flags: Conditional | Resting | EndOfCommand, linkedOrderId: loss },
    });
    await until(async () => (await rig.get(`/api/orders/${profit}`)).status === 200);
    const shared = {
      account: 2,
      side: 'SELL',
      quantity: '0.01',
      parent_order_id: String(orderId),
      contingency: 'OUO',
    };
    expect(await get(profit)).toMatchObject({ ...shared, price: '62000', linked_order_id: String(loss) });
    expect(await get(loss)).toMatchObject({
      ...{
        ...shared,
        order_type: 'STOP',
        working: false,
        stop_price: '59000',
        linked_order_id: String(profit),
      },
    });
    expect((await rig.get('/api/orders?status=OPEN&account=2')).body.orders).toHaveLength(2);
    expect(await events(4)).toEqual([
      ['NEW', orderId, 'NEW'],
      ['TRADE', orderId, 'FILLED'],
      ['NEW', loss, 'NEW'],
      ['NEW', profit, 'NEW'],
    ]);

    const cancel = rig.request('DELETE', `/api/order/${profit}`);
    const request = await core.command();
    expect(request).toMatchObject({ type: MessageType.CancelOrder, orderId: profit, account: 2 });
    const ended = { executionType: ExecutionType.Canceled, status: OrderStatus.Canceled, leavesQuantity: 0 };
    core.answer(request, { ...ended, quantity: 100, price: 6_200_000, side: Side.Sell });
    expect((await cancel).body).toMatchObject({ status: 'CANCELED' });
    expect(Object.keys(await get(loss))).not.toContain('linked_order_id');
    const amend = rig.request('PATCH', `/api/order/${loss}`, { stop_price: '59500' });
    expect(await core.command()).toMatchObject({ orderId: loss, stopPrice: 5_950_000 });
    void amend.catch(() => {});
    // The next order does not get one of their ids.
    const [next] = await entered({});
    expect(next.orderId).toBeGreaterThan(loss);
  });

  it('a take profit that trades before it is reported is known by its entry; an exit without room is Rejected', async () => {
    const [{ orderId }] = await entered({ ...BRACKET, time_in_force: 'DAY' });
    const [profit, loss] = exits(orderId);
    core.trade({ makerSource: 1, makerOrderId: orderId, price: 6_000_000, quantity: 100, tradeId: 50 });
    const exit = { side: Side.Sell, quantity: 100, timeInForce: TimeInForce.Day };
    const rejected = { executionType: ExecutionType.Rejected, status: OrderStatus.Rejected };
    core.report({
      ...exit,
      ...rejected,
      orderId: loss,
      orderType: OrderType.Stop,
      reason: Reason.BookCapacity,
    });
    core.trade({ takerSource: 1, takerOrderId: profit, price: 6_200_000, quantity: 100, tradeId: 51 });
    core.report({
      ...{ ...exit, orderId: profit, orderType: OrderType.Limit, price: 6_200_000, filledQuantity: 100 },
      ...{
        executionType: ExecutionType.New,
        status: OrderStatus.Filled,
        flags: Conditional | EndOfCommand,
        stopPrice: 0,
      },
    });
    await until(async () => (await rig.get(`/api/orders/${profit}`)).body.status === 'FILLED');
    expect(await get(profit)).toMatchObject({
      ...{ side: 'SELL', time_in_force: 'DAY', price: '62000', filled_quantity: '0.01' },
      fills: [{ liquidity: 'TAKER' }],
    });
    expect(await get(loss)).toMatchObject({ status: 'REJECTED', reason: 'BOOK_CAPACITY' });
  });
});

describe('instrument status', () => {
  it('is in the list of instruments, told to subscribers, and new ones get it as it is', async () => {
    expect((await client.ask({ op: 'subscribe', channel: 'status', symbol: 'ETH-USD' })).type).toBe(
      'subscribe',
    );
    const statuses = (): Message[] => client.messages.filter(({ type }) => type === 'status');
    await until(() => statuses().length === 1);
    expect(statuses()[0]).toMatchObject({ symbol: 'ETH-USD', phase: 'CONTINUOUS', updated_ns: null });
    core.status({
      ...{ instrument: 1, phase: TradingPhase.VolatilityAuction, previousPhase: TradingPhase.Continuous },
      ...{
        reason: Reason.DynamicPriceBand,
        indicativePrice: 300_050,
        indicativeQuantity: 1500,
        surplus: -500,
      },
      ...{ lastPrice: 300_000, flags: StatusFlags.Indicative | StatusFlags.LastPrice, timestamp: 5 },
    });
    await until(() => statuses().length === 2);
    expect(statuses()[1]).toMatchObject({
      ...{ phase: 'VOLATILITY_AUCTION', previous_phase: 'CONTINUOUS', reason: 'DYNAMIC_PRICE_BAND' },
      ...{ indicative_price: '3000.5', indicative_quantity: '1.5', surplus: '-0.5' },
      ...{ last_price: '3000', reference_price: null, updated_ns: expect.stringMatching(/^\d{19}$/) },
    });
    const one = await rig.get('/api/instruments/ETH-USD');
    expect(one.body.status).toMatchObject({ phase: 'VOLATILITY_AUCTION', indicative_price: '3000.5' });
    await client.ask({ op: 'unsubscribe', channel: 'status' });
    core.status({
      instrument: 1,
      phase: TradingPhase.Continuous,
      previousPhase: TradingPhase.VolatilityAuction,
    });
    await until(async () => {
      const { body } = await rig.get('/api/instruments/ETH-USD');
      return (body.status as Message).phase === 'CONTINUOUS';
    });
    expect(statuses()).toHaveLength(2);
  });

  it('outlives the gateway, with waiting orders, links and fees', async () => {
    core.status({ instrument: 2, phase: TradingPhase.Halt, previousPhase: TradingPhase.Continuous });
    await until(async () =>
      JSON.stringify((await rig.get('/api/instruments/SOL-USD')).body).includes('"HALT"'),
    );
    const paths = ['/api/orders?limit=1000', '/api/instruments', '/api/executions'];
    const before = await Promise.all(paths.map(async (path) => (await rig.get(path)).body));
    await client.close();
    await rig.restartGateway();
    const after = await Promise.all(paths.map(async (path) => (await rig.get(path)).body));
    expect(after).toEqual(before);
  });
});
