import { ExecutionType, Reason, Side } from '../lib/enums.js';
import type { InstrumentTable } from '../lib/instruments.js';
import type { RiskControls } from './controls.js';
import { ENGAGED_WORD } from './controls-layout.js';
import {
  ACCOUNT,
  AMEND_SEQUENCE,
  FILLED,
  INSTRUMENT,
  ORDER_NUMBERS,
  ORDER_WORDS,
  PRICE,
  RESERVED,
  SIDE,
  SOURCE,
  TOTAL,
} from './open-orders.js';
import { OPEN_BUY, POSITION_CELLS } from './positions.js';
import { RiskCommand, RiskReport, RiskTrade } from './records.js';
import { checkAmend, checkCancel, checkMassCancel, checkNewOrder } from './risk-checks.js';
import { type RiskOptions, RiskState } from './risk-state.js';
import { riskStateHash, validateRisk } from './risk-walks.js';

/**
 * Pre-trade risk: a function from commands and events to verdicts, O(1) each, no allocation, no clock.
 *
 * A command goes through two calls. `check...` names the reason to refuse it, or None. Right before the command is
 * sequenced, `admit...` reads the kill switches and, unless one stops it, reserves what the order may come
 * to: from here on it counts against the limits until events release it. Cancels need no admission: they only reduce.
 *
 * Exposure is always the worst case: an order counts with all it may still trade, and while amends are in flight with the
 * largest total among theirs and its own. A fill moves quantity from open to position in one step, so no order of
 * reading commands and events lets more pass than the limits allow.
 */
export class RiskEngine {
  /** Fill in, then call `check...` and `admit...`. */
  readonly command = new RiskCommand();
  /** Fill in, then call {@link onTrade}. */
  readonly trade = new RiskTrade();
  /** Fill in, then call {@link onReport}. */
  readonly report = new RiskReport();
  /** Entry in `state.orders` of the order that the last amend or cancel named, -1: none. */
  entry = -1;
  /** For reading. */
  readonly state: RiskState;

  constructor(controls: RiskControls, instruments: InstrumentTable, options: RiskOptions = {}) {
    this.state = new RiskState(controls, instruments, options);
  }

  checkNewOrder(): Reason {
    return checkNewOrder(this.state, this.command);
  }

  checkAmend(): Reason {
    this.#find();
    return checkAmend(this.state, this.command, this.entry);
  }

  checkCancel(): Reason {
    this.#find();
    return checkCancel(this.state, this.command, this.entry);
  }

  checkMassCancel(): Reason {
    return checkMassCancel(this.state, this.command);
  }

  /** Kill switches, then reserves. Call after {@link checkNewOrder} said None, with nothing in between. */
  admitNewOrder(): Reason {
    const { command, state } = this;
    const { account, instrument, side, quantity } = command;
    const place = state.controls.placeOf(account);
    if (this.#isKilled(place, instrument)) return Reason.KillSwitch;
    const { orders } = state;
    const entry = orders.insert(command.orderIdLow, command.orderIdHigh);
    const word = entry * ORDER_WORDS;
    const number = entry * ORDER_NUMBERS;
    orders.words[word + ACCOUNT] = place;
    orders.words[word + INSTRUMENT] = instrument;
    orders.words[word + SIDE] = side;
    orders.words[word + SOURCE] = command.source;
    orders.numbers[number + PRICE] = command.price;
    orders.numbers[number + TOTAL] = quantity;
    orders.numbers[number + FILLED] = 0;
    orders.numbers[number + RESERVED] = quantity;
    orders.numbers[number + AMEND_SEQUENCE] = 0;
    state.openOrders[place]++;
    const position = state.positionOf(place, instrument);
    state.positions.cells[position * POSITION_CELLS + OPEN_BUY + side - 1] += quantity;
    state.positions.touch(position);
    const { clientOrderIdLow: low, clientOrderIdHigh: high } = command;
    if (low !== 0 || high !== 0) state.clientOrderIds.add(place, low, high);
    return Reason.None;
  }

  /** Kill switches, then reserves. Call after {@link checkAmend} said None, with `command.sequence` set. */
  admitAmend(): Reason {
    const { command, state, entry } = this;
    const { words, numbers } = state.orders;
    const word = entry * ORDER_WORDS;
    if (this.#isKilled(words[word + ACCOUNT], words[word + INSTRUMENT])) return Reason.KillSwitch;
    const number = entry * ORDER_NUMBERS;
    const added = command.quantity - numbers[number + RESERVED];
    if (added > 0) {
      numbers[number + RESERVED] = command.quantity;
      state.positions.cells[state.exposureOf(entry)] += added;
      state.touch(entry);
    }
    numbers[number + AMEND_SEQUENCE] = command.sequence;
    return Reason.None;
  }

  /** A fill of two orders. */
  onTrade(): void {
    const { trade, state } = this;
    const takerSide = trade.takerSide;
    const makerSide = takerSide === Side.Buy ? Side.Sell : Side.Buy;
    state.reference[trade.instrument] = trade.price;
    this.#onFill(
      trade.makerOrderIdLow,
      trade.makerOrderIdHigh,
      trade.makerAccount,
      makerSide,
      trade.makerLeaves === 0,
    );
    this.#onFill(
      trade.takerOrderIdLow,
      trade.takerOrderIdHigh,
      trade.takerAccount,
      takerSide,
      trade.takerLeaves === 0,
    );
  }

