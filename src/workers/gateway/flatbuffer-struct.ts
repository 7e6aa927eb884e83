/** What {@link structOffset} says of a field that is left out. */
export const ABSENT = 0;

/**
 * Where the struct in field number `field` of the root table of a FlatBuffer lies that starts at `start`: ABSENT when the table
 * does not have it, -1 unless every offset on the way stays inside the bytes and is aligned. https://flatbuffers.dev/internals/
 */
export function structOffset(view: DataView, start: number, structBytes: number, field = 0): number {
  const end = view.byteLength;
  if (start + 8 > end) return -1;
  const table = start + view.getUint32(start, true);
  if (table % 4 !== 0 || table + 4 > end) return -1;
  const vtable = table - view.getInt32(table, true);
  if (vtable % 2 !== 0 || vtable < start || vtable + 4 > end) return -1;
  const vtableBytes = view.getUint16(vtable, true);
  const tableBytes = view.getUint16(vtable + 2, true);
  if (vtableBytes < 4 || vtableBytes % 2 !== 0 || vtable + vtableBytes > end || table + tableBytes > end)
    return -1;
  const entry = 4 + 2 * field;
  const offset = entry < vtableBytes ? view.getUint16(vtable + entry, true) : 0;
  if (offset === 0) return ABSENT;
  const struct = table + offset;
  const fits = offset >= 4 && offset + structBytes <= tableBytes;
  return fits && (struct - start) % 8 === 0 ? struct : -1;
}
