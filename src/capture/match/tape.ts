import { Side } from '../../lib/enums.js';
import { CaptureError } from '../capture-error.js';
import { MboAction, MboFlags, MboSide, RecordType } from '../dbn/layout.js';
import { MboRecord } from '../dbn/mbo-record.js';
import { isUndefinedPrice, TickFinder, toTicks } from '../dbn/price.js';
import type { DbnReader } from '../dbn/reader.js';
import { OrderIdMap } from './order-id-map.js';

/** The market-by-order records of one instrument, column by column, with prices in ticks and order ids of our own. */
export interface Tape {
  readonly file: string;
  readonly symbol: string;
  readonly instrument: number;
  /** In 1e-9. */
  readonly tick: number;
  readonly ids: OrderIdMap;
  /** Number of records; each column has so many entries. */
  readonly length: number;
  /** MboAction. */
  readonly action: Uint8Array;
  /** Side. */
  readonly side: Uint8Array;
  /** MboFlags bits. */
  readonly flags: Uint8Array;
  /** Own number of the order; 0: no order. */
  readonly order: Uint32Array;
  /** In ticks; NaN: no price. */
  readonly price: Float64Array;
  readonly size: Uint32Array;
  /** Number of the record in the file, from 0. */
  readonly record: Uint32Array;
  /** Unix nanoseconds as two words. */
  readonly timeLow: Uint32Array;
  readonly timeHigh: Uint32Array;
  /** Records of other types by name, and of other instruments. */
  readonly skipped: Readonly<Record<string, number>>;
}

export interface TapeOptions {
  /** In 1e-9, of the instrument; default: the greatest common divisor of its prices. */
  readonly tick?: number | ((instrument: number) => number) | undefined;
  /** Which instrument of the file; needed only where it holds several. */
  readonly instrument?: number | undefined;
}

/**
 * Reads a market-by-order file in two passes: the first counts, finds the tick and checks every record, the second fills the columns.
 * `open` gives a reader at the start of the file. Throws {@link CaptureError} for a file that cannot be matched.
 */
export function readTape(open: () => DbnReader, options: TapeOptions = {}): Tape {
  const survey = takeSurvey(open(), options);
  const reader = open();
  const tape = allocate(reader, survey);
  const record = new MboRecord();
  let at = 0;
  while (reader.next()) {
    if (reader.type !== RecordType.MarketByOrder || reader.instrument !== survey.instrument) continue;
    record.read(reader);
    fill(tape, at++, record, reader);
  }
  return tape;
}

interface Survey {
  readonly instrument: number;
  readonly count: number;
  readonly tick: number;
  readonly skipped: Record<string, number>;
}

function takeSurvey(reader: DbnReader, options: TapeOptions): Survey {
  const counts = new Map<number, number>();
  const finders = new Map<number, TickFinder>();
  const record = new MboRecord();
  while (reader.next()) {
    if (reader.type !== RecordType.MarketByOrder) {
      reader.skip();
      continue;
    }
    record.read(reader);
    counts.set(record.instrument, (counts.get(record.instrument) ?? 0) + 1);
    let finder = finders.get(record.instrument);
    if (finder === undefined) {
      finder = new TickFinder();
      finders.set(record.instrument, finder);
    }
    if (!isUndefinedPrice(record.priceLow, record.priceHigh)) finder.add(record.priceLow, record.priceHigh);
  }
  const instrument = options.instrument ?? onlyInstrument(counts, reader.file);
  const count = counts.get(instrument) ?? 0;
  if (count === 0) {
    throw new CaptureError(
      reader.file,
      0,
      `has no market-by-order records of instrument ${instrument}, it has: ${[...counts.keys()].join(', ')}`,
    );
  }
  // No price but 0: any tick does.
  const found = finders.get(instrument)?.tick || 1;
  const others = [...counts].filter(([other]) => other !== instrument);
  return {
    instrument,
    count,
    tick: typeof options.tick === 'function' ? options.tick(instrument) : (options.tick ?? found),
    skipped: {
      ...reader.skipped,
      ...Object.fromEntries(others.map(([other, number]) => [`instrument ${other}`, number])),
    },
  };
}

