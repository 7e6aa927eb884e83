/** Size, price and position of one order in its instrument. */
import { OrderType, Reason, Side } from '../../lib/enums.js';
import { type Candidate, COLLAR_ROOM, collarTop, isStop } from '../candidate.js';
import * as layout from '../controls-layout.js';
import { operands, productExceeds } from '../exact.js';
import { worstQuantity } from '../ledger.js';
import * as positions from '../positions.js';
import type { RiskCommand } from '../records.js';
import type { RiskState } from '../risk-state.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { MAX_ORDER_NOTIONAL, MAX_ORDER_QUANTITY, MAX_POSITION, PRICE_COLLAR_PERCENT } = layout;
const { OPEN_BUY, OPEN_SELL, POSITION_CELLS, QUANTITY } = positions;

/**
 * Quantity, notional and collar. A market order counts at the reference price, a stop order at its trigger. A limit price is
 * collared against the last price or an operator's newer reference price, that of a stop-limit order against its trigger, which is the last price by then.
 */
export function checkSize(state: RiskState, candidate: Candidate, limits: number): Reason {
  const cells = state.controls.cells;
  const { price, quantity, orderType, instrument } = candidate;
  const reference = state.reference[instrument];
  if (quantity > cells[limits + MAX_ORDER_QUANTITY]) return Reason.OrderQuantityLimit;
  if (!(reference > 0)) return Reason.ReferencePriceMissing;
  const isPriced = price > 0;
  const centre = isStop(orderType) ? candidate.stopPrice : reference;
  operands[0] = isPriced ? price : centre;
  operands[1] = quantity;
  if (productExceeds(cells[limits + MAX_ORDER_NOTIONAL])) return Reason.OrderNotionalLimit;
  const middle = isStop(orderType) ? candidate.stopPrice : state.collarCentre[instrument];
  const distance = price < middle ? middle - price : price - middle;
  const collar = middle * cells[limits + PRICE_COLLAR_PERCENT] * COLLAR_ROOM;
  if (isPriced && distance * 100 > collar) return Reason.PriceCollar;
  return setWorst(state, candidate, limits) ? Reason.None : Reason.UnsupportedByRisk;
}

/**
 * Would an exit of the bracket trade further away than an order may? A take profit may wait as far away as
 * it likes; what would trade at once is held to the collar around the price that its entry is held to, a stop loss with a limit like
 * any stop-limit order to the collar around its trigger.
 */
export function exceedsExitCollar(
  state: RiskState,
  command: RiskCommand,
  candidate: Candidate,
  limits: number,
): boolean {
  const { takeProfitPrice, stopLossPrice, stopLossLimitPrice } = command;
  const percent = state.controls.cells[limits + PRICE_COLLAR_PERCENT] * COLLAR_ROOM;
  const { side, orderType, instrument } = candidate;
  const centre = isStop(orderType) ? candidate.stopPrice : state.collarCentre[instrument];
  const through = side === Side.Buy ? centre - takeProfitPrice : takeProfitPrice - centre;
  // Comparisons with NaN are false: no such exit.
  if (through * 100 > centre * percent) return true;
  return Math.abs(stopLossLimitPrice - stopLossPrice) * 100 > stopLossPrice * percent;
}

/**
 * The highest price that a buy may have to pay: its limit, else the collar around the reference price or the trigger. False
 * when the ledger could not hold the order exactly.
 */
function setWorst(state: RiskState, candidate: Candidate, limits: number): boolean {
  const { instrument, orderType } = candidate;
  if (candidate.price > 0) candidate.worst = candidate.price;
  else {
    const centre = orderType === OrderType.Stop ? candidate.stopPrice : state.reference[instrument];
    candidate.worst = collarTop(centre, state.controls.cells[limits + PRICE_COLLAR_PERCENT]);
  }
  return candidate.worst < state.priceBound[instrument];
}

/** What the candidate makes of its position; `added` has been set. */
export function setExposure(state: RiskState, candidate: Candidate): void {
  const cells = state.positions.cells;
  const at = candidate.position * POSITION_CELLS;
  const quantity = cells[at + QUANTITY];
  const buys = cells[at + OPEN_BUY];
  const sells = cells[at + OPEN_SELL];
  const { added } = candidate;
  candidate.worstBefore = worstQuantity(quantity, buys, sells);
  if (candidate.side === Side.Buy) {
    candidate.worstAfter = worstQuantity(quantity, buys + added, sells);
    candidate.isReducing = quantity + buys + added <= 0;
  } else {
    candidate.worstAfter = worstQuantity(quantity, buys, sells + added);
    candidate.isReducing = sells + added - quantity <= 0;
  }
}

/**
 * Would the position be past its limit, if all open orders of the candidate's side were filled and none of the other? An
 * order that only reduces the position ends at or before flat, so it never is.
 */
export function exceedsPosition(state: RiskState, candidate: Candidate, limits: number): boolean {
  const cells = state.positions.cells;
  const at = candidate.position * POSITION_CELLS;
  const worst =
    candidate.side === Side.Buy
      ? cells[at + QUANTITY] + cells[at + OPEN_BUY]
      : cells[at + OPEN_SELL] - cells[at + QUANTITY];
  return worst + candidate.added > state.controls.cells[limits + MAX_POSITION];
}
