/**
 * Sums, differences, comparisons and rates of the exact values of exact.ts. Allocates nothing; operands above 2^31 travel in
 * `operands` or in cells, never as arguments.
 */

import * as exact from './exact.js';
import { addProduct, subtractProduct } from './exact.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { EXACT_CELLS, operands } = exact;

const LIMB = 2 ** 50;

/** Values on the way from one sum to another. */
export const scratch = new Float64Array(4 * EXACT_CELLS);
/** Places of the values in {@link scratch} that its callers may use; the last is private here. */
export const FIRST = 0;
export const SECOND = EXACT_CELLS;
export const THIRD = 2 * EXACT_CELLS;
const OWN = 3 * EXACT_CELLS;

/** into += from. */
export function addValue(into: Float64Array, at: number, from: Float64Array, fromAt: number): void {
  into[at] += from[fromAt];
  const low = into[at + 1] + from[fromAt + 1];
  if (low < LIMB) into[at + 1] = low;
  else {
    into[at]++;
    into[at + 1] = low - LIMB;
  }
}

/** into -= from. */
export function subtractValue(into: Float64Array, at: number, from: Float64Array, fromAt: number): void {
  into[at] -= from[fromAt];
  const low = into[at + 1] - from[fromAt + 1];
  if (low >= 0) into[at + 1] = low;
  else {
    into[at]--;
    into[at + 1] = low + LIMB;
  }
}

/** The part of `total` that was `part` becomes the value `next`, which `part` keeps. */
export function replaceValue(
  total: Float64Array,
  totalAt: number,
  part: Float64Array,
  partAt: number,
  nextAt: number,
): void {
  subtractValue(total, totalAt, part, partAt);
  part[partAt] = scratch[nextAt];
  part[partAt + 1] = scratch[nextAt + 1];
  addValue(total, totalAt, part, partAt);
}

/** scratch[at] = operands[0] times operands[1], either of which may be negative. */
export function setProduct(at: number): void {
  scratch[at] = 0;
  scratch[at + 1] = 0;
  addSignedProduct(scratch, at);
}

/** cells += operands[0] times operands[1], either of which may be negative. */
export function addSignedProduct(cells: Float64Array, at: number): void {
  const negative = operands[0] < 0 !== operands[1] < 0;
  if (operands[0] < 0) operands[0] = -operands[0];
  if (operands[1] < 0) operands[1] = -operands[1];
  if (negative) subtractProduct(cells, at);
  else addProduct(cells, at);
}

/** into += from times `factor`, a whole number of at most 2^40 and of either sign. */
export function addMultiple(
  into: Float64Array,
  at: number,
  from: Float64Array,
  fromAt: number,
  factor: number,
): void {
  into[at] += from[fromAt] * factor;
  operands[0] = from[fromAt + 1];
  operands[1] = factor;
  addSignedProduct(into, at);
}

/** scratch[at] = the value in `cells`. */
export function setValue(at: number, cells: Float64Array, from: number): void {
  scratch[at] = cells[from];
  scratch[at + 1] = cells[from + 1];
}

/** scratch[at] += operands[0], a whole number of any size and sign. */
export function addNumber(at: number): void {
  const value = operands[0];
  const high = Math.floor(value / LIMB);
  scratch[OWN] = high;
  scratch[OWN + 1] = value - high * LIMB;
  addValue(scratch, at, scratch, OWN);
}

/** Is the value in `cells` above the one in scratch? */
export function isAbove(cells: Float64Array, at: number, scratchAt: number): boolean {
  const high = cells[at] - scratch[scratchAt];
  return high > 0 || (high === 0 && cells[at + 1] > scratch[scratchAt + 1]);
}

/** Is the value in scratch above operands[0], a whole number or Infinity? */
export function exceedsNumber(at: number): boolean {
  const limit = operands[0];
  if (limit === Number.POSITIVE_INFINITY) return false;
  const high = Math.floor(limit / LIMB);
  const difference = scratch[at] - high;
  return difference > 0 || (difference === 0 && scratch[at + 1] > limit - high * LIMB);
}

/** Is the value in scratch below zero? */
export function isNegative(at: number): boolean {
  return scratch[at] < 0;
}

/**
 * scratch[at] = scratch[at] times rate / denominator, rounded up. The value is not negative, rate is at most 2^23
 * and denominator at most 2^27.
 */
export function scaleUp(at: number, rate: number, denominator: number): void {
  if (rate === denominator) return;
  const high = scratch[at];
  const low = scratch[at + 1];
  if (rate === 0) {
    scratch[at] = 0;
    scratch[at + 1] = 0;
    return;
  }
  // value = quotient * denominator + rest; the quotient of the high limb's rest has at most 50 bits.
  const highQuotient = Math.floor(high / denominator);
  const highRest = high - highQuotient * denominator;
  let quotient: number;
  let rest: number;
  if (highRest === 0) {
    quotient = Math.floor(low / denominator);
    rest = low - quotient * denominator;
  } else {
    // By halves of 25 bits: each step stays below 2^53.
    const top = highRest * HALF + Math.floor(low / HALF);
    const topQuotient = Math.floor(top / denominator);
    const bottom = (top - topQuotient * denominator) * HALF + (low % HALF);
    const bottomQuotient = Math.floor(bottom / denominator);
    quotient = topQuotient * HALF + bottomQuotient;
    rest = bottom - bottomQuotient * denominator;
  }
  scratch[at] = highQuotient * rate;
  scratch[at + 1] = 0;
  operands[0] = quotient;
  operands[1] = rate;
  addProduct(scratch, at);
  operands[0] = Math.ceil((rest * rate) / denominator);
  addNumber(at);
}

const HALF = 2 ** 25;
