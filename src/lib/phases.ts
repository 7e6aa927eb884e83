import { TradingPhase } from './enums.js';

const { PreOpen, OpeningAuction, Continuous, VolatilityAuction, Halt, ClosingAuction, Closed } = TradingPhase;

/** Is the book of an instrument in this phase collected for an auction, so that buys and sells may cross? */
export function collectsOrders(phase: number): boolean {
  return (
    phase === PreOpen || phase === OpeningAuction || phase === VolatilityAuction || phase === ClosingAuction
  );
}

/** Are new orders and amends refused in this phase? */
export function refusesOrders(phase: number): boolean {
  return phase === Halt || phase === Closed;
}

/**
 * May buys and sells cross on a book that has come to `phase` from `previous`? `before`: they might before. Trading and the
 * end of the closing auction uncross a book; a halt or an early close leaves it as it is.
 */
export function mayBookCross(phase: number, previous: number, before: boolean): boolean {
  if (phase === Continuous || (phase === Closed && previous === ClosingAuction)) return false;
  return phase === Halt || phase === Closed ? before : true;
}
