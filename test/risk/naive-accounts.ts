/** Balances and profits in obvious code: the sum over all fills, in BigInt and in the smallest decimal step of all currencies. */
import { Side } from '../../src/lib/enums.js';
import type { Instrument, InstrumentTable } from '../../src/lib/instruments.js';
import type { CurrencyTable } from '../../src/risk/currencies.js';
import type { NaiveTrade } from './naive-risk.js';

/** Decimals that every amount of a test has room in. */
const DECIMALS = 12;

interface NaiveFill {
  readonly account: number;
  readonly instrument: Instrument;
  /** Signed lots; ticks; ticks times lots. */
  readonly quantity: number;
  readonly price: number;
  readonly fee: number;
}

export class NaiveAccounts {
  readonly fills: NaiveFill[] = [];
  readonly last: number[];
  readonly #instruments: InstrumentTable;

  constructor(instruments: InstrumentTable) {
    this.#instruments = instruments;
    this.last = instruments.all.map((one) => one.referenceTicks);
  }

  onTrade(trade: NaiveTrade): void {
    const instrument = this.#instruments.all[trade.instrument];
    const { price, quantity, maker, taker } = trade;
    const taken = trade.takerSide === Side.Buy ? quantity : -quantity;
    this.fills.push({ account: taker.account, instrument, quantity: taken, price, fee: taker.fee ?? 0 });
    this.fills.push({ account: maker.account, instrument, quantity: -taken, price, fee: maker.fee ?? 0 });
    this.last[trade.instrument] = price;
  }

  /** What fills have brought and cost in a currency, on either side, fees included. */
  balance(account: number, currency: string): bigint {
    return this.#sum(account, ({ instrument, quantity, price, fee }) => {
      const quote =
        instrument.quoteCurrency === currency ? BigInt(-quantity * price - fee) * quoteStep(instrument) : 0n;
      const base = instrument.baseCurrency === currency ? BigInt(quantity) * lotStep(instrument) : 0n;
      return quote + base;
    });
  }

  /** Realised and unrealised profit at the last prices of all that is quoted in the currency. */
  profit(account: number, currency: string): bigint {
    return this.#sum(account, ({ instrument, quantity, price, fee }) => {
      if (instrument.quoteCurrency !== currency) return 0n;
      return BigInt(quantity * (this.last[instrument.index] - price) - fee) * quoteStep(instrument);
    });
  }

  position(account: number, instrument: number): number {
    return this.fills
      .filter((fill) => fill.account === account && fill.instrument.index === instrument)
      .reduce((sum, fill) => sum + fill.quantity, 0);
  }

  #sum(account: number, value: (fill: NaiveFill) => bigint): bigint {
    return this.fills.filter((fill) => fill.account === account).reduce((sum, fill) => sum + value(fill), 0n);
  }
}

/** An amount of the ledger in the same step. */
export function plainAmount(currencies: CurrencyTable, currency: number, units: bigint): bigint {
  const [whole, fraction = ''] = currencies.format(currency, 1).split('.');
  return units * BigInt(whole + fraction.padEnd(DECIMALS, '0'));
}

function quoteStep({ tick, lot }: Instrument): bigint {
  return BigInt(tick.units) * BigInt(lot.units) * 10n ** BigInt(DECIMALS - tick.decimals - lot.decimals);
}

function lotStep({ lot }: Instrument): bigint {
  return BigInt(lot.units) * 10n ** BigInt(DECIMALS - lot.decimals);
}
