/** May the account trade, the instrument, now, and at this price? Account states, lists, circuit breakers, throttles, fat fingers. */
import { Reason, Side } from '../../lib/enums.js';
import { type Candidate, isStop } from '../candidate.js';
import {
  ACTIVE,
  BREAKER,
  CANCEL_TO_TRADE,
  FAT_FINGER,
  FAT_FINGER_LAST,
  FAT_FINGER_TOUCH,
  HALTED,
  STATES,
  TRADING,
} from '../controls-layout.js';
import { CLOSE_ONLY, RESTRICTED } from '../limits.js';
import type { RiskCommand } from '../records.js';
import type { RiskState } from '../risk-state.js';

/** A price exactly at a limit of 0.29 percent passes, although that is no double (checks/size.ts). */
const ROOM = 1 + 4 * Number.EPSILON;

/** Why the candidate must not pass, or None; only the groups of controls that are in use are looked at. */
export function checkTrading(
  state: RiskState,
  command: RiskCommand,
  candidate: Candidate,
  limits: number,
): Reason {
  const { features } = state;
  if ((features & STATES) !== 0) {
    const reason = checkStates(state, candidate, limits);
    if (reason !== Reason.None) return reason;
  }
  if ((features & BREAKER) !== 0 && state.breaker.stops(candidate.instrument, command))
    return Reason.CircuitBreaker;
  if ((features & CANCEL_TO_TRADE) !== 0 && !candidate.isAmend && !candidate.isReducing) {
    state.cancelToTrade.time = command.received;
    if (state.cancelToTrade.exceeds(candidate.place)) return Reason.CancelToTrade;
  }
  return (features & FAT_FINGER) === 0 ? Reason.None : checkFatFinger(state, candidate, limits);
}

/** A state that risk has set because of a loss answers with the reason for it. */
function checkStates(state: RiskState, candidate: Candidate, limits: number): Reason {
  const { words, cells, layout } = state.controls;
  const account = Atomics.load(words, layout.states + candidate.place);
  if (account === HALTED || (account !== ACTIVE && !candidate.isReducing)) {
    const cause = Atomics.load(words, layout.causes + candidate.place);
    if (cause !== Reason.None) return cause as Reason;
    return account === HALTED ? Reason.AccountHalted : Reason.ReducingOnly;
  }
  const trading = cells[limits + TRADING];
  const stopped = trading === RESTRICTED || (trading === CLOSE_ONLY && !candidate.isReducing);
  return stopped ? Reason.RestrictedInstrument : Reason.None;
}

/**
 * A buy too far above, or a sell too far below: the last trade (before the first one: the reference price), and the best price
 * of the other side. A stop-limit order is measured against its trigger; an order without a limit price against the last
 * trade by the best price it would meet. Where there is no best price, there is nothing to trade through: passes.
 */
function checkFatFinger(state: RiskState, candidate: Candidate, limits: number): Reason {
  const { cells } = state.controls;
  const last = cells[limits + FAT_FINGER_LAST];
  const touch = cells[limits + FAT_FINGER_TOUCH];
  const { side, instrument, orderType, price } = candidate;
  if (isStop(orderType)) {
    const isThrough = price > 0 && isTooFar(side, price, candidate.stopPrice, last);
    return isThrough ? Reason.FatFingerLast : Reason.None;
  }
  let best = 0;
  if (state.prices !== undefined && (price === 0 || touch !== Number.POSITIVE_INFINITY)) {
    state.prices.read(instrument);
    best = state.prices.touch[side === Side.Buy ? 1 : 0];
  }
  const wanted = price > 0 ? price : best;
  if (wanted > 0 && isTooFar(side, wanted, state.reference[instrument], last)) return Reason.FatFingerLast;
  return price > 0 && best > 0 && isTooFar(side, price, best, touch) ? Reason.FatFingerTouch : Reason.None;
}

function isTooFar(side: number, price: number, from: number, percent: number): boolean {
  const through = side === Side.Buy ? price - from : from - price;
  return through * 100 > from * percent * ROOM;
}
