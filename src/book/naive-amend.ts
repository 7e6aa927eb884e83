/** Amends: the order keeps its place, or goes in anew with what it has filled. */
import { EventFlags, ExecutionType, type OrderStatus, Reason, TradingPhase } from '../lib/enums.js';
import type { MatchingCommand } from './matching.js';
import { amendRefusal, hasTooManyPeaks } from './matching-rules.js';
import { staysPassive } from './naive-entry.js';
import type { NaiveInstrument } from './naive-instrument.js';
import { filled, hasLimit, isPostOnly, isStop, type Order, openStatus, shrinkTo } from './naive-order.js';
import { hasRoom } from './naive-room.js';
import { isPrevented, noteBand, take } from './naive-taking.js';
import type { NaiveVenue } from './naive-venue.js';

export class NaiveAmend {
  private readonly venue: NaiveVenue;
  private readonly command: MatchingCommand;
  private readonly instrument: NaiveInstrument;
  private readonly order: Order;
  /** The order as it was, and as it is to be. */
  private readonly before: Order;
  private readonly displayedBefore: number;
  private readonly amended: Order;

  constructor(venue: NaiveVenue, command: MatchingCommand, order: Order) {
    this.venue = venue;
    this.command = command;
    this.instrument = venue.instrumentOf(order);
    this.order = order;
    this.before = { ...order };
    this.displayedBefore = this.instrument.showing(order);
    const { quantity, conditional, stopPrice } = command;
    this.amended = {
      ...order,
      price: hasLimit(order) ? command.price : order.price,
      quantity,
      leavesQuantity: quantity - filled(order),
      stopPrice: conditional !== 0 && !Number.isNaN(stopPrice) ? stopPrice : order.stopPrice,
    };
  }

  run(): void {
    const refusal = this.refusal();
    if (refusal !== Reason.None) {
      this.report(ExecutionType.CancelRejected, openStatus(this.order), {
        reason: refusal,
        previousPrice: 0,
        previousLeaves: 0,
      });
    } else if (this.keepsPlace()) {
      Object.assign(this.order, { price: this.amended.price });
      shrinkTo(this.order, this.amended.quantity, this.amended.leavesQuantity);
      this.replaced();
    } else if (this.order.waiting) {
      this.leave();
      this.instrument.startWaiting(this.order);
      this.replaced();
    } else {
      this.goInAnew();
    }
  }

  private refusal(): Reason {
    const { order, amended, instrument, venue } = this;
    const malformed = amendRefusal(this.command, hasLimit(order), order.waiting && isStop(order));
    if (malformed !== Reason.None) return malformed;
    if (hasTooManyPeaks(order.displayedQuantity, this.command.quantity)) return Reason.InvalidConditions;
    if (instrument.phase === TradingPhase.Halt || instrument.phase === TradingPhase.Closed) {
      return Reason.NotInThisPhase;
    }
    if (amended.leavesQuantity <= 0) return Reason.AmendBelowFilled;
    if (this.keepsPlace()) return Reason.None;
    if (isPostOnly(order) && instrument.isContinuous && !staysPassive(instrument, amended)) {
      return Reason.WouldCross;
    }
    const others = venue.orders().filter((other) => other !== order);
    return hasRoom(amended, order.waiting, others, venue.capacities) ? Reason.None : Reason.BookCapacity;
  }

  private keepsPlace(): boolean {
    const { before, amended, command } = this;
    if (before.waiting && !isStop(before)) return true;
    const samePrice = !hasLimit(before) || command.price === before.price;
    return samePrice && amended.stopPrice === before.stopPrice && amended.quantity <= before.quantity;
  }

  /** Off its queue, and into what it is to be. */
  private leave(): void {
    const { price, quantity, leavesQuantity, stopPrice } = this.amended;
    this.instrument.remove(this.order);
    Object.assign(this.order, { price, quantity, leavesQuantity, stopPrice });
  }

  private goInAnew(): void {
    const { order, venue, instrument } = this;
    this.leave();
    const stop = instrument.isContinuous ? take(venue, order) : Reason.None;
    noteBand(venue, stop);
    const isOver = order.leavesQuantity === 0;
    if (!isOver && !isPrevented(stop)) instrument.enterBook(order);
    this.replaced();
    if (isOver) venue.over(order);
    else if (isPrevented(stop)) venue.cancel(order, stop);
  }

  private replaced(): void {
    this.report(ExecutionType.Replaced, openStatus(this.order), {
      flags: this.instrument.isResting(this.order) ? EventFlags.Resting : 0,
    });
  }

  private report(
    executionType: ExecutionType,
    status: OrderStatus,
    changes: { reason?: Reason; flags?: number; previousPrice?: number; previousLeaves?: number },
  ): void {
    this.venue.reports.order(this.instrument, this.order, executionType, status, {
      previousPrice: this.before.price,
      previousLeaves: this.before.leavesQuantity,
      previousDisplayed: this.displayedBefore,
      ...changes,
      flags: (changes.flags ?? 0) | EventFlags.Answer,
    });
  }
}
