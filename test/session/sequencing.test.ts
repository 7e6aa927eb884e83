import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { startSession } from '../../src/lib/clock.js';
import { TimeInForce, TradingPhase } from '../../src/lib/enums.js';
import { InstrumentTable } from '../../src/lib/instruments.js';
import { SEQUENCER_SOURCE } from '../../src/lib/order-ids.js';
import * as AdvanceTime from '../../src/messages/views/advance-time.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import * as SetPhase from '../../src/messages/views/set-phase.js';
import { RingConsumer } from '../../src/ring/consumer.js';
import { createRing } from '../../src/ring/layout.js';
import { RingProducer } from '../../src/ring/producer.js';
import type { AgentContext } from '../../src/workers/context.js';
import { SessionDriver } from '../../src/workers/session/session-driver.js';
import { PLAIN_INSTRUMENT } from '../support/pipeline.js';

const ALWAYS_CLOSED = { name: 'closed', phases: [{ at: '00:00:00', phase: 'closed' }] };

/** A driver before a ring, with so many instruments whose session is always closed. */
function driverWith(closed: number, ringBytes: number) {
  const instruments = Array.from({ length: closed + 1 }, (_, index) => ({
    ...PLAIN_INSTRUMENT,
    symbol: `S${index}`,
    session: index === closed ? null : 'closed',
  }));
  const flags = [
    `--instruments=${JSON.stringify(instruments)}`,
    `--sessions=${JSON.stringify([ALWAYS_CLOSED])}`,
    '--simulation.enabled=false',
  ];
  const { config } = loadConfig({ env: {}, flags });
  const ring = createRing({ name: 'sequenced', capacityBytes: ringBytes, gating: 1 });
  const context = {
    config,
    instruments: new InstrumentTable(config.instruments),
    session: startSession(),
  } as AgentContext;
  return {
    driver: new SessionDriver(context, new RingProducer(ring), {
      controls: { startDay: () => undefined },
      collarCentre: new Float64Array(closed + 1),
    }),
    consumer: new RingConsumer(ring, 0),
  };
}

/** Number, time and instrument of the phase changes on the ring. */
function drain(consumer: RingConsumer): [number, number, number][] {
  const seen: [number, number, number][] = [];
  while (consumer.next()) {
    const { words, at } = consumer;
    expect(consumer.type).toBe(SetPhase.TYPE);
    expect(SetPhase.source(words, at)).toBe(SEQUENCER_SOURCE);
    expect(SetPhase.phase(words, at)).toBe(TradingPhase.Closed);
    expect(SetPhase.hasReference(words, at)).toBe(0);
    seen.push([SetPhase.sequence(words, at), SetPhase.timestamp(words, at), SetPhase.instrument(words, at)]);
  }
  consumer.release();
  return seen;
}

function goodTill(expireTime: number): Int32Array {
  const words = new Int32Array(NewOrder.EXTENDED_BYTES / 4);
  NewOrder.encode(words, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, TimeInForce.GoodTillDate, 0, 1, 0);
  NewOrder.encodeExtension(words, 0, 0, 0, 0, expireTime, 0, 0, 0, 0, 0, 0);
  return words;
}

describe('scheduled commands', () => {
  it('are numbered and stamped like other commands, with a source of their own', () => {
    const { driver, consumer } = driverWith(2, 1 << 16);
    expect(driver.run(5, 41)).toBe(2);
    expect(drain(consumer)).toEqual([
      [42, 5, 0],
      [43, 5, 1],
    ]);
    expect(driver.nextDue()).toBeGreaterThan(5);
  });

  it('stay due while the ring is full, and then go on where they were', () => {
    const { driver, consumer } = driverWith(12, 512);
    const first = driver.run(5, 0);
    expect(first).toBeLessThan(12);
    expect(driver.nextDue()).toBeLessThanOrEqual(5);
    expect(driver.run(6, first)).toBe(0);
    expect(drain(consumer)).toHaveLength(first);
    expect(driver.run(7, first)).toBe(12 - first);
    expect(drain(consumer).map(([sequence, time, instrument]) => [sequence - instrument, time])).toEqual(
      Array.from({ length: 12 - first }, () => [1, 7]),
    );
    expect(driver.nextDue()).toBeGreaterThan(7);
  });

  it('tell the engine the time once an order may be over', () => {
    const { driver, consumer } = driverWith(0, 1 << 16);
    driver.run(0, 0);
    driver.onNewOrder(goodTill(12.34e9), 0);
    driver.onNewOrder(goodTill(12.31e9), 0);
    driver.onNewOrder(goodTill(99e9), 0);
    expect(driver.nextDue()).toBe(12.4e9);
    expect(driver.run(12.4e9 - 1, 7)).toBe(0);
    expect(driver.run(12.4e9, 7)).toBe(1);
    expect(consumer.next()).toBe(true);
    expect(consumer.type).toBe(AdvanceTime.TYPE);
    expect(AdvanceTime.sequence(consumer.words, consumer.at)).toBe(8);
    expect(AdvanceTime.timestamp(consumer.words, consumer.at)).toBe(12.4e9);
    expect(driver.nextDue()).toBe(99e9);
  });
});