  /** An answer of matching. Answers of risk itself (sequence 0) are news to nobody here and are ignored. */
  onReport(): void {
    const { report, state } = this;
    if (report.sequence === 0) return;
    // Unknown: the last fill has ended the order before, or it never was (closing report of a mass cancel).
    const entry = state.orders.find(report.orderIdLow, report.orderIdHigh);
    if (entry < 0) return;
    switch (report.executionType) {
      case ExecutionType.Canceled:
      case ExecutionType.Rejected:
        state.release(entry);
        return;
      case ExecutionType.New:
        if (report.leavesQuantity === 0) state.release(entry);
        return;
      case ExecutionType.Replaced:
        this.#onReplaced(entry);
        return;
      case ExecutionType.CancelRejected:
        this.#settleAmend(entry);
        return;
    }
  }

  /** 16 hex digits over everything that decides later verdicts. Takes time in proportion to the state. */
  stateHash(): string {
    return riskStateHash(this.state);
  }

  /** Walks all state and throws InvariantError with the rule that is broken. */
  validate(): void {
    validateRisk(this.state);
  }

  #find(): void {
    this.entry = this.state.orders.find(this.command.orderIdLow, this.command.orderIdHigh);
  }

  #isKilled(place: number, instrument: number): boolean {
    const { words, layout } = this.state.controls;
    if (Atomics.load(words, ENGAGED_WORD) === 0) return false;
    return (
      Atomics.load(words, layout.killGlobal) !== 0 ||
      Atomics.load(words, layout.killAccounts + place) !== 0 ||
      Atomics.load(words, layout.killInstruments + instrument) !== 0
    );
  }

  #onFill(low: number, high: number, account: number, side: number, ended: boolean): void {
    const { state, trade } = this;
    const position = state.positionOf(state.controls.placeOf(account), trade.instrument);
    state.positions.fill(position, side, trade);
    const entry = state.orders.find(low, high);
    if (entry < 0) {
      state.orphanFills++;
      return;
    }
    state.orders.numbers[entry * ORDER_NUMBERS + FILLED] += trade.quantity;
    state.positions.cells[state.exposureOf(entry)] -= trade.quantity;
    if (ended) state.release(entry);
  }

  #onReplaced(entry: number): void {
    const { report, state } = this;
    const { numbers } = state.orders;
    numbers[entry * ORDER_NUMBERS + PRICE] = report.price;
    numbers[entry * ORDER_NUMBERS + TOTAL] = report.quantity;
    if (report.leavesQuantity === 0) state.release(entry);
    else this.#settleAmend(entry);
  }

  /** The answer to the last amend in flight: what it and those before it reserved in excess is given back. */
  #settleAmend(entry: number): void {
    const { report, state } = this;
    const { numbers } = state.orders;
    const number = entry * ORDER_NUMBERS;
    if (numbers[number + AMEND_SEQUENCE] !== report.sequence) return;
    numbers[number + AMEND_SEQUENCE] = 0;
    state.positions.cells[state.exposureOf(entry)] -= numbers[number + RESERVED] - numbers[number + TOTAL];
    numbers[number + RESERVED] = numbers[number + TOTAL];
    state.touch(entry);
  }
}
