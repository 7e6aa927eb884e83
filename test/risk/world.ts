/** Risk and the naive matching twin with all order types, and queues in between whose lengths are random. */
import { expect } from 'vitest';
import type { LiveOrder, ReportEvent, TradeEvent } from '../../src/book/matching.js';
import { ALL_INSTRUMENTS } from '../../src/book/matching.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { OrderType, Reason, Side, TimeInForce, TradingPhase } from '../../src/lib/enums.js';
import { orderIdOf, sourceOf } from '../../src/lib/order-ids.js';
import type { RiskTerms } from '../../src/risk/limit-terms.js';
import { ID_HIGH, ID_LOW, ORDER_NUMBERS, ORDER_WORDS, RESERVED } from '../../src/risk/open-orders.js';
import { Random } from '../book/matching-stream.js';
import { NaiveAccounts } from './naive-accounts.js';
import type { NaiveCommand } from './naive-risk.js';
import { randomConditions } from './random-conditions.js';
import { ACCOUNTS, createRig, feed, fillCommand, type NaiveEvent, TWO_32 } from './rig.js';

export const SOURCE = 16;

/** Two instruments of one quote currency with different steps, and one that is quoted in the base currency of the first. */
export const INSTRUMENTS = [
  { symbol: 'AAA', base_currency: 'XXA', quote_currency: 'XXB' },
  {
    symbol: 'BBB',
    base_currency: 'XXC',
    quote_currency: 'XXB',
    tick_size: '0.5',
    reference_price: '50',
    lot_size: '0.2',
  },
  {
    symbol: 'CCC',
    base_currency: 'XXC',
    quote_currency: 'XXA',
    tick_size: '0.01',
    reference_price: '1',
    lot_size: '0.4',
  },
].map((one) => ({ min_quantity: one.lot_size ?? '1', ...one }));

interface InFlight {
  readonly kind: 'newOrder' | 'amendOrder' | 'cancelOrder' | 'massCancel' | 'setPhase' | 'advanceTime';
  readonly sequence: number;
  readonly timestamp: number;
  readonly command: Partial<NaiveCommand> & {
    readonly phase?: number;
    readonly displayed?: number;
    readonly minimum?: number;
    readonly expire?: number;
    readonly prevention?: number;
  };
}

export class World {
  readonly rig;
  readonly accounts: NaiveAccounts;
  readonly matching: NaiveMatching;
  readonly inFlight: InFlight[] = [];
  readonly events: NaiveEvent[] = [];
  readonly verdicts = new Map<number, number>();
  readonly random: Random;
  now = 1;
  readonly #ids: number[] = [];
  #counter = 0;
  #sequence = 0;
  #current: InFlight = { kind: 'advanceTime', sequence: 0, timestamp: 0, command: {} };
  #eventSequence = 0;

  constructor(seed: number, terms: Partial<RiskTerms>) {
    this.random = new Random(seed);
    this.rig = createRig({ terms, instruments: INSTRUMENTS });
    this.accounts = new NaiveAccounts(this.rig.instruments);
    const rules = INSTRUMENTS.map((_, index) => ({
      phase: TradingPhase.Continuous,
      referencePrice: 100,
      makerFee: index === 0 ? -10_000 : 25_000,
      takerFee: 50_000,
    }));
    const groups = new Map([
      [1, 7],
      [2, 7],
    ]);
    this.matching = new NaiveMatching({ instruments: 3, orders: 4096, levels: 4096 }, this, {
      rules,
      groups,
    });
  }

  /** One random thing happens. */
  step(): void {
    const { random } = this;
    this.now += random.below(40);
    const dice = random.below(10);
    if (dice < 4) this.send();
    else if (dice < 7) this.match();
    else this.readEvent();
  }

  run(steps: number, everyTen?: () => void): this {
    for (let step = 0; step < steps; step++) {
      this.step();
      if (step % 10 === 0) {
        this.rig.engine.validate();
        everyTen?.();
      }
    }
    return this;
  }

  /** Everything in flight arrives. */
  drain(): void {
    while (this.inFlight.length > 0) this.match();
    while (this.events.length > 0) this.readEvent();
    this.rig.engine.validate();
  }