function onlyInstrument(counts: ReadonlyMap<number, number>, file: string): number {
  const instruments = [...counts.keys()];
  if (instruments.length === 1) return instruments[0];
  throw new CaptureError(
    file,
    0,
    instruments.length === 0
      ? 'holds no market-by-order records'
      : `holds several instruments, choose one with --instrument: ${instruments.join(', ')}`,
  );
}

function allocate(reader: DbnReader, survey: Survey): Tape {
  const { count: length, instrument, tick, skipped } = survey;
  return {
    file: reader.file,
    symbol: symbolOf(reader, instrument),
    instrument,
    tick,
    ids: new OrderIdMap(length),
    length,
    action: new Uint8Array(length),
    side: new Uint8Array(length),
    flags: new Uint8Array(length),
    order: new Uint32Array(length),
    price: new Float64Array(length),
    size: new Uint32Array(length),
    record: new Uint32Array(length),
    timeLow: new Uint32Array(length),
    timeHigh: new Uint32Array(length),
    skipped,
  };
}

/** The name that the metadata give to the instrument, else its number. */
function symbolOf(reader: DbnReader, instrument: number): string {
  const { mappings } = reader.metadata;
  const named = mappings.find((one) => one.intervals.some(({ symbol }) => symbol === String(instrument)));
  return named?.name ?? String(instrument);
}

function fill(tape: Tape, at: number, record: MboRecord, reader: DbnReader): void {
  const priced = !isUndefinedPrice(record.priceLow, record.priceHigh);
  const price = priced ? toTicks(record.priceLow, record.priceHigh, tape.tick) : Number.NaN;
  if (priced && Number.isNaN(price)) {
    throw new CaptureError(
      tape.file,
      0,
      `byte ${reader.at}: the price is no multiple of the tick, which is ${tape.tick} times 1e-9`,
    );
  }
  const { orderIdLow, orderIdHigh } = record;
  tape.action[at] = record.action;
  tape.side[at] = sideOf(record.side);
  tape.flags[at] = record.flags;
  tape.order[at] = orderIdLow === 0 && orderIdHigh === 0 ? 0 : tape.ids.number(orderIdLow, orderIdHigh);
  tape.price[at] = price;
  tape.size[at] = record.size;
  tape.record[at] = reader.records - 1;
  tape.timeLow[at] = record.timeLow;
  tape.timeHigh[at] = record.timeHigh;
}

function sideOf(side: number): Side {
  if (side === MboSide.Bid) return Side.Buy;
  return side === MboSide.Ask ? Side.Sell : Side.None;
}

/**
 * The first record after the event that begins at `start`: an event ends with the flag, before a record of another time (not every
 * venue sets the flag, snapshots do not), or with the tape.
 */
export function eventEnd(tape: Tape, start: number): number {
  const { flags, timeLow, timeHigh, length } = tape;
  let at = start;
  while ((flags[at] & MboFlags.Last) === 0 && at + 1 < length) {
    if (timeLow[at + 1] !== timeLow[start] || timeHigh[at + 1] !== timeHigh[start]) break;
    at++;
  }
  return at + 1;
}

/** Does the event hold a trade or fill? */
export function hasTrade(tape: Tape, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (tape.action[at] === MboAction.Trade || tape.action[at] === MboAction.Fill) return true;
  }
  return false;
}

/** Time of a record as ISO text with nanoseconds. */
export function timeText(tape: Tape, at: number): string {
  const nanoseconds = (BigInt(tape.timeHigh[at]) << 32n) | BigInt(tape.timeLow[at]);
  const seconds = new Date(Number(nanoseconds / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${(nanoseconds % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}

const SPARE_ORDERS = 4096;

/** An upper bound of the orders on the book at once, with room for some parts of icebergs. */
export function mostOrders(tape: Tape): number {
  let live = 0;
  let most = 0;
  for (let at = 0; at < tape.length; at++) {
    const action = tape.action[at];
    if (action === MboAction.Add) most = Math.max(most, ++live);
    else if (action === MboAction.Cancel) live = Math.max(0, live - 1);
  }
  // A cancel may be of a part only, and orders may be known from modifies alone: never more than there are ids.
  return Math.min(2 * most, tape.ids.size) + SPARE_ORDERS;
}

/** An upper bound of the price levels on the book at once, both sides. */
export function distinctPrices(tape: Tape): number {
  return 2 * new Set(tape.price).size + 2;
}
