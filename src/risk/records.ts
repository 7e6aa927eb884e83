/**
 * What goes into the risk engine. Each is filled in by the caller before the call; the engine only reads it.
 *
 * Ids are two 32-bit words. Fields that may pass 31 bits start as NaN: V8 then keeps them as doubles in place, and
 * writing one allocates nothing. The same numbers as arguments could be boxed, which is why these are records.
 */
const WIDE = Number.NaN;

/** One command of an edge. */
export class RiskCommand {
  /** Sequence number that the command gets when it is admitted. */
  sequence = WIDE;
  /** When the edge took it in, session nanoseconds: the time of the rate limits. */
  received = WIDE;
  orderIdLow = 0;
  orderIdHigh = 0;
  /** Opaque; both 0: none. */
  clientOrderIdLow = 0;
  clientOrderIdHigh = 0;
  /** Limit price in ticks; 0 for market orders. */
  price = WIDE;
  /** Total quantity in lots; in an amend the new total, fills included. */
  quantity = WIDE;
  account = WIDE;
  /** Ignored in an amend or cancel. 4294967295 in a mass cancel: all instruments. */
  instrument = WIDE;
  source = 0;
  side = 0;
  orderType = 0;
  timeInForce = 0;
  flags = 0;
  selfTradePrevention = 0;
  /** 1: the conditions below hold; 0: none of them is read. Only new orders and amends have any. */
  conditional = 0;
  /** Trigger of stop orders; in an amend the new trigger, NaN: as it was. */
  stopPrice = WIDE;
  /** The order that this one is linked with; both 0: none. */
  linkedOrderIdLow = 0;
  linkedOrderIdHigh = 0;
  /** Contingency. */
  contingency = 0;
  /** Exits of a bracket, as in docs/matching.md; NaN: none. */
  takeProfitPrice = WIDE;
  stopLossPrice = WIDE;
  stopLossLimitPrice = WIDE;
}

/** One execution, both sides at once. */
export class RiskTrade {
  eventSequence = WIDE;
  timestamp = WIDE;
  price = WIDE;
  quantity = WIDE;
  instrument = WIDE;
  takerSide = 0;
  /** EventFlags. */
  flags = 0;
  makerAccount = WIDE;
  takerAccount = WIDE;
  makerOrderIdLow = 0;
  makerOrderIdHigh = 0;
  takerOrderIdLow = 0;
  takerOrderIdHigh = 0;
  /** 0: the order has nothing open any more. */
  makerLeaves = WIDE;
  takerLeaves = WIDE;
  /** What each side pays, negative: receives; ticks times lots of the quote currency. */
  makerFee = WIDE;
  takerFee = WIDE;
}

/** One answer of matching to a sequenced command, or the end of another order. */
export class RiskReport {
  /** Of the command that caused it. */
  sequence = WIDE;
  orderIdLow = 0;
  orderIdHigh = 0;
  executionType = 0;
  reason = 0;
  /** Limit price after the event. */
  price = WIDE;
  /** Total quantity after the event. */
  quantity = WIDE;
  leavesQuantity = WIDE;
  /** Trigger of a stop order after the event; 0: none, or not told. */
  stopPrice = WIDE;
}
