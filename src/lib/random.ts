/**
 * Seeded random numbers for simulations: xoshiro128** of David Blackman and Sebastiano Vigna (Scrambled Linear
 * Pseudorandom Number Generators, 2018; reference code xoshiro128starstar.c 1.1), seeded through SplitMix32. The same
 * seed gives the same stream on every machine. Not for secrets. No method allocates.
 */
export class Random {
  readonly #state = new Int32Array(4);
  #spare = 0;
  #hasSpare = false;

  /** Four 32-bit words of state, not all of them 0. Streams by seed and name: {@link seededRandom}. */
  constructor(a: number, b: number, c: number, d: number) {
    if ((a | b | c | d | 0) === 0) throw new RangeError('random: state is all 0, allowed: any other');
    this.#state.set([a, b, c, d]);
  }

  /** The next 32 bits, as a number from 0 to 2^32 - 1. */
  bits(): number {
    const state = this.#state;
    const second = state[1];
    const product = Math.imul(second, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    state[2] ^= state[0];
    state[3] ^= second;
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= second << 9;
    const last = state[3];
    state[3] = (last << 11) | (last >>> 21);
    return result >>> 0;
  }

  /** Uniform in the open interval (0, 1), in steps of 2^-32: safe to take the logarithm of. */
  uniform(): number {
    return (this.bits() + 0.5) / 4294967296;
  }

  /** A whole number from 0 to `count` - 1; the bias is below `count` / 2^32. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Exponential with this mean. */
  exponential(mean: number): number {
    return -mean * Math.log(this.uniform());
  }

  /** Normal with mean 0 and variance 1, by Marsaglia's polar method. */
  normal(): number {
    if (this.#hasSpare) {
      this.#hasSpare = false;
      return this.#spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * factor;
      this.#hasSpare = true;
      return x * factor;
    }
  }

  /** Pareto: at least `minimum`, above x with probability (minimum / x)^`exponent`. */
  pareto(minimum: number, exponent: number): number {
    return minimum * Math.exp(-Math.log(this.uniform()) / exponent);
  }
}

/** The stream called `name` under `seed` (a 32-bit number): one per consumer, so that none disturbs another. */
export function seededRandom(seed: number, name: string): Random {
  // FNV-1a over the name; SplitMix32 steps spread seed and name over the state.
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  const a = mix(seed);
  const b = mix((seed ^ hash) + 0x9e3779b9);
  const c = mix(hash + 0x3c6ef372);
  const d = mix(a ^ b ^ c);
  return new Random(a, b, c, d | 1);
}

/** Finaliser of SplitMix32 (the 32-bit mixer of MurmurHash3 over a Weyl step). */
function mix(value: number): number {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}
