import { ExecutionType, Reason, Side } from '../lib/enums.js';
import type { InstrumentTable } from '../lib/instruments.js';
import { FILLS_TOTAL } from './cancel-to-trade.js';
import { checkAmend, checkCancel, checkMassCancel, checkNewOrder } from './checks/commands.js';
import type { RiskControls } from './controls.js';
import * as layout from './controls-layout.js';
import * as records from './open-orders.js';
import { OrderChanges } from './order-changes.js';
import { RiskCommand, RiskReport, RiskTrade } from './records.js';
import { type RiskOptions, RiskState } from './risk-state.js';
import { riskStateHash, validateRisk } from './risk-walks.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { BREAKER, CANCEL_TO_TRADE, ENGAGED_WORD, LEDGER } = layout;
const { ACCOUNT, EXIT, INSTRUMENT, ORDER_NUMBERS, ORDER_WORDS, RESERVED } = records;

/**
 * Pre-trade risk: a function from commands and events to verdicts, O(1) each, no allocation, no clock.
 *
 * A command goes through two calls. `check...` names the reason to refuse it, or None. Right before the command is
 * sequenced, `admit...` reads the kill switches and, unless one stops it, reserves what the order may come
 * to: from here on it counts against the limits until events release it. Cancels need no admission: they only reduce.
 *
 * Exposure is always the worst case: an order counts with all it may still trade, and while amends are in flight with the
 * largest total among theirs and its own. A fill moves quantity from open to position in one step, so no order of
 * reading commands and events lets more pass than the limits allow. docs/RISK.md has every control.
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
  readonly #changes: OrderChanges;

  constructor(controls: RiskControls, instruments: InstrumentTable, options: RiskOptions = {}) {
    this.state = new RiskState(controls, instruments, options);
    this.#changes = new OrderChanges(this.state);
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
    const { place } = state.candidate;
    if (this.#isKilled(place, command.instrument)) return Reason.KillSwitch;
    this.#changes.open(command);
    const { clientOrderIdLow: low, clientOrderIdHigh: high } = command;
    if (low !== 0 || high !== 0) state.clientOrderIds.add(place, low, high);
    return Reason.None;
  }

  /** Kill switches, then reserves. Call after {@link checkAmend} said None, with `command.sequence` set. */
  admitAmend(): Reason {
    const { command, state, entry } = this;
    const { words } = state.orders;
    const word = entry * ORDER_WORDS;
    if (this.#isKilled(words[word + ACCOUNT], words[word + INSTRUMENT])) return Reason.KillSwitch;
    this.#changes.amend(entry, command);
    return Reason.None;
  }

  /** A fill of two orders. */
  onTrade(): void {
    const { trade, state } = this;
    const { instrument, takerSide } = trade;
    const makerSide = takerSide === Side.Buy ? Side.Sell : Side.Buy;
    const isMoved = state.reference[instrument] !== trade.price;
    if ((state.features & BREAKER) !== 0) state.breaker.onTrade(trade, state.reference);
    state.reference[instrument] = trade.price;
    state.collarCentre[instrument] = trade.price;
    const maker = state.controls.placeOf(trade.makerAccount);
    const taker = state.controls.placeOf(trade.takerAccount);
    const { makerFee, takerFee } = trade;
    this.#fill(
      trade.makerOrderIdLow,
      trade.makerOrderIdHigh,
      maker,
      makerSide,
      trade.makerLeaves === 0,
      makerFee,
    );
    this.#fill(
      trade.takerOrderIdLow,
      trade.takerOrderIdHigh,
      taker,
      takerSide,
      trade.takerLeaves === 0,
      takerFee,
    );
    if (state.features === 0) return;
    if ((state.features & CANCEL_TO_TRADE) !== 0) {
      state.cancelToTrade.time = trade.timestamp;
      state.cancelToTrade.count(maker, FILLS_TOTAL);
      state.cancelToTrade.count(taker, FILLS_TOTAL);
    }
    if ((state.features & LEDGER) === 0) return;
    if (isMoved) state.losses.mark(instrument);
    const currency = state.ledger.currencies.quote[instrument];
    state.losses.assess(maker, currency);
    state.losses.assess(taker, currency);
  }

  /** An answer of matching. Answers of risk itself (sequence 0) are news to nobody here and are ignored. */
  onReport(): void {
    const { report, state } = this;
    if (report.sequence === 0) return;
    // Unknown: the last fill has ended the order before, or it never was (closing report of a mass cancel).
    const entry = state.orders.find(report.orderIdLow, report.orderIdHigh);
    if (entry < 0) return;
    const changes = this.#changes;
    switch (report.executionType) {
      case ExecutionType.Canceled:
      case ExecutionType.Rejected:
        changes.end(entry, report.reason);
        return;
      case ExecutionType.New:
        if (report.leavesQuantity === 0) changes.end(entry, Reason.None);
        else if (!state.isAsKnown(entry, report)) changes.confirm(entry, report);
        return;
      case ExecutionType.Replaced:
      case ExecutionType.Restated:
      case ExecutionType.Triggered:
        if (report.leavesQuantity === 0) changes.end(entry, Reason.None);
        else changes.confirm(entry, report);
        return;
      case ExecutionType.CancelRejected:
        changes.settle(entry, report);
        return;
    }
  }

  /** Takes note of changed limits without a command, and writes the readings; returns how many have changed. */
  publishReadings(): number {
    const { state } = this;
    state.follow();
    return (state.features & LEDGER) === 0 ? 0 : state.losses.publish();
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
    const { orders } = this.state;
    const entry = orders.find(this.command.orderIdLow, this.command.orderIdHigh);
    // An exit whose entry has not been filled is no order yet.
    const isAsleep =
      entry >= 0 &&
      (orders.flags(entry) & EXIT) !== 0 &&
      orders.numbers[entry * ORDER_NUMBERS + RESERVED] === 0;
    this.entry = isAsleep ? -1 : entry;
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

  #fill(low: number, high: number, place: number, side: number, ended: boolean, fee: number): void {
    const { state, trade } = this;
    const { instrument } = trade;
    const position = state.positionOf(place, instrument);
    state.positions.fill(position, side, trade, fee);
    const isKept = (state.features & LEDGER) !== 0;
    if (isKept) state.ledger.fill(place, instrument, side, trade, fee);
    const entry = state.orders.find(low, high);
    if (entry < 0) {
      state.orphanFills++;
      if (isKept) state.losses.refresh(position, place, instrument);
      return;
    }
    this.#changes.fill(entry, trade);
    if (ended) this.#changes.end(entry, Reason.None);
  }
}