  match(): void {
    const next = this.inFlight.shift();
    if (next === undefined) return;
    this.#current = next;
    const { command } = next;
    const { conditions = {} } = command;
    const isConditional = command.conditions !== undefined;
    Object.assign(this.matching.command, {
      orderId: 0,
      account: 0,
      instrument: 0,
      source: SOURCE,
      price: 0,
      quantity: 0,
      side: 0,
      orderType: 0,
      timeInForce: 0,
      flags: 0,
      ...command,
      timestamp: next.timestamp,
      selfTradePrevention: command.prevention ?? 0,
      conditional: isConditional ? 1 : 0,
      stopPrice: conditions.stopPrice ?? (next.kind === 'amendOrder' ? Number.NaN : 0),
      displayedQuantity: command.displayed ?? 0,
      minimumQuantity: command.minimum ?? 0,
      expireTime: command.expire ?? 0,
      linkedOrderId: conditions.linkedOrderId ?? 0,
      contingency: conditions.contingency ?? 0,
      takeProfitPrice: conditions.takeProfitPrice ?? Number.NaN,
      stopLossPrice: conditions.stopLossPrice ?? Number.NaN,
      stopLossLimitPrice: conditions.stopLossLimitPrice ?? Number.NaN,
      phase: command.phase ?? 0,
      referencePrice: Number.NaN,
    });
    this.matching[next.kind]();
  }

