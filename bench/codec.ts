/**
 * What one new order costs to encode and to decode: hot views at constant offsets, the official FlatBuffers
 * runtime (builder and accessors, objects reused), and JSON. All three handle the same orders, and one digest
 * over every decoded field says that they did the same work.
 */
import { createHash } from 'node:crypto';
import { Builder, ByteBuffer } from 'flatbuffers';
import { Bench } from 'tinybench';
import { OrderType, Side, TimeInForce } from '../src/lib/enums.js';
import * as official from '../src/messages/official.js';
import * as NewOrder from '../src/messages/views/new-order.js';

export interface BenchResult {
  readonly name: string;
  readonly text: string[];
  readonly figures: Record<string, number>;
}

interface Order {
  readonly sequence: number;
  readonly timestamp: number;
  readonly received: number;
  readonly orderId: number;
  readonly clientOrderId: number;
  readonly price: number;
  readonly quantity: number;
  readonly account: number;
  readonly instrument: number;
  readonly side: number;
  readonly orderType: number;
  readonly timeInForce: number;
  readonly flags: number;
  readonly source: number;
}

/** Orders a task handles in one sample: the timer then costs less than a thousandth of it. */
const BATCH = 1000;
const STRIDE = NewOrder.BYTES / 4;

function makeOrders(): Order[] {
  let state = 12345;
  const random = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % limit;
  };
  return Array.from({ length: BATCH }, (_, index) => ({
    sequence: index + 1,
    timestamp: 4e12 + index * 1000,
    received: 4e12 + index * 1000 - random(900),
    orderId: 2 ** 41 + index,
    clientOrderId: 2 ** 33 * random(1000) + random(2 ** 31),
    price: 1880 + random(10),
    quantity: 100 * (1 + random(10)),
    account: 1 + random(16),
    instrument: random(3),
    side: index % 2 === 0 ? Side.Buy : Side.Sell,
    orderType: OrderType.Limit,
    timeInForce: TimeInForce.GoodTillCancel,
    flags: 0,
    source: 2,
  }));
}

/** Adds what an engine would use of an order; stays below 2^53 over a batch. */
function digestOf(order: Order): number {
  const { timestamp, received, orderId, clientOrderId, price, quantity } = order;
  const small = price * quantity + order.account + order.instrument + order.side * order.orderType;
  return (
    orderId - order.sequence + (timestamp - received) + clientOrderId / 2 ** 33 + small + order.timeInForce
  );
}

function encodeHot(orders: readonly Order[], words: Int32Array): void {
  for (let i = 0; i < BATCH; i++) {
    const order = orders[i];
    const { timestamp, received, orderId, clientOrderId } = order;
    NewOrder.encode(
      words,
      i * STRIDE,
      order.sequence,
      timestamp,
      received,
      orderId,
      clientOrderId | 0,
      Math.floor(clientOrderId / 2 ** 32),
      order.price,
      order.quantity,
      order.account,
      order.instrument,
      order.side,
      order.orderType,
      order.timeInForce,
      order.flags,
      order.source,
      0,
    );
  }
}

function decodeHot(words: Int32Array): number {
  let digest = 0;
  for (let i = 0; i < BATCH; i++) {
    const at = i * STRIDE;
    const low = NewOrder.clientOrderIdLow(words, at) >>> 0;
    const clientOrderId = NewOrder.clientOrderIdHigh(words, at) * 2 ** 32 + low;
    const small =
      NewOrder.price(words, at) * NewOrder.quantity(words, at) +
      NewOrder.account(words, at) +
      NewOrder.instrument(words, at) +
      NewOrder.side(words, at) * NewOrder.orderType(words, at);
    digest +=
      NewOrder.orderId(words, at) -
      NewOrder.sequence(words, at) +
      (NewOrder.timestamp(words, at) - NewOrder.received(words, at)) +
      clientOrderId / 2 ** 33 +
      small +
      NewOrder.timeInForce(words, at);
  }
  return digest;
}

const builder = new Builder(256);

