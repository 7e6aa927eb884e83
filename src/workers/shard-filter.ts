import { ALL_INSTRUMENTS } from '../book/matching.js';
import type { Config } from '../config/schema.js';
import { shardsOf } from '../config/shards.js';
import * as AmendOrder from '../messages/views/amend-order.js';
import * as CancelOrder from '../messages/views/cancel-order.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as MassCancel from '../messages/views/mass-cancel.js';
import * as NewOrder from '../messages/views/new-order.js';
import * as SetPhase from '../messages/views/set-phase.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { TYPE: NEW_ORDER, instrument: ofNewOrder } = NewOrder;
const { TYPE: CANCEL_ORDER, instrument: ofCancelOrder } = CancelOrder;
const { TYPE: AMEND_ORDER, instrument: ofAmendOrder } = AmendOrder;
const { TYPE: EXECUTION_REPORT, instrument: ofExecutionReport } = ExecutionReport;

/**
 * Which of the sequenced records one shard takes: those of its instruments, and those that are about no single one (time, a mass
 * cancel over all instruments), which every shard executes and answers for itself. What names an instrument that there is not,
 * or is a refusal of risk that names none, is shard 0's.
 */
export class ShardFilter {
  readonly #shard: number;
  readonly #shards: Uint8Array;

  constructor(config: Config, shard: number) {
    this.#shard = shard;
    this.#shards = shardsOf(config);
  }

  takes(type: number, words: Int32Array, at: number): boolean {
    if (type === NEW_ORDER) return this.#owns(ofNewOrder(words, at));
    if (type === CANCEL_ORDER) return this.#owns(ofCancelOrder(words, at));
    if (type === AMEND_ORDER) return this.#owns(ofAmendOrder(words, at));
    if (type === EXECUTION_REPORT) return this.#owns(ofExecutionReport(words, at));
    return this.#takesRare(type, words, at);
  }

  #takesRare(type: number, words: Int32Array, at: number): boolean {
    if (type === SetPhase.TYPE) return this.#owns(SetPhase.instrument(words, at));
    if (type !== MassCancel.TYPE) return true;
    const instrument = MassCancel.instrument(words, at);
    return instrument === ALL_INSTRUMENTS || this.#owns(instrument);
  }

  #owns(instrument: number): boolean {
    const shards = this.#shards;
    return (instrument < shards.length ? shards[instrument] : 0) === this.#shard;
  }
}
