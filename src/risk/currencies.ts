/**
 * One exact unit for every currency. An instrument counts its notional in ticks times lots of the quote currency and its
 * quantity in lots of the base currency; the unit of a currency is the largest amount of which all of these are multiples,
 * over all instruments that have it on either side. So amounts of different instruments add up as integers:
 *
 *     price * quantity * quoteUnits[instrument]    units of the quote currency
 *             quantity * baseUnits[instrument]     units of the base currency
 */
import type { Instrument, InstrumentTable } from '../lib/instruments.js';

/** A step of a currency as a fraction: units times 10^-decimals. */
interface Step {
  readonly units: bigint;
  readonly decimals: number;
}

/** More would leave prices and quantities too little room below 2^50. */
const MAXIMUM_MULTIPLIER = 2 ** 40;

export class CurrencyTable {
  /** In order of first use, quote before base. */
  readonly names: readonly string[];
  /** By instrument: number of its quote and of its base currency. */
  readonly quote: Int32Array;
  readonly base: Int32Array;
  readonly quoteUnits: Float64Array;
  readonly baseUnits: Float64Array;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #steps: readonly Step[];

  /** Throws RangeError when the steps of a currency's instruments are too far apart for one unit. */
  constructor(instruments: InstrumentTable) {
    const { all } = instruments;
    this.names = [...new Set(all.flatMap((one) => [one.quoteCurrency, one.baseCurrency]))];
    this.#numbers = new Map(this.names.map((name, number) => [name, number]));
    this.quote = Int32Array.from(all, (one) => this.indexOf(one.quoteCurrency));
    this.base = Int32Array.from(all, (one) => this.indexOf(one.baseCurrency));
    const steps = this.names.map((): Step[] => []);
    for (const one of all) {
      steps[this.indexOf(one.quoteCurrency)].push(quoteStep(one));
      steps[this.indexOf(one.baseCurrency)].push(baseStep(one));
    }
    this.#steps = steps.map(commonStep);
    this.quoteUnits = Float64Array.from(all, (one) => this.#multiplier(one.quoteCurrency, quoteStep(one)));
    this.baseUnits = Float64Array.from(all, (one) => this.#multiplier(one.baseCurrency, baseStep(one)));
  }

  get count(): number {
    return this.names.length;
  }

  /** Number of a currency, -1 when no instrument has it. */
  indexOf(name: string): number {
    return this.#numbers.get(name) ?? -1;
  }

  /** The largest whole number of units not above the plain decimal `text`; Infinity is not possible. Exact up to 2^53 units. */
  units(currency: number, text: string): number {
    if (!/^\d+(\.\d+)?$/.test(text)) throw new RangeError(`amount is "${text}", allowed: a plain decimal`);
    const [whole, fraction = ''] = text.split('.');
    const { units, decimals } = this.#steps[currency];
    const value =
      (BigInt(whole + fraction) * 10n ** BigInt(decimals)) / (10n ** BigInt(fraction.length) * units);
    const excess = BigInt(Math.max(0, value.toString(2).length - 53));
    return Number((value >> excess) << excess);
  }

  /** Plain decimal of a number of units. */
  format(currency: number, amount: number): string {
    const { units, decimals } = this.#steps[currency];
    const digits = (BigInt(Math.abs(amount)) * units).toString().padStart(decimals + 1, '0');
    const point = digits.length - decimals;
    const fraction = digits.slice(point).replace(/0+$/, '');
    return `${amount < 0 ? '-' : ''}${digits.slice(0, point)}${fraction === '' ? '' : `.${fraction}`}`;
  }

  #multiplier(name: string, step: Step): number {
    const unit = this.#steps[this.indexOf(name)];
    const multiplier = (step.units * 10n ** BigInt(unit.decimals - step.decimals)) / unit.units;
    if (multiplier > BigInt(MAXIMUM_MULTIPLIER)) {
      throw new RangeError(
        `instruments: ticks times lots of ${name} differ by a factor of ${multiplier}, allowed: up to 2^40`,
      );
    }
    return Number(multiplier);
  }
}

function quoteStep({ tick, lot }: Instrument): Step {
  return { units: BigInt(tick.units) * BigInt(lot.units), decimals: tick.decimals + lot.decimals };
}

function baseStep({ lot }: Instrument): Step {
  return { units: BigInt(lot.units), decimals: lot.decimals };
}

/** The largest step of which all are multiples. */
function commonStep(steps: readonly Step[]): Step {
  const decimals = Math.max(...steps.map((step) => step.decimals));
  const units = steps
    .map((step) => step.units * 10n ** BigInt(decimals - step.decimals))
    .reduce((a, b) => {
      let [x, y] = [a, b];
      while (y !== 0n) [x, y] = [y, x % y];
      return x;
    });
  return { units, decimals };
}