  readEvent(): void {
    const event = this.events.shift();
    if (event === undefined) return;
    if ('trade' in event) this.accounts.onTrade(event.trade);
    feed(this.rig.engine, event, ++this.#eventSequence);
  }

  trade(event: TradeEvent): void {
    const { price, quantity, instrument, takerSide, makerFee, takerFee } = event;
    this.events.push({
      trade: {
        price,
        quantity,
        instrument,
        takerSide,
        timestamp: this.#current.timestamp,
        maker: {
          orderId: event.makerOrderId,
          account: event.makerAccount,
          leaves: event.makerLeaves,
          fee: makerFee,
        },
        taker: {
          orderId: event.takerOrderId,
          account: event.takerAccount,
          leaves: event.takerLeaves,
          fee: takerFee,
        },
      },
    });
  }

  report(event: ReportEvent): void {
    const { orderId, executionType, price, quantity, leavesQuantity, reason, stopPrice } = event;
    this.events.push({
      report: {
        sequence: this.#current.sequence,
        orderId,
        executionType,
        price,
        quantity,
        leavesQuantity,
        reason,
        stopPrice: Number.isNaN(stopPrice) ? 0 : stopPrice,
      },
    });
  }

  status(): void {}

  send(): void {
    const { random } = this;
    if (random.chance(0.03)) {
      this.#market();
      return;
    }
    const kinds = [
      'newOrder',
      'newOrder',
      'newOrder',
      'newOrder',
      'amendOrder',
      'amendOrder',
      'cancelOrder',
    ] as const;
    const kind = random.chance(0.01) ? 'massCancel' : kinds[random.below(kinds.length)];
    this.decide(kind, kind === 'newOrder' ? this.newOrder() : this.request(kind === 'massCancel'));
  }

  /** Risk judges the command; it goes on its way when risk lets it. */
  decide(kind: InFlight['kind'], command: InFlight['command'] & NaiveCommand): Reason {
    const { engine } = this.rig;
    const sequence = this.#sequence + 1;
    fillCommand(engine.command, command);
    engine.command.sequence = sequence;
    let reason: Reason;
    if (kind === 'newOrder') {
      reason = engine.checkNewOrder();
      if (reason === Reason.None) reason = engine.admitNewOrder();
    } else if (kind === 'amendOrder') {
      reason = engine.checkAmend();
      if (reason === Reason.None) reason = engine.admitAmend();
    } else reason = kind === 'cancelOrder' ? engine.checkCancel() : engine.checkMassCancel();
    this.verdicts.set(reason, (this.verdicts.get(reason) ?? 0) + 1);
    if (reason !== Reason.None) return reason;
    this.#sequence = sequence;
    const timestamp = this.now;
    this.inFlight.push({ kind, sequence, timestamp, command });
    return reason;
  }

  newOrder(fields: Partial<NaiveCommand> = {}): InFlight['command'] & NaiveCommand {
    const { random } = this;
    const orderType = random.chance(0.5) ? OrderType.Limit : 1 + random.below(5);
    const side = random.chance(0.5) ? Side.Buy : Side.Sell;
    const isPriced = orderType === OrderType.Limit || orderType === OrderType.StopLimit;
    const timeInForce = random.chance(0.3) ? 1 + random.below(7) : TimeInForce.GoodTillCancel;
    const isUnpriced = orderType === OrderType.Market || orderType === OrderType.MarketToLimit;
    const quantity = 1 + random.below(30);
    const orderId = orderIdOf(SOURCE, ++this.#counter);
    const conditions = randomConditions(random, this.#ids, orderType, side);
    if (conditions?.takeProfitPrice !== undefined || conditions?.stopLossPrice !== undefined)
      this.#counter += 2;
    if (this.#ids.push(orderId) > 40) this.#ids.shift();
    if (random.chance(0.2)) this.#ids.push(orderId + 1 + random.below(2));
    const expires = timeInForce === TimeInForce.GoodTillDate;
    const shows = isPriced && random.chance(0.2);
    const isConditional = conditions !== undefined || expires || shows;
    return {
      orderId,
      received: this.now,
      client: 0,
      price: isPriced ? 90 + random.below(22) : 0,
      quantity,
      account: ACCOUNTS[random.below(3)],
      instrument: random.below(3),
      source: SOURCE,
      side,
      orderType,
      timeInForce: isUnpriced && random.chance(0.8) ? TimeInForce.GoodTillCancel : timeInForce,
      flags: random.chance(0.05) ? 1 + 2 * random.below(2) : 0,
      prevention: random.below(5),
      ...(isConditional ? { conditions: conditions ?? {} } : {}),
      ...(expires ? { expire: this.now + 1 + random.below(2000) } : {}),
      ...(shows ? { displayed: 1 + random.below(quantity) } : {}),
      ...fields,
    };
  }

  request(isMassCancel: boolean): InFlight['command'] & NaiveCommand {
    const { random } = this;
    const orderId = this.#ids.length === 0 ? orderIdOf(SOURCE, 1) : this.#ids[random.below(this.#ids.length)];
    const owner = this.#ownerOf(orderId);
    const counter = this.#counter;
    const order = this.newOrder();
    this.#counter = counter;
    const { conditions: _, expire: __, displayed: ___, ...plain } = order;
    return {
      ...plain,
      orderId,
      account: owner ?? ACCOUNTS[random.below(3)],
      instrument: isMassCancel && random.chance(0.5) ? ALL_INSTRUMENTS : random.below(3),
      side: isMassCancel ? random.below(3) : 0,
      price: 90 + random.below(22),
      quantity: 1 + random.below(34),
      ...(random.chance(0.2) ? { conditions: { stopPrice: 90 + random.below(22) } } : {}),
    };
  }

  /** What risk believes open is what matching holds, in order and quantity; exits that sleep have an entry without a fill. */
  expectSame(): void {
    const { orders } = this.rig.engine.state;
    const live = new Map<number, number>();
    const visit = (order: LiveOrder): void => {
      live.set(order.orderId, order.leavesQuantity);
    };
    for (const instrument of INSTRUMENTS.keys()) {
      for (const side of [Side.Buy, Side.Sell]) this.matching.forEachOrder(instrument, side, visit);
      this.matching.forEachWaitingOrder(instrument, visit);
    }
    const open = new Map<number, number>();
    orders.forEach((entry) => {
      if (orders.numbers[entry * ORDER_NUMBERS + RESERVED] === 0) return;
      const [low, high] = [ID_LOW, ID_HIGH].map((word) => orders.words[entry * ORDER_WORDS + word]);
      open.set(high * TWO_32 + (low >>> 0), orders.remaining(entry));
    });
    // The exits of an entry that is filled in part count already.
    for (const id of [...open.keys()]) if (!live.has(id) && this.#isExitOfLive(id, live)) open.delete(id);
    expect(Object.fromEntries(open)).toEqual(Object.fromEntries(live));
  }

  #isExitOfLive(id: number, live: ReadonlyMap<number, number>): boolean {
    return sourceOf(id) === SOURCE && (live.has(id - 1) || live.has(id - 2));
  }

  #ownerOf(orderId: number): number | undefined {
    const { orders } = this.rig.engine.state;
    const entry = orders.find(orderId | 0, Math.floor(orderId / TWO_32));
    return entry < 0 ? undefined : ACCOUNTS[orders.words[entry * ORDER_WORDS + 2]];
  }

  /** A phase change or a time signal, which risk lets pass unseen. */
  #market(): void {
    const { random } = this;
    const phases = [1, 2, 3, 3, 3, 3, 4, 5, 6, 7];
    const kind = random.chance(0.5) ? 'setPhase' : 'advanceTime';
    const phase = phases[random.below(phases.length)];
    const command = { instrument: random.below(3), phase };
    this.inFlight.push({ kind, sequence: ++this.#sequence, timestamp: this.now, command });
    if (kind === 'setPhase' && phase !== TradingPhase.Continuous && random.chance(0.8)) {
      const back = { ...command, phase: TradingPhase.Continuous };
      this.inFlight.push({ kind, sequence: ++this.#sequence, timestamp: this.now, command: back });
    }
  }
}
