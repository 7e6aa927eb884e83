import { LevelList } from '../../book/level-list.js';
import type { BinanceMessage } from './message.js';

/** One depth update kept for later. */
export interface BufferedEvent {
  firstId: number;
  lastId: number;
  previousId: number;
  venueTime: number;
}

const FIELDS = 6;
const INITIAL_EVENTS = 64;
const INITIAL_LEVELS = 2048;

/**
 * Depth updates that wait for a snapshot, oldest first. Storage doubles up to fixed limits; beyond them `push` refuses.
 */
export class EventBuffer {
  /** Events kept. */
  count = 0;

  readonly #maximumEvents: number;
  readonly #maximumLevels: number;
  #fields = new Float64Array(INITIAL_EVENTS * FIELDS);
  #prices = new Float64Array(INITIAL_LEVELS);
  #quantities = new Float64Array(INITIAL_LEVELS);
  #levelCount = 0;

  constructor(maximumEvents: number, maximumLevels: number) {
    this.#maximumEvents = maximumEvents;
    this.#maximumLevels = maximumLevels;
  }

  /** Keeps a copy of the event; false when that would pass the limits. */
  push(message: BinanceMessage): boolean {
    const { levels } = message;
    const size = levels.bidCount + levels.askCount;
    const start = this.#levelCount;
    if (this.count === this.#maximumEvents || start + size > this.#maximumLevels) return false;
    this.#reserve(this.count + 1, start + size);
    for (let i = 0; i < size; i++) {
      this.#prices[start + i] = levels.prices[i];
      this.#quantities[start + i] = levels.quantities[i];
    }
    const at = this.count * FIELDS;
    this.#fields[at] = message.firstId;
    this.#fields[at + 1] = message.lastId;
    this.#fields[at + 2] = message.previousId;
    this.#fields[at + 3] = message.venueTime();
    this.#fields[at + 4] = levels.bidCount;
    this.#fields[at + 5] = levels.askCount;
    this.#levelCount = start + size;
    this.count++;
    return true;
  }

  /** Hands every event to `visit`, oldest first, until it returns false; then forgets the events that were taken (true). */
  drain(visit: (event: BufferedEvent, levels: LevelList) => boolean): void {
    const event: BufferedEvent = { firstId: 0, lastId: 0, previousId: 0, venueTime: 0 };
    const levels = new LevelList();
    let index = 0;
    let start = 0;
    for (; index < this.count; index++) {
      const at = index * FIELDS;
      event.firstId = this.#fields[at];
      event.lastId = this.#fields[at + 1];
      event.previousId = this.#fields[at + 2];
      event.venueTime = this.#fields[at + 3];
      levels.bidCount = this.#fields[at + 4];
      levels.askCount = this.#fields[at + 5];
      const size = levels.bidCount + levels.askCount;
      levels.reserve(size);
      levels.prices.set(this.#prices.subarray(start, start + size));
      levels.quantities.set(this.#quantities.subarray(start, start + size));
      if (!visit(event, levels)) break;
      start += size;
    }
    this.#dropFirst(index, start);
  }

  clear(): void {
    this.count = 0;
    this.#levelCount = 0;
  }

  #dropFirst(events: number, levels: number): void {
    this.#fields.copyWithin(0, events * FIELDS, this.count * FIELDS);
    this.#prices.copyWithin(0, levels, this.#levelCount);
    this.#quantities.copyWithin(0, levels, this.#levelCount);
    this.count -= events;
    this.#levelCount -= levels;
  }

  #reserve(events: number, levels: number): void {
    this.#fields = grown(this.#fields, events * FIELDS);
    this.#prices = grown(this.#prices, levels);
    this.#quantities = grown(this.#quantities, levels);
  }
}

/** `array`, or a copy with doubled length when `length` entries do not fit. */
function grown(array: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  let capacity = array.length;
  if (length <= capacity) return array;
  while (capacity < length) capacity *= 2;
  const copy = new Float64Array(capacity);
  copy.set(array);
  return copy;
}
