import { ALL_INSTRUMENTS } from '../../book/matching.js';
import { ExecutionType, OrderStatus, REASON_NAMES } from '../../lib/enums.js';
import * as ExecutionReport from '../../messages/views/execution-report.js';
import type { CounterWriter } from '../../telemetry/board.js';
import type { HistogramWriter } from '../../telemetry/histogram.js';
import { counterIds } from '../../telemetry/registry.js';
import { apiError, ERROR_STATUS, errorBody } from './api-error.js';
import type { OrderStore } from './order-store.js';
import type { PendingCommand, PendingTable } from './pending.js';
import type { Renderer } from './render.js';
import { CommandKind } from './responder.js';

const C = counterIds('gateway');

/** HTTP statuses of answers from the core: done, or refused by risk or matching. */
export const DONE_STATUS = 200;
export const REFUSED_STATUS = 422;

export interface AnswerParts {
  readonly store: OrderStore;
  readonly pending: PendingTable;
  readonly renderer: Renderer;
  readonly counters: CounterWriter;
  readonly latency: HistogramWriter;
  readonly now: () => number;
  /** Shards of matching. */
  readonly shards: number;
}

/** Answers the clients that wait for a command. */
export class Answers {
  readonly #parts: AnswerParts;

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  /** The ExecutionReport that ends command `number`; the store has taken it in. */
  onReport(number: number, words: Int32Array, at: number): void {
    const { pending, counters, shards } = this.#parts;
    const command =
      shards > 1 && isForAll(words, at) ? this.#gather(number, words, at) : pending.take(number);
    if (command === undefined) return;
    const type = ExecutionReport.executionType(words, at);
    const refused = type === ExecutionType.Rejected || type === ExecutionType.CancelRejected;
    counters.add(C.orders_processed_total, 1);
    if (refused) counters.add(C.execution_errors_total, 1);
    if (command.responder.open) {
      command.responder.onReport?.(words, at);
      const status = refused ? REFUSED_STATUS : DONE_STATUS;
      command.responder.answer(status, this.#body(command, words, at));
    }
    this.#parts.latency.record(this.#parts.now() - command.received);
  }

  /** One of the shards has answered a command that all of them carry out; returns the command when it was the last one. */
  #gather(number: number, words: Int32Array, at: number): PendingCommand | undefined {
    const { pending, shards } = this.#parts;
    const command = pending.find(number);
    if (command === undefined) return undefined;
    const gathered = command.gathered ?? { answers: 0, canceled: 0 };
    command.gathered = gathered;
    gathered.answers++;
    if (ExecutionReport.executionType(words, at) === ExecutionType.MassCanceled)
      gathered.canceled += ExecutionReport.quantity(words, at);
    return gathered.answers < shards ? undefined : pending.take(number);
  }

  /** Answers the commands received before `before`: too late, whatever comes of them. Returns how many. */
  expire(before: number): number {
    return this.#abandon(
      before,
      errorBody(
        apiError(
          'TIMEOUT',
          'no answer from the core in time; the order may still be live: ask for its status',
        ),
      ),
      ERROR_STATUS.TIMEOUT,
    );
  }

  /** Answers whatever still waits: the gateway closes. */
  closeAll(): void {
    const body = errorBody(apiError('NOT_ACCEPTING', 'the system shuts down; the order may still be live'));
    this.#abandon(Number.POSITIVE_INFINITY, body, ERROR_STATUS.NOT_ACCEPTING);
  }

  #abandon(before: number, body: string, status: number): number {
    const { pending, counters } = this.#parts;
    let count = 0;
    for (;;) {
      const command = pending.takeOlderThan(before);
      if (command === undefined) return count;
      count++;
      counters.add(C.execution_errors_total, 1);
      if (command.responder.open) command.responder.answer(status, body);
    }
  }

  #body(command: PendingCommand, words: Int32Array, at: number): string {
    const { store, renderer } = this.#parts;
    const reason = ExecutionReport.reason(words, at);
    if (command.kind === CommandKind.MassCancel) {
      const why = reason === 0 ? 'null' : `"${REASON_NAMES[reason]}"`;
      const refused = ExecutionReport.status(words, at) === OrderStatus.Rejected;
      const count = refused ? 0 : (command.gathered?.canceled ?? ExecutionReport.quantity(words, at));
      return `{"canceled":${count},"reason":${why}}`;
    }
    const { place } = command;
    // Closed and evicted while its cancel was under way: only the id is left to say.
    if (store.orders.orderId[place] !== command.orderId) return `{"order_id":"${command.orderId}"}`;
    return renderer.order(place, reason);
  }
}

/** Is it the answer to a mass cancel over all instruments that risk has let pass? Every shard gives one. */
function isForAll(words: Int32Array, at: number): boolean {
  return (
    ExecutionReport.instrument(words, at) === ALL_INSTRUMENTS && ExecutionReport.sequence(words, at) !== 0
  );
}
