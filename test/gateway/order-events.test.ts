/** Events of matching, written by the test, as clients see them: waiting orders, unsolicited ends, fees, auctions. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  EventFlags,
  ExecutionType,
  MessageType,
  OrderStatus,
  OrderType,
  Reason,
  Side,
  TimeInForce,
  TradingPhase,
} from '../../src/lib/enums.js';
import { GATEWAY_SOURCE, orderIdOf } from '../../src/lib/order-ids.js';
import * as official from '../../src/messages/official.js';
import { type GatewayRig, until } from '../support/gateway-rig.js';
import type { ScriptedCore } from '../support/scripted-core.js';
import { ACCEPTED, OWN, record, ScriptedGateway } from '../support/scripted-gateway.js';
import type { Client, Message } from '../support/websocket-client.js';

const { Answer, Auction, Conditional, EndOfCommand, Resting } = EventFlags;

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

describe('stops', () => {
  it('waits, is amended, triggers, and its price cannot be changed any more', async () => {
    const stop = { side: 'SELL', order_type: 'STOP_LIMIT', price: '58990', stop_price: '59000' };
    const [{ orderId }, reply] = await gateway.entered(stop, OWN | Conditional);
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
    await gateway.events(4);
    expect(gateway.told().slice(2)).toMatchObject([
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
    const [{ orderId }] = await gateway.entered({});
    const [{ orderId: stop }] = await gateway.entered(
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
    const amended = gateway.askBinary(
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
    const [{ orderId }, waiting] = await gateway.entered(
      { ...CLOSE, order_type: 'MARKET', price: null },
      OWN | Conditional,
    );
    expect(waiting).toMatchObject({ working: false, time_in_force: 'AT_THE_CLOSE', price: null });
    core.status({ phase: TradingPhase.ClosingAuction, previousPhase: TradingPhase.Continuous });
    const order = { orderId, quantity: 100, leavesQuantity: 100, side: Side.Buy };
    const triggered = { executionType: ExecutionType.Triggered, status: OrderStatus.New };
    core.report({ ...order, ...triggered, flags: Conditional, displayedQuantity: 0 });
    await until(async () => (await gateway.get(orderId)).working === true);
    const [, during] = await gateway.entered(
      { ...CLOSE, order_type: 'MARKET', price: null },
      OWN | Conditional,
    );
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
    await until(async () => (await gateway.get(orderId)).status === 'FILLED');
    expect(await gateway.get(orderId)).toMatchObject({
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
      const [{ orderId }] = await gateway.entered({ displayed_quantity: '0.001' });
      const order = { orderId, price: 6_000_000, side: Side.Buy, displayedQuantity: 10 };
      core.report({
        ...{ ...order, quantity: 70, leavesQuantity: 70, previousLeaves: 100, flags: Resting | Conditional },
        ...{ executionType: ExecutionType.Restated, status: OrderStatus.New },
      });
      await until(async () => (await gateway.get(orderId)).quantity === '0.007');
      expect(await gateway.get(orderId)).toMatchObject({
        status: 'NEW',
        leaves_quantity: '0.007',
        reason: null,
      });
      core.report({
        ...{ ...order, quantity: 70, previousLeaves: 70, flags: Resting | Conditional, reason },
        ...{ executionType: ExecutionType.Canceled, status: OrderStatus.Canceled },
      });
      await until(async () => (await gateway.get(orderId)).status === 'CANCELED');
    }
    expect(await gateway.events(21)).toHaveLength(21);
    expect(new Set(gateway.told().map(({ execution_type }) => execution_type))).toEqual(
      new Set(['NEW', 'RESTATED', 'CANCELED']),
    );
    expect(gateway.told().at(-1)).toMatchObject({ reason: 'STATIC_PRICE_BAND', displayed_quantity: '0.001' });
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
    expect(await gateway.events(2)).toEqual([
      ['NEW', orderId, 'NEW'],
      ['CANCELED', orderId, 'CANCELED'],
    ]);
  });

  it('an order that a gateway sent and lost as it died is taken in as it is reported', async () => {
    const lost = orderIdOf(GATEWAY_SOURCE, 1_000_000);
    const order = { orderId: lost, account: 3, price: 5_900_000, quantity: 50, leavesQuantity: 50 };
    const kind = { side: Side.Sell, orderType: OrderType.Limit, timeInForce: TimeInForce.Day };
    core.report({ ...order, ...kind, ...ACCEPTED, flags: OWN | Resting });
    await until(async () => (await gateway.get(lost)).status === 'NEW');
    expect(await gateway.get(lost)).toMatchObject({
      ...{ account: 3, side: 'SELL', price: '59000', quantity: '0.005', time_in_force: 'DAY' },
      client_order_id: null,
    });
  });

  it('fees add up exactly, rebates too', async () => {
    const [{ orderId }] = await gateway.entered({});
    const fill = { makerSource: 1, makerOrderId: orderId, price: 6_000_000, quantity: 10 };
    const huge = Number.MAX_SAFE_INTEGER;
    [huge, huge, -5, -huge].forEach((makerFee, i) => {
      core.trade({ ...fill, makerLeaves: 90 - i * 10, tradeId: 20 + i, makerFee, takerFee: 1 });
    });
    await until(async () => (await gateway.get(orderId)).execution_count === 4);
    const sum = BigInt(huge) - 5n;
    const text = `${sum / 1_000_000n}.${String(sum % 1_000_000n).padStart(6, '0')}`.replace(/0+$/, '');
    expect((await gateway.get(orderId)).fees).toBe(text);
    const fills = (await gateway.get(orderId)).fills as Message[];
    expect(fills[2].fee).toBe('-0.000005');
  });
});
