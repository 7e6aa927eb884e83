import { describe, expect, it } from 'vitest';
import {
  CAPACITY_WORD,
  CURSOR_HIGH,
  CURSOR_LOW,
  CURSOR_THREAD,
  createRing,
  cursorWord,
  GATING_WORD,
  HIGH_BEGIN,
  HIGH_END,
  INTENT_WORD,
  LOSSY_WORD,
  LOW,
  MAGIC_WORD,
  MAXIMUM_CAPACITY_BYTES,
  MAXIMUM_CONSUMERS,
  MINIMUM_CAPACITY_BYTES,
  openRing,
  PRODUCER_THREAD_WORD,
  SPACING_BYTES,
  TAIL_WORD,
  VERSION_WORD,
} from '../../src/ring/layout.js';

describe('ring layout', () => {
  it('keeps words that different threads write at least 128 bytes apart', () => {
    const groups = [
      [MAGIC_WORD, VERSION_WORD, CAPACITY_WORD, GATING_WORD, LOSSY_WORD, PRODUCER_THREAD_WORD],
      [HIGH_BEGIN, LOW, HIGH_END].map((word) => TAIL_WORD + word),
      [HIGH_BEGIN, LOW, HIGH_END].map((word) => INTENT_WORD + word),
    ];
    for (let index = 0; index < MAXIMUM_CONSUMERS; index++) {
      groups.push([CURSOR_LOW, CURSOR_HIGH, CURSOR_THREAD].map((word) => cursorWord(index) + word));
    }
    for (let i = 1; i < groups.length; i++) {
      const line = (word: number) => Math.floor((word * 4) / SPACING_BYTES);
      expect(new Set(groups[i].map(line)).size).toBe(1);
      expect(line(groups[i][0])).toBe(line(groups[i - 1][0]) + 1);
      expect(new Set(groups[i]).size).toBe(groups[i].length);
    }
    expect(SPACING_BYTES).toBe(128);
  });

  it('starts the data on a line of its own, after the last cursor, and ends it with the buffer', () => {
    for (const consumers of [1, 2, MAXIMUM_CONSUMERS]) {
      const handle = createRing({ name: 'layout', capacityBytes: 1024, gating: consumers });
      const { data, control } = openRing(handle);
      expect(data.byteOffset).toBe(control.byteLength);
      expect(data.byteOffset % SPACING_BYTES).toBe(0);
      expect(data.byteOffset - cursorWord(consumers - 1) * 4).toBe(SPACING_BYTES);
      expect(data.byteOffset + data.byteLength).toBe(handle.buffer.byteLength);
    }
  });

  it('takes capacities that are powers of two in range, and names any other', () => {
    for (const capacityBytes of [0, -256, 128, 255, 257, 384, 1000, 256.5, Number.NaN, 2 ** 31]) {
      expect(() => createRing({ name: 'odd', capacityBytes, gating: 1 })).toThrow(
        `ring odd: capacityBytes is ${capacityBytes}, allowed: a power of two from ${MINIMUM_CAPACITY_BYTES} to ${MAXIMUM_CAPACITY_BYTES}`,
      );
    }
    expect(openRing(createRing({ name: 'least', capacityBytes: 256, gating: 1 })).capacityBytes).toBe(256);
  });

  it('takes 1 to 16 consumers, and names any other count', () => {
    const counts: [number, number][] = [
      [0, 0],
      [-1, 2],
      [2, -1],
      [17, 0],
      [8, 9],
      [1.5, 0],
      [Number.NaN, 1],
    ];
    for (const [gating, lossy] of counts) {
      expect(() => createRing({ name: 'odd', capacityBytes: 256, gating, lossy })).toThrow(
        `ring odd: gating ${gating} + lossy ${lossy} consumers, allowed: 1 to ${MAXIMUM_CONSUMERS} together`,
      );
    }
    const memory = openRing(createRing({ name: 'most', capacityBytes: 256, gating: 9, lossy: 7 }));
    expect([memory.gating, memory.lossy]).toEqual([9, 7]);
  });

  it('refuses memory that is not a ring, or one of another version', () => {
    expect(() => openRing({ name: 'wild', buffer: new SharedArrayBuffer(4096) })).toThrow(
      'ring wild: memory is not a version 2 ring',
    );
    const handle = createRing({ name: 'newer', capacityBytes: 256, gating: 1 });
    openRing(handle).control[VERSION_WORD] = 3;
    expect(() => openRing(handle)).toThrow('ring newer: memory is not a version 2 ring');
  });
});
