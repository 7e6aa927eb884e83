import * as AmendOrder from '../messages/views/amend-order.js';
import * as CancelOrder from '../messages/views/cancel-order.js';
import * as NewOrder from '../messages/views/new-order.js';
import { FULL, type RingProducer } from '../ring/producer.js';
import type { OutgoingCommand, OutgoingConditions } from '../strategies/outgoing-command.js';
import type { CommandSink } from '../strategies/trading-desk.js';
import type { CounterWriter } from '../telemetry/board.js';
import { counterIds } from '../telemetry/registry.js';

const COUNTERS = counterIds('strategies');

/**
 * Writes the commands of all strategies to their ring. A full ring is the strategy's to handle: its call fails. The agent
 * publishes once per duty cycle.
 */
export class CommandWriter implements CommandSink {
  readonly #producer: RingProducer;
  readonly #counters: CounterWriter;

  constructor(producer: RingProducer, counters: CounterWriter) {
    this.#producer = producer;
    this.#counters = counters;
  }

  publish(): void {
    this.#producer.publish();
  }

  newOrder(command: OutgoingCommand): boolean {
    const producer = this.#producer;
    const { conditional } = command;
    const at = producer.claim(NewOrder.TYPE, conditional ? NewOrder.EXTENDED_BYTES : NewOrder.BYTES);
    if (at === FULL) return this.#full();
    NewOrder.encode(
      producer.words,
      at,
      0,
      0,
      command.received,
      command.orderId,
      0,
      0,
      command.price,
      command.quantity,
      command.account,
      command.instrument,
      command.side,
      command.orderType,
      command.timeInForce,
      command.flags,
      command.source,
      command.selfTradePrevention,
    );
    if (conditional) encodeConditions(NewOrder, producer.words, at, command.conditions);
    producer.commit();
    this.#counters.add(COUNTERS.orders_total, 1);
    return true;
  }

  amend(command: OutgoingCommand): boolean {
    const producer = this.#producer;
    const { conditional } = command;
    const at = producer.claim(AmendOrder.TYPE, conditional ? AmendOrder.EXTENDED_BYTES : AmendOrder.BYTES);
    if (at === FULL) return this.#full();
    AmendOrder.encode(
      producer.words,
      at,
      0,
      0,
      command.received,
      command.orderId,
      0,
      0,
      command.price,
      command.quantity,
      command.account,
      command.instrument,
      command.source,
    );
    if (conditional) encodeConditions(AmendOrder, producer.words, at, command.conditions);
    producer.commit();
    this.#counters.add(COUNTERS.amends_total, 1);
    return true;
  }

  cancel(command: OutgoingCommand): boolean {
    const producer = this.#producer;
    const at = producer.claim(CancelOrder.TYPE, CancelOrder.BYTES);
    if (at === FULL) return this.#full();
    CancelOrder.encode(
      producer.words,
      at,
      0,
      0,
      command.received,
      command.orderId,
      0,
      0,
      command.account,
      command.instrument,
      command.source,
    );
    producer.commit();
    this.#counters.add(COUNTERS.cancels_total, 1);
    return true;
  }

  #full(): false {
    this.#counters.add(COUNTERS.ring_full_total, 1);
    return false;
  }
}

function encodeConditions(
  view: Pick<typeof NewOrder, 'encodeExtension'>,
  words: Int32Array,
  at: number,
  conditions: OutgoingConditions,
): void {
  view.encodeExtension(
    words,
    at,
    conditions.stopPrice,
    conditions.displayedQuantity,
    conditions.minimumQuantity,
    conditions.expireTime,
    conditions.linkedOrderId,
    conditions.takeProfitPrice,
    conditions.stopLossPrice,
    conditions.stopLossLimitPrice,
    conditions.contingency,
    conditions.present,
  );
}
