/** Sums of integers beyond 2^53 in two columns: high * 2^50 + low, with 0 <= low < 2^50. */
export const SUM_BASE = 2 ** 50;

/** Adds a safe integer, which may be negative, to the sum at `at`. */
export function addToSum(high: Float64Array, low: Float64Array, at: number, value: number): void {
  const upper = Math.floor(value / SUM_BASE);
  addLimbs(high, low, at, upper, value - upper * SUM_BASE);
}

/** Adds the exact product of two safe integers. */
export function addProduct(high: Float64Array, low: Float64Array, at: number, a: number, b: number): void {
  const product = a * b;
  if (Number.isSafeInteger(product)) {
    addToSum(high, low, at, product);
    return;
  }
  const exact = BigInt(a) * BigInt(b);
  const base = BigInt(SUM_BASE);
  const lower = ((exact % base) + base) % base;
  addLimbs(high, low, at, Number((exact - lower) / base), Number(lower));
}

function addLimbs(high: Float64Array, low: Float64Array, at: number, upper: number, lower: number): void {
  const sum = low[at] + lower;
  const carry = sum >= SUM_BASE ? 1 : 0;
  low[at] = sum - carry * SUM_BASE;
  high[at] += upper + carry;
}
