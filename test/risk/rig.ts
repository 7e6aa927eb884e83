import type { ReportEvent, TradeEvent } from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { InstrumentTable } from '../../src/lib/instruments.js';
import { RiskControls } from '../../src/risk/controls.js';
import type { RiskTerms } from '../../src/risk/limit-terms.js';
import type { RiskCommand } from '../../src/risk/records.js';
import { RiskEngine } from '../../src/risk/risk-engine.js';
import type { RiskCapacities } from '../../src/risk/risk-state.js';
import { PLAIN_INSTRUMENT } from '../support/pipeline.js';
import type { NaiveCommand, NaiveReport, NaiveTrade } from './naive-risk.js';

export const TWO_32 = 2 ** 32;
export const ACCOUNTS = [1, 2, 3];
export const CAPACITIES: RiskCapacities = { openOrders: 1 << 10, clientOrderIds: 64 };

/** Limits that nothing in a test reaches unless it sets them. */
export const WIDE_TERMS: RiskTerms = {
  max_order_quantity: '1000000',
  max_order_notional: '1000000000',
  price_collar_percent: 50,
  max_position: '1000000',
  max_open_orders: 1000,
  orders_per_second: 1_000_000,
  order_burst: 1_000_000,
  cancels_per_second: 1_000_000,
  cancel_burst: 1_000_000,
  kill_switch: false,
  accounts: ACCOUNTS.map((id) => ({ id, name: `account-${id}` })),
};

export interface RigOptions {
  readonly terms?: Partial<RiskTerms>;
  readonly instruments?: readonly Record<string, unknown>[];
  readonly capacities?: RiskCapacities;
}

/** A risk engine with its controls; two instruments, tick and lot 1, reference 100. */
export function createRig(options: RigOptions = {}) {
  const instruments = new InstrumentTable(
    (options.instruments ?? [{ symbol: 'AAA' }, { symbol: 'BBB' }]).map((one) => ({
      symbol: 'AAA',
      ...PLAIN_INSTRUMENT,
      ...one,
    })),
  );
  const terms = { ...WIDE_TERMS, ...options.terms };
  const memory = new SharedArrayBuffer(1 << 16);
  const controls = new RiskControls(memory, terms, instruments);
  const engine = new RiskEngine(controls, instruments, { capacities: options.capacities ?? CAPACITIES });
  return { instruments, terms, memory, controls, engine };
}

/** Fills a plain command into the engine's record. */
export function fillCommand(target: RiskCommand, command: NaiveCommand): void {
  target.received = command.received;
  target.orderIdLow = command.orderId | 0;
  target.orderIdHigh = Math.floor(command.orderId / TWO_32) | 0;
  target.clientOrderIdLow = command.client | 0;
  target.clientOrderIdHigh = Math.floor(command.client / TWO_32) | 0;
  target.price = command.price;
  target.quantity = command.quantity;
  target.account = command.account;
  target.instrument = command.instrument;
  target.source = command.source;
  target.side = command.side;
  target.orderType = command.orderType;
  target.timeInForce = command.timeInForce;
  target.flags = command.flags;
  target.selfTradePrevention = 0;
  target.conditional = command.conditions === undefined ? 0 : 1;
  const conditions = command.conditions ?? {};
  target.stopPrice = conditions.stopPrice ?? Number.NaN;
  const linked = conditions.linkedOrderId ?? 0;
  target.linkedOrderIdLow = linked | 0;
  target.linkedOrderIdHigh = Math.floor(linked / TWO_32) | 0;
  target.contingency = conditions.contingency ?? 0;
  target.takeProfitPrice = conditions.takeProfitPrice ?? Number.NaN;
  target.stopLossPrice = conditions.stopLossPrice ?? Number.NaN;
  target.stopLossLimitPrice = conditions.stopLossLimitPrice ?? Number.NaN;
}

export type NaiveEvent = { readonly trade: NaiveTrade } | { readonly report: NaiveReport };

/** Lets a risk engine see an event of matching. */
export function feed(engine: RiskEngine, event: NaiveEvent, eventSequence: number): void {
  if ('trade' in event) {
    const { trade } = engine;
    const { maker, taker } = event.trade;
    trade.eventSequence = eventSequence;
    trade.timestamp = event.trade.timestamp ?? eventSequence;
    trade.price = event.trade.price;
    trade.quantity = event.trade.quantity;
    trade.instrument = event.trade.instrument;
    trade.takerSide = event.trade.takerSide;
    trade.flags = event.trade.flags ?? 0;
    trade.makerAccount = maker.account;
    trade.takerAccount = taker.account;
    trade.makerOrderIdLow = maker.orderId | 0;
    trade.makerOrderIdHigh = Math.floor(maker.orderId / TWO_32);
    trade.takerOrderIdLow = taker.orderId | 0;
    trade.takerOrderIdHigh = Math.floor(taker.orderId / TWO_32);
    trade.makerLeaves = maker.leaves;
    trade.takerLeaves = taker.leaves;
    trade.makerFee = maker.fee ?? 0;
    trade.takerFee = taker.fee ?? 0;
    engine.onTrade();
    return;
  }
  const { report } = engine;
  report.sequence = event.report.sequence;
  report.orderIdLow = event.report.orderId | 0;
  report.orderIdHigh = Math.floor(event.report.orderId / TWO_32);
  report.executionType = event.report.executionType;
  report.reason = event.report.reason ?? 0;
  report.price = event.report.price;
  report.quantity = event.report.quantity;
  report.leavesQuantity = event.report.leavesQuantity;
  report.stopPrice = event.report.stopPrice ?? 0;
  engine.onReport();
}

/** A sequenced command on its way to matching. */
export interface SequencedCommand {
  readonly kind: 'newOrder' | 'amendOrder' | 'cancelOrder' | 'massCancel';
  readonly sequence: number;
  readonly command: NaiveCommand;
}

/** The matching engine with its events as plain objects. */
export class PlainMatching {
  readonly engine: MatchingEngine;
  readonly events: NaiveEvent[] = [];
  #sequence = 0;

  constructor(instruments: number) {
    this.engine = new MatchingEngine({ instruments, orders: 4096, levels: 4096 }, this);
  }

  apply({ kind, sequence, command }: SequencedCommand): void {
    this.#sequence = sequence;
    Object.assign(this.engine.command, {
      orderId: command.orderId,
      account: command.account,
      instrument: command.instrument,
      source: command.source,
      price: command.price,
      quantity: command.quantity,
      side: command.side,
      orderType: command.orderType,
      timeInForce: command.timeInForce,
      flags: command.flags,
    });
    this.engine[kind]();
  }

  trade(event: TradeEvent): void {
    const { price, quantity, instrument, takerSide } = event;
    this.events.push({
      trade: {
        price,
        quantity,
        instrument,
        takerSide,
        maker: { orderId: event.makerOrderId, account: event.makerAccount, leaves: event.makerLeaves },
        taker: { orderId: event.takerOrderId, account: event.takerAccount, leaves: event.takerLeaves },
      },
    });
  }

  status(): void {}

  report(event: ReportEvent): void {
    const { orderId, executionType, price, quantity, leavesQuantity, reason } = event;
    this.events.push({
      report: { sequence: this.#sequence, orderId, executionType, price, quantity, leavesQuantity, reason },
    });
  }
}
