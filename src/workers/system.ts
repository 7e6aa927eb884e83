import { type BoardHandle, createBoard } from '../agent/thread-board.js';
import type { Config } from '../config/schema.js';
import { type Session, startSession } from '../lib/clock.js';
import { createRing, type RingHandle } from '../ring/layout.js';
import { createTelemetry, type TelemetryHandle } from '../telemetry/board.js';
import {
  createRings,
  planThreads,
  type RingName,
  type SharedStateName,
  sharedStateBytes,
  type ThreadPlan,
} from '../topology.js';

/** All shared memory of a process and the plan of its threads: what every thread is handed. Structured-cloneable. */
export interface System {
  readonly config: Config;
  readonly session: Session;
  readonly threads: readonly ThreadPlan[];
  readonly rings: Partial<Record<RingName, RingHandle>>;
  /** One ring of log records per thread, in thread order; the supervisor consumes them. */
  readonly logRings: readonly RingHandle[];
  readonly board: BoardHandle;
  readonly telemetry: TelemetryHandle;
  readonly states: Readonly<Record<SharedStateName, SharedArrayBuffer>>;
}

/** Allocates a system for `config` on a machine with `cores` cores. Starts nothing. */
export function createSystem(config: Config, cores: number): System {
  const threads = planThreads(config, cores);
  const states = Object.fromEntries(
    Object.entries(sharedStateBytes(config)).map(([name, bytes]) => [name, new SharedArrayBuffer(bytes)]),
  ) as Record<SharedStateName, SharedArrayBuffer>;
  return {
    config,
    session: startSession(),
    threads,
    rings: createRings(config),
    logRings: threads.map(({ name }) =>
      createRing({ name: `log.${name}`, capacityBytes: config.rings.log, gating: 1 }),
    ),
    board: createBoard(),
    telemetry: createTelemetry(),
    states,
  };
}
