import { describe, expect, it } from 'vitest';
import { Side, SYNC_REASON_NAMES, SYNC_STATE_NAMES, SyncReason } from '../../src/lib/enums.js';
import { RingConsumer } from '../../src/ring/consumer.js';
import { createRing } from '../../src/ring/layout.js';
import { RingProducer } from '../../src/ring/producer.js';
import { CounterWriter, createTelemetry } from '../../src/telemetry/board.js';
import { counterIds } from '../../src/telemetry/registry.js';
import {
  BinanceFeedHandler,
  defaultScales,
  type FeedHandlerOptions,
} from '../../src/venues/binance/feed-handler.js';
import { MessageKind, ParseError } from '../../src/venues/binance/message.js';
import type { FrameSource } from '../../src/venues/frame.js';
import type { MarketSink } from '../../src/venues/market-sink.js';
import { FrameAgent } from '../../src/workers/feed/frame-agent.js';
import { MarketRingSink } from '../../src/workers/market-ring-sink.js';

const START = 1_700_000_000_000;

/** Writes down what a handler sends. */
class Notebook implements MarketSink {
  readonly lines: string[] = [];

  bookUpdate: MarketSink['bookUpdate'] = (event, levels) => {
    this.lines.push(
      `update ${event.instrument} u${event.venueSequence} ${levels.bidCount}+${levels.askCount} at ${event.timestamp}`,
    );
  };
  bookSnapshot: MarketSink['bookSnapshot'] = (event, book) => {
    this.lines.push(
      `snapshot ${event.instrument} u${event.venueSequence} ${book.bids.count}+${book.asks.count}`,
    );
  };
  marketTrade: MarketSink['marketTrade'] = (event) => {
    const side = event.takerSide === Side.Buy ? 'buy' : 'sell';
    this.lines.push(
      `trade ${event.tradeId} ${side} ${event.quantity} at ${event.timestamp}/${event.receiveTimestamp}`,
    );
  };
  features: MarketSink['features'] = (event, features) => {
    this.lines.push(
      `features u${event.venueSequence} mid ${features.midpoint / 1e8} trades ${features.breadth}`,
    );
  };
  feedStatus: MarketSink['feedStatus'] = (event, previous, state, reason) => {
    const names = [SYNC_STATE_NAMES[previous], SYNC_STATE_NAMES[state], SYNC_REASON_NAMES[reason]];
    this.lines.push(`status ${event.instrument} ${names.join(' ')}`);
  };

  take(): string[] {
    return this.lines.splice(0);
  }
}

function depth(n: number, symbol = 'BTCUSDT'): string {
  const stream = `${symbol.toLowerCase()}@depth@0ms`;
  const ids = `"U":${n * 10 + 3},"u":${n * 10 + 10},"pu":${n * 10}`;
  return `{"stream":"${stream}","data":{"e":"depthUpdate","E":${START + 9},"T":${START + n},"s":"${symbol}",${ids},"b":[["100.00","1.000"]],"a":[["101.00","2.000"]]}}`;
}

function trade(event: 'trade' | 'aggTrade', id: number): string {
  const key = event === 'trade' ? `"s":"BTCUSDT","t":${id}` : `"a":${id},"s":"BTCUSDT"`;
  const rest = event === 'trade' ? `"X":"MARKET","m":true` : `"f":1,"l":2,"T":${START + 3},"m":false`;
  const time = event === 'trade' ? `"E":${START + 9},"T":${START + 3}` : `"E":${START + 9}`;
  return `{"stream":"btcusdt@${event}","data":{"e":"${event}",${time},${key},"p":"100.50","q":"0.500",${rest}}}`;
}

const SNAPSHOT =
  '{"lastUpdateId":5,"E":1700000000000,"T":1700000000000,"bids":[["99.00","1.000"]],"asks":[["102.00","1.000"]]}';

function handlerOf(options: Partial<FeedHandlerOptions> = {}) {
  const notebook = new Notebook();
  const handler = new BinanceFeedHandler({ market: 'usdm', sink: notebook, sessionStart: START, ...options });
  handler.addInstrument({ instrument: 7, symbol: 'BTCUSDT', ...defaultScales('usdm') });
  handler.addInstrument({ instrument: 3, symbol: 'ETHUSDT', ...defaultScales('usdm') });
  handler.expectSnapshotOf('BTCUSDT');
  const send = (text: string, receiveTime = 0): number => {
    const bytes = Buffer.from(text);
    return handler.onFrame({ bytes, start: 0, end: bytes.length, receiveTime });
  };
  return { handler, notebook, send };
}

