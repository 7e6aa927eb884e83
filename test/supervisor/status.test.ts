import { describe, expect, it } from 'vitest';
import { DepthBook } from '../../src/book/depth-book.js';
import { BookFeatures, DEFAULT_FEATURES } from '../../src/book/features.js';
import { LevelList } from '../../src/book/level-list.js';
import { StatusEvent } from '../../src/book/matching.js';
import { LogLevel, SyncReason, SyncState, TradingPhase } from '../../src/lib/enums.js';
import { collectsOrders } from '../../src/lib/phases.js';
import { RingProducer } from '../../src/ring/producer.js';
import { type Sample, StatusSampler } from '../../src/supervisor/sampler.js';
import { Screen } from '../../src/supervisor/screen.js';
import { renderLine, renderTable, TablePainter } from '../../src/supervisor/status.js';
import { CounterWriter, histogramWriter } from '../../src/telemetry/board.js';
import { counterIds } from '../../src/telemetry/registry.js';
import { MarketEvent } from '../../src/venues/market-sink.js';
import { MarketRingSink } from '../../src/workers/market-ring-sink.js';
import { createSystem } from '../../src/workers/system.js';
import { toyConfig } from '../support/toy-system.js';

const HEADER = { version: '0.1.0', profile: 'dev', seed: 7, url: 'http://127.0.0.1:8080' };
const NOTES = ['WARN  risk: one', 'ERROR gateway: two'];
const SAMPLE: Sample = {
  uptimeSeconds: 3725.9,
  orders: 1234.5,
  rejects: 0.4,
  trades: 123_456,
  events: 9,
  requests: 2_500_000,
  restingOrders: 42,
  sequence: 123_456_789,
  markets: [
    {
      symbol: 'BTC-USD',
      bid: '64999.5',
      bidQuantity: '0.25',
      ask: '65000',
      askQuantity: '1',
      spreadBasisPoints: 0.0769,
      state: '',
    },
    {
      symbol: 'ETH-USD',
      bid: '-',
      bidQuantity: '-',
      ask: '3000.01',
      askQuantity: '12.5',
      spreadBasisPoints: 0,
      state: 'halt',
    },
  ],
  hops: [
    { name: 'edge_to_risk', perSecond: 1234.5, p50: 1536, p99: 45_056 },
    { name: 'risk_to_matching', perSecond: 9.94, p50: 120, p99: 9999 },
  ],
  rings: [
    { name: 'commands.strategies', backlog: 0, capacity: 1 << 20 },
    { name: 'events', backlog: 8 << 20, capacity: 16 << 20 },
  ],
};

const TABLE = `\
Millrace 0.1.0  profile dev  seed 7  up 01:02:05  http://127.0.0.1:8080

market                       bid    quantity         ask    quantity spread bp
BTC-USD                  64999.5        0.25       65000           1      0.08
ETH-USD                        -           -     3000.01        12.5      halt

orders/s 1235  trades/s 123 k  rejects/s 0.4  http/s 2.50 M
resting 42  sequence 123456789

hop (µs)                     p50         p99  per second
edge_to_risk                1.54          45        1235
risk_to_matching            0.12       10.00         9.9

ring                     waiting          of
commands.strategies          0 B     1.0 MiB  ..........
events                   8.0 MiB    16.0 MiB  #####.....

WARN  risk: one
ERROR gateway: two
`;

const trimmed = (lines: readonly string[]): string => lines.map((line) => line.trimEnd()).join('\n');

describe('the table', () => {
  it('shows everything on a large terminal', () => {
    expect(trimmed(renderTable(HEADER, SAMPLE, NOTES, { columns: 100, rows: 50 }))).toBe(TABLE);
  });

  it('fits 80 columns without losing a figure', () => {
    const lines = renderTable(HEADER, SAMPLE, NOTES, { columns: 80, rows: 50 });
    expect(trimmed(lines)).toBe(TABLE);
  });

  it('always fits the screen, and keeps head and notes as long as there is room for both', () => {
    for (let rows = 1; rows <= 40; rows++) {
      for (const columns of [1, 20, 80]) {
        const lines = renderTable(HEADER, SAMPLE, NOTES, { columns, rows });
        expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
        expect('Millrace'.startsWith(lines[0].slice(0, 8))).toBe(true);
        if (rows >= 6 && columns === 80) expect(lines).toEqual(expect.arrayContaining(NOTES));
      }
    }
  });

  it('leaves out rings, then hops, then markets', () => {
    const has = (rows: number): string[] => {
      const text = renderTable(HEADER, SAMPLE, NOTES, { columns: 80, rows }).join('\n');
      return ['market ', 'orders/s', 'hop ', 'ring '].filter((word) => text.includes(word));
    };
    expect(has(24)).toEqual(['market ', 'orders/s', 'hop ', 'ring ']);
    expect(has(14)).toEqual(['market ', 'orders/s', 'hop ']);
    expect(has(10)).toEqual(['market ', 'orders/s']);
    expect(has(7)).toEqual(['orders/s']);
  });
});

it('the line has the rates, the tops and the two first hops', () => {
  expect(renderLine(SAMPLE)).toBe(
    '01:02:05  orders/s 1235  trades/s 123 k  rejects/s 0.4  resting 42  BTC-USD 64999.5/65000  ETH-USD -/3000.01' +
      '  edge_to_risk p50 1.54 p99 45 µs  risk_to_matching p50 0.12 p99 10.00 µs',
  );
});

