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