describe('feed handler', () => {
  it("tells of a book from its first event to its loss, in order, by the instruments' own numbers", () => {
    const { handler, notebook, send } = handlerOf();
    send(depth(0), 5);
    expect(notebook.take()).toEqual(['status 7 DISCONNECTED BUFFERING CONNECTED']);
    send(SNAPSHOT, 6);
    expect(notebook.take()).toEqual([
      'snapshot 7 u10 2+2',
      'features u10 mid 100.5 trades 0',
      'status 7 BUFFERING SYNCED SNAPSHOT_APPLIED',
    ]);
    send(trade('trade', 9), 77);
    send(depth(1), 88);
    expect(notebook.take()).toEqual([
      'trade 9 sell 500 at 3000000/77',
      'update 7 u20 1+1 at 1000000',
      'features u20 mid 100.5 trades 1',
    ]);
    send(depth(0, 'ETHUSDT'), 90);
    handler.withdrawStale(1e9, 1e9 - 89);
    expect(notebook.take()).toEqual([
      'status 3 DISCONNECTED BUFFERING CONNECTED',
      'status 7 SYNCED STALE STALE_DATA',
    ]);
    send(depth(2), 1e9);
    expect(notebook.take().at(-1)).toBe('status 7 STALE SYNCED CONNECTED');
    send(depth(4), 1e9);
    expect(notebook.take()).toEqual(['status 7 SYNCED RESYNC SEQUENCE_GAP']);
    handler.disconnect(SyncReason.StreamEnd);
    expect(notebook.take()).toEqual([
      'status 7 RESYNC DISCONNECTED STREAM_END',
      'status 3 BUFFERING DISCONNECTED STREAM_END',
    ]);
  });

  it.each(['trade', 'aggTrade'] as const)(
    'publishes one trade channel, %s, and counts the other',
    (tradeChannel) => {
      const { handler, notebook, send } = handlerOf({ tradeChannel });
      expect(send(trade('trade', 1))).toBe(MessageKind.Trade);
      expect(send(trade('aggTrade', 2))).toBe(MessageKind.AggTrade);
      expect(notebook.take()).toEqual([
        tradeChannel === 'trade' ? 'trade 1 sell 500 at 3000000/0' : 'trade 2 buy 500 at 3000000/0',
      ]);
      expect(handler.feeds[0].messages[MessageKind.Trade]).toBe(1);
      expect(handler.feeds[0].messages[MessageKind.AggTrade]).toBe(1);
    },
  );

  it('withdraws a book for an unreadable update of its own, not for an unreadable trade', () => {
    const { handler, notebook, send } = handlerOf();
    send(depth(0));
    send(SNAPSHOT);
    notebook.take();
    expect(send(trade('trade', 9).replace('0.500', '0.50005'))).toBe(ParseError.Number);
    expect(send('not JSON')).toBe(ParseError.Malformed);
    expect(send(depth(1, 'XRPUSDT'))).toBe(ParseError.UnknownSymbol);
    expect(notebook.take()).toEqual([]);
    expect(send(depth(1).replace('"1.000"', '"1.0005"'))).toBe(ParseError.Number);
    expect(notebook.take()).toEqual(['status 7 SYNCED RESYNC BAD_MESSAGE']);
    expect(handler.errors).toEqual([0, 1, 0, 2, 1]);
  });
});

describe('feed agent', () => {
  it('takes bursts from its sources in turn, publishes, and keeps its counters', () => {
    const ring = createRing({ name: 'feed', capacityBytes: 65536, gating: 1 });
    const consumer = new RingConsumer(ring, 0);
    const sink = new MarketRingSink(new RingProducer(ring), () => false);
    const counters = new CounterWriter(createTelemetry(), 'feed');
    const texts = [depth(0), SNAPSHOT, depth(1), 'x', depth(3), ...Array.from({ length: 70 }, () => '{}')];
    const { handler } = handlerOf({ sink });
    const agent = new FrameAgent([{ source: sourceOf(texts), handler }], sink, counters);
    expect(agent.hasWork()).toBe(true);
    expect(agent.doWork(0)).toBe(64);
    expect(agent.doWork(0)).toBe(11);
    expect([agent.doWork(0), agent.hasWork()]).toEqual([0, false]);
    let records = 0;
    while (consumer.next()) records++;
    expect(records).toBe(sink.sequence);
    const C = counterIds('feed');
    expect(counters.get(C.messages_total)).toBe(75);
    expect(counters.get(C.malformed_total)).toBe(1);
    expect(counters.get(C.gaps_total)).toBe(1);
    expect(counters.get(C.fallback_total)).toBe(72);
  });
});

function sourceOf(texts: readonly string[]): FrameSource {
  let index = -1;
  const frame = { bytes: new Uint8Array(0), start: 0, end: 0, receiveTime: 0 };
  return Object.assign(frame, {
    hasNext: () => index + 1 < texts.length,
    next: () => {
      if (index + 1 === texts.length) return false;
      frame.bytes = Buffer.from(texts[++index]);
      frame.end = frame.bytes.length;
      return true;
    },
  });
}
