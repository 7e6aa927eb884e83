import { ALL_INSTRUMENTS } from '../book/matching.js';
import type { Config } from '../config/schema.js';
import { shardsOf } from '../config/shards.js';
import * as AmendOrder from '../messages/views/amend-order.js';
import * as CancelOrder from '../messages/views/cancel-order.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as MassCancel from '../messages/views/mass-cancel.js';
import * as NewOrder from '../messages/views/new-order.js';
import * as SetPhase from '../messages/views/set-phase.js';

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
    switch (type) {
      case NewOrder.TYPE:
        return this.#owns(NewOrder.instrument(words, at));
      case CancelOrder.TYPE:
        return this.#owns(CancelOrder.instrument(words, at));
      case AmendOrder.TYPE:
        return this.#owns(AmendOrder.instrument(words, at));
      case ExecutionReport.TYPE:
        return this.#owns(ExecutionReport.instrument(words, at));
      case SetPhase.TYPE:
        return this.#owns(SetPhase.instrument(words, at));
      case MassCancel.TYPE: {
        const instrument = MassCancel.instrument(words, at);
        return instrument === ALL_INSTRUMENTS || this.#owns(instrument);
      }
      default:
        return true;
    }
  }

  #owns(instrument: number): boolean {
    const shards = this.#shards;
    return (instrument < shards.length ? shards[instrument] : 0) === this.#shard;
  }
}
