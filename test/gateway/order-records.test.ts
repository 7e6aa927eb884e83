/** Orders with conditions as the gateway writes them: the same record whichever way it came in. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  Contingency,
  EventFlags,
  MessageType,
  OrderType,
  SelfTradePrevention,
  Side,
  TimeInForce,
} from '../../src/lib/enums.js';
import * as official from '../../src/messages/official.js';
import { type GatewayRig, LIMIT_ORDER } from '../support/gateway-rig.js';
import type { Fields, ScriptedCore } from '../support/scripted-core.js';
import { ACCEPTED, OWN, record, ScriptedGateway } from '../support/scripted-gateway.js';
import type { Client, Message } from '../support/websocket-client.js';

const { Resting } = EventFlags;

let gateway: ScriptedGateway;
let rig: GatewayRig;
let core: ScriptedCore;
let client: Client;
beforeAll(async () => {
  gateway = await ScriptedGateway.start();
  ({ rig, core, client } = gateway);
});
afterAll(() => gateway.stop());
beforeEach(() => {
  client.messages.length = 0;
});

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

    const answer = gateway.askBinary(MessageType.NewOrder, officialOrder(expected, isLong));
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
    const answer = await gateway.askBinary(MessageType.NewOrder, flatbuffer)();
    expect(answer).toMatchObject({ type: 'error', error: { code: 'INVALID_VALUE', key } });
  }
  const damaged = conditions({ stop: 5n }, 0, 1);
  const view = new DataView(damaged.buffer, damaged.byteOffset, damaged.length);
  const vtable = view.getUint32(0, true) - view.getInt32(view.getUint32(0, true), true);
  view.setUint16(vtable + 6, 60_000, true);
  gateway.askBinary(MessageType.NewOrder, damaged);
  await client.wait(({ error }) => (error as Message | undefined)?.code === 'MALFORMED_RECORD');
  expect(core.idle).toBe(true);
});
