/** Linked orders, brackets and instrument status, from events that the test writes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  EventFlags,
  ExecutionType,
  MessageType,
  OrderStatus,
  OrderType,
  Reason,
  Side,
  StatusFlags,
  TimeInForce,
  TradingPhase,
} from '../../src/lib/enums.js';
import { type GatewayRig, until } from '../support/gateway-rig.js';
import type { ScriptedCore } from '../support/scripted-core.js';
import { ACCEPTED, OWN, ScriptedGateway } from '../support/scripted-gateway.js';
import type { Client, Message } from '../support/websocket-client.js';

const { Conditional, EndOfCommand, Resting } = EventFlags;

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

describe('linked orders', () => {
  it('both know of the link, and of its end', async () => {
    const [{ orderId: first }] = await gateway.entered({ side: 'SELL', price: '61000' });
    const asked = rig.order({
      ...{ side: 'SELL', order_type: 'STOP', price: null, stop_price: '59000' },
      ...{ linked_order_id: String(first), contingency: 'OCO' },
    });
    const command = await core.command();
    const flags = OWN | Conditional;
    core.answer(command, { ...ACCEPTED, flags, linkedOrderId: first, stopPrice: 5_900_000 });
    const { orderId: second } = command;
    expect((await asked).body).toMatchObject({ linked_order_id: String(first), contingency: 'OCO' });
    expect(await gateway.get(first)).toMatchObject({ linked_order_id: String(second), contingency: 'OCO' });
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
    await until(async () => (await gateway.get(second)).status === 'CANCELED');
    expect(await gateway.get(second)).toMatchObject({ reason: 'LINKED_ORDER_FILLED' });
    for (const id of [first, second])
      expect(Object.keys(await gateway.get(id))).not.toContain('linked_order_id');
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
    expect(await gateway.get(profit)).toMatchObject({
      ...shared,
      price: '62000',
      linked_order_id: String(loss),
    });
    expect(await gateway.get(loss)).toMatchObject({
      ...{
        ...shared,
        order_type: 'STOP',
        working: false,
        stop_price: '59000',
        linked_order_id: String(profit),
      },
    });
    expect((await rig.get('/api/orders?status=OPEN&account=2')).body.orders).toHaveLength(2);
    expect(await gateway.events(4)).toEqual([
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
    expect(Object.keys(await gateway.get(loss))).not.toContain('linked_order_id');
    const amend = rig.request('PATCH', `/api/order/${loss}`, { stop_price: '59500' });
    expect(await core.command()).toMatchObject({ orderId: loss, stopPrice: 5_950_000 });
    void amend.catch(() => {});
    // The next order does not get one of their ids.
    const [next] = await gateway.entered({});
    expect(next.orderId).toBeGreaterThan(loss);
  });

  it('a take profit that trades before it is reported is known by its entry; an exit without room is Rejected', async () => {
    const [{ orderId }] = await gateway.entered({ ...BRACKET, time_in_force: 'DAY' });
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
    expect(await gateway.get(profit)).toMatchObject({
      ...{ side: 'SELL', time_in_force: 'DAY', price: '62000', filled_quantity: '0.01' },
      fills: [{ liquidity: 'TAKER' }],
    });
    expect(await gateway.get(loss)).toMatchObject({ status: 'REJECTED', reason: 'BOOK_CAPACITY' });
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
