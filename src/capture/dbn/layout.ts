/**
 * Databento Binary Encoding (DBN), versions 1 to 3: where everything stands. All little-endian, offsets in bytes.
 * Source: the format's public specification; checked against recordings of all three versions.
 */

/** Record types (second byte of every record); the names are those of Databento's schemas. */
export const RecordType = {
  Trades: 0x00,
  Mbp1: 0x01,
  Mbp10: 0x0a,
  Status: 0x12,
  Definition: 0x13,
  Imbalance: 0x14,
  Error: 0x15,
  SymbolMapping: 0x16,
  System: 0x17,
  Statistics: 0x18,
  Ohlcv1s: 0x20,
  Ohlcv1m: 0x21,
  Ohlcv1h: 0x22,
  Ohlcv1d: 0x23,
  MarketByOrder: 0xa0,
  Bbo1s: 0xc3,
  Bbo1m: 0xc4,
} as const;

const RECORD_TYPE_NAMES = new Map<number, string>(
  Object.entries(RecordType).map(([name, type]) => [type, name]),
);

/** Name of a record type, or its number where this table has none. */
export function recordTypeName(type: number): string {
  return RECORD_TYPE_NAMES.get(type) ?? `0x${type.toString(16).padStart(2, '0')}`;
}

/** The start of a file: `DBN`, version, length of the metadata that follow. */
export const PREFIX_BYTES = 8;
export const MAXIMUM_VERSION = 3;

/** Metadata, from their own start. Version 1 has a record count before the symbol types. */
export const METADATA = {
  DATASET: 0,
  DATASET_BYTES: 16,
  SCHEMA: 16,
  START: 18,
  END: 26,
  LIMIT: 34,
  SYMBOL_TYPES: 42,
  SYMBOL_TYPES_V1: 50,
  /** After the two symbol types and the send-time flag; versions 2 and 3. */
  SYMBOL_BYTES: 45,
  SCHEMA_DEFINITION: 100,
} as const;

export const SYMBOL_BYTES_V1 = 22;

/** Header of every record. The length counts words of 4 bytes. */
export const HEADER = { LENGTH: 0, TYPE: 1, PUBLISHER: 2, INSTRUMENT: 4, EVENT_TIME: 8, BYTES: 16 } as const;
export const LENGTH_UNIT = 4;

/** A market-by-order record. */
export const MBO = {
  ORDER_ID: 16,
  PRICE: 24,
  SIZE: 32,
  FLAGS: 36,
  CHANNEL: 37,
  ACTION: 38,
  SIDE: 39,
  RECEIVE_TIME: 40,
  SEND_DELTA: 48,
  SEQUENCE: 52,
  BYTES: 56,
} as const;

/** An instrument definition, as far as versions 1 to 3 agree: the smallest price step, in 1e-9. */
export const DEFINITION = { MINIMUM_PRICE_INCREMENT: 24, BYTES: 360 } as const;

export const MboFlags = {
  /** The last record of its event: only now is the book in a state that was. */
  Last: 0x80,
  /** Part of a snapshot. */
  Snapshot: 0x20,
  /** The receive time is not reliable. */
  BadReceiveTime: 0x08,
} as const;

/** Action bytes of market-by-order records. */
export const MboAction = {
  Add: 0x41,
  Cancel: 0x43,
  Modify: 0x4d,
  Clear: 0x52,
  Trade: 0x54,
  Fill: 0x46,
} as const;

/** Side bytes: of the order, or in a trade of the aggressor. */
export const MboSide = { Ask: 0x41, Bid: 0x42, None: 0x4e } as const;
