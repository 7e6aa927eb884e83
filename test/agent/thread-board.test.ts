import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import {
  createBoard,
  Drill,
  MAXIMUM_THREADS,
  Phase,
  ThreadBoard,
  ThreadState,
} from '../../src/agent/thread-board.js';
import type { ParkThreadData, ParkThreadResult } from '../support/park-thread.js';

const ENTRY = new URL('../support/park-thread.js', import.meta.url);

function run(data: ParkThreadData): Promise<ParkThreadResult> {
  const worker = new Worker(ENTRY, { workerData: data });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Two threads pass a ball; the first serves. */
async function play(
  kinds: readonly [ParkThreadData['kind'], ParkThreadData['kind']],
  rounds: number,
  pauseMs: number,
): Promise<ParkThreadResult[]> {
  const common = { board: createBoard(), balls: new Int32Array(new SharedArrayBuffer(8)), rounds };
  return Promise.all([
    run({ ...common, kind: kinds[0], self: 0, other: 1, serves: true, pauseMs }),
    run({ ...common, kind: kinds[1], self: 1, other: 0, serves: false, pauseMs: 0 }),
  ]);
}

describe('parking and waking', () => {
  it('20,000 rounds between two threads that park before every catch lose no wake-up', async () => {
    const results = await play(['direct', 'direct'], 20_000, 0);
    expect(results.map(({ lost }) => lost)).toEqual([0, 0]);
    for (const { parks } of results) expect(parks).toBeGreaterThan(1000);
  });

  it('an I/O runner that parks through waitAsync loses no wake-up', async () => {
    // The pause is longer than the I/O thread polls before it parks.
    const results = await play(['direct', 'io'], 1000, 1);
    expect(results.map(({ lost }) => lost)).toEqual([0, 0]);
    expect(results[1].parks).toBeGreaterThan(100);
  });

  it('a wait for a thread that is not parked, or no longer, returns at once', () => {
    const board = new ThreadBoard(createBoard());
    board.wait(3, 60_000);
    expect(board.waitAsync(3, 60_000)).toBeUndefined();
    board.declareParked(3);
    board.wake(3);
    board.wait(3, 60_000);
    expect(board.isParked(3)).toBe(false);
  });

  it('waiting asynchronously ends with the wake-up', async () => {
    const board = new ThreadBoard(createBoard());
    board.declareParked(0);
    const woken = board.waitAsync(0, 60_000);
    const keepAlive = setTimeout(() => {}, 60_000);
    board.wake(0);
    expect(await woken).toBe('ok');
    clearTimeout(keepAlive);
  });
});

describe('the board', () => {
  it('hands a phase to every thread and wakes the parked ones', () => {
    const handle = createBoard();
    const supervisor = new ThreadBoard(handle);
    const threads = Array.from({ length: MAXIMUM_THREADS }, () => new ThreadBoard(handle));
    threads.forEach((board, thread) => {
      board.declareParked(thread);
    });
    supervisor.enter(Phase.Running);
    threads.forEach((board, thread) => {
      expect([board.phase(), board.isParked(thread)]).toEqual([Phase.Running, false]);
    });
  });

  it('phases only rise', () => {
    const board = new ThreadBoard(createBoard());
    board.enter(Phase.StopAccepting);
    board.enter(Phase.Running);
    expect(board.phase()).toBe(Phase.StopAccepting);
    board.enter(Phase.Stop);
    board.enter(Phase.Stop);
    expect(board.phase()).toBe(Phase.Stop);
  });

  it('keeps the words of threads apart', () => {
    const board = new ThreadBoard(createBoard());
    for (let thread = 0; thread < MAXIMUM_THREADS; thread++) {
      board.setState(thread, ((thread % 4) + 1) as ThreadState);
      board.setTid(thread, 1000 + thread);
      board.setDrill(thread, ((thread % 3) + 1) as Drill);
      for (let n = 0; n <= thread; n++) board.beat(thread);
      if (thread % 2 === 1) board.declareParked(thread);
    }
    for (let thread = 0; thread < MAXIMUM_THREADS; thread++) {
      const words = [board.state(thread), board.tid(thread), board.drill(thread), board.heartbeat(thread)];
      expect(words).toEqual([(thread % 4) + 1, 1000 + thread, (thread % 3) + 1, thread + 1]);
      expect(board.isParked(thread)).toBe(thread % 2 === 1);
    }
    expect(board.phase()).toBe(Phase.Starting);
  });

  it('a new board says that nobody is there', () => {
    const board = new ThreadBoard(createBoard());
    expect([board.state(0), board.drill(0), board.tid(0)]).toEqual([ThreadState.Absent, Drill.None, 0]);
  });
});
