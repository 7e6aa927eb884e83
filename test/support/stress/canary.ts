import {
  CURSOR_HIGH,
  CURSOR_LOW,
  CURSOR_THREAD,
  cursorWord,
  HIGH_BEGIN,
  HIGH_END,
  INTENT_WORD,
  LOW,
  openRing,
  PRODUCER_THREAD_WORD,
  type RingHandle,
  type RingOptions,
  TAIL_WORD,
} from '../../../src/ring/layout.js';
import { createRingAt } from '../ring-at.js';

const CANARY = 0x5ca1ab1e;
const AFTER_WORDS = 1024;

/** A ring whose memory goes on after its end; every word that nobody may write, between the cells and after the data, is set. */
export function createGuardedRing(options: RingOptions, start: number) {
  const ring = createRingAt(options, start);
  const buffer = new SharedArrayBuffer(ring.buffer.byteLength + AFTER_WORDS * 4);
  new Int32Array(buffer).set(new Int32Array(ring.buffer));
  const handle: RingHandle = { name: options.name, buffer };
  const guarded = guardedWords(handle);
  const all = new Int32Array(buffer);
  for (const word of guarded) all[word] = CANARY;
  const broken = () => guarded.filter((word) => all[word] !== CANARY);
  return { handle, broken };
}

function guardedWords(handle: RingHandle): number[] {
  const { control, data, gating, lossy } = openRing(handle);
  const used = new Set<number>();
  for (let word = 0; word <= PRODUCER_THREAD_WORD; word++) used.add(word);
  for (const cell of [TAIL_WORD, INTENT_WORD]) {
    for (const word of [HIGH_BEGIN, LOW, HIGH_END]) used.add(cell + word);
  }
  for (let index = 0; index < gating + lossy; index++) {
    for (const word of [CURSOR_LOW, CURSOR_HIGH, CURSOR_THREAD]) used.add(cursorWord(index) + word);
  }
  const guarded: number[] = [];
  for (let word = 0; word < control.length; word++) if (!used.has(word)) guarded.push(word);
  const end = control.length + data.length;
  for (let word = end; word < end + AFTER_WORDS; word++) guarded.push(word);
  return guarded;
}
