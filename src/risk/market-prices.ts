/**
 * Best bid and ask of every instrument in shared memory: market-data writes, risk reads when a check needs it.
 *
 *     words 0        version of the record: odd while it is written (a seqlock)
 *     doubles 1, 2   best bid and best ask in ticks, 0: there is none
 *
 * A record has a line of its own (128 bytes), because risk may read one instrument while another is written.
 * Prices are doubles that no processor tears; the version is there so that bid and ask are of one moment.
 */
const RECORD_BYTES = 128;
const WORDS = RECORD_BYTES / 4;
const NUMBERS = RECORD_BYTES / 8;
const BID = 1;
const ASK = 2;
const ATTEMPTS = 1000;

/** Bytes for so many instruments. */
export function marketPricesBytes(instruments: number): number {
  return instruments * RECORD_BYTES;
}

/** One end of the table. One thread only may write. */
export class MarketPrices {
  readonly instruments: number;
  /** What {@link read} has found. */
  readonly touch = new Float64Array(2);
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;

  /** Throws RangeError when the memory is too small. */
  constructor(memory: SharedArrayBuffer, instruments: number) {
    const bytes = marketPricesBytes(instruments);
    if (bytes > memory.byteLength) {
      throw new RangeError(
        `market prices of ${instruments} instruments need ${bytes} bytes, allowed: ${memory.byteLength}`,
      );
    }
    this.instruments = instruments;
    this.#words = new Int32Array(memory);
    this.#numbers = new Float64Array(memory);
  }

  /** The best prices are now these; 0: none on that side. */
  write(instrument: number, bid: number, ask: number): void {
    const numbers = this.#numbers;
    const at = instrument * NUMBERS;
    if (numbers[at + BID] === bid && numbers[at + ASK] === ask) return;
    const version = instrument * WORDS;
    Atomics.add(this.#words, version, 1);
    numbers[at + BID] = bid;
    numbers[at + ASK] = ask;
    Atomics.add(this.#words, version, 1);
  }

  /**
   * Reads bid and ask of one moment into {@link touch}; 0: none. Waits out a write, which takes some nanoseconds, but not a
   * writer that the kernel has stopped in the middle of one: then each price is right by itself.
   */
  read(instrument: number): void {
    const numbers = this.#numbers;
    const at = instrument * NUMBERS;
    const version = instrument * WORDS;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = Atomics.load(this.#words, version);
      this.touch[0] = numbers[at + BID];
      this.touch[1] = numbers[at + ASK];
      if ((before & 1) === 0 && Atomics.load(this.#words, version) === before) return;
    }
  }
}
