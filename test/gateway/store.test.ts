/** The order store against a naive one, its rebuilding, and events that are seen twice. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventFlags, ExecutionType, OrderStatus, OrderType, Side, TimeInForce } from '../../src/lib/enums.js';
import { orderIdOf } from '../../src/lib/order-ids.js';
import { numberBase } from '../../src/lib/shards.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as Trade from '../../src/messages/views/trade.js';
import { RingConsumer } from '../../src/ring/consumer.js';
import { createRing } from '../../src/ring/layout.js';
import { MergedConsumer } from '../../src/ring/merged-consumer.js';
import { RingProducer } from '../../src/ring/producer.js';
import { createTelemetry, histogramWriter } from '../../src/telemetry/board.js';
import { SHARED_STATE_BYTES } from '../../src/topology.js';
import { EventIntake } from '../../src/workers/gateway/event-intake.js';
import { NONE } from '../../src/workers/gateway/id-index.js';
import { OrderEvents } from '../../src/workers/gateway/order-events.js';
import { OrderStore } from '../../src/workers/gateway/order-store.js';
import { emptyRequest } from '../../src/workers/gateway/order-terms.js';
import { PendingTable } from '../../src/workers/gateway/pending.js';
import { CommandKind, type Responder } from '../../src/workers/gateway/responder.js';
import { StatusStore } from '../../src/workers/gateway/status-store.js';
import { ORDER_CAPACITY, openStore } from '../../src/workers/gateway/store-layout.js';
import { SEED } from '../support/seed.js';
import { randomSource } from './hostile-client.js';

const newBuffer = () => new SharedArrayBuffer(SHARED_STATE_BYTES['gateway.store']);
const REQUEST = {
  ...emptyRequest(),
  account: 1,
  instrument: 0,
  price: 100,
  quantity: 10,
  side: Side.Buy,
  orderType: OrderType.Limit,
  timeInForce: TimeInForce.GoodTillCancel,
};

/** Order ids, newest first, along the store's own list. */
function listed(store: OrderStore): number[] {
  const ids: number[] = [];
  for (let at = store.newest; at !== NONE; at = store.olderThan(at)) ids.push(store.orders.orderId[at]);
  return ids;
}

it(`keeps every open order, forgets closed ones in the order of their closing (seed ${SEED})`, () => {
  const random = randomSource(SEED);
  const buffer = newBuffer();
  const store = new OrderStore(openStore(buffer));
  // The naive twin: open ids in a set, closed ids in an array by closing time.
  const open = new Set<number>();
  const closed: number[] = [];
  let gone = 0;
  for (let number = 1; number <= ORDER_CAPACITY + 30_000; number++) {
    const orderId = orderIdOf(1, number);
    if (!store.hasRoom()) throw new Error(`no room for order ${number}`);
    const place = store.add(orderId, { ...REQUEST, clientOrderId: `c-${number}` }, number);
    open.add(orderId);
    if (open.size + closed.length - gone > ORDER_CAPACITY) gone++;
    // Some stay open for good, most close at once, some later.
    const target = random(10) < 7 ? orderId : orderIdOf(1, 1 + random(number));
    const at = target === orderId ? place : store.find(target);
    if (number % 10 !== 0 && open.has(target)) {
      store.orders.updated[at] = number;
      store.setStatus(at, OrderStatus.Canceled, 0);
      open.delete(target);
      closed.push(target);
    }
  }
  const kept = closed.slice(gone);
  const held = new Set([...open, ...kept]);
  expect(store.count).toBe(ORDER_CAPACITY);
  expect(store.openCount).toBe(open.size);
  const check = (one: OrderStore): void => {
    for (let number = 1; number <= ORDER_CAPACITY + 30_000; number++) {
      const orderId = orderIdOf(1, number);
      const place = one.find(orderId);
      if ((place !== NONE) !== held.has(orderId)) throw new Error(`order ${number}: found at ${place}`);
      if (place !== NONE && one.clientOrderId(place) !== `c-${number}`)
        throw new Error(`order ${number}: other text`);
    }
    expect(listed(one).join()).toBe([...held].sort((a, b) => b - a).join());
  };
  check(store);
  // A store opened anew on the same memory is the same, down to which order goes next.
  const again = new OrderStore(openStore(buffer));
  check(again);
  expect(again.openCount).toBe(open.size);
  for (let i = 1; i <= 5; i++) {
    again.add(orderIdOf(1, 1_000_000 + i), REQUEST, 0);
    expect(again.find(kept[i - 1])).toBe(NONE);
  }
  expect(again.find(kept[5])).not.toBe(NONE);
});

