/**
 * Assertion policy: O(1) checks stay on at boundaries; a check that costs more than its work sits behind
 * {@link VERIFY}, which tests turn on with `MILLRACE_VERIFY=1`. Messages give the rule and the value and are
 * built only on the failing branch.
 */

/** Costly checks are on (environment `MILLRACE_VERIFY=1`, read once at load). */
export const VERIFY: boolean = process.env.MILLRACE_VERIFY === '1';

/** A rule that only a defect in Millrace can break. Caller faults have their own error types. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws {@link InvariantError} unless `condition` holds. `message` is a constant; for values use {@link fail}. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) fail(message);
}

/** Throws {@link InvariantError}. */
export function fail(message: string): never {
  throw new InvariantError(message);
}

/** Is `value` a power of two (1, 2, 4, ... 2^30)? */
export function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 0x40000000 && (value & (value - 1)) === 0;
}
