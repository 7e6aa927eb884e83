import { expect } from 'vitest';
import { ALL_INSTRUMENTS } from '../../src/book/matching.js';
import { OrderType, Reason, Side, TimeInForce } from '../../src/lib/enums.js';
import { orderIdOf } from '../../src/lib/order-ids.js';
import { toBigInt } from '../../src/risk/exact.js';
import type { RiskTerms } from '../../src/risk/limit-terms.js';
import { CASH, COST, OPEN_BUY, OPEN_SELL, POSITION_CELLS, QUANTITY } from '../../src/risk/positions.js';
import { Random } from '../book/matching-stream.js';
import { NaiveControls } from './naive-controls.js';
import { type NaiveCommand, NaiveRisk } from './naive-risk.js';
import {
  ACCOUNTS,
  CAPACITIES,
  createRig,
  feed,
  fillCommand,
  type NaiveEvent,
  PlainMatching,
  type SequencedCommand,
} from './rig.js';

export const SOURCE = 16;
const LIMIT = 60;

const TERMS: Partial<RiskTerms> = {
  max_position: String(LIMIT),
  max_open_orders: 4,
  max_order_quantity: '40',
  max_order_notional: '4000',
  price_collar_percent: 10,
  orders_per_second: 2_000_000,
  order_burst: 20,
  cancels_per_second: 300_000,
  cancel_burst: 5,
};

/** One account in cash mode, one in margin mode, one with limits only. */
export const MONEY: Partial<RiskTerms> = {
  max_open_orders: 12,
  fee_percent: 0.3,
  initial_margin_percent: 30,
  maintenance_margin_percent: 25,
  accounts: [
    {
      id: 1,
      name: 'cash',
      mode: 'cash',
      currencies: { XXA: { opening_balance: '50' }, XXB: { opening_balance: '4000' } },
    },
    { id: 2, name: 'margin', mode: 'margin', currencies: { XXB: { opening_balance: '1500' } } },
    {
      id: 3,
      name: 'limits',
      currencies: {
        XXA: { max_currency_position: '70' },
        XXB: {
          max_order_value: '3500',
          max_currency_notional: '7000',
          max_daily_loss: '300',
          max_drawdown: '350',
        },
      },
    },
  ],
};

/**
 * Risk, its naive twin and the real matching engine with queues in between whose lengths are random: commands
 * and events are in flight for random times, so fills, amends, cancels and new orders cross in every order.
 */
export class Interleaving {
  readonly rig;
  readonly twin: NaiveRisk;
  readonly controls: NaiveControls;
  readonly matching = new PlainMatching(2);
  readonly commands: SequencedCommand[] = [];
  readonly verdicts = new Map<number, number>();
  readonly #random: Random;
  readonly #ids: number[] = [];
  #counter = 0;
  #sequence = 0;
  #events = 0;
  #now = 0;

  constructor(seed: number, terms: Partial<RiskTerms> = {}) {
    this.#random = new Random(seed);
    const rig = createRig({ terms: { ...TERMS, ...terms }, capacities: { ...CAPACITIES, openOrders: 32 } });
    this.rig = rig;
    this.twin = new NaiveRisk({
      accounts: ACCOUNTS,
      reference: [100, 100],
      limit: (account, instrument, key) => rig.controls.limit(account, instrument, key),
      clientMemory: CAPACITIES.clientOrderIds,
      capacity: 32,
    });
    this.controls = new NaiveControls(this.twin, (account, key, currency) =>
      rig.controls.limit(account, 0, key, currency),
    );
    if (terms.accounts !== undefined) this.twin.more = (candidate) => this.controls.verdict(candidate);
  }

  /** One random thing happens. */
  step(): void {
    const random = this.#random;
    this.#now += random.below(40);
    const dice = random.below(10);
    if (dice < 4) this.send();
    else if (dice < 7) this.match();
    else this.readEvent();
  }

  /** Everything in flight arrives. */
  drain(): void {
    while (this.commands.length > 0) this.match();
    while (this.matching.events.length > 0) this.readEvent();
  }

  match(): void {
    const command = this.commands.shift();
    if (command !== undefined) this.matching.apply(command);
  }

