/**
 * A 64-bit hash of a sequence of integers, as two 32-bit lanes of the MurmurHash3 mixing step with different
 * constants: fast, allocation-free, for detecting divergence, not for security.
 */
export class StateHash {
  private first = 0x243f6a88 | 0;
  private second = 0x85a308d3 | 0;

  /** Adds one safe integer. */
  add(value: number): void {
    this.mix(value | 0);
    this.mix(Math.floor(value / 4_294_967_296) | 0);
  }

  /** 16 hex digits. Further values may still be added after it. */
  hex(): string {
    const first = finish(this.first);
    const second = finish(this.second ^ this.first);
    return first.toString(16).padStart(8, '0') + second.toString(16).padStart(8, '0');
  }

  private mix(word: number): void {
    this.first = step(this.first, word, 0xcc9e2d51, 0x1b873593);
    this.second = step(this.second, word, 0x239b961b, 0xab0e9789);
  }
}

function step(state: number, word: number, multiplier: number, second: number): number {
  let mixed = Math.imul(word, multiplier);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), second);
  const joined = state ^ mixed;
  return (Math.imul((joined << 13) | (joined >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
