/** What subscribers are told when the core has overrun the publisher. */
import { afterEach, expect, it } from 'vitest';
import { Side } from '../../src/lib/enums.js';
import { RingConsumer } from '../../src/ring/consumer.js';
import { RINGS, type RingName } from '../../src/topology.js';
import { writeMarketTrade, writePosition, writeTrade } from '../support/market-records.js';
import { PublisherRig, RemoteSubscriber } from '../support/publisher-rig.js';

const RING_BYTES = 65536;
/** Records that go round such a ring more than once. */
const ROUND = 1500;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function writeRecord(rig: PublisherRig, ring: RingName, n: number): void {
  const producer = rig.producer(ring);
  if (ring === 'market') {
    const terms = { price: 6_000_000, quantity: 1, instrument: 0, takerSide: Side.Buy };
    writeMarketTrade(producer, { sequence: n, tradeId: n, timestamp: n, receiveTimestamp: n, ...terms });
  } else if (ring === 'positions') {
    const quantities = {
      quantity: n,
      boughtQuantity: n,
      soldQuantity: 0,
      openBuyQuantity: 0,
      openSellQuantity: 0,
    };
    const prices = { averagePrice: 1, realizedProfit: 0, lastPrice: 1 };
    const head = { sequence: n, eventSequence: n, timestamp: n, account: 1, instrument: 0 };
    writePosition(producer, { ...head, ...quantities, ...prices });
  } else {
    const orders = { makerOrderId: 1, takerOrderId: 2, makerLeaves: 1, takerLeaves: 1 };
    const parties = { makerAccount: 1, takerAccount: 2, makerSource: 1, takerSource: 2 };
    const head = { eventSequence: n, sequence: n, timestamp: n, received: n, tradeId: n, flags: 0 };
    const terms = { price: 6_000_000, quantity: 1, instrument: 0, takerSide: Side.Buy };
    writeTrade(producer, { ...head, ...orders, ...parties, ...terms });
  }
}

it.each([
  ['market', 'trades', 1],
  ['events', 'orders', 2],
  ['positions', 'positions', 1],
] as const)('overrun on %s, it leaves out a number of %s', async (ring, name, perRecord) => {
  const rig = await PublisherRig.start([`--rings.${ring}=${RING_BYTES}`]);
  cleanups.push(() => rig.close());
  const endpoint = rig.endpoints[name];
  const subscriber = new RemoteSubscriber([endpoint]);
  cleanups.push(() => subscriber.stop());
  const handle = rig.system.rings[ring];
  if (handle === undefined) throw new Error(`no ring ${ring}`);
  // The consumers that hold the ring up keep pace, the publisher does not.
  const gating = RINGS[ring].gating.map((_, index) => new RingConsumer(handle, index));
  const write = (n: number): void => {
    writeRecord(rig, ring, n);
    for (const consumer of gating) {
      while (consumer.next());
      consumer.release();
    }
  };
  let n = 0;
  await subscriber.until(
    () => subscriber.received.length > 0,
    () => {
      write(++n);
      rig.settle(n);
    },
  );
  const made = n * perRecord;
  for (let i = 0; i < ROUND; i++) write(++n);
  rig.settle(n);
  expect(rig.counter('laps_total')).toBe(1);
  write(++n);
  rig.settle(n);
  const seqs = (): number[] =>
    subscriber.from(endpoint).map(({ frames }) => (JSON.parse(frames[0]) as { seq: number }).seq);
  // A record that the reader had in hand when it was overrun is not lost, nor are those written afterwards.
  await subscriber.until(() => rig.counter(`${name}_total`) + 1 === seqs().at(-1));
  const since = seqs().filter((seq) => seq > made);
  expect((since.at(-1) ?? 0) - made - since.length).toBe(1);
  expect(rig.counter(`${name}_total`)).toBeLessThan(perRecord * n);
});
