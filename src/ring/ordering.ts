/**
 * The memory-ordering argument of the ring, and the few Atomics calls that it rests on.
 *
 * JavaScript has two kinds of access: plain (unordered) and Atomics (sequentially consistent). V8 moves no plain
 * access across an Atomics call, and emits a full fence or acquire/release instructions for it.
 *
 * **Publishing by header.** A consumer that waits for TAIL and then fetches the record waits for two cache lines. So the
 * type word of a record's header is itself the flag, and a record that fits a line comes with one. It holds because the
 * type word at the published tail is UNPUBLISHED before anybody can get there:
 *
 *   - new memory is zero, so it holds at position 0;
 *   - a publication of records [a, b) writes all payloads, lengths and types but the type at a, then UNPUBLISHED at b, all
 *     plainly, and last the type at a with `publishHeader`. A consumer comes to b only through a.
 *
 * The store synchronises with the `observeHeader` that sees it, so all of [a, b) and the flag at b are visible after it. The
 * plain writes at b of the next publication leave its type alone (a claim writes the length only), so the word at
 * the published tail is touched by atomic accesses only, and nothing past it is ever read. The unit at b must be free:
 * each claim asks for one unit more than its record, of the gating cursors and of INTENT, because what was at b
 * a lap ago is destroyed.
 *
 * **Publishing by TAIL.** TAIL follows the header, for lossy consumers, monitors, a new producer, and gating consumers that
 * have a backlog: one look at TAIL tells them of many records, which they read with plain loads. All types below
 * TAIL are written. TAIL may be behind what a gating consumer has taken. It is stored plainly: with a second fence for each
 * publication, one by one came to 17 to 19 M records a second, without it to 25 to 29. So it needs one order that the
 * processor must give:
 *
 *   (3) the header store becomes visible before the plain TAIL store that follows it.
 *
 * x86-64 does not reorder stores. On ARM64 `followHeader` loads the header back with load-acquire: it comes after the
 * store-release before it, and nothing moves up across it. Whoever observes TAIL (load-acquire) then sees the header, and
 * all that the header released. Where nobody gates, headers are no flags and TAIL is stored with `publishLow`.
 *
 * **A producer that dies** leaves one of three states, and its successor finds out which by the type at TAIL. Claimed or
 * committed: the type is UNPUBLISHED, nobody saw anything, the successor writes there anew. Header published and TAIL
 * not: the type is not, consumers may have taken and released the records, so the successor goes on behind them
 * (no more than one publication; its end is UNPUBLISHED) and stores TAIL. Both: nothing to do.
 *
 * **Reuse.** A gating consumer stores its CURSOR with `releaseCursor` after its last read of a record. The
 * producer overwrites a unit only after `observeLow` of every gating cursor shows it released. Same argument,
 * other direction. A cached copy of the other side's index is only ever too old, which is the safe side.
 *
 * **Lossy reading.** A lossy consumer is not waited for, so its plain reads may race with overwriting. It copies
 * records to private memory first and afterwards asks whether the copy can be trusted. Before the producer
 * writes to units up to position p it has announced p in INTENT (`declareIntent`, rounded up, so that most
 * records need no announcement). Writing to position q destroys q - capacity. So if the reader, after copying
 * [a, b), finds INTENT <= a + capacity, no unit of the copy had been touched. This needs two orders between a plain
 * access and an atomic one that JavaScript does not promise for plain accesses that race, and that the processor must give:
 *
 *   (1) the producer's INTENT store becomes visible before the plain stores that follow it;
 *   (2) the reader's plain loads are done before its INTENT load.
 *
 * x86-64 gives both as it stands: stores are not reordered with stores, nor loads with loads. ARM64 moves a later plain
 * store up across a store-release, and an earlier plain load down across a load-acquire. It never moves
 * anything up across a load-acquire or down across a store-release, nor a load-acquire up across a store-release. So
 * both sides do an atomic store and then an atomic load: the producer stores INTENT and loads it back
 * before it writes, the reader stores its cursor after copying and then loads INTENT.
 *
 * **64-bit positions from 32-bit words.** A cell is high-begin, low, high-end. The producer changes the high words
 * only when the low word wraps (each 32 GiB): high-begin, then low, then high-end. A reader loads them in the opposite
 * order. If end equals begin = h, then: end was h before low was read, so low is of epoch h or later; begin
 * was still h after low was read, so low is not of a later epoch. Otherwise it reads again. A producer that died
 * between the three stores is followed by one that finishes or undoes them (`repairHigh`).
 */
