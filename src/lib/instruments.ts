import { type DecimalScale, formatDecimal, parseDecimal, scaleOfStep } from './decimal.js';

/** What the configuration says of an instrument; decimals as text. */
export interface InstrumentTerms {
  readonly symbol: string;
  readonly venue: string;
  readonly tick_size: string;
  readonly lot_size: string;
  readonly base_currency: string;
  readonly quote_currency: string;
  readonly reference_price: string;
  readonly min_quantity: string;
  readonly max_quantity: string | null;
}

/** One tradable instrument. Its place in the table is its number in every message. */
export interface Instrument {
  readonly index: number;
  readonly symbol: string;
  readonly venue: string;
  readonly baseCurrency: string;
  readonly quoteCurrency: string;
  /** Price of one tick and quantity of one lot, plain decimals. */
  readonly tickSize: string;
  readonly lotSize: string;
  readonly tick: DecimalScale;
  readonly lot: DecimalScale;
  /** Where the price collar and the simulation start, ticks. */
  readonly referenceTicks: number;
  readonly minimumLots: number;
  /** 2^53 - 1 when there is no limit. */
  readonly maximumLots: number;
}

/** The instruments of a process, numbered by their order in the configuration. */
export class InstrumentTable {
  readonly all: readonly Instrument[];
  readonly #bySymbol: ReadonlyMap<string, Instrument>;

  /** Throws RangeError for a size or price that does not fit; the configuration has been checked for that before. */
  constructor(terms: readonly InstrumentTerms[]) {
    this.all = terms.map(fromTerms);
    this.#bySymbol = new Map(this.all.map((one) => [one.symbol, one]));
  }

  get count(): number {
    return this.all.length;
  }

  at(index: number): Instrument | undefined {
    return this.all[index];
  }

  bySymbol(symbol: string): Instrument | undefined {
    return this.#bySymbol.get(symbol);
  }
}

function fromTerms(terms: InstrumentTerms, index: number): Instrument {
  const tick = scaleOfStep(terms.tick_size);
  const lot = scaleOfStep(terms.lot_size);
  const steps = (text: string, scale: DecimalScale, key: string): number => {
    const value = parseDecimal(text, scale);
    if (value < 0)
      throw new RangeError(`${terms.symbol}: ${key} is ${text}, allowed: a multiple of its step`);
    return value;
  };
  return {
    index,
    symbol: terms.symbol,
    venue: terms.venue,
    baseCurrency: terms.base_currency,
    quoteCurrency: terms.quote_currency,
    tickSize: formatDecimal(1, tick),
    lotSize: formatDecimal(1, lot),
    tick,
    lot,
    referenceTicks: steps(terms.reference_price, tick, 'reference_price'),
    minimumLots: steps(terms.min_quantity, lot, 'min_quantity'),
    maximumLots:
      terms.max_quantity === null ? Number.MAX_SAFE_INTEGER : steps(terms.max_quantity, lot, 'max_quantity'),
  };
}
