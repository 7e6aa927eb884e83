import { DutyCycle, type RunnerOptions } from './runner.js';

/** Polls per turn of the event loop: some 20 µs, so that sockets are served often and a turn's own cost hardly counts. */
const POLLS_PER_TURN = 300;
/** Working cycles per turn at the most, so that a flood of records cannot starve the sockets. */
const CYCLES_PER_TURN = 16;
/** Empty turns before a parking thread parks. */
const TURNS_BEFORE_PARK = 8;

/**
 * Drives I/O agents on a living event loop: while there is work it polls the rings in bursts from a self-rescheduling
 * setImmediate; from idle (`park`) it is woken by the producers through Atomics.waitAsync. `yield` and `spin`
 * never park. Resolves when the phase is Stop; rejects with what an agent threw.
 */
export function runIo(options: RunnerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const keepAlive = setInterval(() => {}, 0x40000000);
    const finish = (error?: unknown): void => {
      clearInterval(keepAlive);
      if (error === undefined) resolve();
      else reject(error);
    };
    new IoLoop(options, finish).turn();
  });
}

class IoLoop {
  readonly #options: RunnerOptions;
  readonly #cycle: DutyCycle;
  readonly #finish: (error?: unknown) => void;
  #emptyTurns = 0;
  readonly #next = (): void => this.turn();

  constructor(options: RunnerOptions, finish: (error?: unknown) => void) {
    this.#options = options;
    this.#cycle = new DutyCycle(options);
    this.#finish = finish;
  }

  turn(): void {
    try {
      if (!this.#cycle.goesOn()) {
        this.#finish();
        return;
      }
      this.#emptyTurns = this.#burst() > 0 ? 0 : this.#emptyTurns + 1;
      if (this.#options.idle === 'park' && this.#emptyTurns > TURNS_BEFORE_PARK) this.#park();
      else setImmediate(this.#next);
    } catch (error) {
      this.#finish(error);
    }
  }

  #burst(): number {
    let total = this.#cycle.run();
    let cycles = 1;
    for (let polls = 0; polls < POLLS_PER_TURN; polls++) {
      if (!this.#cycle.hasWork()) {
        this.#cycle.endOfBurst();
        continue;
      }
      const work = this.#cycle.run();
      total += work;
      if (++cycles >= CYCLES_PER_TURN || work === 0) break;
    }
    this.#cycle.endOfBurst();
    return total;
  }

  #park(): void {
    const { board, thread } = this.#options;
    board.declareParked(thread);
    const milliseconds = this.#cycle.parkMs();
    const woken = milliseconds > 0 ? board.waitAsync(thread, milliseconds) : undefined;
    if (woken === undefined) {
      board.declareAwake(thread);
      setImmediate(this.#next);
      return;
    }
    void woken.then(() => {
      board.declareAwake(thread);
      this.turn();
    });
  }
}
