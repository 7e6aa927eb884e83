/**
 * The two threads of the latency benchmark, each in duty cycles as a runner does them (see pipeline-parts.ts for the clock):
 *
 *     driver + risk │ matching
 *
 * There are two cores, so the load generator shares one with risk: what risk does delays the sending of commands that are
 * due, and that delay is in the latency.
 */
import type { Agent } from '../../src/agent/agent.js';
import { ThreadContext } from '../../src/workers/entry-context.js';
import { create as createMatching } from '../../src/workers/matching-agent.js';
import { create as createRisk } from '../../src/workers/risk-agent.js';
import type { System } from '../../src/workers/system.js';
import { generateMix } from './exchange-mix.js';
import type { MixOptions } from './mix-commands.js';
import { MixFlow } from './mix-flow.js';
import { type Part, serve } from './threads.js';

export interface LatencyPart {
  readonly system: System;
  readonly role: 'driver' | 'matching';
  readonly options: MixOptions;
  /** Second of the monotonic clock from which times count. */
  readonly epoch: number;
  /** Shared: [0] rounds that the driver has finished, [1] nanoseconds between commands (0: as fast as they go). */
  readonly control: Int32Array;
  /** Shared: trades, filled quantity and refusals so far. */
  readonly outcome: Float64Array;
  /** Shared: the histogram of the round. */
  readonly cells: Float64Array;
}

export const LATENCY_THREADS = [['driver', 'risk'], ['matching']] as const;

const { hrtime } = process;

function makePart(input: LatencyPart): Part {
  return input.role === 'driver' ? driverPart(input) : matchingPart(input);
}

function runAgent(agent: Agent, epoch: number): void {
  if (!agent.hasWork()) return;
  const time = hrtime();
  agent.doWork((time[0] - epoch) * 1e9 + time[1]);
}

function matchingPart({ system, control, epoch }: LatencyPart): Part {
  const context = new ThreadContext(system, 1);
  const matching = createMatching(context.contextOf('matching'));
  context.agents.push(matching);
  let finished = 0;
  return () => {
    finished++;
    while (Atomics.load(control, 0) < finished) runAgent(matching, epoch);
    return 0;
  };
}

function driverPart({ system, options, control, epoch, outcome, cells }: LatencyPart): Part {
  const context = new ThreadContext(system, 0);
  const flow = new MixFlow(context.contextOf('gateway'), generateMix(options), cells);
  const risk = createRisk(context.contextOf('risk'));
  context.agents.push(risk);
  return (count) => {
    const interval = control[1];
    const target = flow.answered + count;
    flow.rest();
    while (flow.answered < target) {
      const time = hrtime();
      flow.now = (time[0] - epoch) * 1e9 + time[1];
      if (interval === 0) flow.send(target);
      else flow.sendPaced(target, interval);
      runAgent(risk, epoch);
      if (!flow.hasEvents()) continue;
      const answers = flow.read();
      const arrival = hrtime();
      flow.now = (arrival[0] - epoch) * 1e9 + arrival[1];
      flow.record(answers);
    }
    Atomics.add(control, 0, 1);
    outcome[0] = flow.trades;
    outcome[1] = flow.filled;
    outcome[2] = flow.refused;
    return flow.answered;
  };
}

serve<LatencyPart>(import.meta.url, makePart);
