/**
 * Exact integers beyond 2^53 in doubles, for notionals (ticks times lots). A value is two cells of a Float64Array:
 *
 *     value = cells[at] * 2^50 + cells[at + 1],    0 <= cells[at + 1] < 2^50
 *
 * which is exact up to 2^103. Operands below 2^50 come in through {@link operands}, because a number above 2^31 that
 * is passed to a function may be boxed.
 *
 * The product of two such numbers is the rounded product p and its error e, also a double: p + e is exact (Dekker, A
 * Floating-Point Technique for Extending the Available Precision, 1971).
 */

const LIMB = 2 ** 50;
/** Cells of one value. */
export const EXACT_CELLS = 2;
/** Products up to here need no second limb, and quotients of them round down exactly. */
export const NARROW = 2 ** 50;
/** Splits a double in two halves of 26 bits. */
const SPLITTER = 2 ** 27 + 1;

/** Inputs: [0] and [1], the factors. Scratch: [2] product, [3] its error, [4] quotient. */
export const operands = new Float64Array(5);

/** Is operands[0] times operands[1] above `limit`, for any double `limit`? Exact. */
export function productExceeds(limit: number): boolean {
  const product = operands[0] * operands[1];
  if (product !== limit || product <= NARROW) return product > limit;
  multiply();
  return operands[3] > 0;
}

/** Adds operands[0] times operands[1] to the value. */
export function addProduct(cells: Float64Array, at: number): void {
  const product = operands[0] * operands[1];
  if (product > NARROW) {
    addWide(cells, at, 1);
    return;
  }
  const low = cells[at + 1] + product;
  if (low < LIMB) cells[at + 1] = low;
  else carry(cells, at, low);
}

/** Subtracts operands[0] times operands[1] from the value. */
export function subtractProduct(cells: Float64Array, at: number): void {
  const product = operands[0] * operands[1];
  if (product > NARROW) {
    addWide(cells, at, -1);
    return;
  }
  const low = cells[at + 1] - product;
  if (low >= 0) cells[at + 1] = low;
  else carry(cells, at, low);
}

/**
 * Takes the share operands[0] / operands[1] (0 < share < 1) out of the value, which is not negative; the share is
 * rounded down to a whole number.
 */
export function subtractShare(cells: Float64Array, at: number): void {
  const part = operands[0];
  const whole = operands[1];
  const low = cells[at + 1];
  if (cells[at] === 0 && low * part <= NARROW) {
    cells[at + 1] = low - Math.floor((low * part) / whole);
    return;
  }
  // value = quotient * whole + rest, so the share is quotient * part + floor(rest * part / whole).
  const rest = divide(cells, at, whole);
  const quotient = operands[4];
  operands[0] = rest;
  operands[1] = part;
  const fromRest = shareOfProduct(whole);
  operands[0] = quotient;
  operands[1] = part;
  subtractProduct(cells, at);
  carry(cells, at, cells[at + 1] - fromRest);
  operands[1] = whole;
  operands[0] = part;
}

/** The value as the nearest double. */
export function toDouble(cells: Float64Array, at: number): number {
  return cells[at] * LIMB + cells[at + 1];
}

/** The value, exact, for tests and walks. */
export function toBigInt(cells: Float64Array, at: number): bigint {
  return BigInt(cells[at]) * BigInt(LIMB) + BigInt(cells[at + 1]);
}

function addWide(cells: Float64Array, at: number, sign: number): void {
  multiply();
  const product = operands[2];
  const high = Math.floor(product / LIMB);
  cells[at] += sign * high;
  carry(cells, at, cells[at + 1] + sign * (product - high * LIMB + operands[3]));
}

/** Stores a low part that may be out of range and moves the excess to the high part. */
function carry(cells: Float64Array, at: number, low: number): void {
  const excess = Math.floor(low / LIMB);
  cells[at] += excess;
  cells[at + 1] = low - excess * LIMB;
}

/** operands[2] + operands[3] = operands[0] * operands[1]. */
function multiply(): void {
  const a = operands[0];
  const b = operands[1];
  const product = a * b;
  const aSplit = SPLITTER * a;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = SPLITTER * b;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  operands[2] = product;
  operands[3] = aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** Quotient of the value by `divisor` into operands[4], rounded down; returns the rest. */
function divide(cells: Float64Array, at: number, divisor: number): number {
  const high = cells[at] * LIMB;
  const low = cells[at + 1];
  let quotient = Math.floor((high + low) / divisor);
  operands[0] = quotient;
  operands[1] = divisor;
  multiply();
  // Both differences are exact: the operands are close to each other, or below 2^53.
  let rest = high - operands[2] + (low - operands[3]);
  for (; rest < 0; rest += divisor) quotient--;
  for (; rest >= divisor; rest -= divisor) quotient++;
  operands[4] = quotient;
  return rest;
}

/** operands[0] * operands[1] / `divisor`, rounded down; operands[0] is below `divisor`. */
function shareOfProduct(divisor: number): number {
  multiply();
  const product = operands[2];
  const error = operands[3];
  let quotient = Math.floor(product / divisor);
  operands[0] = quotient;
  operands[1] = divisor;
  multiply();
  let rest = product - operands[2] + (error - operands[3]);
  for (; rest < 0; rest += divisor) quotient--;
  for (; rest >= divisor; rest -= divisor) quotient++;
  return quotient;
}