it('refuses when all orders are open, and memory that is no store', () => {
  const store = new OrderStore(openStore(newBuffer()));
  for (let number = 1; number <= ORDER_CAPACITY; number++) store.add(orderIdOf(1, number), REQUEST, 0);
  expect(store.hasRoom()).toBe(false);
  store.setStatus(store.find(orderIdOf(1, 5)), OrderStatus.Filled, 0);
  expect(store.hasRoom()).toBe(true);
  const wrong = newBuffer();
  new Float64Array(wrong)[0] = 7;
  expect(() => openStore(wrong)).toThrow('not a version');
  expect(() => openStore(new SharedArrayBuffer(1024))).toThrow('bytes');
});

/** Writes a fill of order 1, and the report that ends it. */
function writeEvents(producer: RingProducer, first: number): void {
  const ours = orderIdOf(1, 1);
  let at = producer.claim(Trade.TYPE, Trade.BYTES);
  Trade.encode(producer.words, at, first, 1, 5, 4, 77, 100, 4, 999, ours, 0, 6, 2, 1, 0, 16, 1, Side.Buy, 0);
  producer.commit();
  at = producer.claim(ExecutionReport.TYPE, ExecutionReport.BYTES);
  const { New } = ExecutionType;
  const { PartiallyFilled } = OrderStatus;
  ExecutionReport.encode(
    producer.words,
    at,
    ...([first + 1, 1, 5, 4, ours, 0, 0, 100, 10, 6, 4, 0, 0, 1, 0] as const),
    ...([New, PartiallyFilled, Side.Buy, OrderType.Limit, TimeInForce.GoodTillCancel] as const),
    ...([0, EventFlags.EndOfCommand | EventFlags.Answer, 1] as const),
  );
  producer.commitAndPublish();
}

it('events seen again after a restart change nothing', () => {
  const ring = createRing({ name: 'events', capacityBytes: 65_536, gating: 1 });
  const producer = new RingProducer(ring);
  const memory = openStore(newBuffer());
  const store = new OrderStore(memory);
  store.add(orderIdOf(1, 1), REQUEST, 4);
  const told: string[] = [];
  const sink = {
    onAnswer: (number: number) => told.push(`answer ${number}`),
    onReport: () => told.push('report'),
    onExecution: (_place: number, number: number) => told.push(`execution ${number}`),
    onStatus: () => told.push('status'),
  };
  const latency = histogramWriter(createTelemetry(), 'risk_to_gateway');
  const statuses = new StatusStore(memory.statuses, [undefined]);
  const orders = new OrderEvents(store, statuses);
  const intake = new EventIntake({
    consumer: new RingConsumer(ring, 0),
    store,
    orders,
    statuses,
    sink,
    latency,
  });
  writeEvents(producer, 1);
  expect(intake.drain(100, 10)).toBe(2);
  expect(told).toEqual(['execution 1', 'report', 'answer 1']);
  writeEvents(producer, 1);
  intake.drain(100, 10);
  expect(told.length).toBe(3);
  expect([store.executionCount, store.orders.filled[store.find(orderIdOf(1, 1))]]).toEqual([1, 4]);
  writeEvents(producer, 3);
  intake.drain(100, 10);
  expect(store.executionCount).toBe(2);
});

