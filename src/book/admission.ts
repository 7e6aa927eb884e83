/** Takes a new order into records: the first one, and the second one if it has conditions. */
import { OrderType } from '../lib/enums.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import type { MatchingCommand } from './matching.js';
import * as orderLayout from './order-layout.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Stop, StopLimit } = OrderType;
const { COLD_NUMBER_SHIFT, COLD_SHIFT, DISPLAYED, EXPIRE_TIME, preventionBits, STOP_PRICE } = coldLayout;
const { BRACKET, STOP_LOSS, STOP_LOSS_LIMIT, TAKE_PROFIT } = coldLayout;
const {
  ACCOUNT,
  ARRIVAL,
  ATTRIBUTES,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  LEAVES,
  LEVEL,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  packAttributes,
  QUANTITY,
  TWO_32,
} = orderLayout;

export class Admission {
  declare private readonly state: EngineState;

  constructor(state: EngineState) {
    this.state = state;
  }

  /** Slot of the command's order, which is in hand; a record is free. It is the youngest order, if it comes to stay. */
  admit(command: MatchingCommand): number {
    const { orders } = this.state.books;
    const slot = orders.allocate();
    const { words, numbers } = orders;
    const base = slot << ORDER_SHIFT;
    words[base | ID_LOW] = command.orderId | 0;
    words[base | ID_HIGH] = Math.floor(command.orderId / TWO_32) | 0;
    words[base | ACCOUNT] = command.account | 0;
    words[base | INSTRUMENT] = command.instrument;
    words[base | LEVEL] = 0;
    words[base | ATTRIBUTES] =
      packAttributes(command.source, command.side, command.orderType, command.timeInForce, command.flags) |
      preventionBits(command.selfTradePrevention);
    numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] = command.quantity;
    numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] = command.quantity;
    numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL] = this.state.nextArrival;
    if (command.conditional !== 0) this.addConditions(slot, command);
    return slot;
  }

  private addConditions(slot: number, command: MatchingCommand): void {
    const { cold } = this.state;
    const isStop = command.orderType === Stop || command.orderType === StopLimit;
    const hasBracket = !Number.isNaN(command.takeProfitPrice) || !Number.isNaN(command.stopLossPrice);
    if (
      !isStop &&
      !hasBracket &&
      command.displayedQuantity === 0 &&
      command.expireTime === 0 &&
      command.linkedOrderId === 0
    ) {
      return;
    }
    cold.create(slot);
    const numberBase = slot << COLD_NUMBER_SHIFT;
    if (isStop) cold.numbers[numberBase | STOP_PRICE] = command.stopPrice;
    cold.numbers[numberBase | DISPLAYED] = command.displayedQuantity;
    cold.numbers[numberBase | EXPIRE_TIME] = command.expireTime;
    if (hasBracket) {
      cold.words[(slot << COLD_SHIFT) | BRACKET] = 1;
      cold.numbers[numberBase | TAKE_PROFIT] = command.takeProfitPrice;
      cold.numbers[numberBase | STOP_LOSS] = command.stopLossPrice;
      cold.numbers[numberBase | STOP_LOSS_LIMIT] = command.stopLossLimitPrice;
    }
    if (command.linkedOrderId === 0) return;
    const { books } = this.state;
    books.wantedId = command.linkedOrderId;
    const other = books.findWanted();
    cold.create(other);
    cold.link(slot, other, command.contingency);
  }
}
