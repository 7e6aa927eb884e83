/** What the threads of a stress run hand one another. */
import type { RingHandle } from '../../../src/ring/layout.js';

/** Words of the shared board of a run. */
export const READY = 0;
export const GO = 1;
/** The producer has published its last record. */
export const DONE = 2;
/** Somebody found a defect: all leave. */
export const STOP = 3;
/** Consumer that may be killed: last sequence number handled, and last released. */
export const HANDLED = 4;
export const RELEASED = 5;
/** The first one after its takeover; 0 as long as there was none. */
export const FIRST = 6;
/** Lossy consumers that have seen what the run is to show: records, and where they oversleep, one after a lap. */
export const SATISFIED = 7;
/** Sequence number of the last record, when DONE. */
export const LAST = 8;
export const BOARD_WORDS = 16;

export type Role =
  | { readonly role: 'produce' }
  | {
      readonly role: 'consume';
      readonly index: number;
      readonly takeover: boolean;
      readonly reports: boolean;
    }
  | {
      readonly role: 'watch';
      readonly index: number;
      /** Sleep through more than two rings after so many records; 0: never. */
      readonly pauseEvery: number;
    };

export interface WorkerInput {
  readonly handle: RingHandle;
  readonly board: Int32Array;
  /** At least so many; more while a lossy consumer is not satisfied. */
  readonly records: number;
  /** Longest payload, bytes. */
  readonly longest: number;
  /** Lossy consumers of the run. */
  readonly watchers: number;
  /** Folder of the compiled ring, as a URL that ends with a slash: the real one or a mutant. */
  readonly folder: string;
  readonly as: Role;
}

/** What one thread saw. `defects` are forbidden outcomes, each with its evidence. */
export interface Outcome {
  readonly role: Role['role'];
  records: number;
  first: number;
  last: number;
  /** Producer: claims that found the ring full. */
  full: number;
  /** Lossy: LAPPED answers, and how many of them were followed by a record. */
  laps: number;
  resumed: number;
  defects: string[];
}
