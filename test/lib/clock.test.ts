import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTimeOrigin, epochText, type Session, SessionClock, startSession } from '../../src/lib/clock.js';
import { SEED } from '../support/seed.js';

describe('epochText', () => {
  it('is exact where a double is not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        (epochSeconds, epochNanoseconds, now) => {
          const session: Session = { startMs: 0, epochSeconds, epochNanoseconds };
          const exact = BigInt(epochSeconds) * 1_000_000_000n + BigInt(epochNanoseconds) + BigInt(now);
          expect(BigInt(epochText(session, now))).toBe(exact);
        },
      ),
      { seed: SEED },
    );
  });

  it.each([
    [1_700_000_000, 0, 0, '1700000000000000000'],
    [1_700_000_000, 999_999_999, 1, '1700000001000000000'],
    [1_700_000_000, 5, 7, '1700000000000000012'],
    // The nanoseconds of a start within half a nanosecond of the next second are rounded up to it.
    [1_700_000_000, 1_000_000_000, 999_999_999, '1700000001999999999'],
  ])('%i s %i ns after %i ns', (epochSeconds, epochNanoseconds, now, text) => {
    expect(epochText({ startMs: 0, epochSeconds, epochNanoseconds }, now)).toBe(text);
  });
});

describe('session clock', () => {
  it('counts whole nanoseconds and never steps back', () => {
    const clock = new SessionClock(startSession());
    let last = clock.now();
    expect(last).toBeGreaterThanOrEqual(0);
    for (let i = 0; i < 10_000; i++) {
      const now = clock.now();
      if (!Number.isSafeInteger(now) || now < last) throw new Error(`${now} after ${last}`);
      last = now;
    }
  });

  it('a session starts at the time of day', () => {
    const before = Date.now();
    const session = startSession();
    const started = Number(epochText(session, 0).slice(0, -6));
    // Date and performance clocks drift apart a little; an error of unit or origin is much larger.
    expect(Math.abs(started - before)).toBeLessThan(60_000);
  });
});

describe('time origin', () => {
  it('is the same on another thread', async () => {
    const session = startSession();
    const module = new URL('../../src/lib/clock.js', import.meta.url).href;
    const code = `import { workerData, parentPort } from 'node:worker_threads';
      import { checkTimeOrigin, SessionClock } from ${JSON.stringify(module)};
      checkTimeOrigin(workerData);
      parentPort.postMessage(new SessionClock(workerData).now());`;
    const clock = new SessionClock(session);
    const before = clock.now();
    const there = await new Promise<number>((resolve, reject) => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
        workerData: session,
      });
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(there).toBeGreaterThan(before);
    expect(there).toBeLessThan(clock.now());
  });

  it('another one is refused', () => {
    const session = startSession();
    checkTimeOrigin(session);
    expect(() => checkTimeOrigin({ ...session, startMs: session.startMs + 5 })).toThrow(
      /time origin of this thread is (4\.99|5\.00)\d* ms off/,
    );
  });
});
