import { Drill, Phase, ThreadBoard, ThreadState } from '../agent/thread-board.js';
import type { Config } from '../config/schema.js';
import { LogLevel } from '../lib/enums.js';
import type { LogRecordFields } from '../messages/cold.js';
import { RingMonitor } from '../ring/monitor.js';
import { CounterWriter } from '../telemetry/board.js';
import { type AgentName, counterIds } from '../telemetry/registry.js';
import { RING_NAMES, RINGS } from '../topology.js';
import { machineCores } from '../workers/placement.js';
import { createSystem, type System } from '../workers/system.js';
import { LogWriter } from './log-writer.js';
import { Stage } from './stage.js';

/** How often the supervisor looks at logs and heartbeats, ms. */
const WATCH_MS = 50;
/** Longest time between two looks that counts as watched, ms. Beyond it the process itself was held up, not a stage. */
const LONGEST_LOOK_MS = 4 * WATCH_MS;
/** How long a stage may take to open its sockets and files, ms. */
const START_LIMIT_MS = 10_000;
/** A stall that lasts this many times the reporting threshold is acted upon. */
const STALL_ACTION_FACTOR = 4;
/** Wait before restart n of a stage: none, then doubling from this, ms. */
const RESTART_BACKOFF_MS = 100;
/** Kept back from the shutdown time for closing sockets and files after the rings are empty, ms. */
const CLOSING_MS = 1500;

/** Of a last line in a report; the whole line is in the agent's log. */
const REPORTED_CHARACTERS = 300;
/** Looks in a row that find the rings empty and unmoved, 5 ms apart, before they count as drained. */
const QUIET_LOOKS = 3;

const C = counterIds('supervisor');

/** What every worker runs. */
const THREAD_ENTRY = new URL('../workers/thread.js', import.meta.url);

export interface SupervisorOptions {
  /** Called with every log line of any agent. */
  readonly onLine: (record: LogRecordFields) => void;
  /** Module that the workers run; default: the stages of `workers/`. */
  readonly entry?: URL;
}

/**
 * The main thread: allocates the shared memory, starts the workers, watches them, restarts or stops, and writes the log.
 * It takes no part in the flow of messages.
 */
export class Supervisor {
  readonly system: System;
  readonly stages: readonly Stage[];
  readonly log: LogWriter;
  /** Resolves with the exit code when everything has stopped. */
  readonly stopped: Promise<number>;
  readonly #board: ThreadBoard;
  readonly #counters: CounterWriter;
  #watchedMs = 0;
  #lastLook = performance.now();
  #watch: NodeJS.Timeout | undefined;
  #shutdown: Promise<void> | undefined;
  #exitCode = 0;
  #resolveStopped: (code: number) => void = () => {};

  /** Allocates everything and starts nothing. Throws ConfigError when `log.dir` cannot be written to. */
  constructor(config: Config, options: SupervisorOptions) {
    this.system = createSystem(config, machineCores());
    this.#board = new ThreadBoard(this.system.board);
    this.#counters = new CounterWriter(this.system.telemetry, 'supervisor');
    const entry = options.entry ?? THREAD_ENTRY;
    this.stages = this.system.threads.map((_, index) => new Stage(this.system, index, entry));
    this.log = new LogWriter({
      session: this.system.session,
      rings: this.system.logRings,
      directory: config.log.dir,
      level: config.log.level,
      onLine: options.onLine,
    });
    this.stopped = new Promise((resolve) => {
      this.#resolveStopped = resolve;
    });
  }

