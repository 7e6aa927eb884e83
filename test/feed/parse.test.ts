import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii } from '../../src/lib/byte-reader.js';
import { scaleOfStep } from '../../src/lib/decimal.js';
import { BinanceMessage, MessageKind, ParseError } from '../../src/venues/binance/message.js';
import { BinanceParser } from '../../src/venues/binance/parse.js';
import { parseJson } from '../../src/venues/binance/parse-json.js';
import type { Market } from '../../src/venues/binance/sync.js';
import { CAPTURES_PRESENT } from '../support/captures.js';
import { SEED } from '../support/seed.js';
import { instrumentOf, linesOf } from './lines.js';

/** What a message says, by its kind; fields that its kind does not have are left over from before. */
function content(message: BinanceMessage): unknown {
  const { kind, instrument, eventTime, transactionTime, lastId, levels } = message;
  const count = levels.bidCount + levels.askCount;
  switch (kind) {
    case MessageKind.DepthUpdate:
    case MessageKind.Snapshot: {
      const ids = kind === MessageKind.Snapshot ? [lastId] : [message.firstId, lastId, message.previousId];
      const sides = [levels.bidCount, levels.askCount];
      const list = [
        Array.from(levels.prices.subarray(0, count)),
        Array.from(levels.quantities.subarray(0, count)),
      ];
      return { kind, instrument, eventTime, transactionTime, ids, sides, list };
    }
    case MessageKind.BookTicker: {
      const { bidPrice, bidQuantity, askPrice, askQuantity } = message;
      return {
        kind,
        instrument,
        eventTime,
        transactionTime,
        lastId,
        bidPrice,
        bidQuantity,
        askPrice,
        askQuantity,
      };
    }
    case MessageKind.Trade:
    case MessageKind.AggTrade: {
      const { tradeId, price, quantity, buyerIsMaker } = message;
      return { kind, instrument, eventTime, transactionTime, tradeId, price, quantity, buyerIsMaker };
    }
    default:
      return { kind, instrument, eventTime };
  }
}

/** A parser and its twin that knows nothing but JSON.parse. */
function twins(market: Market) {
  const instrument = instrumentOf(market);
  const lookup = (symbol: string) => (symbol === instrument.symbol ? instrument : undefined);
  const parser = new BinanceParser(lookup);
  parser.snapshotInstrument = instrument;
  const message = new BinanceMessage();
  const full = (line: Uint8Array) =>
    parseJson(Buffer.from(line).toString('utf8'), message, lookup, instrument).outcome;
  return { parser, full, message };
}

