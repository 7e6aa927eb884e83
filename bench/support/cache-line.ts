/**
 * What the machine charges for one cache line that goes from core to core and back: two pinned threads take
 * turns at counting one shared word up. No message on this machine can be faster, and on shared hosts it moves
 * between about 50 and 500 ns, so figures are compared only beside it.
 *
 *     thread A  writes 1, 3, 5 ...   waits for 2, 4, 6 ...
 *     thread B  writes 2, 4, 6 ...   waits for 1, 3, 5 ...
 */
import { median, type Part, serve, Team } from './threads.js';

interface Input {
  readonly word: Int32Array;
  readonly first: boolean;
  readonly atomic: boolean;
}

/** Nanoseconds for one round trip. */
export interface RawRoundTrip {
  /** With plain loads and stores: the wire alone. */
  readonly plain: number;
  /** With Atomics.load and Atomics.store, as every correct program must. */
  readonly atomic: number;
}

/** Two pairs of threads that measure whenever asked and sleep between, so that rounds of a benchmark can stand beside them. */
export class CacheLineMeter {
  readonly #plain: Team<Input>;
  readonly #atomic: Team<Input>;

  private constructor(plain: Team<Input>, atomic: Team<Input>) {
    this.#plain = plain;
    this.#atomic = atomic;
  }

  /** Starts and warms up. */
  static async start(options: { smoke: boolean }): Promise<CacheLineMeter> {
    const meter = new CacheLineMeter(await startPair(false), await startPair(true));
    if (!options.smoke) for (const count of [20_000, 100_000, 200_000]) await meter.round(count);
    return meter;
  }

  /** Mean over `count` round trips of each kind. */
  async round(count: number): Promise<RawRoundTrip> {
    const [plain] = await this.#plain.round(count);
    const [atomic] = await this.#atomic.round(count);
    return { plain: plain.nanoseconds / count, atomic: atomic.nanoseconds / count };
  }

  async end(): Promise<void> {
    await this.#plain.end();
    await this.#atomic.end();
  }
}

/** Medians of several rounds, as a condition to print beside other figures. */
export async function measureCacheLine(options: { smoke: boolean }): Promise<RawRoundTrip> {
  const meter = await CacheLineMeter.start(options);
  const rounds: RawRoundTrip[] = [];
  for (let round = 0; round < (options.smoke ? 1 : 31); round++) {
    rounds.push(await meter.round(options.smoke ? 1000 : 10_000));
  }
  await meter.end();
  return { plain: median(rounds.map((one) => one.plain)), atomic: median(rounds.map((one) => one.atomic)) };
}

function startPair(atomic: boolean): Promise<Team<Input>> {
  // The word sits in the middle of its own 256 bytes.
  const word = new Int32Array(new SharedArrayBuffer(256), 128, 1);
  return Team.start<Input>(new URL(import.meta.url), [
    { word, first: true, atomic },
    { word, first: false, atomic },
  ]);
}

function atomicTurns({ word, first }: Input): Part {
  return (count) => {
    const base = Atomics.load(word, 0) & ~1;
    for (let turn = 0; turn < count; turn++) {
      const mine = (base + 2 * turn + 1) | 0;
      if (first) {
        Atomics.store(word, 0, mine);
        while (Atomics.load(word, 0) === mine);
      } else {
        while (Atomics.load(word, 0) !== mine);
        Atomics.store(word, 0, (mine + 1) | 0);
      }
    }
    return 0;
  };
}

// V8 reloads a typed array element in each turn of a loop, so plain accesses do see the other thread.
function plainTurns({ word, first }: Input): Part {
  return (count) => {
    const base = word[0] & ~1;
    for (let turn = 0; turn < count; turn++) {
      const mine = (base + 2 * turn + 1) | 0;
      if (first) {
        word[0] = mine;
        while (word[0] === mine);
      } else {
        while (word[0] !== mine);
        word[0] = (mine + 1) | 0;
      }
    }
    return 0;
  };
}

serve<Input>(import.meta.url, (input) => (input.atomic ? atomicTurns(input) : plainTurns(input)));
