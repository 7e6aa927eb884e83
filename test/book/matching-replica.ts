/**
 * The book order by order as a subscriber would build it from events alone, by the section Reports of docs/matching.md: queues
 * of what shows. Says at each trade whether price and time priority were kept.
 */
import type { MatchingEvents, ReportEvent, StatusEvent, TradeEvent } from '../../src/book/matching.js';
import { EventFlags, ExecutionType, Side } from '../../src/lib/enums.js';

interface Shown {
  readonly orderId: number;
  price: number;
  /** Total, for what an amend does to the place. */
  quantity: number;
  shown: number;
}

const { Auction, Conditional, Resting } = EventFlags;
const { New, Canceled, Replaced, Triggered, Restated } = ExecutionType;

export class Replica implements MatchingEvents {
  /** Each side of each instrument in priority order; index as instrument * 2 + side - 1. */
  private readonly sides: Shown[][];
  /** What was wrong, in words. */
  readonly faults: string[] = [];

  constructor(instruments: number) {
    this.sides = Array.from({ length: instruments * 2 }, () => []);
  }

  trade(event: TradeEvent): void {
    const makerSide = event.takerSide === Side.Buy ? Side.Sell : Side.Buy;
    const makers = this.side(event.instrument, makerSide);
    if ((event.flags & Auction) !== 0) {
      // Orders without a price go first and are not seen here.
      this.checkFirst(makers, event.makerOrderId);
      this.checkFirst(this.side(event.instrument, event.takerSide), event.takerOrderId);
      return;
    }
    const first = makers[0];
    if (first?.orderId !== event.makerOrderId || first.price !== event.price) {
      this.faults.push(`trade with #${event.makerOrderId} at ${event.price}, first is #${first?.orderId}`);
      return;
    }
    first.shown -= event.quantity;
    if (first.shown < 0) this.faults.push(`#${first.orderId} traded more than it showed`);
    if (event.makerLeaves === 0) makers.shift();
  }

  report(event: ReportEvent): void {
    const side = this.side(event.instrument, event.side);
    const isResting = (event.flags & Resting) !== 0;
    const { executionType, previousDisplayed } = event;
    if ((executionType === New || executionType === Triggered) && isResting) {
      this.join(event);
    } else if (executionType === Canceled && isResting) {
      this.leave(side, event);
    } else if (executionType === Replaced) {
      this.replace(side, event, isResting);
    } else if (executionType === Restated && (isResting || previousDisplayed > 0)) {
      const order = side.find((each) => each.orderId === event.orderId);
      if (order === undefined) this.faults.push(`#${event.orderId} restated, but it is not on the book`);
      else this.restate(side, order, event, isResting);
    }
  }

  status(_event: StatusEvent): void {}

  /** `price: #id shown, ...` from the best outwards. */
  format(instrument: number, side: number): string[] {
    return this.side(instrument, side).map(({ orderId, price, shown }) => `${price}: #${orderId} ${shown}`);
  }

  private side(instrument: number, side: number): Shown[] {
    return this.sides[instrument * 2 + side - 1] ?? [];
  }

  /** If it is there with a price, nobody with a price is before it. */
  private checkFirst(side: Shown[], orderId: number): void {
    const rank = side.findIndex((order) => order.orderId === orderId);
    if (rank > 0) this.faults.push(`auction trade of #${orderId}, first is #${side[0].orderId}`);
  }

  private join(event: ReportEvent): void {
    const side = this.side(event.instrument, event.side);
    const { orderId, price, quantity } = event;
    const shown = (event.flags & Conditional) === 0 ? event.leavesQuantity : event.displayedQuantity;
    const worse = (other: Shown): boolean =>
      event.side === Side.Buy ? other.price < price : other.price > price;
    const rank = side.findIndex(worse);
    side.splice(rank === -1 ? side.length : rank, 0, { orderId, price, quantity, shown });
  }

  private leave(side: Shown[], event: ReportEvent): void {
    const rank = side.findIndex((order) => order.orderId === event.orderId);
    if (rank === -1) this.faults.push(`#${event.orderId} leaves the book, but it is not there`);
    else side.splice(rank, 1);
  }

  private replace(side: Shown[], event: ReportEvent, isResting: boolean): void {
    const order = side.find((each) => each.orderId === event.orderId);
    const isConditional = (event.flags & Conditional) !== 0;
    const wasShown = !isConditional || event.previousDisplayed > 0;
    if (wasShown !== (order !== undefined))
      this.faults.push(`#${event.orderId} replaced: was it on the book?`);
    if (order === undefined) return;
    if (isResting && event.price === order.price && event.quantity <= order.quantity) {
      order.quantity = event.quantity;
      order.shown = isConditional ? event.displayedQuantity : event.leavesQuantity;
      return;
    }
    this.leave(side, event);
    if (isResting) this.join(event);
  }

  private restate(side: Shown[], order: Shown, event: ReportEvent, isResting: boolean): void {
    // Without a reduction: a trade. If it took all that showed, the next peak shows, at the end of the queue.
    const traded = event.previousLeaves - event.leavesQuantity;
    const isRefilled = event.quantity === order.quantity && event.previousDisplayed === traded;
    if (!isResting || isRefilled) this.leave(side, event);
    if (isResting && isRefilled) this.join(event);
    order.quantity = event.quantity;
    order.shown = event.displayedQuantity;
  }
}
