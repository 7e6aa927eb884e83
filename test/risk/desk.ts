import { ExecutionType, OrderType, REASON_NAMES, Reason, Side, TimeInForce } from '../../src/lib/enums.js';
import { orderIdOf } from '../../src/lib/order-ids.js';
import { ALL_INSTRUMENTS } from '../../src/risk/controls.js';
import type { LimitRequest } from '../../src/risk/limit-changes.js';
import type { AccountTerms, RiskTerms } from '../../src/risk/limit-terms.js';
import type { NaiveCommand, NaiveReport } from './naive-risk.js';
import { createRig, feed, fillCommand, type RigOptions } from './rig.js';

const SOURCE = 16;
/** Whose limits the scenarios are about, and who trades with it. */
export const OWN = 1;
export const OTHER = 3;

type Fields = Partial<NaiveCommand>;

const nameOf = (reason: Reason): string => REASON_NAMES[reason] ?? String(reason);

/** One account at the risk engine, with short words for what happens to it. Prices about 100, one currency pair. */
export class Desk {
  readonly rig: ReturnType<typeof createRig>;
  now = 0;
  #counter = 0;
  #sequence = 0;
  #events = 0;

  /** `own`: what account 1 has of its own. */
  constructor(own: Partial<AccountTerms> = {}, terms: Partial<RiskTerms> = {}, options: RigOptions = {}) {
    const accounts = [1, 2, 3].map((id) => ({ id, name: `account-${id}`, ...(id === OWN ? own : {}) }));
    this.rig = createRig({ ...options, terms: { accounts, ...terms } });
  }

  get engine() {
    return this.rig.engine;
  }

  get controls() {
    return this.rig.controls;
  }

  /** Id of the last order. */
  get last(): number {
    return orderIdOf(SOURCE, this.#counter);
  }

  buy(quantity: number, price = 100, fields: Fields = {}): string {
    return this.#send({ side: Side.Buy, quantity, price, ...fields });
  }

  sell(quantity: number, price = 100, fields: Fields = {}): string {
    return this.#send({ side: Side.Sell, quantity, price, ...fields });
  }

  marketBuy(quantity: number): string {
    return this.buy(quantity, 0, { orderType: OrderType.Market, timeInForce: TimeInForce.ImmediateOrCancel });
  }

  amend(orderId: number, quantity: number, price = 100, fields: Fields = {}): string {
    const { engine } = this;
    fillCommand(engine.command, { ...this.#order(), ...fields, orderId, quantity, price });
    engine.command.sequence = ++this.#sequence;
    const reason = engine.checkAmend();
    return nameOf(reason === Reason.None ? engine.admitAmend() : reason);
  }

  cancel(orderId = this.last): string {
    fillCommand(this.engine.command, { ...this.#order(), orderId });
    return nameOf(this.engine.checkCancel());
  }

  massCancel(): string {
    fillCommand(this.engine.command, { ...this.#order(), side: 0, orderId: 0, instrument: ALL_INSTRUMENTS });
    return nameOf(this.engine.checkMassCancel());
  }

  /** The order trades with one of the other account, which pays the given fees. */
  fill(orderId: number, quantity: number, price: number, fee = 0): void {
    const { engine } = this;
    const { orders } = engine.state;
    const entry = orders.find(orderId | 0, Math.floor(orderId / 2 ** 32));
    const side = orders.words[entry * 16 + 4];
    const instrument = orders.words[entry * 16 + 3];
    const leaves = orders.remaining(entry) - quantity;
    const other = side === Side.Buy ? Side.Sell : Side.Buy;
    const verdict = this.#send({ account: OTHER, side: other, quantity, price, instrument });
    if (verdict !== 'NONE') throw new Error(`the other side was refused: ${verdict}`);
    const trade = {
      price,
      quantity,
      instrument,
      takerSide: other,
      timestamp: this.now,
      maker: { orderId, account: OWN, leaves, fee },
      taker: { orderId: this.last, account: OTHER, leaves: 0 },
    };
    feed(engine, { trade }, ++this.#events);
  }

  /** The last price becomes this by a trade of others. `flags`: EventFlags. */
  print(price: number, instrument = 0, flags = 0): void {
    const verdict = this.#send({ account: 2, side: Side.Sell, quantity: 1, price, instrument });
    if (verdict !== 'NONE') throw new Error(`the print was refused: ${verdict}`);
    const maker = { orderId: this.last, account: 2, leaves: 0 };
    this.#send({ account: OTHER, side: Side.Buy, quantity: 1, price, instrument });
    const taker = { orderId: this.last, account: OTHER, leaves: 0 };
    const timestamp = this.now;
    const trade = { price, quantity: 1, instrument, takerSide: Side.Buy, timestamp, flags, maker, taker };
    feed(this.engine, { trade }, ++this.#events);
  }

  /** Matching reports on an order; by default that it is canceled. */
  report(orderId: number, fields: Partial<NaiveReport> = {}): void {
    const report = {
      sequence: 1,
      orderId,
      executionType: ExecutionType.Canceled,
      price: 0,
      quantity: 0,
      leavesQuantity: 0,
      reason: Reason.UserRequested,
      ...fields,
    };
    feed(this.engine, { report }, ++this.#events);
  }

  set(key: LimitRequest['key'], value: LimitRequest['value'], target: Partial<LimitRequest> = {}): void {
    this.controls.changeLimit({ key, value, account: OWN, ...target });
  }

  /** A reading of the own account. */
  reading(
    name: 'balance' | 'holds' | 'profit' | 'equity' | 'notional' | 'initial_margin' | 'maintenance_margin',
    currency = 'XXB',
  ): string {
    this.engine.publishReadings();
    const found = this.controls.readings().find((one) => one.account === OWN && one.currency === currency);
    return found?.values[name] ?? '';
  }

  #send(fields: Fields): string {
    const { engine } = this;
    fillCommand(engine.command, { ...this.#order(), orderId: orderIdOf(SOURCE, ++this.#counter), ...fields });
    const { conditions } = fields;
    const reason = engine.checkNewOrder();
    if (conditions?.takeProfitPrice !== undefined || conditions?.stopLossPrice !== undefined)
      this.#counter += 2;
    const verdict = reason === Reason.None ? engine.admitNewOrder() : reason;
    engine.validate();
    return nameOf(verdict);
  }

  #order(): NaiveCommand {
    return {
      orderId: this.last,
      received: this.now,
      client: 0,
      price: 100,
      quantity: 10,
      account: OWN,
      instrument: 0,
      source: SOURCE,
      side: Side.Buy,
      orderType: OrderType.Limit,
      timeInForce: TimeInForce.GoodTillCancel,
      flags: 0,
    };
  }
}
