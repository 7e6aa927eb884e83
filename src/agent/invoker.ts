import type { Agent } from './agent.js';

/**
 * Steps agents on the calling thread in the given order: replay, tests and debugging run the same agents as the
 * threads do, with time as an input.
 */
export class Invoker {
  readonly #agents: readonly Agent[];

  constructor(agents: readonly Agent[]) {
    this.#agents = agents;
  }

  async start(now: number): Promise<void> {
    for (const agent of this.#agents) await agent.start?.(now);
  }

  /** Runs every agent once; returns the work done. */
  step(now: number): number {
    let work = 0;
    for (let i = 0; i < this.#agents.length; i++) work += this.#agents[i].doWork(now);
    return work;
  }

  /** Steps until a whole pass does nothing. Throws when that takes more than `limit` passes. */
  settle(now: number, limit = 1_000_000): void {
    for (let pass = 0; pass < limit; pass++) if (this.step(now) === 0) return;
    throw new RangeError(`invoker: still working after ${limit} passes`);
  }

  /** Closes every agent, also after one has failed to; then throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const last of ['stopAccepting', 'close'] as const) {
      for (const agent of this.#agents) {
        try {
          await agent[last]?.();
        } catch (error) {
          failures.push(error);
        }
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