  /** Starts all stages; resolves when every one runs, or has failed (then the shutdown is under way: false). */
  async start(): Promise<boolean> {
    this.#watch = setInterval(() => this.#look(), WATCH_MS);
    for (const stage of this.stages) this.#spawn(stage);
    while (this.stages.some((stage) => stage.state !== ThreadState.Running)) {
      if (this.#shutdown !== undefined) return false;
      await sleep(5);
    }
    if (this.#shutdown !== undefined) return false;
    this.#board.enter(Phase.Running);
    this.log.write(LogLevel.Info, `running: ${this.stages.map((stage) => stage.name).join(', ')}`);
    this.#scheduleDrills();
    return true;
  }

  /**
   * Stops everything in order: edges refuse new work, rings drain, agents close. Idempotent. A failure found on the way
   * leaves the highest exit code.
   */
  stop(reason: string, exitCode = 0): Promise<number> {
    this.#exitCode = Math.max(this.#exitCode, exitCode);
    if (this.#shutdown === undefined) {
      this.log.write(exitCode === 0 ? LogLevel.Info : LogLevel.Fatal, `stopping: ${reason}`);
      this.#shutdown = this.#stopAll();
    } else if (exitCode > 0) this.log.write(LogLevel.Error, `while stopping: ${reason}`);
    return this.stopped;
  }

  #spawn(stage: Stage): void {
    stage.spawn(this.#watchedMs, (code, error) => this.#onExit(stage, code, error));
  }

  #onExit(stage: Stage, code: number, error: Error | undefined): void {
    this.log.drain();
    if (this.#shutdown !== undefined) {
      if (code === 0 || stage.terminated) return;
      this.#exitCode = Math.max(this.#exitCode, 1);
      this.#report(stage, `failed while stopping (exit code ${code})`, error);
      return;
    }
    this.#report(stage, `died (exit code ${code})`, error);
    if (!stage.restartable) {
      void this.stop(`stage ${stage.name} is lost, trading cannot go on`, 1);
    } else if (this.#board.phase() === Phase.Starting) {
      void this.stop(`stage ${stage.name} did not start`, 1);
    } else if (stage.restarts >= this.system.config.supervisor.restart_limit) {
      void this.stop(
        `stage ${stage.name} died ${stage.restarts + 1} times, allowed: ${stage.restarts} restarts`,
        1,
      );
    } else this.#restart(stage);
  }

  #restart(stage: Stage): void {
    const delay = stage.restarts === 0 ? 0 : RESTART_BACKOFF_MS * 2 ** (stage.restarts - 1);
    stage.restarts++;
    this.#counters.add(C.restarts_total, 1);
    this.log.write(LogLevel.Warn, `restarting stage ${stage.name}`, {
      restart: stage.restarts,
      delay_ms: delay,
    });
    setTimeout(() => {
      if (this.#shutdown === undefined) this.#spawn(stage);
    }, delay).unref();
  }

  /** Says by name what happened, with the last lines that its agents logged. */
  #report(stage: Stage, what: string, error: Error | undefined): void {
    this.log.write(
      LogLevel.Error,
      `stage ${stage.name} ${what}${error === undefined ? '' : `: ${error.message}`}`,
    );
    for (const agent of this.system.threads[stage.index].agents) {
      for (const line of this.log.lastLines(agent).slice(-5)) {
        const text = line.slice(0, REPORTED_CHARACTERS);
        this.log.write(LogLevel.Error, `stage ${stage.name}, last lines of ${agent}: ${text}`);
      }
    }
  }

  #look(): void {
    this.log.drain();
    const now = performance.now();
    this.#watchedMs += Math.min(now - this.#lastLook, LONGEST_LOOK_MS);
    this.#lastLook = now;
    if (this.#shutdown !== undefined) return;
    for (const stage of this.stages) {
      const silence = stage.silence(this.#watchedMs);
      const isStarting = stage.state === ThreadState.Starting;
      const limit = isStarting ? START_LIMIT_MS : this.system.config.supervisor.heartbeat_timeout_ms;
      if (silence < limit) {
        if (stage.stalled) this.log.write(LogLevel.Warn, `stage ${stage.name} goes on`);
        stage.stalled = false;
        continue;
      }
      if (!stage.stalled) {
        stage.stalled = true;
        this.#counters.add(C.stalls_total, 1);
        this.#report(stage, stallText(stage, silence), undefined);
      }
      if (isStarting || silence >= limit * STALL_ACTION_FACTOR) this.#actOnStall(stage);
    }
  }

  #actOnStall(stage: Stage): void {
    if (stage.restartable && !stage.mustNotTerminate) void stage.terminate();
    else void this.stop(`stage ${stage.name} is stalled and cannot be restarted`, 1);
  }