describe.skipIf(!CAPTURES_PRESENT)('hot parse and JSON.parse', () => {
  it.each([
    ['usdm', 'usdm_btcusdt_20240808.gz', 3],
    ['spot', 'spot_btcusdt_20240808.gz', 3],
    // The snapshot of 2023 has spaces; four streams begin.
    ['usdm', 'usdm_btcusdt_20230404.dat.gz', 5],
  ] as const)('agree on every line of %s %s', (market, file, fullParses) => {
    const { parser, full, message } = twins(market);
    for (const line of linesOf(file)) {
      const outcome = parser.parse(line, 0, line.length);
      const expected = full(line);
      const same = outcome === expected && asText(content(parser.message)) === asText(content(message));
      if (!same) expect(content(parser.message), Buffer.from(line).toString()).toEqual(content(message));
    }
    expect(parser.slowParses).toBe(fullParses);
  });

  it('agree on damaged lines, and neither throws', () => {
    const lines = linesOf('usdm_btcusdt_20230404.dat.gz')
      .filter((line) => line.length < 2000)
      .slice(0, 400);
    const damage = fc.record({
      line: fc.nat({ max: lines.length - 1 }),
      cut: fc.nat({ max: 2000 }),
      edits: fc.array(
        fc.tuple(
          fc.nat({ max: 2000 }),
          fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...ascii('0123456789.",:[]{}-e\\ '))),
        ),
        { maxLength: 3 },
      ),
      whole: fc.boolean(),
    });
    const { parser, full, message } = twins('usdm');
    for (const line of lines) parser.parse(line, 0, line.length); // learns the streams
    fc.assert(
      fc.property(damage, ({ line, cut, edits, whole }) => {
        const bytes = lines[line].slice(0, whole ? undefined : cut);
        for (const [at, byte] of edits) if (at < bytes.length) bytes[at] = byte;
        const outcome = parser.parse(bytes, 0, bytes.length);
        expect(outcome).toBe(full(bytes));
        if (outcome > 0 && outcome !== MessageKind.Other)
          expect(content(parser.message)).toEqual(content(message));
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });
});

/** Equality of two messages as text: comparing deeply on each of 150,000 lines would take minutes. */
function asText(value: unknown): string {
  return JSON.stringify(value);
}

describe('parser', () => {
  const trade =
    '{"stream":"btcusdt@trade","data":{"e":"trade","E":5,"T":4,"s":"BTCUSDT","t":9,"p":"100.50","q":"0.010","X":"MARKET","m":true}}';

  function parse(text: string, parser = twins('usdm').parser): number {
    const bytes = Buffer.from(text);
    return parser.parse(bytes, 0, bytes.length);
  }

  it('reads a message in the middle of a buffer', () => {
    const { parser } = twins('usdm');
    const bytes = Buffer.from(`garbage${trade}${trade}`);
    for (const start of [7, 7 + trade.length]) {
      expect(parser.parse(bytes, start, start + trade.length)).toBe(MessageKind.Trade);
      expect(content(parser.message)).toMatchObject({
        tradeId: 9,
        price: 10_050_000_000,
        quantity: 10,
        buyerIsMaker: true,
      });
    }
    expect(parser.slowParses).toBe(1);
  });

  it('takes other key orders and spaces through the full parse', () => {
    const { parser } = twins('usdm');
    parse(trade, parser);
    const moved =
      '{"data": {"m": true, "q": "0.010", "p": "100.50", "t": 9, "s": "BTCUSDT", "T": 4, "E": 5, "e": "trade"}, "stream": "btcusdt@trade"}';
    expect(parse(moved, parser)).toBe(MessageKind.Trade);
    expect(content(parser.message)).toMatchObject({ tradeId: 9, price: 10_050_000_000 });
    expect(parser.slowParses).toBe(2);
  });

  it.each([
    ['not JSON', trade.slice(0, -1), ParseError.Malformed],
    ['followed by more', `${trade}}`, ParseError.Malformed],
    ['no price', trade.replace('"p":"100.50",', ''), ParseError.Shape],
    ['a price that is a number', trade.replace('"100.50"', '100.50'), ParseError.Shape],
    ['an id below zero', trade.replace('"t":9', '"t":-9'), ParseError.Shape],
    ['a quantity off the lot', trade.replace('0.010', '0.0105'), ParseError.Number],
    ['a price beyond 2^53 steps', trade.replace('100.50', '100000000.50'), ParseError.Number],
    ['another symbol', trade.replace('"BTCUSDT"', '"ETHUSDT"'), ParseError.UnknownSymbol],
    ['another event', trade.replace('"e":"trade"', '"e":"kline"'), MessageKind.Other],
    ['an acknowledgement', '{"result":null,"id":1}', MessageKind.Other],
    ['a list', '[1,2]', MessageKind.Other],
  ])('says what %s is', (_, text, outcome) => {
    const { parser } = twins('usdm');
    expect(parse(text, parser)).toBe(outcome); // stream unknown
    parse(trade, parser);
    expect(parse(text, parser)).toBe(outcome); // stream known
  });

  it('refuses a price between two ticks', () => {
    const instrument = { ...instrumentOf('usdm'), priceScale: scaleOfStep('0.10') };
    const parser = new BinanceParser(() => instrument);
    expect(parse(trade, parser)).toBe(MessageKind.Trade);
    expect(parse(trade.replace('100.50', '100.55'), parser)).toBe(ParseError.Number);
    expect(parser.message.kind).toBe(MessageKind.Trade);
  });
});
