/** Seeded random command streams for matching, shared by the fuzz tests. */

import { ALL_INSTRUMENTS, type Matching, MatchingCommand } from '../../src/book/matching.js';
import { OrderFlags, OrderType, Side, TimeInForce } from '../../src/lib/enums.js';

/** The seed of this run: MILLRACE_SEED, or a fresh one. Print it. */
export const SEED = Number(process.env.MILLRACE_SEED ?? Math.floor(Math.random() * 2 ** 31));

export type Action = 'newOrder' | 'amendOrder' | 'cancelOrder' | 'massCancel';

/** What a stream looks like. Prices are `center + step * (-range .. range)`. */
export interface StreamShape {
  readonly instruments: number;
  readonly center: number;
  readonly step: number;
  readonly range: number;
  readonly maxQuantity: number;
  readonly accounts: number;
  /** Added to order ids, so that streams run over all id widths. */
  readonly firstId: number;
  /** Share of commands that end orders: 0.5 keeps the books as they are, less lets them grow. */
  readonly endShare: number;
}

/** Mulberry32. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** Integer from 0 to `limit - 1`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }

  chance(share: number): boolean {
    return this.below(1_000_000) < share * 1_000_000;
  }
}

/** Fills in one random command after another; ids name live orders, finished ones and some that never were. */
export class CommandStream {
  readonly command = new MatchingCommand();
  private readonly random: Random;
  private readonly shape: StreamShape;
  private nextId: number;
  private readonly recent: { id: number; account: number; instrument: number }[] = [];

  constructor(seed: number, shape: StreamShape) {
    this.random = new Random(seed);
    this.shape = shape;
    this.nextId = shape.firstId;
  }

  next(): Action {
    const { random, shape } = this;
    if (this.recent.length === 0 || !random.chance(shape.endShare + 0.25)) return this.fillNew();
    if (random.chance(0.004)) return this.fillMassCancel();
    const pick = this.recent[random.below(this.recent.length)];
    const command = this.command;
    command.orderId = pick.id;
    command.account = random.chance(0.01) ? pick.account + 1 : pick.account;
    command.instrument = pick.instrument;
    command.source = random.below(4);
    if (!random.chance(0.25 / (shape.endShare + 0.25))) return 'cancelOrder';
    command.price = this.price();
    command.quantity = this.quantity();
    return 'amendOrder';
  }

  private fillNew(): Action {
    const { random, shape, command } = this;
    const reuse = this.recent.length > 0 && random.chance(0.01);
    command.orderId = reuse ? this.recent[random.below(this.recent.length)].id : this.nextId++;
    command.account = random.below(shape.accounts);
    command.instrument = random.below(shape.instruments);
    command.source = random.below(4);
    command.side = random.chance(0.5) ? Side.Buy : Side.Sell;
    command.orderType = random.chance(0.06) ? OrderType.Market : OrderType.Limit;
    command.timeInForce = TimeInForce.GoodTillCancel;
    const kind = random.below(10);
    if (kind === 0) command.timeInForce = TimeInForce.ImmediateOrCancel;
    if (kind === 1) command.timeInForce = TimeInForce.FillOrKill;
    command.flags = random.chance(0.1) ? OrderFlags.PostOnly : 0;
    command.price = this.price();
    command.quantity = this.quantity();
    if (random.chance(0.002)) this.spoil();
    this.remember();
    return 'newOrder';
  }

  /** Mostly near the center, so that many trade; sides overlap. */
  private price(): number {
    const { random, shape } = this;
    const { range } = shape;
    const offset = random.chance(0.7) ? random.below(7) - 3 : random.below(2 * range + 1) - range;
    return shape.center + shape.step * offset;
  }

  private quantity(): number {
    return 1 + this.random.below(this.random.chance(0.05) ? this.shape.maxQuantity : 20);
  }

  private spoil(): void {
    const { command, random } = this;
    const field = (['instrument', 'orderId', 'price', 'quantity', 'side', 'timeInForce', 'flags'] as const)[
      random.below(7)
    ];
    command[field] = [-1, 0.5, 2 ** 53, 9, Number.NaN][random.below(field === 'flags' ? 1 : 5)];
  }

  private fillMassCancel(): Action {
    const { random, shape, command } = this;
    command.account = random.below(shape.accounts);
    command.instrument = random.chance(0.5) ? ALL_INSTRUMENTS : random.below(shape.instruments + 1);
    command.side = random.below(3);
    return 'massCancel';
  }

  /** Keeps a window of ids to cancel and amend, oldest replaced at random. */
  private remember(): void {
    const { orderId: id, account, instrument } = this.command;
    if (this.recent.length < 200) this.recent.push({ id, account, instrument });
    else this.recent[this.random.below(200)] = { id, account, instrument };
  }
}

/** Gives the command to a matching implementation. */
export function apply(matching: Matching, action: Action, command: MatchingCommand): void {
  Object.assign(matching.command, command);
  matching[action]();
}

/** Streams that between them reach every structure: dense, sparse, wide, crowded, many books, tiny capacities. */
export const SHAPES: Readonly<
  Record<
    string,
    {
      shape: StreamShape;
      capacities: { instruments: number; orders: number; levels: number; accounts?: number };
    }
  >
> = {
  'one dense book': {
    shape: {
      instruments: 1,
      center: 1000,
      step: 1,
      range: 40,
      maxQuantity: 500,
      accounts: 20,
      firstId: 1,
      endShare: 0.3,
    },
    capacities: { instruments: 1, orders: 4096, levels: 512 },
  },
  'prices nine orders of magnitude apart, both signs, ids above 2^40': {
    shape: {
      instruments: 2,
      center: -3,
      step: 999_999_937,
      range: 400_000,
      maxQuantity: 2 ** 40,
      accounts: 5,
      firstId: 7 * 2 ** 40,
      endShare: 0.2,
    },
    capacities: { instruments: 2, orders: 4096, levels: 4096 },
  },
  'many nearly empty books, ids across 2^32': {
    shape: {
      instruments: 50,
      center: 50,
      step: 1,
      range: 5,
      maxQuantity: 50,
      accounts: 50,
      firstId: 2 ** 32 - 3000,
      endShare: 0.3,
    },
    capacities: { instruments: 50, orders: 1024, levels: 1024 },
  },
  'capacities that run out': {
    shape: {
      instruments: 3,
      center: 0,
      step: 1,
      range: 30,
      maxQuantity: 50,
      accounts: 12,
      firstId: 1,
      endShare: 0.25,
    },
    capacities: { instruments: 3, orders: 40, levels: 25, accounts: 8 },
  },
  'books that grow': {
    shape: {
      instruments: 1,
      center: 2 ** 30,
      step: 3,
      range: 900,
      maxQuantity: 5,
      accounts: 3,
      firstId: 2 ** 31 - 500,
      endShare: 0.02,
    },
    capacities: { instruments: 1, orders: 600, levels: 600 },
  },
};
