/**
 * Two views of the same zeroed bytes for records of 64 bytes, starting on a cache line where the allocator lets us:
 * the C library puts 16 bytes of its own before a large block that it maps, so the first line starts 48 bytes into ours.
 * Elsewhere the records still work, they only touch two lines each. The bytes are mapped when first touched.
 */
const FIRST_LINE = 48;

export function recordMemory(records: number): { words: Int32Array; numbers: Float64Array } {
  const buffer = new ArrayBuffer(FIRST_LINE + records * 64);
  const words = new Int32Array(buffer, FIRST_LINE);
  return { words, numbers: new Float64Array(buffer, FIRST_LINE) };
}
