/** What was deduced from the tape to turn it into orders, counted. */
export interface Deductions {
  /** Orders that traded at once. */
  aggressive_orders: number;
  /** Of these: on the book before, and moved to a price where they trade. */
  resting_aggressors: number;
  /** Of these: a part rested afterwards. */
  rested_remainders: number;
  /** Of these: the tape names no side; it is the one opposite to the orders that filled. */
  implied_aggressors: number;
  /** Of these: in the same event as an earlier one, so triggered by it. */
  triggered_orders: number;
  /** Orders that an aggressor reached and that were canceled in its event without a fill, so they have the same owner. */
  self_match_cancels: number;
  /** Of these: canceled by the engine's self-trade prevention. The others are canceled after the event. */
  self_match_prevented: number;
  iceberg_orders: number;
  /** Fills that used up what an iceberg showed, by event and order. */
  iceberg_refills: number;
  /** Peaks that the engine showed by its own rule. */
  engine_refills: number;
  /** Hidden quantities that were entered as orders of their own (see OrderEntry.enterHidden). */
  iceberg_continuations: number;
  /** Trades of which the tape names no resting order. */
  trades_without_fills: number;
  /** Modify and cancel records of orders that the tape never added. */
  unknown_orders: number;
  /** Orders that were put right after an event because ours differed from the tape's. */
  repairs: number;
}

export function noDeductions(): Deductions {
  return {
    aggressive_orders: 0,
    resting_aggressors: 0,
    rested_remainders: 0,
    implied_aggressors: 0,
    triggered_orders: 0,
    self_match_cancels: 0,
    self_match_prevented: 0,
    iceberg_orders: 0,
    iceberg_refills: 0,
    engine_refills: 0,
    iceberg_continuations: 0,
    trades_without_fills: 0,
    unknown_orders: 0,
    repairs: 0,
  };
}