/** What a terminal would get. */
class Tape {
  readonly isTTY: boolean;
  readonly columns = 80;
  readonly rows = 24;
  text = '';

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

describe('the painter', () => {
  it('paints over what it painted last', () => {
    const tape = new Tape(true);
    const painter = new TablePainter(tape);
    painter.paint(['a', 'b']);
    expect(tape.text).toBe('\x1b[2Ka\n\x1b[2Kb\n\x1b[0J');
    tape.text = '';
    painter.paint(['c']);
    expect(tape.text).toBe('\x1b[2A\x1b[2Kc\n\x1b[0J');
  });

  it('takes 80 by 24 where the terminal does not say', () => {
    expect(new TablePainter({ write: () => true }).size).toEqual({ columns: 80, rows: 24 });
    expect(new TablePainter({ write: () => true, columns: 0, rows: 0 }).size).toEqual({
      columns: 80,
      rows: 24,
    });
  });
});

describe('the screen', () => {
  const record = (level: LogLevel, agent: string, message: string) => ({
    timestamp: 0,
    level,
    agent,
    message,
    fields: '',
  });
  const system = () => createSystem(toyConfig(), 1);

  it('without a terminal prints lines, and notes to the error stream as they come', () => {
    const [out, err] = [new Tape(false), new Tape(false)];
    const screen = new Screen(true, HEADER, out, err);
    screen.show(system());
    screen.onLine(record(LogLevel.Info, 'risk', 'not shown'));
    screen.onLine(record(LogLevel.Info, 'supervisor', 'running'));
    screen.onLine(record(LogLevel.Warn, 'risk', 'careful'));
    screen.close();
    expect(out.text).toMatch(/^00:00:0\d {2}orders\/s 0 .*\n$/);
    expect(err.text).toBe('INFO  supervisor: running\nWARN  risk: careful\n');
  });

  it('on a terminal keeps notes under the table and prints the last ones when it ends', () => {
    const [out, err] = [new Tape(true), new Tape(true)];
    const screen = new Screen(true, HEADER, out, err);
    screen.note('WARN', 'before');
    expect(err.text).toBe('WARN  before\n');
    screen.show(system());
    for (let n = 0; n < 8; n++) screen.note('WARN', `note ${n}`);
    expect(err.text).toBe('WARN  before\n');
    screen.close();
    screen.close();
    expect(err.text).toBe(`WARN  before\n${[2, 3, 4, 5, 6, 7].map((n) => `WARN  note ${n}\n`).join('')}`);
  });

  it('a FATAL line ends the table and is printed at once', () => {
    const [out, err] = [new Tape(true), new Tape(true)];
    const screen = new Screen(true, HEADER, out, err);
    screen.show(system());
    screen.note('ERROR', 'why');
    screen.onLine(record(LogLevel.Fatal, 'supervisor', 'stopping'));
    expect(err.text).toBe('ERROR why\nFATAL supervisor: stopping\n');
    screen.close();
  });

  it('with log.console off shows no status', () => {
    const [out, err] = [new Tape(true), new Tape(true)];
    const screen = new Screen(false, HEADER, out, err);
    screen.show(system());
    screen.note('WARN', 'careful');
    screen.close();
    expect([out.text, err.text]).toEqual(['', 'WARN  careful\n']);
  });
});

describe('the sampler', () => {
  it('reads counters, rates and intervals of histograms', async () => {
    const system = createSystem(toyConfig(), 1);
    const sampler = new StatusSampler(system);
    const risk = new CounterWriter(system.telemetry, 'risk');
    const hop = histogramWriter(system.telemetry, 'edge_to_risk');
    risk.add(counterIds('risk').sequenced_total, 1000);
    risk.set(counterIds('risk').sequence, 1000);
    hop.record(5000);
    const first = sampler.sample();
    // Averages since the start of the session, not a burst in the first microseconds of the sampler.
    expect(first.orders).toBeLessThanOrEqual(1000 / first.uptimeSeconds + 1e-6);
    expect(first.sequence).toBe(1000);
    expect(first.hops.map(({ name, p50 }) => [name, p50])).toEqual([['edge_to_risk', 5000]]);
    expect(first.markets.every(({ bid, ask }) => bid === '-' && ask === '-')).toBe(true);
    const second = sampler.sample();
    expect([second.orders, second.hops]).toEqual([0, []]);
    hop.record(100);
    expect(sampler.sample().hops.map(({ p99 }) => p99)).toEqual([100]);
  });

  it('shows the top of a book until it is withdrawn', () => {
    const system = createSystem(toyConfig(), 1);
    const sampler = new StatusSampler(system);
    const { market } = system.rings;
    if (market === undefined) throw new Error('no ring market');
    const sink = new MarketRingSink(new RingProducer(market), () => false);
    const event = new MarketEvent();
    const features = new BookFeatures(DEFAULT_FEATURES);
    const book = new DepthBook();
    const levels = new LevelList();
    levels.bidCount = 1;
    levels.set(0, 5_999_900, 1);
    book.apply(levels);
    features.onBook(event, book);
    const tell = (phase: TradingPhase) => {
      status.phase = phase;
      sink.marketStatus(event, status);
      sink.features(event, features);
      if (collectsOrders(phase)) sink.marketStatus(event, status); // features come without a market only in this test
      sink.producer.publish();
      const [{ bid, state }] = sampler.sample().markets;
      return [bid, state];
    };
    const status = new StatusEvent();
    status.instrument = 0;
    expect(tell(TradingPhase.Continuous)).toEqual(['59999', '']);
    expect(tell(TradingPhase.Halt)).toEqual(['59999', 'halt']);
    expect(tell(TradingPhase.VolatilityAuction)).toEqual(['-', 'auction']);
    expect(tell(TradingPhase.Continuous)).toEqual(['59999', '']);
    sink.feedStatus(event, SyncState.Synced, SyncState.Disconnected, SyncReason.Disconnected);
    sink.producer.publish();
    expect(sampler.sample().markets[0].bid).toBe('-');
  });
});
