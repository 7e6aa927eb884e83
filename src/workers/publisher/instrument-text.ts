import type { DecimalScale } from '../../lib/decimal.js';
import type { Instrument, InstrumentTable } from '../../lib/instruments.js';
import { type JsonWriter, jsonString, type Piece, piece } from './json-writer.js';

/** What the messages of one instrument have in common, and how its numbers are written. */
export interface InstrumentText {
  /** `{"exchange":"...","symbol":"..."` */
  readonly marketHead: Piece;
  /** `"..."` */
  readonly symbol: Piece;
  readonly tick: DecimalScale;
  readonly lot: DecimalScale;
  /** Half a tick, for midpoints. */
  readonly halfTick: DecimalScale;
  /** One tick times one lot, for profits. */
  readonly notional: DecimalScale;
}

export function instrumentTexts(instruments: InstrumentTable): readonly InstrumentText[] {
  return instruments.all.map(textOf);
}

function textOf({ venue, symbol, tick, lot }: Instrument): InstrumentText {
  return {
    marketHead: piece(`{"exchange":${jsonString(venue)},"symbol":${jsonString(symbol)}`),
    symbol: piece(jsonString(symbol)),
    tick,
    lot,
    halfTick: { decimals: tick.decimals + 1, units: tick.units * 5 },
    notional: { decimals: tick.decimals + lot.decimals, units: tick.units * lot.units },
  };
}

/** A double that counts steps: exact when it is whole, else the nearest double. null when it is not finite. */
export function writeSteps(out: JsonWriter, value: number, scale: DecimalScale): void {
  if (Number.isSafeInteger(value)) out.decimal(value, scale);
  else out.double((value * scale.units) / 10 ** scale.decimals);
}
