/** What a client asks for, in the units of the core. The gateway fills one of each in and uses it again. */
import { ConditionFlags } from '../../lib/enums.js';

/** Conditions beyond price and quantity: prices in ticks, quantities in lots, times in session nanoseconds. 0: not asked for. */
export interface OrderConditions {
  stopPrice: number;
  displayedQuantity: number;
  minimumQuantity: number;
  expireTime: number;
  linkedOrderId: number;
  takeProfitPrice: number;
  stopLossPrice: number;
  stopLossLimitPrice: number;
  contingency: number;
  /** ConditionFlags: which of the prices are given. */
  present: number;
}

export interface OrderRequest {
  clientOrderId: string;
  account: number;
  instrument: number;
  price: number;
  quantity: number;
  side: number;
  orderType: number;
  timeInForce: number;
  flags: number;
  selfTradePrevention: number;
  /** Whether any of the conditions is asked for; they are not read otherwise. */
  conditional: boolean;
  readonly conditions: OrderConditions;
}

/** What an amend asks for; -1: leave as it is. */
export interface AmendRequest {
  price: number;
  quantity: number;
  stopPrice: number;
}

/** What a mass cancel is about. */
export interface MassCancelRequest {
  account: number;
  /** 2^32 - 1: all. */
  instrument: number;
  side: number;
}

export function emptyRequest(): OrderRequest {
  return {
    clientOrderId: '',
    account: 0,
    instrument: 0,
    price: 0,
    quantity: 0,
    side: 0,
    orderType: 0,
    timeInForce: 0,
    flags: 0,
    selfTradePrevention: 0,
    conditional: false,
    conditions: {
      stopPrice: 0,
      displayedQuantity: 0,
      minimumQuantity: 0,
      expireTime: 0,
      linkedOrderId: 0,
      takeProfitPrice: 0,
      stopLossPrice: 0,
      stopLossLimitPrice: 0,
      contingency: 0,
      present: 0,
    },
  };
}

export function clearConditions(conditions: OrderConditions): void {
  conditions.stopPrice = 0;
  conditions.displayedQuantity = 0;
  conditions.minimumQuantity = 0;
  conditions.expireTime = 0;
  conditions.linkedOrderId = 0;
  conditions.takeProfitPrice = 0;
  conditions.stopLossPrice = 0;
  conditions.stopLossLimitPrice = 0;
  conditions.contingency = 0;
  conditions.present = 0;
}

const { TakeProfit, StopLoss } = ConditionFlags;

/** Exits that an order with these `present` bits brings: 0 to 2. */
export function exitsOf(present: number): number {
  return ((present & TakeProfit) !== 0 ? 1 : 0) + ((present & StopLoss) !== 0 ? 1 : 0);
}

/** Order ids that a new order takes: a bracket reserves the two after its own for its exits. */
export function idsOf(order: OrderRequest): number {
  return order.conditional && exitsOf(order.conditions.present) > 0 ? MAXIMUM_IDS : 1;
}
export const MAXIMUM_IDS = 3;

/** The ids of a bracket's exits lie so far behind the entry's. */
export const TAKE_PROFIT_OFFSET = 1;
export const STOP_LOSS_OFFSET = 2;