import { CURSOR_HIGH, CURSOR_LOW, HIGH_BEGIN, HIGH_END, LOW } from './layout.js';

const TYPE = 1; // second word of a header
const TWO_32 = 4294967296;

/** Gating consumer: the type word of a header; what was published with it is visible afterwards. */
export function observeHeader(words: Int32Array, header: number): number {
  return Atomics.load(words, header + TYPE);
}

/** Producer: makes the record at `header`, and everything written before, visible to whoever observes its type. */
export function publishHeader(words: Int32Array, header: number, type: number): void {
  Atomics.store(words, header + TYPE, type);
}

/** Reader of a cell, 32 bits: what the writer has published. Any thread; allocates nothing. */
export function observeLow(control: Int32Array, cell: number): number {
  return Atomics.load(control, cell + LOW);
}

/** Owner of a cell: makes everything written before visible to whoever observes the new position. */
export function publishLow(control: Int32Array, cell: number, low: number): void {
  Atomics.store(control, cell + LOW, low);
}

/** Owner of a cell, when the low word wrapped. */
export function publishWrapped(control: Int32Array, cell: number, low: number, high: number): void {
  Atomics.store(control, cell + HIGH_BEGIN, high);
  Atomics.store(control, cell + LOW, low);
  Atomics.store(control, cell + HIGH_END, high);
}

/** Owner of a cell, after `publishHeader`: TAIL follows the header. Rule (3) above: the load is the fence. */
export function followHeader(
  words: Int32Array,
  header: number,
  control: Int32Array,
  cell: number,
  low: number,
): void {
  Atomics.load(words, header + TYPE);
  control[cell + LOW] = low;
}

/** Producer: announces that it will write up to the position from now on. Rule (1) above: the load is the fence. */
export function declareIntent(control: Int32Array, cell: number, low: number, high: number): void {
  if (control[cell + HIGH_BEGIN] === high) publishLow(control, cell, low);
  else publishWrapped(control, cell, low, high);
  Atomics.load(control, cell + LOW);
}

/**
 * New owner of a cell: makes its high words agree where the old owner died while the low word wrapped. Returns the high
 * word. A low word that has wrapped already is not negative, one that is yet to wrap is.
 */
export function repairHigh(control: Int32Array, cell: number): number {
  const wrapped = Atomics.load(control, cell + LOW) >= 0;
  const high = Atomics.load(control, cell + (wrapped ? HIGH_BEGIN : HIGH_END));
  Atomics.store(control, cell + HIGH_BEGIN, high);
  Atomics.store(control, cell + HIGH_END, high);
  return high;
}

/** Any thread: the whole 64-bit position of a cell, in units, exact to 2^53. Allocates nothing. */
export function observePosition(control: Int32Array, cell: number): number {
  for (;;) {
    const end = Atomics.load(control, cell + HIGH_END);
    const low = Atomics.load(control, cell + LOW);
    const begin = Atomics.load(control, cell + HIGH_BEGIN);
    if (begin === end) return begin * TWO_32 + (low >>> 0);
  }
}

/** Gating consumer: gives all units below the position back to the producer. */
export function releaseCursor(control: Int32Array, cursor: number, low: number): void {
  Atomics.store(control, cursor + CURSOR_LOW, low);
}

/** Producer or monitor: what a consumer has released. */
export function observeCursor(control: Int32Array, cursor: number): number {
  return Atomics.load(control, cursor + CURSOR_LOW);
}

/** Lossy consumer: shows its position to monitors. Rule (2) above: an INTENT load after it is late enough. */
export function showCursor(control: Int32Array, cursor: number, position: number): void {
  control[cursor + CURSOR_HIGH] = Math.floor(position / TWO_32);
  Atomics.store(control, cursor + CURSOR_LOW, position | 0);
}
