/**
 * Doubles in an Int32Array, low word first (FlatBuffers is little-endian, and so is every machine that
 * Node.js and this system run on; checked when this module loads).
 */
const scratchDouble = new Float64Array(1);
const scratchWords = new Int32Array(scratchDouble.buffer);

scratchDouble[0] = 1;
if (scratchWords[1] !== 0x3ff00000) throw new Error('Millrace needs a little-endian machine');

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

/**
 * A 64-bit integer, exact within 2^53. The same as a view's accessor, but so short that V8 inlines it wherever it is called
 * (27 bytes of bytecode at most): a result above 2^31 is never boxed.
 */
export function readLong(words: Int32Array, index: number): number {
  return words[index + 1] * 4294967296 + (words[index] >>> 0);
}
