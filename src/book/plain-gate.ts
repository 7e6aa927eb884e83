/**
 * Which commands are plain: limit and market orders without conditions and self-trade prevention, in continuous trading,
 * while nothing expires. What is not goes to SpecialEngine.
 */
import { OrderFlags, OrderType, TimeInForce } from '../lib/enums.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import { NOT_CONTINUOUS } from './instrument-state.js';
import * as levelLayout from './level-layout.js';
import type { Matcher } from './matcher.js';
import type { MatchingCommand } from './matching.js';
import * as orderLayout from './order-layout.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Limit, Market } = OrderType;
const { GoodTillCancel, ImmediateOrCancel, Day } = TimeInForce;
const { PostOnly, PostOnlySlide } = OrderFlags;
const { preventionBits, SPECIAL } = coldLayout;
const { bookSide } = levelLayout;
const { ATTRIBUTES, INSTRUMENT, ORDER_SHIFT, packAttributes } = orderLayout;

/** Times in force of the plain path, as bits. Fill-or-kill looks ahead, which links between makers may complicate. */
const PLAIN_TIMES = (1 << GoodTillCancel) | (1 << ImmediateOrCancel) | (1 << Day);
/** Attributes of orders whose amends are not plain: a second record, self-trade prevention, post-only that slides. */
const NOT_PLAIN = SPECIAL | preventionBits(7) | packAttributes(0, 0, 0, 0, PostOnlySlide);

export class PlainGate {
  declare private readonly state: EngineState;
  declare private readonly command: MatchingCommand;
  declare private readonly matcher: Matcher;

  constructor(state: EngineState, command: MatchingCommand, matcher: Matcher) {
    this.state = state;
    this.command = command;
    this.matcher = matcher;
  }

  /** Does nothing expire by the command's time (NaN: none)? */
  isOnTime(): boolean {
    return !(this.command.timestamp >= this.state.expiries.next);
  }

  /** Can the plain path take the command's new order? */
  takesOrder(): boolean {
    const { command, state } = this;
    if ((command.conditional | command.selfTradePrevention) !== 0 || command.flags > PostOnly) return false;
    if (command.orderType !== Limit && command.orderType !== Market) return false;
    if (((1 << command.timeInForce) & PLAIN_TIMES) === 0) return false;
    if (!this.isOnTime()) return false;
    const flags = state.instruments.flags[command.instrument];
    return flags === 0 || this.takesWith(flags);
  }

  /** Stops, bands and fees are nothing to an order that trades with nobody. */
  private takesWith(flags: number): boolean {
    const { command, matcher } = this;
    if ((flags & NOT_CONTINUOUS) !== 0 || command.orderType !== Limit) return false;
    matcher.limit = command.price;
    return !matcher.crosses(bookSide(command.instrument, command.side) ^ 1);
  }

  /** Can it amend the live order? */
  takesAmend(slot: number): boolean {
    const { command, state } = this;
    const { words } = state.books.orders;
    if (((words[(slot << ORDER_SHIFT) | ATTRIBUTES] & NOT_PLAIN) | command.conditional) !== 0) return false;
    return state.instruments.flags[words[(slot << ORDER_SHIFT) | INSTRUMENT]] === 0;
  }

  /** Can it cancel the live order? */
  takesCancel(slot: number): boolean {
    const { instruments, books } = this.state;
    const { words } = books.orders;
    if ((words[(slot << ORDER_SHIFT) | ATTRIBUTES] & SPECIAL) !== 0) return false;
    return (instruments.flags[words[(slot << ORDER_SHIFT) | INSTRUMENT]] & NOT_CONTINUOUS) === 0;
  }
}
