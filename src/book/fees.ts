/**
 * Fees of a trade: ceil(|price| x quantity x rate / 10^8), exact, rounded towards plus infinity; the nearest safe integer
 * if it is none. The product has up to 133 bits; where it fits a safe integer it is computed at once, else in pieces of 24 bits.
 */
import type { TradeEvent } from './matching.js';

const UNIT = 100_000_000;
const PIECE = 1 << 24;
const PIECES = 8;
const SAFE = 2 ** 53;

export class Fees {
  private readonly product = new Float64Array(PIECES);
  private readonly factor = new Float64Array(3);
  private magnitude = Number.NaN;

  /** Fills in both fees of the trade; rates in hundred-millionths. */
  charge(trade: TradeEvent, makerRate: number, takerRate: number): void {
    this.compute(trade, makerRate);
    trade.makerFee = makerRate < 0 ? 0 - this.magnitude : this.magnitude;
    if (takerRate !== makerRate) this.compute(trade, takerRate);
    trade.takerFee = takerRate < 0 ? 0 - this.magnitude : this.magnitude;
  }

  /** Sets the magnitude of the fee: rounded up for a charge, down for a rebate. */
  private compute(trade: TradeEvent, rate: number): void {
    const up = rate > 0;
    const product = Math.abs(trade.price) * trade.quantity * Math.abs(rate);
    if (product >= SAFE) {
      this.computeLong(trade, rate);
      return;
    }
    let quotient = Math.floor(product / UNIT);
    let rest = product - quotient * UNIT;
    // The division rounds, the product and the check do not.
    if (rest < 0) {
      quotient -= 1;
      rest += UNIT;
    }
    this.magnitude = up && rest > 0 ? quotient + 1 : quotient;
  }

  private computeLong(trade: TradeEvent, rate: number): void {
    const { product } = this;
    product.fill(0);
    this.split(Math.abs(trade.price));
    for (let piece = 0; piece < 3; piece++) product[piece] = this.factor[piece];
    this.multiply(trade.quantity);
    this.multiply(Math.abs(rate));
    let rest = 0;
    for (let piece = PIECES - 1; piece >= 0; piece--) {
      const value = rest * PIECE + product[piece];
      product[piece] = Math.floor(value / UNIT);
      rest = value - product[piece] * UNIT;
    }
    if (rate > 0 && rest > 0) {
      let piece = 0;
      while (product[piece] === PIECE - 1) product[piece++] = 0;
      product[piece]++;
    }
    this.join();
  }

  private split(value: number): void {
    const { factor } = this;
    const upper = Math.floor(value / PIECE);
    factor[0] = value - upper * PIECE;
    factor[2] = Math.floor(upper / PIECE);
    factor[1] = upper - factor[2] * PIECE;
  }

  private multiply(value: number): void {
    const { product, factor } = this;
    this.split(value);
    for (let piece = PIECES - 1; piece >= 0; piece--) {
      let sum = 0;
      for (let part = Math.min(piece, 2); part >= 0; part--) sum += factor[part] * product[piece - part];
      product[piece] = sum;
    }
    let carry = 0;
    for (let piece = 0; piece < PIECES; piece++) {
      const value = product[piece] + carry;
      carry = Math.floor(value / PIECE);
      product[piece] = value - carry * PIECE;
    }
  }

  /** The pieces as one number, or the largest safe integer. */
  private join(): void {
    const { product } = this;
    const value = (product[2] * PIECE + product[1]) * PIECE + product[0];
    let isSafe = value <= Number.MAX_SAFE_INTEGER;
    for (let piece = 3; piece < PIECES; piece++) isSafe &&= product[piece] === 0;
    this.magnitude = isSafe ? value : Number.MAX_SAFE_INTEGER;
  }
}