  async #stopAll(): Promise<void> {
    const { shutdown_timeout_ms: timeout } = this.system.config.supervisor;
    const deadline = performance.now() + timeout;
    this.#board.enter(Phase.StopAccepting);
    await this.#drained(deadline - Math.min(CLOSING_MS, timeout / 2));
    this.#board.enter(Phase.Stop);
    while (
      this.stages.some((stage) => stage.alive && !this.#isStuck(stage)) &&
      performance.now() < deadline
    ) {
      await sleep(5);
      this.log.drain();
    }
    await this.#endTheRest();
    clearInterval(this.#watch);
    this.log.write(LogLevel.Info, `stopped, exit code ${this.#exitCode}`);
    this.log.close();
    this.#resolveStopped(this.#exitCode);
  }

  /** Waits until the gating rings are empty and stay so, or until the deadline. */
  async #drained(deadline: number): Promise<void> {
    const rings = this.#monitors();
    let quiet = 0;
    let position = '';
    while (quiet < QUIET_LOOKS && performance.now() < deadline) {
      await sleep(5);
      const now = rings.map(({ monitor }) => monitor.position()).join();
      const isEmpty = rings.every(({ monitor, drains }) => monitor.backlogBytes() === 0 || !drains());
      quiet = isEmpty && now === position ? quiet + 1 : 0;
      position = now;
    }
    const left = rings.filter(({ monitor }) => monitor.backlogBytes() > 0);
    if (quiet === QUIET_LOOKS && left.length === 0) return;
    const list = left.map(({ monitor }) => `${monitor.name} ${monitor.backlogBytes()} bytes`).join(', ');
    this.#exitCode = Math.max(this.#exitCode, 1);
    this.log.write(LogLevel.Error, `rings did not drain: ${list || 'edges went on producing'}`);
  }

  /**
   * A stage that was reported as stalled and has not moved since is not waited for. The gateway is, to the last: without it the
   * process can only end by signal.
   */
  #isStuck(stage: Stage): boolean {
    return stage.stalled && !stage.mustNotTerminate && stage.silence(this.#watchedMs) > 0;
  }

  /** The rings, each with whether all its gating consumers can drain it: with a dead one it stays as it is. */
  #monitors(): { monitor: RingMonitor; drains: () => boolean }[] {
    return RING_NAMES.flatMap((name) => {
      const handle = this.system.rings[name];
      if (handle === undefined) return [];
      const gating: readonly AgentName[] = RINGS[name].gating;
      const stages = this.stages.filter(({ index }) =>
        this.system.threads[index].agents.some((agent) => gating.includes(agent)),
      );
      return [
        {
          monitor: new RingMonitor(handle),
          drains: () => stages.every((stage) => stage.alive && !this.#isStuck(stage)),
        },
      ];
    });
  }

  async #endTheRest(): Promise<void> {
    const left = this.stages.filter((stage) => stage.alive);
    for (const stage of left) {
      this.#exitCode = Math.max(this.#exitCode, 1);
      this.#report(stage, 'did not stop in time', undefined);
      if (!stage.mustNotTerminate) await stage.terminate();
    }
    if (left.some((stage) => stage.mustNotTerminate)) {
      this.log.write(LogLevel.Fatal, 'the gateway thread cannot be ended: the process ends by signal');
      this.log.close();
      endBySignal('SIGTERM');
    }
  }

  #scheduleDrills(): void {
    const kinds = { throw: Drill.Throw, stall: Drill.Stall, exit: Drill.Exit };
    for (const { agent, action, after_ms: after } of this.system.config.drills) {
      const thread = this.system.threads.findIndex(({ agents }) => agents.includes(agent));
      const drill = (): void => {
        this.log.write(LogLevel.Warn, `fault drill: ${agent} is told to ${action}`);
        this.#board.setDrill(thread, kinds[action]);
        this.#board.wake(thread);
      };
      if (thread >= 0) setTimeout(drill, after).unref();
    }
  }
}

/**
 * Ends the process at once by the default action of a signal: no exit handlers, so no worker with an open uWebSockets.js app is torn
 * down (that would abort and leave a core dump).
 */
export function endBySignal(signal: 'SIGTERM' | 'SIGINT'): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function stallText(stage: Stage, silence: number): string {
  const milliseconds = `${Math.round(silence)} ms`;
  if (stage.state === ThreadState.Starting) return `has not started after ${milliseconds}`;
  if (stage.state === ThreadState.Running) return `stalled: no heartbeat for ${milliseconds}`;
  return `has stopped working, but its thread has not ended after ${milliseconds}`;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
