/** Random order flow through one matching implementation, published as a tape, matches to the last fill in the other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NaiveMatching } from '../../../src/book/naive-matching.js';
import { CaptureError } from '../../../src/capture/capture-error.js';
import { DbnReader } from '../../../src/capture/dbn/reader.js';
import { matchTape } from '../../../src/capture/match/match-command.js';
import { readTape } from '../../../src/capture/match/tape.js';
import { Side, TimeInForce, TradingPhase } from '../../../src/lib/enums.js';
import { seededRandom } from '../../../src/lib/random.js';
import { DbnWriter } from '../../support/dbn-writer.js';
import { ExchangeTape } from '../../support/exchange-tape.js';
import { SEED } from '../../support/seed.js';

const COMMANDS = 400;
const BEFORE_OPENING = 60;

/**
 * Random commands around one price, the first of them before the opening: half of them enter, some icebergs, some for accounts that do not trade
 * with themselves; the rest amend and cancel.
 */
function randomTape(seed: number, version: number): { bytes: Uint8Array; exchange: ExchangeTape } {
  const random = seededRandom(seed, 'tape');
  const writer = new DbnWriter(version);
  const exchange = new ExchangeTape(writer, TradingPhase.PreOpen);
  for (let i = 0; i < COMMANDS; i++) {
    if (i === BEFORE_OPENING) exchange.open();
    const orders = exchange.orders();
    const price = 1000 + random.below(9) - 4;
    const quantity = 1 + random.below(9);
    if (orders.length === 0 || random.chance(0.6)) {
      const side = random.chance(0.5) ? Side.Buy : Side.Sell;
      // Hidden quantity weighs in the price of an auction, but a tape shows only that which trades.
      const isIceberg = i >= BEFORE_OPENING && random.chance(0.2);
      const isImmediate = !isIceberg && i >= BEFORE_OPENING && random.chance(0.3);
      exchange.enter({
        side,
        price,
        quantity: isIceberg ? quantity * 4 : quantity,
        timeInForce: isImmediate ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel,
        peak: isIceberg ? 1 + random.below(4) : 0,
        account: 1 + random.below(4),
      });
      continue;
    }
    const order = orders[random.below(orders.length)];
    const filled = order.quantity - order.leavesQuantity;
    if (random.chance(0.4)) exchange.cancel(order.orderId);
    // An iceberg that grows loses its place, which a tape does not show when its peak is on display.
    else if (random.chance(0.5) && (order.displayedQuantity === 0 || price !== order.price))
      exchange.amend(order.orderId, price, filled + quantity);
    else exchange.amend(order.orderId, order.price, filled + 1 + random.below(order.leavesQuantity));
  }
  return { bytes: writer.bytes(), exchange };
}

describe('random order flow, published as a tape', () => {
  it('matches to the last fill', () => {
    let fills = 0;
    let refills = 0;
    let prevented = 0;
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(1, 2, 3), (seed, version) => {
        const { bytes, exchange } = randomTape(seed, version);
        const report = matchTape(readTape(() => new DbnReader(bytes, 'random.dbn')));
        expect(report.differences).toEqual([]);
        expect(report.fills_recorded).toBe(exchange.fills);
        expect(report.fills_in_place).toBe(exchange.fills);
        expect(report.open_orders).toBe(exchange.engine.orderCount);
        expect(report.refused).toEqual({});
        expect(report.deductions.repairs).toBe(0);
        expect(report.passed).toBe(true);
        fills += exchange.fills;
        refills += exchange.refills;
        prevented += exchange.prevented;
      }),
      { seed: SEED, numRuns: 40 },
    );
    expect(fills).toBeGreaterThan(1000);
    expect(refills).toBeGreaterThan(200);
    expect(prevented).toBeGreaterThan(200);
  });

  it('gives the same report, and state hash, in the naive twin', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { bytes } = randomTape(seed, 1);
        const tape = readTape(() => new DbnReader(bytes, 'random.dbn'));
        const naive = matchTape(
          tape,
          undefined,
          (capacities, events, options) => new NaiveMatching(capacities, events, options),
        );
        const times = { wall_ms: 0, commands_per_second: 0 };
        expect({ ...matchTape(tape), ...times }).toEqual({ ...naive, ...times });
      }),
      { seed: SEED, numRuns: 10 },
    );
  });

  it('survives wrong bytes: a report, or an error that names the byte', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        (seed, hits) => {
          const bytes = Uint8Array.from(randomTape(seed, 1).bytes);
          const start = new DbnReader(bytes, 'x').metadata.recordsAt;
          for (const [at, value] of hits) bytes[start + (at % (bytes.length - start))] = value;
          try {
            const report = matchTape(readTape(() => new DbnReader(bytes, 'x'), { tick: 1, instrument: 7 }));
            expect(report.fills_matched).toBeLessThanOrEqual(report.fills_recorded);
          } catch (error) {
            expect(error).toBeInstanceOf(CaptureError);
          }
        },
      ),
      { seed: SEED, numRuns: 60 },
    );
  });

  it('shows two fills in the wrong order, and only these', () => {
    const writer = new DbnWriter();
    const exchange = new ExchangeTape(writer);
    for (let i = 0; i < 4; i++)
      exchange.enter({ side: Side.Sell, price: 1000, quantity: 1, timeInForce: TimeInForce.GoodTillCancel });
    exchange.enter({ side: Side.Buy, price: 1000, quantity: 3, timeInForce: TimeInForce.ImmediateOrCancel });
    const bytes = writer.bytes();
    const reader = new DbnReader(bytes, 'x');
    const start = reader.metadata.recordsAt;
    // Records 0 to 3 are adds, 4 the trade, 5 to 7 its fills: swap the order ids of the first two fills.
    const swapped = Uint8Array.from(bytes);
    swapped.copyWithin(start + 5 * 56 + 16, start + 6 * 56 + 16, start + 6 * 56 + 24);
    swapped.set(bytes.subarray(start + 5 * 56 + 16, start + 5 * 56 + 24), start + 6 * 56 + 16);
    const report = matchTape(readTape(() => new DbnReader(swapped, 'x')));
    expect(report).toMatchObject({ fills_recorded: 3, fills_matched: 2, passed: false });
    expect(report.differences).toMatchObject([{ kind: 'priority', explained: false, record: 4 }]);
  });
});
