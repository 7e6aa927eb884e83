/**
 * Prints, as JSON, the heap bytes that each message costs after warm-up. Run with --expose-gc and a young generation
 * large enough that nothing is collected while it measures: the heap's growth is then what was allocated.
 */
import { getHeapStatistics } from 'node:v8';
import { Builder } from 'flatbuffers';
import * as official from '../../src/messages/official.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import * as Trade from '../../src/messages/views/trade.js';

const BURST = 1000;
const BURSTS = 2000;
/** Above 2^31, so that a value that escapes optimized code would have to be boxed. */
const START = 5_000_000_000_000;

const words = new Int32Array(new SharedArrayBuffer(1 << 14));
const place = (index: number): number => (index & 31) << 6;

function encodeNewOrders(count: number): void {
  for (let i = 0; i < count; i++) {
    const time = START + i;
    NewOrder.encode(words, place(i), i, time, time - 9, time + 7, i, ~i, i - 500, i, 1, 2, 1, 1, 1, 0, 3, 0);
  }
}

function decodeNewOrders(count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const at = place(i);
    sum += NewOrder.sequence(words, at) + NewOrder.timestamp(words, at) + NewOrder.received(words, at);
    sum -= NewOrder.orderId(words, at) + NewOrder.price(words, at) + NewOrder.quantity(words, at);
    sum += NewOrder.account(words, at) + NewOrder.instrument(words, at) + NewOrder.source(words, at);
    sum -= NewOrder.side(words, at) + NewOrder.orderType(words, at) + NewOrder.timeInForce(words, at);
    sum += NewOrder.clientOrderIdLow(words, at) ^ NewOrder.clientOrderIdHigh(words, at);
  }
  return sum;
}

function encodeReports(count: number): void {
  for (let i = 0; i < count; i++) {
    const time = START + i;
    // biome-ignore format: one argument a line would fill the screen
    ExecutionReport.encode(
      words, place(i), time, time, time, time, time, i, ~i, i, i, i, i, i, i, 1, 2, 1, 1, 1, 1, 1, 0, 1, 3,
    );
  }
}

function encodeTrades(count: number): void {
  for (let i = 0; i < count; i++) {
    const time = START + i;
    Trade.encode(words, place(i), time, i, time, time, i, i, 5, time, time, 0, 7, 1, 2, 3, 4, 5, 1, 1);
  }
}

/** The long forms, with every price above 2^31. */
function encodeExtended(count: number): void {
  for (let i = 0; i < count; i++) {
    const at = place(i);
    const price = START + i;
    NewOrder.encode(words, at, i, price, price - 9, price + 7, i, ~i, i - 500, i, 1, 2, 1, 1, 1, 0, 3, 0);
    NewOrder.encodeExtension(words, at, price, i, i, price, price, price, price, price, 1, 15);
  }
}

function decodeExtended(count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const at = place(i);
    if (!NewOrder.isExtended(words, at)) continue;
    sum += NewOrder.stopPrice(words, at) - NewOrder.expireTime(words, at) + NewOrder.linkedOrderId(words, at);
    sum -= NewOrder.takeProfitPrice(words, at) + NewOrder.stopLossPrice(words, at);
    sum += NewOrder.displayedQuantity(words, at) + NewOrder.present(words, at);
  }
  return sum;
}

const builder = new Builder(256);

/** The meter's own check: this one is known to allocate. */
function encodeByBuilder(count: number): void {
  for (let i = 0; i < count; i++) {
    builder.clear();
    official.Control.startControl(builder);
    const data = official.ControlData.createControlData(builder, BigInt(START + i), 1, 2, 3, 0, 0, 0);
    official.Control.addData(builder, data);
    builder.finish(official.Control.endControl(builder));
  }
}

/** Work comes in short bursts, as in an agent: code entered in the middle of a loop would box its sums. */
function rounds(work: (count: number) => unknown, count: number): void {
  for (let round = 0; round < count; round++) work(BURST);
}

function bytesEach(work: (count: number) => unknown, count: number): number {
  rounds(work, count);
  globalThis.gc?.();
  const before = getHeapStatistics().used_heap_size;
  rounds(work, count);
  return (getHeapStatistics().used_heap_size - before) / (count * BURST);
}

console.log(
  JSON.stringify({
    encodeNewOrder: bytesEach(encodeNewOrders, BURSTS),
    decodeNewOrder: bytesEach(decodeNewOrders, BURSTS),
    encodeExecutionReport: bytesEach(encodeReports, BURSTS),
    encodeTrade: bytesEach(encodeTrades, BURSTS),
    encodeExtended: bytesEach(encodeExtended, BURSTS),
    decodeExtended: bytesEach(decodeExtended, BURSTS),
    encodeByBuilder: bytesEach(encodeByBuilder, BURSTS / 50),
  }),
);
