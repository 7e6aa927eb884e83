import type { Instrument } from '../lib/instruments.js';

/** How far the strategies of the simulated market may go, so that risk has no reason to refuse them. */
export interface FlowBounds {
  /** Distance of any price from the reference price, a fraction. */
  readonly maximumDeviation: number;
  /** Quote currency. */
  readonly maximumOrderNotional: number;
  /** Base currency. */
  readonly maximumOrderQuantity: number;
}

/** Quote currency that one lot costs for every tick of price. Rounded: for sizes, never for accounts. */
export function lotTickValue(instrument: Instrument): number {
  const { tick, lot } = instrument;
  return tick.units * lot.units * 10 ** -(tick.decimals + lot.decimals);
}

/** Lots that cost about `notional` at `price`: whole, at least the instrument's minimum, within the bounds. */
export function lotsFor(instrument: Instrument, notional: number, price: number, bounds: FlowBounds): number {
  const { lot } = instrument;
  const byNotional = Math.min(notional, bounds.maximumOrderNotional) / (lotTickValue(instrument) * price);
  const byQuantity = bounds.maximumOrderQuantity / (lot.units * 10 ** -lot.decimals);
  const lots = Math.floor(Math.min(byNotional, byQuantity, instrument.maximumLots));
  return Math.max(lots, instrument.minimumLots);
}

/** `price` as a whole number of ticks within `maximumDeviation` of the reference price. */
export function boundedPrice(instrument: Instrument, price: number, bounds: FlowBounds): number {
  const room = instrument.referenceTicks * bounds.maximumDeviation;
  const lowest = Math.max(1, Math.ceil(instrument.referenceTicks - room));
  const highest = Math.max(1, Math.floor(instrument.referenceTicks + room));
  return Math.min(Math.max(Math.round(price), lowest), highest);
}

/**
 * Probability that the next market order buys: one half when flat, falling to 0 as the position nears
 * `maximumNotional` of quote currency, so that positions of random flow come back.
 */
export function buyProbability(instrument: Instrument, position: number, maximumNotional: number): number {
  const notional = position * lotTickValue(instrument) * instrument.referenceTicks;
  return 0.5 - 0.5 * Math.min(Math.max(notional / maximumNotional, -1), 1);
}
