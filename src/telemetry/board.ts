import { HISTOGRAM_CELLS, HistogramReader, HistogramWriter } from './histogram.js';
import {
  AGENT_NAMES,
  type AgentName,
  type CounterDefinition,
  countersOf,
  HISTOGRAM_NAMES,
  type HistogramName,
  SECTION_COUNTERS,
} from './registry.js';

/**
 * Counters and histograms in shared memory. Each cell is a float64 (exact to 2^53) with one writing thread;
 * readers read without disturbing it. Sections are whole multiples of 128 bytes.
 *
 *     | section of agent 0: 64 counters | agent 1 ... | histogram 0 | histogram 1 ... |
 */
export interface TelemetryHandle {
  readonly buffer: SharedArrayBuffer;
}

const HISTOGRAM_START = AGENT_NAMES.length * SECTION_COUNTERS;

export function createTelemetry(): TelemetryHandle {
  const cells = HISTOGRAM_START + HISTOGRAM_NAMES.length * HISTOGRAM_CELLS;
  return { buffer: new SharedArrayBuffer(cells * 8) };
}

/** Writes the counters of one agent. One thread owns it. */
export class CounterWriter {
  readonly #cells: Float64Array;

  constructor(handle: TelemetryHandle, agent: AgentName) {
    this.#cells = new Float64Array(
      handle.buffer,
      AGENT_NAMES.indexOf(agent) * SECTION_COUNTERS * 8,
      SECTION_COUNTERS,
    );
  }

  /** Adds to a counter; `id` comes from `counterIds`. Allocates nothing. */
  add(id: number, amount: number): void {
    this.#cells[id] += amount;
  }

  /** Sets a gauge. */
  set(id: number, value: number): void {
    this.#cells[id] = value;
  }

  /** Raises a high-water mark. */
  max(id: number, value: number): void {
    if (value > this.#cells[id]) this.#cells[id] = value;
  }

  get(id: number): number {
    return this.#cells[id];
  }
}

/** One counter with its present value. */
export interface CounterValue extends CounterDefinition {
  readonly value: number;
}

/** Reads everything; any thread. */
export class TelemetryReader {
  readonly #cells: Float64Array;
  readonly #handle: TelemetryHandle;

  constructor(handle: TelemetryHandle) {
    this.#handle = handle;
    this.#cells = new Float64Array(handle.buffer);
  }

  counters(agent: AgentName): CounterValue[] {
    const start = AGENT_NAMES.indexOf(agent) * SECTION_COUNTERS;
    return countersOf(agent).map((definition) => ({
      ...definition,
      value: this.#cells[start + definition.index],
    }));
  }

  value(agent: AgentName, id: number): number {
    return this.#cells[AGENT_NAMES.indexOf(agent) * SECTION_COUNTERS + id];
  }

  histogram(name: HistogramName): HistogramReader {
    return new HistogramReader(histogramCells(this.#handle, name));
  }
}

export function histogramWriter(handle: TelemetryHandle, name: HistogramName): HistogramWriter {
  return new HistogramWriter(histogramCells(handle, name));
}

function histogramCells(handle: TelemetryHandle, name: HistogramName): Float64Array {
  const start = HISTOGRAM_START + HISTOGRAM_NAMES.indexOf(name) * HISTOGRAM_CELLS;
  return new Float64Array(handle.buffer, start * 8, HISTOGRAM_CELLS);
}
