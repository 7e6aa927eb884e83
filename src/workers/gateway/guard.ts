import type { AgentLog } from '../../telemetry/agent-log.js';
import type { CounterWriter } from '../../telemetry/board.js';
import { counterIds } from '../../telemetry/registry.js';

const C = counterIds('gateway');

/**
 * Every function that uWebSockets.js calls runs in here: an exception that reached it would abort the whole process. A defect is
 * logged, counted, and costs its own request an error reply.
 */
export class Guard {
  readonly #log: AgentLog;
  readonly #counters: CounterWriter;

  constructor(log: AgentLog, counters: CounterWriter) {
    this.#log = log;
    this.#counters = counters;
  }

  /** Runs part of a handler; `recover` tells the client. */
  run(part: () => void, recover: () => void): void {
    try {
      part();
    } catch (error) {
      this.#counters.add(C.errors_total, 1);
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      this.#log.error(`handler failed: ${message}`, { stack: stack ?? '' });
      this.#tryToRecover(recover);
    }
  }

  #tryToRecover(recover: () => void): void {
    try {
      recover();
    } catch (error) {
      this.#log.error('the error reply failed too', { error: String(error) });
    }
  }
}