it('events of two shards are each known by the sequence of their shard', () => {
  const rings = ['events', 'events-2'].map((name) => createRing({ name, capacityBytes: 65_536, gating: 1 }));
  const producers = rings.map((ring) => new RingProducer(ring));
  const memory = openStore(newBuffer());
  const store = new OrderStore(memory);
  store.add(orderIdOf(1, 1), { ...REQUEST, quantity: 100 }, 4);
  const nothing = () => {};
  const sink = { onAnswer: nothing, onReport: nothing, onExecution: nothing, onStatus: nothing };
  const latency = histogramWriter(createTelemetry(), 'risk_to_gateway');
  const statuses = new StatusStore(memory.statuses, [undefined]);
  const orders = new OrderEvents(store, statuses);
  const consumer = new MergedConsumer(rings.map((ring) => new RingConsumer(ring, 0)));
  const intake = new EventIntake({ consumer, store, orders, statuses, sink, latency });
  for (const [shard, first, executions] of [
    [1, 1, 1],
    [0, 1, 2],
    [0, 1, 2],
    [0, 3, 3],
    [1, 3, 4],
    [1, 3, 4],
  ]) {
    writeEvents(producers[shard], numberBase(shard) + first);
    expect(intake.drain(100, 10)).toBe(2);
    expect(store.executionCount).toBe(executions);
    expect(store.lastEvent(shard)).toBe(numberBase(shard) + first + 1);
  }
  const again = new OrderStore(openStore(memory.header.buffer as unknown as SharedArrayBuffer));
  expect([0, 1, 2].map((shard) => again.lastEvent(shard))).toEqual([4, numberBase(1) + 4, 0]);
});

it('an event over which telling the clients failed is not applied a second time', () => {
  const ring = createRing({ name: 'events', capacityBytes: 65_536, gating: 1 });
  const memory = openStore(newBuffer());
  const store = new OrderStore(memory);
  store.add(orderIdOf(1, 1), REQUEST, 4);
  const fail = () => {
    throw new Error('telling failed');
  };
  const latency = histogramWriter(createTelemetry(), 'risk_to_gateway');
  const producer = new RingProducer(ring);
  const sink = { onAnswer: fail, onReport: fail, onExecution: fail, onStatus: fail };
  const statuses = new StatusStore(memory.statuses, [undefined]);
  const orders = new OrderEvents(store, statuses);
  const intake = new EventIntake({
    consumer: new RingConsumer(ring, 0),
    store,
    orders,
    statuses,
    sink,
    latency,
  });
  // As after a restart: what had not been released comes again.
  for (const told of [false, false, true]) {
    writeEvents(producer, 1);
    if (told) intake.drain(100, 10);
    else expect(() => intake.drain(100, 10)).toThrow('telling failed');
  }
  const place = store.find(orderIdOf(1, 1));
  expect([store.executionCount, store.orders.filled[place], store.lastEvent(0)]).toEqual([1, 4, 2]);
});

it('pending commands: a naive map agrees', () => {
  const responder: Responder = { open: true, owner: 0, cancelOnDisconnect: false, answer: () => {} };
  const actions = fc.array(fc.tuple(fc.constantFrom('add', 'take', 'expire'), fc.nat(40)), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(actions, (steps) => {
      const table = new PendingTable(16, 1);
      const naive = new Map<number, number>();
      let next = 1;
      for (const [action, value] of steps) {
        if (action === 'add') {
          expect(table.hasRoom(next)).toBe(!naive.has(next - 16));
          if (!table.hasRoom(next)) continue;
          table.add(next, { kind: CommandKind.New, responder, place: 0, orderId: next, received: next });
          naive.set(next, next++);
        } else if (action === 'take') {
          expect(table.take(value)?.orderId).toBe(naive.get(value));
          naive.delete(value);
        } else {
          for (let one = table.takeOlderThan(value); one !== undefined; one = table.takeOlderThan(value)) {
            expect(one.orderId).toBe(Math.min(...naive.keys()));
            naive.delete(one.orderId);
          }
          expect([...naive.keys()].filter((number) => number < value)).toEqual([]);
        }
        expect(table.count).toBe(naive.size);
      }
    }),
    { seed: SEED },
  );
});
