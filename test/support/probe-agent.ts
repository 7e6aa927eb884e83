import type { Agent } from '../../src/agent/agent.js';
import type { AgentName } from '../../src/telemetry/registry.js';

/** An agent made of functions, which writes down what is asked of it. Each cycle does what `cycle` returns. */
export class ProbeAgent implements Agent {
  readonly name: AgentName;
  readonly calls: string[];
  readonly times: number[] = [];
  cycles = 0;
  readonly #cycle: (cycle: number) => number;
  readonly #hasWork: () => boolean;

  constructor(
    cycle: (cycle: number) => number,
    options: { name?: AgentName; calls?: string[]; hasWork?: () => boolean } = {},
  ) {
    this.name = options.name ?? 'risk';
    this.calls = options.calls ?? [];
    this.#cycle = cycle;
    this.#hasWork = options.hasWork ?? (() => false);
  }

  doWork(now: number): number {
    this.times.push(now);
    return this.#cycle(++this.cycles);
  }

  hasWork(): boolean {
    return this.#hasWork();
  }

  start(): void {
    this.calls.push(`start ${this.name}`);
  }

  stopAccepting(): void {
    this.calls.push(`stopAccepting ${this.name}`);
  }

  close(): void {
    this.calls.push(`close ${this.name}`);
  }
}
