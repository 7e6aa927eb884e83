/**
 * 64-bit values in an Int32Array, low word first (FlatBuffers is little-endian, and so is every machine that
 * Node.js and this system run on; checked when this module loads).
 */
const scratchDouble = new Float64Array(1);
const scratchWords = new Int32Array(scratchDouble.buffer);

scratchDouble[0] = 1;
if (scratchWords[1] !== 0x3ff00000) throw new Error('Millrace needs a little-endian machine');

const TWO_POWER_MINUS_32 = 1 / 4294967296;

/** The upper 32 bits of an integer in two's complement; exact for |value| < 2^53. */
export function highWord(value: number): number {
  return Math.floor(value * TWO_POWER_MINUS_32);
}

/** An integer from its two words; exact to 2^53, and a small integer where the value is small. */
export function readInt64(words: Int32Array, index: number): number {
  const low = words[index];
  const high = words[index + 1];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function writeInt64(words: Int32Array, index: number, value: number): void {
  words[index] = value;
  words[index + 1] = highWord(value);
}

export function readDouble(words: Int32Array, index: number): number {
  scratchWords[0] = words[index];
  scratchWords[1] = words[index + 1];
  return scratchDouble[0];
}

export function writeDouble(words: Int32Array, index: number, value: number): void {
  scratchDouble[0] = value;
  words[index] = scratchWords[0];
  words[index + 1] = scratchWords[1];
}
