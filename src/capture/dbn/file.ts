import { readFileSync } from 'node:fs';
import { decompress } from 'fzstd';
import { CaptureError } from '../capture-error.js';
import { DEFINITION, RecordType } from './layout.js';
import { DbnReader } from './reader.js';

/** First bytes of a Zstandard frame. */
const ZSTANDARD = [0x28, 0xb5, 0x2f, 0xfd];

/** Opens a DBN file, compressed (Zstandard) or not. Reads it as a whole. Throws {@link CaptureError} when it cannot be used. */
export function openDbn(file: string): DbnReader {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new CaptureError(file, 0, messageOf(error));
  }
  return new DbnReader(uncompressed(bytes, file), file);
}

/** The bytes of a DBN file without compression. Throws {@link CaptureError}. */
export function uncompressed(bytes: Uint8Array, file: string): Uint8Array {
  const start = ZSTANDARD.findIndex((byte, index) => bytes[index] !== byte);
  if (start >= 0) return bytes;
  try {
    return decompress(bytes);
  } catch (error) {
    throw new CaptureError(
      file,
      0,
      `byte ${bytes.length} (the end) or before: no complete Zstandard data: ${messageOf(error)}`,
    );
  }
}

/**
 * Smallest price step in 1e-9 by instrument, from the definitions in a file. Instruments whose definition names none (shares) are left
 * out. Throws {@link CaptureError} when the file cannot be read.
 */
export function readDefinitionTicks(file: string): ReadonlyMap<number, number> {
  const reader = openDbn(file);
  const ticks = new Map<number, number>();
  while (reader.next()) {
    if (reader.type !== RecordType.Definition) continue;
    reader.need(DEFINITION.BYTES);
    const tick = Number(reader.view.getBigInt64(reader.at + DEFINITION.MINIMUM_PRICE_INCREMENT, true));
    if (Number.isSafeInteger(tick) && tick > 0) ticks.set(reader.instrument, tick);
  }
  return ticks;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
