/** From command records to the matching engine's command. Allocates nothing. */
import type { MatchingCommand } from '../book/matching.js';
import { ConditionFlags } from '../lib/enums.js';
import * as AmendOrder from '../messages/views/amend-order.js';
import * as CancelOrder from '../messages/views/cancel-order.js';
import * as MassCancel from '../messages/views/mass-cancel.js';
import * as NewOrder from '../messages/views/new-order.js';
import * as SetPhase from '../messages/views/set-phase.js';
import { readLong } from '../messages/words.js';

const { StopPrice, TakeProfit, StopLoss, StopLossLimit } = ConditionFlags;

export function readNewOrder(command: MatchingCommand, words: Int32Array, at: number): void {
  command.orderId = readLong(words, at + NewOrder.ORDER_ID_WORD);
  command.account = NewOrder.account(words, at);
  command.instrument = NewOrder.instrument(words, at);
  command.source = NewOrder.source(words, at);
  command.price = NewOrder.price(words, at);
  command.quantity = NewOrder.quantity(words, at);
  command.side = NewOrder.side(words, at);
  command.orderType = NewOrder.orderType(words, at);
  command.timeInForce = NewOrder.timeInForce(words, at);
  command.flags = NewOrder.flags(words, at);
  command.selfTradePrevention = NewOrder.selfTradePrevention(words, at);
  command.conditional = 0;
  if (NewOrder.isExtended(words, at)) readConditions(command, words, at);
}

function readConditions(command: MatchingCommand, words: Int32Array, at: number): void {
  const present = NewOrder.present(words, at);
  command.conditional = 1;
  command.stopPrice = (present & StopPrice) !== 0 ? NewOrder.stopPrice(words, at) : Number.NaN;
  command.displayedQuantity = NewOrder.displayedQuantity(words, at);
  command.minimumQuantity = NewOrder.minimumQuantity(words, at);
  command.expireTime = readLong(words, at + NewOrder.EXPIRE_TIME_WORD);
  command.linkedOrderId = readLong(words, at + NewOrder.LINKED_ORDER_ID_WORD);
  command.contingency = NewOrder.contingency(words, at);
  command.takeProfitPrice = (present & TakeProfit) !== 0 ? NewOrder.takeProfitPrice(words, at) : Number.NaN;
  command.stopLossPrice = (present & StopLoss) !== 0 ? NewOrder.stopLossPrice(words, at) : Number.NaN;
  command.stopLossLimitPrice =
    (present & StopLossLimit) !== 0 ? NewOrder.stopLossLimitPrice(words, at) : Number.NaN;
}

export function readAmendOrder(command: MatchingCommand, words: Int32Array, at: number): void {
  command.orderId = readLong(words, at + AmendOrder.ORDER_ID_WORD);
  command.account = AmendOrder.account(words, at);
  command.instrument = AmendOrder.instrument(words, at);
  command.source = AmendOrder.source(words, at);
  command.price = AmendOrder.price(words, at);
  command.quantity = AmendOrder.quantity(words, at);
  command.conditional = 0;
  if (!AmendOrder.isExtended(words, at)) return;
  command.conditional = 1;
  const given = (AmendOrder.present(words, at) & StopPrice) !== 0;
  command.stopPrice = given ? AmendOrder.stopPrice(words, at) : Number.NaN;
}

export function readCancelOrder(command: MatchingCommand, words: Int32Array, at: number): void {
  command.orderId = readLong(words, at + CancelOrder.ORDER_ID_WORD);
  command.account = CancelOrder.account(words, at);
  command.instrument = CancelOrder.instrument(words, at);
  command.source = CancelOrder.source(words, at);
}

export function readMassCancel(command: MatchingCommand, words: Int32Array, at: number): void {
  command.account = MassCancel.account(words, at);
  command.instrument = MassCancel.instrument(words, at);
  command.source = MassCancel.source(words, at);
  command.side = MassCancel.side(words, at);
}

export function readSetPhase(command: MatchingCommand, words: Int32Array, at: number): void {
  command.account = 0;
  command.instrument = SetPhase.instrument(words, at);
  command.source = SetPhase.source(words, at);
  command.phase = SetPhase.phase(words, at);
  command.referencePrice =
    SetPhase.hasReference(words, at) !== 0 ? SetPhase.referencePrice(words, at) : Number.NaN;
}

/** Belongs to nobody and to no instrument. */
export function readAdvanceTime(command: MatchingCommand): void {
  command.account = 0;
  command.instrument = 0;
  command.source = 0;
}