  readEvent(): void {
    const event: NaiveEvent | undefined = this.matching.events.shift();
    if (event === undefined) return;
    feed(this.rig.engine, event, ++this.#events);
    if ('trade' in event) {
      this.twin.onTrade(event.trade);
      this.controls.onTrade(ACCOUNTS);
    } else this.twin.onReport(event.report);
  }

  send(): void {
    const kinds = [
      'newOrder',
      'newOrder',
      'newOrder',
      'newOrder',
      'amendOrder',
      'amendOrder',
      'cancelOrder',
    ] as const;
    const kind = this.#random.chance(0.01) ? 'massCancel' : kinds[this.#random.below(kinds.length)];
    this.decide(kind, kind === 'newOrder' ? this.newOrder() : this.request(kind === 'massCancel'));
  }

  /** Both twins judge the command; it goes on its way when they let it. */
  decide(kind: SequencedCommand['kind'], command: NaiveCommand): Reason {
    const { engine } = this.rig;
    const sequence = this.#sequence + 1;
    fillCommand(engine.command, command);
    engine.command.sequence = sequence;
    let [actual, expected]: [Reason, Reason] = [Reason.None, Reason.None];
    if (kind === 'newOrder') {
      [actual, expected] = [engine.checkNewOrder(), this.twin.newOrder(command)];
      if (actual === Reason.None) engine.admitNewOrder();
    } else if (kind === 'amendOrder') {
      [actual, expected] = [engine.checkAmend(), this.twin.amend(command, sequence)];
      if (actual === Reason.None) engine.admitAmend();
    } else if (kind === 'cancelOrder') [actual, expected] = [engine.checkCancel(), this.twin.cancel(command)];
    else [actual, expected] = [engine.checkMassCancel(), this.twin.massCancel(command)];
    expect(actual, `verdict on ${kind} ${JSON.stringify(command)}`).toBe(expected);
    this.verdicts.set(actual, (this.verdicts.get(actual) ?? 0) + 1);
    if (actual !== Reason.None) return actual;
    this.#sequence = sequence;
    this.commands.push({ kind, sequence, command });
    return actual;
  }

  newOrder(fields: Partial<NaiveCommand> = {}): NaiveCommand {
    const random = this.#random;
    const isMarket = random.chance(0.1);
    const orderId = random.chance(0.01)
      ? orderIdOf(SOURCE, Math.max(1, this.#counter))
      : orderIdOf(SOURCE, ++this.#counter);
    if (this.#ids.push(orderId) > 40) this.#ids.shift();
    return {
      orderId,
      received: this.#now,
      client: random.chance(0.3) ? 1 + random.below(300) : 0,
      price: isMarket ? 0 : 90 + random.below(22),
      quantity: random.below(42),
      account: random.chance(0.01) ? 9 : 1 + random.below(3),
      instrument: random.chance(0.01) ? 2 : random.below(2),
      source: random.chance(0.01) ? 17 : SOURCE,
      side: random.chance(0.5) ? Side.Buy : Side.Sell,
      orderType: isMarket ? OrderType.Market : OrderType.Limit,
      timeInForce: random.chance(0.2) ? 1 + random.below(3) : TimeInForce.GoodTillCancel,
      flags: random.chance(0.05) ? 1 : 0,
      ...fields,
    };
  }

  request(isMassCancel: boolean): NaiveCommand {
    const random = this.#random;
    const orderId = this.#ids.length === 0 ? orderIdOf(SOURCE, 1) : this.#ids[random.below(this.#ids.length)];
    const owner = this.twin.orders.get(orderId);
    return {
      ...this.newOrder({ orderId }),
      account: owner !== undefined && random.chance(0.95) ? owner.account : 1 + random.below(3),
      instrument: isMassCancel && random.chance(0.5) ? ALL_INSTRUMENTS : (owner?.instrument ?? 0),
      side: isMassCancel ? random.below(3) : 0,
      price: 90 + random.below(22),
      quantity: 1 + random.below(44),
    };
  }

  /** Positions and exposure as the twin has them; never past the limit, even if all that is open were filled. */
  check(): void {
    const { state } = this.rig.engine;
    const { cells } = state.positions;
    for (const [place, account] of ACCOUNTS.entries()) {
      for (const instrument of [0, 1]) {
        const at = state.positionOf(place, instrument) * POSITION_CELLS;
        const [quantity, buys, sells] = [cells[at + QUANTITY], cells[at + OPEN_BUY], cells[at + OPEN_SELL]];
        expect([quantity, buys, sells]).toEqual([
          this.twin.position(account, instrument),
          this.twin.open(account, instrument, Side.Buy),
          this.twin.open(account, instrument, Side.Sell),
        ]);
        expect(quantity + buys).toBeLessThanOrEqual(LIMIT);
        expect(sells - quantity).toBeLessThanOrEqual(LIMIT);
        const { realized, cost } = this.twin.profit(account, instrument);
        const [cash, held] = [toBigInt(cells, at + CASH), toBigInt(cells, at + COST)];
        expect([cash + (quantity < 0 ? -held : held), held]).toEqual([realized, cost]);
        expect(state.positions.realizedProfit(state.positionOf(place, instrument))).toBe(Number(realized));
      }
    }
    this.rig.engine.validate();
  }
}
