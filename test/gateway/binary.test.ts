/** Orders as FlatBuffers over WebSocket, written by the official runtime; damaged ones are refused, never misread. */
import { once } from 'node:events';
import fc from 'fast-check';
import { Builder } from 'flatbuffers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { MessageType, OrderType, Side, TimeInForce } from '../../src/lib/enums.js';
import * as official from '../../src/messages/official.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import { structOffset } from '../../src/workers/gateway/flatbuffer-struct.js';
import { GatewayRig, until } from '../support/gateway-rig.js';
import { SEED } from '../support/seed.js';

type Message = Record<string, unknown>;

let rig: GatewayRig;
let socket: WebSocket;
const messages: Message[] = [];
beforeAll(async () => {
  rig = await GatewayRig.start();
  socket = new WebSocket(`${rig.url.replace('http', 'ws')}/ws`);
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Message));
  await once(socket, 'open');
});
afterAll(async () => {
  socket.close();
  await until(() => rig.counter('gateway', 'websocket_clients') === 0);
  await rig.stop();
});

function framed(type: number, id: number, flatbuffer: Uint8Array): Uint8Array {
  const message = new Uint8Array(8 + flatbuffer.length);
  new DataView(message.buffer).setUint32(0, type, true);
  new DataView(message.buffer).setUint32(4, id, true);
  message.set(flatbuffer, 8);
  return message;
}

/** A NewOrder by the official builder: 0.01 BTC-USD at 60000, unless `fields` say otherwise. */
function officialOrder(fields: Partial<Record<'price' | 'quantity' | 'client', bigint>> = {}): Uint8Array {
  const { price = 6_000_000n, quantity = 100n, client = 7n } = fields;
  const builder = new Builder(64);
  builder.startObject(1);
  const { Buy } = Side;
  const struct = official.NewOrderData.createNewOrderData(
    builder,
    ...([0n, 0n, 0n, 0n, client, price, quantity, 1, 0, Buy] as const),
    ...([OrderType.Limit, TimeInForce.GoodTillCancel, 0, 0, 0, 0] as const),
  );
  builder.addFieldStruct(0, struct, 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}

let nextId = 1;
async function ask(type: number, flatbuffer: Uint8Array): Promise<Message> {
  const id = nextId++;
  socket.send(framed(type, id, flatbuffer));
  await until(() => messages.some((message) => message.id === id));
  return messages.find((message) => message.id === id) as Message;
}

it('an order of the official runtime is taken, changed and canceled', async () => {
  const entered = await ask(MessageType.NewOrder, officialOrder());
  expect(entered).toMatchObject({
    type: 'order',
    status: 'NEW',
    client_order_id: '7',
    price: '60000',
    quantity: '0.01',
  });
  const orderId = BigInt(String(entered.order_id));
  const command = (create: (builder: Builder) => number): Uint8Array => {
    const builder = new Builder(64);
    builder.startObject(1);
    builder.addFieldStruct(0, create(builder), 0);
    builder.finish(builder.endObject());
    return builder.asUint8Array();
  };
  const amend = command((builder) =>
    official.AmendOrderData.createAmendOrderData(
      builder,
      0n,
      0n,
      0n,
      orderId,
      0n,
      5_999_900n,
      0n,
      1,
      0,
      0,
      0,
      0,
    ),
  );
  expect(await ask(MessageType.AmendOrder, amend)).toMatchObject({
    type: 'amend',
    price: '59999',
    quantity: '0.01',
  });
  const cancel = command((builder) =>
    official.CancelOrderData.createCancelOrderData(builder, 0n, 0n, 0n, orderId, 0n, 1, 0, 0, 0, 0),
  );
  expect(await ask(MessageType.CancelOrder, cancel)).toMatchObject({ type: 'cancel', status: 'CANCELED' });
  const mass = command((builder) =>
    official.MassCancelData.createMassCancelData(builder, 0n, 0n, 0n, 0n, 1, 0xffff_ffff, 0, 0, 0, 0),
  );
  expect(await ask(MessageType.MassCancel, mass)).toMatchObject({ type: 'mass_cancel', canceled: 0 });
});

it('values out of range are named', async () => {
  for (const [fields, key] of [
    [{ price: 0n }, 'price'],
    [{ price: -5n }, 'price'],
    [{ quantity: 2n ** 60n }, 'quantity'],
    [{ client: 2n ** 63n }, 'client_order_id'],
  ] as const) {
    const answer = await ask(MessageType.NewOrder, officialOrder(fields));
    expect(answer).toMatchObject({ type: 'error', error: { code: 'INVALID_VALUE', key } });
  }
});

it('a damaged record is refused or read inside its own bytes', () => {
  const structBytes = NewOrder.BYTES - 16;
  const whole = officialOrder();
  const cases = fc.tuple(
    fc.nat(whole.length),
    fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
  );
  let refused = 0;
  fc.assert(
    fc.property(cases, ([cut, changes]) => {
      const bytes = framed(
        MessageType.NewOrder,
        1,
        whole.subarray(0, whole.length - (cut % 3 === 0 ? cut : 0)),
      );
      for (const [at, value] of changes) if (at + 8 < bytes.length) bytes[at + 8] = value;
      const view = new DataView(bytes.buffer);
      const at = structOffset(view, 8, structBytes);
      if (at <= 0) refused++;
      else expect(at >= 8 && at + structBytes <= bytes.length).toBe(true);
    }),
    { seed: SEED, numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(100);
  const sound = framed(MessageType.NewOrder, 1, whole);
  expect(structOffset(new DataView(sound.buffer), 8, structBytes)).toBeGreaterThan(0);
});
