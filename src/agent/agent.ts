import type { AgentName } from '../telemetry/registry.js';

/**
 * A stage of the pipeline. Importing or constructing one starts nothing: a runner (threads) or an invoker (one
 * thread, fixed order) drives it. One thread calls all methods of an agent.
 */
export interface Agent {
  readonly name: AgentName;

  /**
   * Takes in a bounded burst and returns how much work it did; 0 lets the runner idle. `now` is session time in
   * nanoseconds, read once for the whole cycle. Must not block, and publishes what it wrote before it returns.
   */
  doWork(now: number): number;

  /** Is there input that `doWork` would take? Asked once more before a thread parks. */
  hasWork(): boolean;

  /**
   * Session time of the next work that no input announces (a timer); Infinity for none. A parked thread wakes for it.
   * Times that have passed keep the thread awake, so it must move on with `doWork`.
   */
  nextDue?(): number;

  /** Opens what the agent owns (sockets, files). Called once, on the agent's thread, before the first cycle. */
  start?(now: number): void | Promise<void>;

  /** The shutdown began: take no new orders or connections, but go on answering what is in flight. */
  stopAccepting?(): void;

  /** Last call, after the rings have drained: flush and close everything. Must leave no handle open. */
  close?(): void | Promise<void>;

  /**
   * Called over and over by another agent of the same thread that waits for room on a ring which this agent drains.
   * Must take in that ring only, and must not itself wait. Returns how much it drained.
   */
  relieve?(now: number): number;
}

/** Whether an agent may block its thread (compute) or must keep its event loop alive (I/O). */
export const IO_AGENTS: ReadonlySet<AgentName> = new Set(['gateway', 'publisher', 'feed']);

/** Stages that the supervisor starts again on their own; the failure of any other stops trading. */
export const RESTARTABLE_AGENTS: ReadonlySet<AgentName> = new Set(['gateway', 'publisher', 'feed']);
