/** Worker of the wake-up tests: passes a ball to and fro, and parks before every catch. */
import { parentPort, workerData } from 'node:worker_threads';
import { runIo } from '../../src/agent/io-runner.js';
import { type BoardHandle, Phase, ThreadBoard } from '../../src/agent/thread-board.js';
import { SessionClock, startSession } from '../../src/lib/clock.js';

export interface ParkThreadData {
  readonly kind: 'direct' | 'io';
  readonly board: BoardHandle;
  /** One word per thread: how often the ball has come to it. */
  readonly balls: Int32Array;
  readonly self: number;
  readonly other: number;
  readonly rounds: number;
  /** Throws first. */
  readonly serves: boolean;
  /** Pause before the ball is thrown, ms, so that the other side has time to park; 0: none. */
  readonly pauseMs: number;
}
export interface ParkThreadResult {
  /** Times it waited. */
  readonly parks: number;
  /** Times a wait ended by its time limit although the ball had come: nobody woke the thread. */
  readonly lost: number;
}

const { kind, board: handle, balls, self, other, rounds, serves, pauseMs } = workerData as ParkThreadData;
const pause = new Int32Array(new SharedArrayBuffer(4));
let parks = 0;
let lost = 0;

const hasCome = (ball: number): boolean => Atomics.load(balls, self) >= ball;

function throwTo(board: ThreadBoard, ball: number): void {
  if (pauseMs > 0) Atomics.wait(pause, 0, 0, pauseMs);
  Atomics.store(balls, other, ball);
  board.wake(other);
}

function direct(): void {
  const board = new ThreadBoard(handle);
  for (let ball = 1; ball <= rounds; ball++) {
    if (serves) throwTo(board, ball);
    while (!hasCome(ball)) {
      board.declareParked(self);
      if (!hasCome(ball)) {
        parks++;
        board.wait(self, 100);
        if (board.isParked(self) && hasCome(ball)) {
          // The thrower may be just between its store and its look at the flag: give it time before counting.
          Atomics.wait(pause, 0, 0, 50);
          if (board.isParked(self)) lost++;
        }
      }
      board.declareAwake(self);
    }
    if (!serves) throwTo(board, ball);
  }
}

class CountingBoard extends ThreadBoard {
  override waitAsync(thread: number, milliseconds: number): Promise<unknown> | undefined {
    const woken = super.waitAsync(thread, milliseconds);
    if (woken !== undefined) parks++;
    return woken?.then((outcome) => {
      if (outcome === 'timed-out' && this.isParked(thread) && hasCome(round + 1)) lost++;
      return outcome;
    });
  }
}

let round = 0;
async function io(): Promise<void> {
  const board = new CountingBoard(handle);
  const agent = {
    name: 'publisher' as const,
    hasWork: () => round < rounds && hasCome(round + 1),
    doWork: () => {
      if (!agent.hasWork()) return 0;
      round++;
      throwTo(board, round);
      if (round === rounds) board.enter(Phase.Stop);
      return 1;
    },
  };
  const clock = new SessionClock(startSession());
  await runIo({ thread: self, board, clock, agents: [agent], downstream: [], idle: 'park' });
}

if (kind === 'direct') direct();
else await io();
parentPort?.postMessage({ parks, lost } satisfies ParkThreadResult);