function encodeOfficial(order: Order): Uint8Array {
  builder.clear();
  official.NewOrder.startNewOrder(builder);
  const data = official.NewOrderData.createNewOrderData(
    builder,
    BigInt(order.sequence),
    BigInt(order.timestamp),
    BigInt(order.received),
    BigInt(order.orderId),
    BigInt(order.clientOrderId),
    BigInt(order.price),
    BigInt(order.quantity),
    order.account,
    order.instrument,
    order.side,
    order.orderType,
    order.timeInForce,
    order.flags,
    order.source,
    0,
    0,
  );
  official.NewOrder.addData(builder, data);
  builder.finish(official.NewOrder.endNewOrder(builder));
  return builder.asUint8Array();
}

const root = new official.NewOrder();
const struct = new official.NewOrderData();

function decodeOfficial(buffer: ByteBuffer): number {
  let digest = 0;
  for (let i = 0; i < BATCH; i++) {
    buffer.setPosition(i * NewOrder.BYTES);
    const order = official.NewOrder.getRootAsNewOrder(buffer, root).data(struct);
    if (order === null) throw new Error(`order ${i} has no data`);
    const small =
      Number(order.price()) * Number(order.quantity()) +
      order.account() +
      order.instrument() +
      order.side() * order.orderType();
    digest +=
      Number(order.orderId()) -
      Number(order.sequence()) +
      (Number(order.timestamp()) - Number(order.received())) +
      Number(order.clientOrderId()) / 2 ** 33 +
      small +
      order.timeInForce();
  }
  return digest;
}

function decodeJson(texts: readonly string[]): number {
  let digest = 0;
  for (let i = 0; i < BATCH; i++) digest += digestOf(JSON.parse(texts[i]) as Order);
  return digest;
}

/** Encodes by every way once; throws unless the bytes and the digests agree. Returns the digest of the bytes. */
function checkAgreement(orders: readonly Order[], words: Int32Array, texts: readonly string[]): string {
  encodeHot(orders, words);
  const hot = Buffer.from(words.buffer);
  const built = Buffer.concat(orders.map((order) => Buffer.from(encodeOfficial(order))));
  if (!hot.equals(built)) throw new Error('hot encoder and official builder wrote different bytes');
  const digests = [decodeHot(words), decodeOfficial(new ByteBuffer(new Uint8Array(hot))), decodeJson(texts)];
  if (new Set(digests).size !== 1) throw new Error(`decoders disagree: ${digests.join(', ')}`);
  return createHash('sha256').update(hot).digest('hex').slice(0, 16);
}

/** Nanoseconds an order (median of batches), and a digest that all ways of encoding and decoding agree on. */
export async function run({ smoke }: { smoke: boolean }): Promise<BenchResult> {
  const orders = makeOrders();
  const words = new Int32Array(BATCH * STRIDE);
  const buffer = new ByteBuffer(new Uint8Array(words.buffer));
  const texts = orders.map((order) => JSON.stringify(order));
  const digest = checkAgreement(orders, words, texts);

  let sink = 0;
  const bench = new Bench(
    smoke ? { time: 0, iterations: 3, warmup: false } : { time: 600, iterations: 200, warmupTime: 300 },
  );
  bench
    .add('hot encode', () => encodeHot(orders, words))
    .add('hot decode', () => {
      sink += decodeHot(words);
    })
    .add('builder encode', () => {
      for (let i = 0; i < BATCH; i++) sink += encodeOfficial(orders[i]).length;
    })
    .add('accessor decode', () => {
      sink += decodeOfficial(buffer);
    })
    .add('JSON encode', () => {
      for (let i = 0; i < BATCH; i++) sink += JSON.stringify(orders[i]).length;
    })
    .add('JSON decode', () => {
      sink += decodeJson(texts);
    });
  await bench.run();
  if (!Number.isFinite(sink)) throw new Error('a decoder returned no number');
  if (checkAgreement(orders, words, texts) !== digest) throw new Error('the orders changed while measured');

  const figures: Record<string, number> = {};
  for (const { name, result } of bench.tasks) {
    if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`);
    figures[`${name.replace(' ', '_').toLowerCase()}_ns`] = (result.latency.p50 * 1e6) / BATCH;
  }
  const text = Object.entries(figures).map(([name, ns]) => `${name.padEnd(20)} ${ns.toFixed(1).padStart(8)}`);
  text.push(`${BATCH} orders a batch, median of batches; digest of the bytes ${digest}, decoders agree`);
  return { name: 'codec: one new order, 14 fields', text, figures };
}
